// Phrases put together from the parts of a way.
#include "report/map_words.h"

#include <fmt/format.h>

#include <algorithm>

namespace tollbar::report {

using pipeline::CredentialUse;
using reach::MapPath;

std::string way_name(const MapPath& way) {
  return way.step.empty() ? way.job : way.job + " / " + way.step;
}

std::string target_words(const MapPath& way) {
  std::string words = way.system.empty() ? way.host : way.system;
  if (!way.system.empty() && !way.host.empty()) words += " " + way.host;
  if (way.target_environment.empty()) return words.empty() ? "unknown" : words;
  return fmt::format("{}environment {}", words.empty() ? "" : words + ", ", way.target_environment);
}

std::string action_words(const MapPath& way) {
  const bool somewhere = !way.system.empty() || !way.host.empty() || !way.target_environment.empty();
  return somewhere ? way.action + " -> " + target_words(way) : way.action;
}

std::vector<std::string> actor_words(const std::vector<reach::Actor>& actors) {
  std::vector<std::string> words;
  for (const auto& actor : actors) words.push_back(fmt::format("{} ({})", actor.who, actor.event));
  return words;
}

namespace {

/// What the platform calls something that holds credentials for jobs.
std::string_view service_words(std::string_view source) {
  if (source.find("azure") != std::string_view::npos) return "service connection";
  return source.find("circleci") != std::string_view::npos ? "context" : "credentials";
}

}  // namespace

std::vector<std::string> authority_words(const MapPath& way) {
  std::vector<std::string> words;
  const auto& authority = way.authority;
  for (const auto& use : authority.credentials) {
    std::string word = use.name;
    if (use.kind == CredentialUse::Kind::identity) word = "the job's identity (OIDC)";
    if (use.kind == CredentialUse::Kind::all_secrets) word = "all secrets";
    if (use.kind == CredentialUse::Kind::computed) word = "a secret of a computed name";
    if (use.kind == CredentialUse::Kind::service) word += fmt::format(" ({})", service_words(use.source));
    if (std::find(words.begin(), words.end(), word) == words.end()) words.push_back(std::move(word));
  }
  if (!authority.permissions.empty())
    words.push_back(fmt::format("token ({})", fmt::join(authority.permissions, ", ")));
  if (!authority.environment.empty()) words.push_back("environment " + authority.environment);
  return words;
}

std::string chain_words(const MapPath& way) {
  std::string words;
  for (const auto& link : way.chain) {
    if (!words.empty()) words += " -> ";
    words += link.part.empty() ? link.path : link.path + ": " + link.part;
  }
  if (!words.empty() && way.certainty != reach::Certainty::verified)
    words += fmt::format(" ({})", reach::to_string(way.certainty));
  return words;
}

std::string approver_words(const gate::WayApproval& approval) {
  const std::string owners = fmt::format("{}", fmt::join(approval.owners, ", "));
  if (approval.quorum.empty()) return owners.empty() ? "no owner is named" : owners;
  return owners.empty() ? approval.quorum : fmt::format("{} (owners: {})", approval.quorum, owners);
}

std::string place_words(const std::string& path, std::uint32_t line) {
  return line == 0 ? path : fmt::format("{}:{}", path, line);
}

std::string counted(std::size_t number, std::string_view noun) {
  return fmt::format("{} {}{}", number, noun, number == 1 ? "" : "s");
}

}  // namespace tollbar::report
