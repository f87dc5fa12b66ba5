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

/// `DeleteDBInstance` and `delete_db_instance` as the command line writes them: `delete-db-instance`.
std::string with_dashes(std::string_view name) {
  const auto is_upper = [&](std::size_t at) { return name[at] >= 'A' && name[at] <= 'Z'; };
  std::string text;
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (name[i] == '_') {
      text += '-';
      continue;
    }
    const bool begins = is_upper(i) && i > 0 && (!is_upper(i - 1) || (i + 1 < name.size() && !is_upper(i + 1)));
    if (begins) text += '-';
    text += text::ascii_lower(name[i]);
  }
  return text;
}

class Finder {
 public:
  Finder(std::string_view text, const ProgramText& program) : text_(text), program_(program) {}

  std::vector<ClientCall> find() {
    if (text_.find("aws") != std::string_view::npos || text_.find("AWS") != std::string_view::npos) find_destroyed();
    if (text_.find("boto3") != std::string_view::npos) find_boto();
    if (text_.find("Aws::") != std::string_view::npos) find_ruby();
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

  /// `rds = boto3.client("rds")`, `rds.delete_db_instance(...)`; the same in one line.
  void find_boto() {
    static const text::Pattern client(R"((?:\b(\w+)\s*=\s*)?\b(?:boto3|session)\s*\.\s*client\s*\(\s*(?=["']))");
    static const text::Pattern chained(R"(^\s*\.\s*([a-z]+(?:_[a-z0-9]+)+)\s*\()");
    each_match(client, program_.bare, [&](const text::Match& match) {
      const auto* service = program_.string_at(match.end);
      if (service == nullptr) return;
      const auto name = shell_text(text_, *service);
      const auto behind = call_end(program_.bare, match.end);
      if (const auto call = chained.find(std::string_view(program_.bare).substr(behind)))
        add(name, *call->groups[1], {behind + call->begin, behind + call->end, {}});
      if (match.groups.size() < 2 || !match.groups[1]) return;
      const text::Pattern calls("(?<![\\w.])" + std::string(*match.groups[1]) +
                                R"(\s*\.\s*([a-z]+(?:_[a-z0-9]+)+)\s*\()");
      each_match(calls, program_.bare, [&](const text::Match& call) { add(name, *call.groups[1], call); });
    });
  }

  /// `Aws::S3::Client.new.delete_bucket(...)`, `Aws::S3::Resource.new.bucket("x").clear!`.
  void find_ruby() {
    static const text::Pattern service(R"(\bAws::(\w+)::(?:Client|Resource|Bucket|Table)\b)");
    static const text::Pattern called(R"(\.\s*((?:delete|terminate|purge)_\w+)\b[ \t]*\(?)");
    static const text::Pattern emptied(R"(\bbucket\b[^\n]*\.\s*(?:clear!|delete!|batch_delete!))");
    const auto made = service.find(program_.bare);
    if (!made) return;
    each_match(called, program_.bare,
               [&](const text::Match& match) { add(*made->groups[1], *match.groups[1], match); });
    each_match(emptied, program_.bare, [&](const text::Match& match) {
      calls_.push_back({match.begin, {"aws", "s3", "rb", "s3://bucket-of-the-program"}});
    });
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
