// Failing statements by the grammar of the language; what they hang on by name.
#include "document/failing_program.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <utility>

#include "text/pattern.h"
#include "text/words.h"

namespace tollbar::document {
namespace {

using text::Pattern;

/// Behind the operator or colon with which a match begins.
std::size_t begin_of(std::string_view bare, std::size_t at) {
  const auto found = bare.find_first_not_of("&|:{) \t", at);
  return found == std::string_view::npos ? at : found;
}

/// The first of the functions that a statement calls, also behind its condition.
std::optional<text::Match> called_by(const std::string& bare, const std::set<std::string>& functions) {
  static const Pattern call(
      R"((?:^|&&\s*|\|\|\s*|\{\s*|:\s*|\)\s+|\bthen\s)(?:await\s+|self\.|this\.)?([A-Za-z_][\w-]*)(?:\s*\(|\s|$))");
  if (functions.empty()) return std::nullopt;
  for (auto found = call.find(bare); found; found = call.find(bare, std::max(found->end, found->begin + 1)))
    if (functions.count(std::string(*found->groups[1])) != 0) return found;
  return std::nullopt;
}

}  // namespace

void FailingProgram::find_ends(const FailingProgram* before) {
  outline_.bury(before != nullptr ? &before->outline_ : nullptr);
  find_direct();
  if (before != nullptr)
    std::copy_if(before->fails_inside_.begin(), before->fails_inside_.end(),
                 std::inserter(fails_inside_, fails_inside_.end()),
                 [&](const std::string& name) { return outline_.has_function(name); });
  find_calls();
}

void FailingProgram::add_deciding_names(std::set<std::string>& names) const {
  static const Pattern name(R"([A-Za-z_]\w*)");
  const auto take = [&](const std::string& text) {
    text::each_match(name, text, [&](const text::Match& match) { names.insert(std::string(*match.groups[0])); });
  };
  for (const auto& end : ends_) {
    const auto& statement = outline_.statements()[end.statement];
    if (statement.header != Statement::none && outline_.statements()[statement.header].function.empty())
      take(end.branch);
    take(outline_.language() == Language::shell ? statement.text : statement.bare);
  }
  static const Pattern given(R"(^(?:(?:const|let|var|my|local)\s+)?[$@]?(\w+)\s*(?::=|=(?![=>~])|\+=|\|=)\s*(\S.*)$)");
  for (const auto& statement : outline_.statements()) {
    const auto found = given.find(statement.bare);
    if (found && names.count(std::string(*found->groups[1])) != 0) take(std::string(*found->groups[2]));
  }
}

void FailingProgram::find_marks(const std::set<std::string>& names) {
  std::erase_if(ends_, [](const FailingEnd& end) { return end.mark; });
  find_answers(names);
  find_assignments(names);
  find_marking_calls();
}

/// `fail("no licence")`, where that notes the failure in a flag of the program.
void FailingProgram::find_marking_calls() {
  for (std::size_t i = 0; i < outline_.statements().size(); ++i) {
    const auto& statement = outline_.statements()[i];
    const auto found = statement.function.empty() && !outline_.is_dead(i) && !is_end(i)
                           ? called_by(statement.bare, marks_inside_)
                           : std::nullopt;
    if (found) add(i, begin_of(statement.bare, found->begin), found->end, true);
  }
}

std::size_t FailingProgram::count(bool marks) const {
  return static_cast<std::size_t>(
      std::count_if(ends_.begin(), ends_.end(), [&](const FailingEnd& end) { return end.mark == marks; }));
}

bool FailingProgram::fails() const {
  return std::any_of(ends_.begin(), ends_.end(), [](const FailingEnd& end) { return !end.mark && !end.call; });
}

std::size_t FailingProgram::questions() const {
  return static_cast<std::size_t>(std::count_if(outline_.statements().begin(), outline_.statements().end(),
                                                [&](const Statement& statement) { return asks(statement); }));
}

bool FailingProgram::ends_with_a_command() const {
  const auto& top = outline_.under(Statement::none);
  if (outline_.language() != Language::shell || top.empty()) return false;
  const auto& last = outline_.statements()[top.back()];
  return outline_.under(top.back()).empty() && last.function.empty() && !is_harmless(last.text);
}

bool FailingProgram::is_harmless(const std::string& text) const {
  if (text.empty() || grammar_.harmless.matches(text)) return true;
  static const Pattern call(R"(^(\w+)\s*\()");
  const auto found = call.find(text);
  return found && outline_.functions().count(std::string(*found->groups[1])) != 0 &&
         fails_inside_.count(std::string(*found->groups[1])) == 0;
}

bool FailingProgram::asks(const Statement& statement) const {
  static const Pattern question(
      R"(^(?:!\s|\[\[?\s|test\s|[ef]?grep\s|diff\s|cmp\s|git\s+diff\s.*--(?:exit-code|quiet))(?!.*(?:&&|\|\|)))");
  return outline_.language() == Language::shell && question.matches(statement.bare);
}

/// About how it is called or what it needs, not about what it looks at.
bool FailingProgram::is_about_use(const FailingEnd& end) const {
  static const Pattern use(
      R"((?i)usage|\bargc\b|\$#|len\(\s*(?:sys\.)?argv|argv\.length|ARGV\.(?:empty|length|size|any)|-z\s+"?\$\{?[1-9]|--?help\b|command\s+-v|\bwhich\b|\bhash\s|\btype\s+-|not installed|is required|ImportError|ModuleNotFound|unknown\s+(?:option|arg|command|flag)|invalid\s+(?:option|arg|command|flag)|getopt|EUID|\bid\s+-u|\b(?:cd|pushd|mkdir|source)\s)");
  const auto& statement = outline_.statements()[end.statement];
  if (use.matches(end.branch) || use.matches(statement.text) || use.matches(outline_.function_of(end.statement)))
    return true;
  static const Pattern said(
      R"((?i)\busage\b|not installed|unknown\s+(?:option|arg|command|flag)|invalid\s+(?:option|arg|command|flag))");
  const auto& beside = outline_.under(statement.header);
  return statement.header != Statement::none && outline_.statements()[statement.header].function.empty() &&
         std::any_of(beside.begin(), beside.end(),
                     [&](std::size_t at) { return said.matches(outline_.statements()[at].text); });
}

bool FailingProgram::add(std::size_t at, std::size_t begin, std::size_t end, bool mark) {
  FailingEnd made;
  made.statement = at;
  made.branch = outline_.branch_of(outline_.statements()[at]);
  made.mark = mark;
  const auto& text = outline_.statements()[at].text;
  made.ahead = std::string(text::trimmed(std::string_view(text).substr(0, begin)));
  static const Pattern modifier(R"(\s((?:if|unless)\s.*)$)");
  if (outline_.language() == Language::ruby || outline_.language() == Language::perl ||
      outline_.language() == Language::php)
    if (const auto found = modifier.find(text, std::min(end, text.size())))
      made.behind = std::string(*found->groups[1]);
  if (is_about_use(made)) return false;
  ends_.push_back(std::move(made));
  return true;
}

/// What the program ends with is a value that these functions give: `sys.exit(main())`.
std::set<std::string> FailingProgram::functions_for_exit() const {
  static const Pattern handed(R"((?:\b_?exit|SystemExit|exitCode\s*=)\s*\(?\s*(?:await\s+|int\()?(\w+)\s*\()");
  std::set<std::string> names;
  for (const auto& statement : outline_.statements())
    text::each_match(handed, statement.bare,
                     [&](const text::Match& match) { names.insert(std::string(*match.groups[1])); });
  return names;
}

/// Some condition asks the function.
bool FailingProgram::is_only_asked(const std::string& function) const {
  const Pattern asked(R"(^(?:if|elif|while|until)\b.*(?<![\w-])\Q)" + function + R"(\E(?![\w-]))");
  return std::any_of(outline_.statements().begin(), outline_.statements().end(),
                     [&](const Statement& statement) { return asked.matches(statement.bare); });
}

void FailingProgram::find_direct() {
  const auto for_exit = functions_for_exit();
  static const Pattern returned(
      R"((?:^|:\s*)return\b\s*(?!(?:0|None|nil|null|undefined|True|true|False|false)?\s*$)\S)");
  for (std::size_t i = 0; i < outline_.statements().size(); ++i) {
    const auto& statement = outline_.statements()[i];
    if (outline_.is_dead(i)) continue;
    const auto function = outline_.function_of(i);
    if (const auto found = grammar_.fails.find(statement.bare)) {
      const auto begin = begin_of(statement.bare, found->begin);
      const bool gives = outline_.language() == Language::shell && statement.bare.substr(begin).starts_with("return");
      const bool answers = gives && is_only_asked(function);
      if (add(i, begin, found->end, answers) && !function.empty() && !answers) fails_inside_.insert(function);
    } else if (grammar_.starts.matches(statement.text)) {
      if (!add(i, 0, statement.text.size(), false)) continue;
      ends_.back().started = true;
      if (!function.empty()) fails_inside_.insert(function);
    } else if (outline_.language() != Language::shell && for_exit.count(function) != 0) {
      if (const auto value = returned.find(statement.bare))
        add(i, statement.bare.find("return", value->begin), value->end, false);
    } else if (asks(statement) && i + 1 == outline_.statements().size() && statement.header == Statement::none) {
      add(i, 0, statement.bare.size(), false);
    }
  }
}

/// A failing end that is none by a mark stands there.
bool FailingProgram::is_end(std::size_t at) const {
  return std::any_of(ends_.begin(), ends_.end(),
                     [&](const FailingEnd& end) { return !end.mark && end.statement == at; });
}

/// Calls of functions of this program that fail inside.
void FailingProgram::find_calls() {
  for (unsigned round = 0; round < 4; ++round) {
    const auto known = fails_inside_.size();
    for (std::size_t i = 0; i < outline_.statements().size(); ++i) {
      const auto found = outline_.statements()[i].function.empty() && !outline_.is_dead(i)
                             ? called_by(outline_.statements()[i].bare, fails_inside_)
                             : std::nullopt;
      if (!found) continue;
      if (!calls_.insert(i).second || !add(i, begin_of(outline_.statements()[i].bare, found->begin), found->end, false))
        continue;
      ends_.back().call = true;
      if (const auto function = outline_.function_of(i); !function.empty()) fails_inside_.insert(function);
    }
    if (known == fails_inside_.size()) return;
  }
}

/// `failed=1`, `errors.append(x)`, `ok = False` below a condition.
void FailingProgram::find_assignments(const std::set<std::string>& deciding) {
  static const Pattern assignment(
      R"((?:^|[;:{)]\s*|&&\s*|\|\|\s*|\(\()\s*(?:(?:local|export|declare|let|var|const|my)\s+)?[$@]?(\w+)\s*(=(?![=>~])|:=|\+=|\|=|\.=|\+\+|\.(?:push|append|add|extend|unshift)\s*\(|<<\s)\s*(.*)$)");
  std::map<std::string, std::string> initial, first_in;  // value and function
  for (std::size_t i = 0; i < outline_.statements().size(); ++i) {
    const auto& statement = outline_.statements()[i];
    const auto match = statement.function.empty() ? assignment.find(statement.text) : std::nullopt;
    if (!match || deciding.count(std::string(*match->groups[1])) == 0) continue;
    const std::string name(*match->groups[1]), value(*match->groups[3]);
    const bool first = *match->groups[2] == "=" && initial.try_emplace(name, value).second;
    if (first) first_in[name] = outline_.function_of(i);
    const auto function = outline_.function_of(i);
    const bool governed =
        (statement.header != Statement::none && outline_.statements()[statement.header].function.empty()) ||
        match->begin > 0 || (!function.empty() && first_in[name] != function);
    if (first || !governed || is_end(i) || outline_.is_dead(i) || (*match->groups[2] == "=" && value == initial[name]))
      continue;
    if (add(i, begin_of(statement.text, match->begin), match->end, true) && !function.empty() &&
        first_in[name] != function)
      marks_inside_.insert(function);
  }
}

/// Of functions that decide: what they return in one case and not at their end.
void FailingProgram::find_answers(const std::set<std::string>& deciding) {
  static const Pattern answer(R"((?:^|[:)]\s*)return\b\s*(.*)$)");
  static const Pattern literal(R"((?i)^[(]?\$?(?:0|1|true|false|none|nil|null|undefined|\[\]|\{\}|""|'')?[)]?$)");
  const auto for_exit = functions_for_exit();
  std::map<std::string, std::string> last;
  std::vector<std::pair<std::size_t, std::size_t>> found;
  for (std::size_t i = 0; i < outline_.statements().size(); ++i) {
    const auto match = outline_.is_dead(i) ? std::nullopt : answer.find(outline_.statements()[i].text);
    const auto function = match ? outline_.function_of(i) : std::string();
    if (function.empty() || deciding.count(function) == 0 ||
        (outline_.language() != Language::shell && for_exit.count(function) != 0))
      continue;
    if (is_end(i)) continue;
    const std::string value(*match->groups[1]);
    if (literal.matches(value)) last[function] = value;
    found.emplace_back(i, outline_.statements()[i].text.find("return", match->begin));
  }
  for (const auto& [at, begin] : found) {
    const auto& text = outline_.statements()[at].text;
    const auto value = std::string(text::trimmed(std::string_view(text).substr(begin + 6)));
    const auto ordinary = last.find(outline_.function_of(at));
    if (!literal.matches(value) || (ordinary != last.end() && ordinary->second != value))
      add(at, begin, text.size(), true);
  }
}

}  // namespace tollbar::document
