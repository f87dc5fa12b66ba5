// Statements one by one: what a name stands for is kept, and a call that reads is given the path that it reads.
#include "document/program_reads.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <string>
#include <utility>

#include "text/pattern.h"
#include "text/words.h"

namespace tollbar::document {
namespace {

using text::each_match;

constexpr auto nowhere = std::string_view::npos;

/// Where the user's own folder is asked for.
const text::Pattern& home() {
  static const text::Pattern pattern(
      R"(\b(?:homedir|user_?home|Dir\s*\.\s*home|Path\s*\.\s*home|get_home_dir)\b|\bexpanduser\s*\(\s*["']~["']|\b(?:HOME|USERPROFILE)\b)");
  return pattern;
}

/// The names that begin with a dot below it, and hold credentials.
const std::string kHidden =
    R"(\.(?:aws|netrc|npmrc|ssh|git-credentials|docker|kube|config|pgpass|vault-token|pypirc|gnupg|gem|cargo))";

bool holds_credentials(std::string_view path) {
  static const text::Pattern place("(?:^|/)" + kHidden + R"((?:/|$)|^/proc/\S*environ|/run/secrets/)");
  return place.matches(path);
}

struct Span {
  std::size_t begin = 0, end = 0;
};

class Finder {
 public:
  Finder(std::string_view text, const ProgramText& program) : text_(text), bare_(program.bare), program_(program) {}

  std::vector<ClientCall> find() {
    if (!may_read()) return {};
    for (std::size_t at = 0; at < bare_.size();) {
      const Span statement{at, statement_end(at)};
      look_at(statement);
      at = statement.end + 1;
    }
    return std::move(calls_);
  }

 private:
  /// Nearly every program names no such file at all.
  bool may_read() const {
    static const text::Pattern word(kHidden + R"(\b|/proc/|/run/secrets/)");
    return word.matches(text_);
  }

  /// A line with all that its brackets hold, or up to a semicolon outside of them.
  std::size_t statement_end(std::size_t at) const {
    int depth = 0;
    for (; at < bare_.size(); ++at) {
      const char c = bare_[at];
      if (c == '(' || c == '[') ++depth;
      if (c == ')' || c == ']') depth = std::max(0, depth - 1);
      if (depth == 0 && (c == '\n' || c == ';')) break;
    }
    return at;
  }

  std::size_t call_end(std::size_t at, std::size_t most) const {
    for (int depth = 1; at < most; ++at) {
      depth += bare_[at] == '(' ? 1 : bare_[at] == ')' ? -1 : 0;
      if (depth == 0) break;
    }
    return at;
  }

  void look_at(Span statement) {
    // Method names follow what they read; functions stand before it.
    static const text::Pattern call(
        R"(\b(?:open(?:Sync)?|fopen|readfile|readFile(?:Sync)?|readTextFile(?:Sync)?|createReadStream|file_get_contents|copyFile(?:Sync)?|copyfile|ReadFile|Bun\s*\.\s*file|(?:shutil|FileUtils)\s*\.\s*(?:copy2?|cp)|(?:File|IO)\s*\.\s*(?:read|binread|foreach|readlines))\s*(?:\(|(?=\w+\s*,))|\.\s*(?:read_text|read_bytes|open)\s*\()");
    static const text::Pattern assigned(R"(^\s*(?:(?:const|let|var|my|export)\s+)*[$@]?(\w+)\s*(?::\s*\w+\s*)?=(?!=))");
    const auto code = bare_.substr(statement.begin, statement.end - statement.begin);
    bool reads = false;
    each_match(call, code, [&](const text::Match& match) {
      if (reads) return;
      const auto at = statement.begin + match.begin, behind = statement.begin + match.end;
      const bool method = bare_[at] == '.';
      const auto path = method ? path_in({statement.begin, at}) : path_in({behind, call_end(behind, statement.end)});
      const auto given = Span{behind, call_end(behind, statement.end)};
      if (path.empty() || writes(given) || !holds_credentials(path)) return;
      reads = true;
      calls_.push_back({at, {"cat", path}});
    });
    if (const auto match = assigned.find(code); match && !reads)
      if (auto path = path_in({statement.begin + match->end, statement.end});
          path.starts_with('~') || path.starts_with('.') || path.find('/') != nowhere)
        paths_[std::string(*match->groups[1])] = std::move(path);
  }

  /// A mode of `open` that writes: `w`, `ab`, `>`.
  bool writes(Span given) const {
    static const text::Pattern mode(R"(^(?:[rb]?[wax]\+?[tb]?|\+?>{1,2}.*)$)");
    return std::any_of(program_.strings.begin(), program_.strings.end(), [&](const ProgramString& string) {
      return string.begin > given.begin && string.end < given.end &&
             mode.matches(text_.substr(string.begin, string.end - string.begin));
    });
  }

  /// The strings and the names that stand for paths, in order, as one path: `~/.aws/credentials`.
  std::string path_in(Span span) const {
    static const text::Pattern name(R"((?<![\w.])[$@]?([A-Za-z_]\w*)\b(?!\s*\())");
    static const text::Pattern other(R"(^(?:utf|ascii|latin|base64|hex|binary|HOME$|USERPROFILE$|~$|<$|.{0,2}$))");
    std::map<std::size_t, std::string> parts;
    for (const auto& string : program_.strings)
      if (string.begin > span.begin && string.end <= span.end)
        if (auto part = with_names(shell_text(text_, string)); !other.matches(part)) parts[string.begin] = part;
    each_match(name, bare_.substr(span.begin, span.end - span.begin), [&](const text::Match& match) {
      if (const auto known = paths_.find(std::string(*match.groups[1])); known != paths_.end())
        parts[span.begin + match.begin] = known->second;
    });
    std::string path;
    if (home().matches(text_.substr(span.begin, span.end - span.begin))) path = "~";
    for (auto& [at, part] : parts) {
      if (path == "~" && part.starts_with('~')) path.clear();
      const auto own = part.find("/.");  // behind what is computed: `${value}/.npmrc`
      if (path == "~" && part.starts_with('$') && own != nowhere) part.erase(0, own);
      path += path.empty() || path.ends_with('/') || part.starts_with('/') ? part : "/" + part;
    }
    return path;
  }

  /// Puts what names stand for into `${name}`.
  std::string with_names(std::string part) const {
    for (const auto& [name, path] : paths_) {
      const auto spelled = "${" + name + "}";
      if (const auto at = part.find(spelled); at != nowhere) part.replace(at, spelled.size(), path);
    }
    return part;
  }

  std::string_view text_, bare_;
  const ProgramText& program_;
  std::map<std::string, std::string> paths_;
  std::vector<ClientCall> calls_;
};

}  // namespace

std::vector<ClientCall> credential_reads(std::string_view text, const ProgramText& program) {
  return Finder(text, program).find();
}

}  // namespace tollbar::document
