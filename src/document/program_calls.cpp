// Finds the calls by name and reads their arguments; names of libraries are few and the same in every script.
#include "document/program_calls.h"

#include <algorithm>
#include <cctype>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "document/far_commands.h"
#include "document/program_clients.h"
#include "document/program_clouds.h"
#include "document/program_databases.h"
#include "document/program_reads.h"
#include "document/program_text.h"
#include "text/ascii.h"
#include "text/pattern.h"

namespace tollbar::document {
namespace {

using text::each_match;

constexpr auto nowhere = std::string_view::npos;

bool is_space(char c) {
  return std::isspace(static_cast<unsigned char>(c)) != 0;
}

/// Arguments of a call: words as far as they are strings, what else is given unknown.
struct Arguments {
  std::vector<std::string> words;
  bool list = false;  ///< they stood in brackets: no shell reads them
  std::size_t end = 0;
};

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text), program_(scan_program(text)) { find_constants(); }

  Script read() {
    find_processes();
    find_backquotes();
    find_requests();
    for (const auto& call : client_calls(text_, bare())) add_call(call);
    for (const auto& call : cloud_calls(text_, program_)) add_call(call);
    for (const auto& call : database_calls(text_, program_)) add_call(call);
    for (const auto& call : credential_reads(text_, program_)) add_call(call);
    std::stable_sort(script_.commands.begin(), script_.commands.end(),
                     [](const Command& a, const Command& b) { return a.line < b.line; });
    return std::move(script_);
  }

 private:
  std::string_view bare() const { return program_.bare; }

  /// `API = "https://slack.com/api"`: names that one line of the text sets.
  void find_constants() {
    static const text::Pattern pattern(
        R"((?m)^[ \t]*(?:export\s+)?(?:const|let|var|final|my)?\s*\$?([A-Za-z_]\w*)\s*(?::\s*\w+\s*)?=\s*[fr]?(?=["'`]))");
    each_match(pattern, bare(), [&](const text::Match& match) {
      const auto* string = program_.string_at(match.end);
      if (string == nullptr) return;
      auto [known, added] = constants_.emplace(*match.groups[1], shell_text(text_, *string));
      if (!added) known->second.clear();
    });
  }

  /// An expression that is no string: the constant or the variable of the environment that it names.
  std::string value_of(std::size_t begin, std::size_t end) const {
    static const text::Pattern environment(
        R"((?:environ(?:\.get)?\s*[\[(]\s*|getenv\s*\(\s*|ENV(?:\.fetch)?\s*[\[(]\s*)["'](\w+)|process\.env\.(\w+))");
    const auto expression = text_.substr(begin, end - begin);
    if (const auto match = environment.find(expression))
      return "${" + std::string(match->groups[1] ? *match->groups[1] : *match->groups[2]) + "}";
    std::string name(expression);
    std::erase_if(name, [](char c) { return is_space(c) || c == '$'; });
    const auto known = constants_.find(name);
    return known != constants_.end() && !known->second.empty() ? known->second : "${value}";
  }

  /// Puts constants into `${NAME}`.
  std::string resolved(std::string text) const {
    for (std::size_t at = text.find("${"); at != nowhere; at = text.find("${", at + 1)) {
      const auto end = text.find('}', at);
      if (end == nowhere) break;
      const auto known = constants_.find(text.substr(at + 2, end - at - 2));
      if (known != constants_.end() && known->second.find("${") == nowhere)
        text.replace(at, end - at + 1, known->second);
    }
    return text;
  }

  /// Reads arguments from behind an opening parenthesis (or a blank, in Ruby) until the call ends, keywords begin or an
  /// object opens.
  Arguments arguments(std::size_t at, std::size_t most) const {
    Arguments found;
    int depth = 0;
    bool joins = false;
    std::size_t other = nowhere;
    const auto close_other = [&](std::size_t end) {
      if (other == nowhere) return;
      while (other < end && is_space(text_[other])) ++other;
      if (other < end) add(found, value_of(other, end), joins), joins = false;
      other = nowhere;
    };
    for (; at < text_.size() && at < most; ++at) {
      const char c = bare()[at];
      if (const auto* string = program_.string_at(at); string != nullptr && (c == '"' || c == '\'' || c == '`')) {
        if (other == nowhere || is_prefix(other, at)) {
          add(found, resolved(shell_text(text_, *string)), joins);
          joins = false;
          other = nowhere;
        }
        at = std::max(at, string->end + (string->begin - at - 1));
        continue;
      }
      if (other != nowhere && depth_of(other, at) > 0) continue;
      if (c == '[' && other == nowhere) {
        found.list |= found.words.empty();
        ++depth;
      } else if (c == ']' && depth > 0) {
        close_other(at);
        if (--depth == 0 && found.list) break;
      } else if (c == ')' || c == '{' || c == '}' || c == ';' || (c == '\n' && ends_line(at))) {
        close_other(at);
        break;
      } else if (c == ',') {
        close_other(at);
      } else if (c == '+') {
        close_other(at);
        joins = true;
      } else if (c == '=' && other != nowhere) {
        other = nowhere;  // a keyword
        break;
      } else if (!is_space(c) && c != '.' && other == nowhere) {
        other = at;
      }
    }
    found.end = at;
    return found;
  }

  static void add(Arguments& found, std::string word, bool joins) {
    if (joins && !found.words.empty()) {
      found.words.back() += word;
    } else {
      found.words.push_back(std::move(word));
    }
  }

  /// `f`, `rb`, `String.raw`: what stands before a string and belongs to it.
  bool is_prefix(std::size_t begin, std::size_t end) const { return end - begin <= 2; }

  int depth_of(std::size_t begin, std::size_t end) const {
    int depth = 0;
    for (auto at = begin; at < end; ++at) {
      const char c = bare()[at];
      depth += c == '(' || c == '[' ? 1 : c == ')' || c == ']' ? -1 : 0;
    }
    return depth;
  }

  bool ends_line(std::size_t at) const {
    auto last = at;
    while (last > 0 && (bare()[last - 1] == ' ' || bare()[last - 1] == '\r')) --last;
    return last > 0 && std::string_view("([,+{").find(bare()[last - 1]) == nowhere && bare()[last - 1] != '\n' &&
           call_without_parenthesis_;
  }

  void add_shell(std::string_view source, std::size_t at) {
    ShellOptions options;
    options.failures = Failures::left_out;
    options.first_line = line_at(text_, at);
    auto nested = parse_shell(source, options);
    for (auto& command : nested.commands) script_.commands.push_back(std::move(command));
  }

  /// Words that no shell splits.
  void add_words(const std::vector<std::string>& words, std::size_t at) {
    std::string source;
    for (const auto& word : words) {
      source += source.empty() ? "" : " ";
      if (word.starts_with("${") && word.find('}') == word.size() - 1) {
        source += '"' + word + '"';
        continue;
      }
      source += '\'';
      for (const char c : word) source += c == '\'' ? std::string("'\\''") : std::string(1, c);
      source += '\'';
    }
    add_shell(source, at);
  }

  void add_call(const ClientCall& call) {
    const auto first = script_.commands.size();
    add_words(call.words, call.at);
    if (call.where.empty()) return;
    for (auto i = first; i < script_.commands.size(); ++i)
      script_.commands[i].assignments.push_back({std::string(standing_place), {call.where, false, false, 0}});
  }

  void find_processes() {
    static const text::Pattern python(
        R"(\b(?:subprocess|sp)\s*\.\s*(?:run|call|check_call|check_output|Popen|getoutput|getstatusoutput)\s*\((?:\s*shlex\s*\.\s*split\s*\()?|\bos\s*\.\s*(?:system|popen)\s*\(|\bbash_command\s*=\s*(?=[frb]?["']))");
    static const text::Pattern script(
        R"((?<![\w.>])(?:exec|execSync|execFile|execFileSync|spawn|spawnSync|execa|execaSync|execaCommand|execaCommandSync|system|shell_exec|passthru|proc_open|popen|sh|execute|exec!|check_call|check_output)(?:\s*\(\s*(?=[\["'`f])|\s+(?=["']))|\)\s*\.\s*(?:execSync|execFile|execFileSync|spawn|spawnSync)\s*\(|\bexec\s*\.\s*(?:exec|getExecOutput)\s*\(|\b(?:child_process|childProcess|cp|shell|shelljs|Deno|Bun|Open3|Kernel)\s*\.\s*(?:exec\w*|spawn\w*|run|system|capture\w*)\s*\(|\b(?:c|ctx|context|conn|connection|session)\s*\.\s*(?:run|sudo|local)\s*\(\s*(?=["'f]))");
    const auto take = [&](const text::Match& match) {
      call_without_parenthesis_ = bare()[match.end - 1] != '(' && bare()[match.begin] != ' ' &&
                                  bare().substr(match.begin, match.end - match.begin).find('(') == nowhere;
      const auto found = arguments(match.end, nowhere);
      if (found.words.empty()) return;
      if (found.words.size() == 1 && !found.list) {
        add_shell(found.words.front(), match.begin);
      } else {
        add_words(found.words, match.begin);
      }
    };
    each_match(python, bare(), take);
    each_match(script, bare(), take);
    static const text::Pattern imported(
        R"((?m)^[ \t]*from\s+subprocess\s+import\b[^\n]*(?:\(|\b(?:run|call|Popen)\b))");
    static const text::Pattern by_own_name(R"((?<![\w.])(?:run|call|Popen)\s*\(\s*(?=[\["'f]))");
    if (imported.matches(bare())) each_match(by_own_name, bare(), take);
    if (is_go()) find_processes_of_go();
  }

  bool is_go() const {
    static const text::Pattern package(R"((?m)^package[ \t]+\w+[ \t\r]*$)");
    return package.matches(bare());
  }

  /// `exec.Command("kubectl", "delete", ...)`, `exec.CommandContext(ctx, ...)`, and `sh.Run(...)` of mage.
  void find_processes_of_go() {
    static const text::Pattern start(R"(\bexec\s*\.\s*Command(Context)?\s*\(|\bsh\s*\.\s*(?:Run|RunV|Output)\s*\()");
    each_match(start, bare(), [&](const text::Match& match) {
      auto words = arguments(match.end, nowhere).words;
      if (match.groups.size() > 1 && match.groups[1] && !words.empty()) words.erase(words.begin());
      if (!words.empty()) add_words(words, match.begin);
    });
  }

  /// Ruby's and PHP's backquotes, `%x(...)` and zx's tagged strings; plain template strings of JavaScript run nothing.
  void find_backquotes() {
    if (is_go()) return;
    const bool javascript = text_.find("=>") != nowhere && text_.find("end\n") == nowhere;
    for (const auto& string : program_.strings) {
      if (string.quote != '`' || string.begin < 2) continue;
      const auto before = text_[string.begin - 2];
      const bool tagged = before == '$' && (string.begin < 3 || !is_space(before));
      const bool ruby = (is_space(before) || before == '(' || before == '=') && looks_like_ruby() && !javascript;
      if (tagged || ruby) add_shell(shell_text(text_, string), string.begin);
    }
  }

  bool looks_like_ruby() const {
    static const text::Pattern words(
        R"((?m)^\s*(?:const|let|var|import|export|function|async)\b|\brequire\s*\(|;\s*$)");
    return !words.matches(bare());
  }

  void send(std::string_view method, std::string url, std::size_t at) {
    add_words({"curl", "-X", text::ascii_upper(method), std::move(url)}, at);
  }

  void find_requests() {
    static const text::Pattern by_name(
        R"(\b(?:requests|httpx|axios|got|ky|superagent|needle|HTTParty|RestClient|Faraday|session)\s*\.\s*(post|put|patch|delete)\s*\()");
    static const text::Pattern by_method(R"(\b(?:requests|httpx|session)\s*\.\s*request\s*\(\s*(?=["']))");
    static const text::Pattern by_option(
        R"((?<![\w.])(?:fetch|axios|got|ky|Request|urlopen|(?:urllib\.)?request\.(?:Request|urlopen))\s*\()");
    static const text::Pattern option(R"(\bmethod\s*[:=]\s*["'](POST|PUT|PATCH|DELETE|post|put|patch|delete)["'])");
    static const text::Pattern with_data(R"(^[^=]*,\s*data\s*=(?!\s*None))");  // of urllib
    call_without_parenthesis_ = false;
    each_match(by_name, bare(),
               [&](const text::Match& match) { send(*match.groups[1], first(match.end), match.begin); });
    each_match(by_method, bare(), [&](const text::Match& match) {
      const auto found = arguments(match.end, nowhere);
      if (found.words.size() > 1 && text::ascii_upper(found.words[0]) != "GET")
        send(found.words[0], found.words[1], match.begin);
    });
    each_match(by_option, bare(), [&](const text::Match& match) {
      const auto call = text_.substr(match.end, call_end(bare(), match.end) - match.end);
      if (const auto method = option.find(call))
        send(*method->groups[1], first(match.end), match.begin);
      else if (with_data.matches(call))
        send("POST", first(match.end), match.begin);
    });
    static const text::Pattern of_route(R"(\boctokit|\bgithub\b)");
    static const text::Pattern route(R"(^(POST|PUT|PATCH|DELETE) (/\S+))");
    static const text::Pattern by_route(R"(\.\s*request\s*\(\s*(?=["'`]))");
    if (of_route.matches(text_))
      each_match(by_route, bare(), [&](const text::Match& match) {
        const auto* string = program_.string_at(match.end);
        const auto said = string == nullptr ? std::string() : shell_text(text_, *string);
        if (const auto found = route.find(said))
          add_words({"gh", "api", "-X", std::string(*found->groups[1]), std::string(*found->groups[2])}, match.begin);
      });
    static const text::Pattern slack(
        R"(\.\s*(?:chat_postMessage|chat\.postMessage|chat_update|files_upload\w*|files\.upload\w*)\s*\()");
    each_match(slack, bare(),
               [&](const text::Match& match) { send("POST", "https://slack.com/api/chat.postMessage", match.begin); });
  }

  std::string first(std::size_t at) const {
    auto found = arguments(at, nowhere);
    return found.words.empty() ? "${value}" : found.words.front();
  }

  std::string_view text_;
  ProgramText program_;
  std::map<std::string, std::string, std::less<>> constants_;
  bool call_without_parenthesis_ = false;
  Script script_;
};

}  // namespace

Script program_commands(std::string_view text) {
  return Reader(text).read();
}

}  // namespace tollbar::document
