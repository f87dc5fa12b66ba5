// Operations are told by their names, which are the same in every language.
#include "document/program_clouds.h"

#include <cstddef>
#include <string>
#include <utility>

#include "text/ascii.h"
#include "text/pattern.h"

namespace tollbar::document {
namespace {

using text::each_match;

/// `DeleteDBInstance` as the command line writes it: `delete-db-instance`.
std::string with_dashes(std::string_view name) {
  const auto is_upper = [&](std::size_t at) { return name[at] >= 'A' && name[at] <= 'Z'; };
  std::string text;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const bool begins = is_upper(i) && i > 0 && (!is_upper(i - 1) || (i + 1 < name.size() && !is_upper(i + 1)));
    if (begins) text += '-';
    text += text::ascii_lower(name[i]);
  }
  return text;
}

/// Behind the parenthesis or brace that closes what was opened just before `at`.
std::size_t call_end(std::string_view bare, std::size_t at) {
  for (int depth = 1; at < bare.size() && depth > 0; ++at)
    depth += bare[at] == '(' || bare[at] == '{' ? 1 : bare[at] == ')' || bare[at] == '}' ? -1 : 0;
  return at;
}

class Finder {
 public:
  Finder(std::string_view text, const ProgramText& program) : text_(text), program_(program) {}

  std::vector<ClientCall> find() {
    if (text_.find("aws") != std::string_view::npos || text_.find("AWS") != std::string_view::npos) find_destroyed();
    find_metadata();
    return std::move(calls_);
  }

 private:
  void add(std::string_view service, std::string_view operation, const text::Match& match) {
    const auto folded = text::ascii_lower(service);
    ClientCall call{match.begin, {"aws", folded == "s3" ? "s3api" : folded, with_dashes(operation)}};
    const auto end = call_end(program_.bare, match.end);
    for (const auto& string : program_.strings)
      if (string.begin > match.begin && string.begin < end) call.words.push_back(shell_text(text_, string));
    calls_.push_back(std::move(call));
  }

  /// `new DeleteTableCommand({...})`, `&rds.DeleteDBInstanceInput{...}`, `new AWS.RDS().deleteDBInstance({...})`.
  void find_destroyed() {
    static const text::Pattern module(R"(@aws-sdk/client-([\w-]+))");
    static const text::Pattern sent(R"(\bnew\s+((?:Delete|Terminate|Purge)\w+)Command\s*\()");
    static const text::Pattern input(R"(&\s*(\w+)\.((?:Delete|Terminate|Purge)\w+)Input\s*\{)");
    static const text::Pattern service(R"(\bnew\s+AWS\s*\.\s*(\w+)\s*\()");
    static const text::Pattern called(R"(\.\s*((?:delete|terminate|purge)[A-Z]\w+)\s*\(\s*\{)");
    std::vector<std::string> modules;
    each_match(module, text_, [&](const text::Match& match) { modules.emplace_back(*match.groups[1]); });
    each_match(sent, program_.bare, [&](const text::Match& match) {
      for (const auto& one : modules) add(one, *match.groups[1], match);
    });
    each_match(input, program_.bare, [&](const text::Match& match) { add(*match.groups[1], *match.groups[2], match); });
    if (const auto made = service.find(program_.bare))
      each_match(called, program_.bare,
                 [&](const text::Match& match) { add(*made->groups[1], *match.groups[1], match); });
  }

  /// Whatever holds such an address asks for it.
  void find_metadata() {
    static const text::Pattern address(
        R"(^https?://(?:169\.254\.(?:169\.254|170\.2)|metadata\.google\.internal|100\.100\.100\.200)\S*$)");
    for (const auto& string : program_.strings)
      if (auto said = shell_text(text_, string); address.matches(said))
        calls_.push_back({string.begin, {"curl", std::move(said)}});
  }

  std::string_view text_;
  const ProgramText& program_;
  std::vector<ClientCall> calls_;
};

}  // namespace

std::vector<ClientCall> cloud_calls(std::string_view text, const ProgramText& program) {
  return Finder(text, program).find();
}

}  // namespace tollbar::document
