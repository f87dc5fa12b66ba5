// Judges SQL statements: which destroy what is stored, which narrow it, and which only touch what the text itself made.
#include <algorithm>
#include <array>
#include <set>

#include "text/ascii.h"

#include "document/sql.h"

namespace tollbar::document {

namespace {

using Tokens = std::vector<std::string>;

class HarmFinder {
 public:
  explicit HarmFinder(const std::vector<SqlStatement>& statements, const std::set<std::string>& made)
      : statements_(statements), created_(made) {}

  std::vector<SqlFinding> find() {
    for (index_ = 0; index_ < statements_.size(); ++index_) judge(statements_[index_], false);
    return std::move(findings_);
  }

  const std::set<std::string>& created() const { return created_; }

 private:
  static constexpr unsigned maximum_depth = 6;

  void judge(const SqlStatement& statement, bool dynamic) {
    for (std::size_t at = 0; at < statement.tokens.size(); ++at) {
      if (at == 0 || starts_statement(statement.tokens, at)) judge_at(statement, at, dynamic);
    }
    if (!statement.strings.empty()) judge_strings(statement);
  }

  /// Places inside procedures and CTEs where another statement begins.
  static bool starts_statement(const Tokens& tokens, std::size_t at) {
    static constexpr std::array<std::string_view, 10> before{";",  "BEGIN", "THEN", "ELSE", "LOOP",
                                                             "DO", "AS",    "(",    ")",    "EXPLAIN"};
    return std::find(before.begin(), before.end(), tokens[at - 1]) != before.end() || tokens[at - 1] == "ANALYZE";
  }

  void judge_at(const SqlStatement& statement, std::size_t at, bool dynamic) {
    const Tokens& tokens = statement.tokens;
    const std::string& verb = tokens[at];
    if (verb == "CREATE") return note_created(tokens, at);
    if (verb == "DROP") return judge_drop(statement, at, dynamic);
    if (verb == "TRUNCATE" && !is(tokens, at + 1, "(")) return judge_truncate(statement, at, dynamic);
    if (verb == "DELETE" && is(tokens, at + 1, "FROM"))
      return judge_rows(statement, at, at + 2, "DELETE FROM ", dynamic);
    if (verb == "UPDATE") return judge_update(statement, at, dynamic);
    if (verb == "ALTER") return judge_alter(statement, at, dynamic);
    if (verb == "RENAME" && is(tokens, at + 1, "TABLE"))
      return report(SqlHarm::narrowing, "RENAME TABLE " + name_at(tokens, at + 2), statement, dynamic);
  }

  static bool is(const Tokens& tokens, std::size_t at, std::string_view wanted) {
    return at < tokens.size() && tokens[at] == wanted;
  }

  /// `schema.table` from its tokens.
  static std::string name_at(const Tokens& tokens, std::size_t at) {
    if (at >= tokens.size()) return {};
    std::string name = tokens[at];
    for (; at + 2 < tokens.size() && tokens[at + 1] == "."; at += 2) name += "." + tokens[at + 2];
    return name;
  }

  static std::size_t after_name(const Tokens& tokens, std::size_t at) {
    while (at + 2 < tokens.size() && tokens[at + 1] == ".") at += 2;
    return at + 1;
  }

  static std::size_t skip(const Tokens& tokens, std::size_t at, std::initializer_list<std::string_view> words) {
    while (at < tokens.size() && std::find(words.begin(), words.end(), tokens[at]) != words.end()) ++at;
    return at;
  }

  void report(SqlHarm harm, std::string what, const SqlStatement& statement, bool dynamic) {
    findings_.push_back({harm, std::move(what), statement.line, dynamic});
  }

  void note_created(const Tokens& tokens, std::size_t at) {
    at = skip(tokens, at + 1, {"OR", "REPLACE", "GLOBAL", "LOCAL", "TEMP", "TEMPORARY", "UNLOGGED", "EXTERNAL"});
    if (!is(tokens, at, "TABLE") && !is(tokens, at, "DATABASE") && !is(tokens, at, "SCHEMA")) return;
    const std::string& kind = tokens[at];
    const std::size_t name = skip(tokens, at + 1, {"IF", "NOT", "EXISTS"});
    // `IF NOT EXISTS` may find an old table of that name: then dropping it is a loss.
    const bool surely_new = name == at + 1 || std::find(tokens.begin(), tokens.end(), "TEMP") != tokens.end() ||
                            std::find(tokens.begin(), tokens.end(), "TEMPORARY") != tokens.end();
    if (surely_new && name < tokens.size()) created_.insert(kind + " " + text::ascii_upper(name_at(tokens, name)));
  }

  bool is_own(const std::string& kind, const std::string& name) const {
    return created_.count(kind + " " + text::ascii_upper(name)) > 0;
  }

  static bool is_temporary(const std::string& name) {
    return name.starts_with('#') || text::ascii_upper(name).starts_with("PG_TEMP.");
  }

  /// A later statement renames another table, made in this text, to this name: SQLite's way to rebuild a table.
  bool is_rebuilt(const std::string& name) const {
    for (std::size_t i = index_ + 1; i < statements_.size(); ++i) {
      const Tokens& tokens = statements_[i].tokens;
      if (!is(tokens, 0, "ALTER") || !is(tokens, 1, "TABLE")) continue;
      const std::size_t table = skip(tokens, 2, {"IF", "EXISTS", "ONLY"});
      const std::size_t verb = after_name(tokens, table);
      if (is(tokens, verb, "RENAME") && is(tokens, verb + 1, "TO") &&
          text::ascii_upper(name_at(tokens, verb + 2)) == text::ascii_upper(name) &&
          is_own("TABLE", name_at(tokens, table)))
        return true;
    }
    return false;
  }

  /// This statement or a later one makes it anew under its name: `ADD CONSTRAINT x`, `CREATE UNIQUE INDEX x`.
  bool comes_back(std::string_view kind, const std::string& name) const {
    const std::string wanted = text::ascii_upper(name);
    for (std::size_t i = index_; i < statements_.size(); ++i) {
      const Tokens& tokens = statements_[i].tokens;
      for (std::size_t at = 0; at + 1 < tokens.size(); ++at) {
        if (tokens[at] != kind) continue;
        const std::size_t place = skip(tokens, at + 1, {"IF", "NOT", "EXISTS", "CONCURRENTLY"});
        const bool made = is(tokens, at - 1, "ADD") || is(tokens, 0, "CREATE");
        if (made && text::ascii_upper(name_at(tokens, place)) == wanted) return true;
      }
    }
    return false;
  }

  void judge_drop(const SqlStatement& statement, std::size_t at, bool dynamic) {
    const Tokens& tokens = statement.tokens;
    std::size_t kind_at = at + 1;
    const bool temporary = is(tokens, kind_at, "TEMPORARY") || is(tokens, kind_at, "TEMP");
    kind_at = skip(tokens, kind_at, {"TEMPORARY", "TEMP", "FOREIGN", "MATERIALIZED", "UNIQUE", "EXTERNAL", "KEYSPACE"});
    if (kind_at >= tokens.size() || temporary) return;
    const std::string& kind = tokens[kind_at];
    std::size_t name_place = skip(tokens, kind_at + 1, {"IF", "EXISTS", "CONCURRENTLY"});
    const bool stores = kind == "TABLE" || kind == "DATABASE" || kind == "SCHEMA" || kind == "TABLESPACE" ||
                        kind == "COLLECTION" || kind == "OWNED";
    if (!stores) {
      static constexpr std::array<std::string_view, 12> narrowing{"VIEW",    "INDEX",    "CONSTRAINT", "COLUMN",
                                                                  "TRIGGER", "FUNCTION", "PROCEDURE",  "SEQUENCE",
                                                                  "TYPE",    "POLICY",   "ROLE",       "USER"};
      if (kind == "INDEX" && comes_back(kind, name_at(tokens, name_place))) return;
      if (std::find(narrowing.begin(), narrowing.end(), kind) != narrowing.end())
        report(SqlHarm::narrowing, "DROP " + kind + " " + name_at(tokens, name_place), statement, dynamic);
      return;
    }
    for (; name_place < tokens.size(); ++name_place) {
      const std::string name = name_at(tokens, name_place);
      if (!is_own(kind, name) && !is_temporary(name) && name != "#") {
        const bool rebuilt = kind == "TABLE" && is_rebuilt(name);
        report(rebuilt ? SqlHarm::narrowing : SqlHarm::destructive, "DROP " + kind + " " + name, statement, dynamic);
      }
      name_place = after_name(tokens, name_place);
      if (!is(tokens, name_place, ",")) return;
    }
    if (tokens.size() == kind_at + 1 || findings_.empty())
      report(SqlHarm::destructive, "DROP " + kind, statement, dynamic);
  }

  void judge_truncate(const SqlStatement& statement, std::size_t at, bool dynamic) {
    const Tokens& tokens = statement.tokens;
    if (at > 0 && tokens[at - 1] == "(") return;
    for (std::size_t i = skip(tokens, at + 1, {"TABLE", "ONLY"}); i < tokens.size(); ++i) {
      const std::string name = name_at(tokens, i);
      if (!is_own("TABLE", name) && !is_temporary(name))
        report(SqlHarm::destructive, "TRUNCATE " + name, statement, dynamic);
      i = after_name(tokens, i);
      if (!is(tokens, i, ",")) return;
    }
  }

  /// The end of the statement that starts at this place, where several stand in one body.
  static std::size_t end_of(const Tokens& tokens, std::size_t at) {
    int depth = 0;
    for (; at < tokens.size(); ++at) {
      if (tokens[at] == "(") ++depth;
      if (tokens[at] == ")" && --depth < 0) break;
      if (tokens[at] == ";" && depth == 0) break;
    }
    return at;
  }

  /// Whether the statement chooses rows: a WHERE that is not always true, a join or a limit.
  static bool chooses_rows(const Tokens& tokens, std::size_t at) {
    const std::size_t end = end_of(tokens, at);
    for (std::size_t i = at; i < end; ++i) {
      if (tokens[i] == "LIMIT" || tokens[i] == "USING") return true;
      if (tokens[i] == "WHERE") return !always_true(tokens, i + 1, end);
    }
    return false;
  }

  static bool always_true(const Tokens& tokens, std::size_t at, std::size_t end) {
    while (at < end && tokens[at] == "(") ++at;
    while (end > at && tokens[end - 1] == ")") --end;
    const std::size_t count = end - at;
    if (count == 1) return tokens[at] == "TRUE" || tokens[at] == "1";
    return count == 3 && tokens[at + 1] == "=" && tokens[at] == tokens[at + 2] && tokens[at] != "''" &&
           tokens[at] != "?" && tokens[at] != "%";
  }

  void judge_rows(const SqlStatement& statement, std::size_t, std::size_t name_place, const std::string& verb,
                  bool dynamic) {
    const Tokens& tokens = statement.tokens;
    name_place = skip(tokens, name_place, {"ONLY"});
    const std::string name = name_at(tokens, name_place);
    if (name.empty() || is_own("TABLE", name) || is_temporary(name) || chooses_rows(tokens, name_place)) return;
    report(SqlHarm::destructive, verb + name, statement, dynamic);
  }

  void judge_update(const SqlStatement& statement, std::size_t at, bool dynamic) {
    const Tokens& tokens = statement.tokens;
    const std::size_t name_place = skip(tokens, at + 1, {"ONLY", "LOW_PRIORITY", "IGNORE"});
    const std::size_t end = end_of(tokens, at);
    const auto set = std::find(tokens.begin() + static_cast<std::ptrdiff_t>(std::min(name_place, end)),
                               tokens.begin() + static_cast<std::ptrdiff_t>(end), "SET");
    // `ON CONFLICT DO UPDATE SET` and `FOR UPDATE` name no table.
    if (set == tokens.begin() + static_cast<std::ptrdiff_t>(end) || is(tokens, name_place, "SET")) return;
    judge_rows(statement, at, name_place, "UPDATE ", dynamic);
  }

  void judge_alter(const SqlStatement& statement, std::size_t at, bool dynamic) {
    const Tokens& tokens = statement.tokens;
    if (!is(tokens, at + 1, "TABLE")) return;
    const std::size_t table = skip(tokens, at + 2, {"IF", "EXISTS", "ONLY"});
    const std::string name = name_at(tokens, table);
    if (is_own("TABLE", name) || is_temporary(name)) return;
    const std::size_t end = end_of(tokens, at);
    for (std::size_t i = after_name(tokens, table); i < end; ++i) {
      const bool begins_action = i == after_name(tokens, table) || tokens[i - 1] == ",";
      if (!begins_action) continue;
      if (tokens[i] == "RENAME") report(SqlHarm::narrowing, "ALTER TABLE " + name + " RENAME", statement, dynamic);
      if (tokens[i] != "DROP") continue;
      const std::size_t column =
          skip(tokens, i + 1, {"COLUMN", "CONSTRAINT", "INDEX", "KEY", "PRIMARY", "FOREIGN", "IF", "EXISTS"});
      if (is(tokens, i + 1, "PARTITION")) {
        report(SqlHarm::destructive, "ALTER TABLE " + name + " DROP PARTITION", statement, dynamic);
      } else if (!is(tokens, i + 1, "CONSTRAINT") || !comes_back("CONSTRAINT", name_at(tokens, column))) {
        report(SqlHarm::narrowing, "ALTER TABLE " + name + " DROP " + name_at(tokens, column), statement, dynamic);
      }
    }
  }

  /// SQL inside strings: bodies of functions and DO blocks, and texts that EXECUTE or PREPARE runs.
  void judge_strings(const SqlStatement& statement) {
    const Tokens& tokens = statement.tokens;
    const auto has = [&tokens](std::string_view word) {
      return std::find(tokens.begin(), tokens.end(), word) != tokens.end();
    };
    const bool body = tokens[0] == "DO" || (tokens[0] == "CREATE" && (has("FUNCTION") || has("PROCEDURE")));
    const bool executed = has("EXECUTE") || has("EXEC") || has("PREPARE") || has("SP_EXECUTESQL");
    if ((!body && !executed) || depth_ >= maximum_depth) return;
    // A function's body runs when it is called and not with this text; DO runs at once.
    if (tokens[0] == "CREATE" && !executed) return;
    ++depth_;
    std::size_t place = 0;
    for (const std::string& text : statement.strings) {
      while (place < tokens.size() && tokens[place] != "''") ++place;
      const bool dynamic = executed && !is_written_out(tokens, place++);
      for (const SqlStatement& inner : read_sql(text, statement.line)) judge(inner, dynamic);
    }
    --depth_;
  }

  /// The string at `place` is all that is executed: nothing is joined to it, no function makes it.
  static bool is_written_out(const Tokens& tokens, std::size_t place) {
    static constexpr std::array<std::string_view, 5> executing{"EXECUTE", "EXEC", "IMMEDIATE", "SP_EXECUTESQL", "FROM"};
    std::size_t before = place;
    const auto passes = [&](std::string_view word) {
      if (before == 0 || tokens[before - 1] != word) return false;
      --before;
      return true;
    };
    passes("N");
    passes("(");
    const bool executed =
        before > 0 && std::find(executing.begin(), executing.end(), tokens[before - 1]) != executing.end();
    const auto next = place + 1 < tokens.size() ? std::string_view(tokens[place + 1]) : std::string_view(";");
    constexpr std::array<std::string_view, 4> ends{";", ")", "USING", ","};
    return executed && std::find(ends.begin(), ends.end(), next) != ends.end();
  }

  const std::vector<SqlStatement>& statements_;
  std::size_t index_ = 0;
  unsigned depth_ = 0;
  std::set<std::string> created_;
  std::vector<SqlFinding> findings_;
};

}  // namespace

std::vector<SqlFinding> sql_harms(std::string_view text, std::uint32_t first_line, const std::set<std::string>& made) {
  const std::vector<SqlStatement> statements = read_sql(text, first_line);
  return HarmFinder(statements, made).find();
}

std::set<std::string> sql_created(std::string_view text) {
  const std::vector<SqlStatement> statements = read_sql(text);
  HarmFinder finder(statements, {});
  finder.find();
  return finder.created();
}

}  // namespace tollbar::document
