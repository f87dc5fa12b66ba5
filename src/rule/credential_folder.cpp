// Only such folders are followed: what else a script does where says nothing here.
#include "rule/credential_folder.h"

#include <string_view>

#include "document/command_identity.h"
#include "text/pattern.h"
#include "text/words.h"

namespace tollbar::rule {

document::Command CredentialFolder::follow(const document::Command& command) {
  static const text::Pattern folders(
      R"(^(?:~|\$HOME|\$\{HOME\}|/root|/home/[\w.-]+)/\.(?:ssh|aws|kube|docker|gnupg|azure|config/\S+|cargo|gem|m2)/?$)");
  static const text::Pattern files(R"(^(@?)(?:\./)?([\w*][\w.*-]*)$)");
  const auto program = text::base_name(command.program());
  if (text::is_one_of(program, {"cd", "pushd", "popd"})) {
    const bool there = command.argv.size() == 2 && folders.matches(command.argv[1].text);
    folder_ = there ? std::string(command.argv[1].text) : std::string();
    if (folder_.ends_with('/')) folder_.pop_back();
    return command;
  }
  if (folder_.empty() || command.argv.empty()) return command;
  auto spelled_out = command;
  const auto spell_out = [&](document::Word& word) {
    if (const auto match = files.find(word.text))
      word.text = std::string(*match->groups[1]) + folder_ + "/" + std::string(*match->groups[2]);
  };
  for (std::size_t i = 1; i < spelled_out.argv.size(); ++i) spell_out(spelled_out.argv[i]);
  for (auto& redirection : spelled_out.redirections)
    if (redirection.op == "<") spell_out(redirection.target);
  return spelled_out;
}

}  // namespace tollbar::rule
