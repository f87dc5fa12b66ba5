// Words put together from the parts of steps and credentials.
#include "reach/job_words.h"

#include <cctype>

#include "document/command_identity.h"
#include "reach/leading_words.h"

namespace tollbar::reach {

using pipeline::CredentialUse;

bool is_foreign(std::string_view uses) {
  return !uses.empty() && !uses.starts_with("./") && uses.find('/') != std::string_view::npos;
}

std::string with_version(const std::string& uses, const std::string& version) {
  return version.empty() ? uses : uses + "@" + version;
}

std::string step_name(const ExecutedStep& step) {
  if (step.step == nullptr) return {};
  if (!step.step->name.empty()) return step.step->name;
  if (!step.step->id.empty()) return step.step->id;
  if (!step.step->uses.empty()) return step.step->uses;
  return step.step->script.commands.empty() ? std::string() : document::identity(step.step->script.commands.front());
}

namespace {

std::string one_called(const CredentialUse& use) {
  switch (use.kind) {
    case CredentialUse::Kind::identity:
      return "its identity (OIDC)";
    case CredentialUse::Kind::all_secrets:
      return "all secrets";
    case CredentialUse::Kind::computed:
      return "a secret of a computed name";
    default:
      return use.name;
  }
}

}  // namespace

std::string called(const std::vector<CredentialUse>& uses) {
  std::string text = one_called(uses.front());
  if (uses.size() == 2) text += " and " + one_called(uses.back());
  if (uses.size() > 2) text += " and " + std::to_string(uses.size() - 1) + " more";
  return text;
}

std::string token_words(const MapAuthority& authority) {
  std::string text;
  for (const auto& permission : authority.permissions) text += (text.empty() ? "" : ", ") + permission;
  return "its token (" + text + ")";
}

std::string readable(const std::string& condition) {
  const auto is_name = [](const std::string& word) {
    return !word.empty() && (std::isalnum(static_cast<unsigned char>(word.back())) != 0 || word.back() == '_');
  };
  std::string text, before;
  for (const auto& word : split_words(condition)) {
    if (word == "if") continue;
    const bool joins = text.empty() || word == "." || word == "," || word == ")" || before == "." || before == "(" ||
                       before == "!" || (word == "(" && is_name(before));
    text += (joins ? "" : " ") + word;
    before = word;
  }
  return text;
}

std::string verb_of(const std::string& by, const Knowledge& knowledge) {
  constexpr std::size_t telling = 3;
  const auto words = plain_words(split_words(by), knowledge.value_flags);
  std::string verb;
  for (std::size_t i = 0; i < words.size() && i < telling; ++i) {
    if (words[i].find_first_of("$\"'{/.=") != std::string::npos) break;
    verb += words[i] + " ";
  }
  return verb;
}

}  // namespace tollbar::reach
