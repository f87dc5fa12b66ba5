// What can be said about a pipeline from its model alone.
#include "pipeline/model.h"

#include "pipeline/everything.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace tollbar::pipeline {
namespace {

constexpr std::array kSystems{
    std::pair{System::github, std::string_view("github")},
    std::pair{System::github_action, std::string_view("github-action")},
    std::pair{System::gitlab, std::string_view("gitlab")},
    std::pair{System::circleci, std::string_view("circleci")},
    std::pair{System::azure, std::string_view("azure")},
    std::pair{System::jenkins, std::string_view("jenkins")},
    std::pair{System::travis, std::string_view("travis")},
    std::pair{System::buildkite, std::string_view("buildkite")},
    std::pair{System::bitbucket, std::string_view("bitbucket")},
    std::pair{System::drone, std::string_view("drone")},
    std::pair{System::woodpecker, std::string_view("woodpecker")},
    std::pair{System::tekton, std::string_view("tekton")},
    std::pair{System::argo, std::string_view("argo")},
    std::pair{System::cirrus, std::string_view("cirrus")},
    std::pair{System::appveyor, std::string_view("appveyor")},
    std::pair{System::cloud_build, std::string_view("cloud-build")},
};

/// Activity types of a pull request at which its content is, or may be, new. The others (`closed`, `assigned`, ...)
/// come too late or say nothing.
constexpr std::array<std::string_view, 10> kJudgingTypes{
    "opened", "synchronize", "reopened",         "ready_for_review", "labeled",
    "edited", "enqueued",    "review_requested", "created",          "auto_merge_enabled",
};

const std::vector<std::string>* filter(const Event& event, const char* name) {
  const auto found = event.filters.find(name);
  return found == event.filters.end() ? nullptr : &found->second;
}

/// The last word of a list of patterns is one that takes back every name: `["**", "!**"]`, or nothing was let in
/// before.
bool takes_all_back(const std::vector<std::string>& globs) {
  const auto all = std::find_if(globs.rbegin(), globs.rend(), [](const std::string& glob) {
    return glob.starts_with('!') && meets_every_name(std::string_view(glob).substr(1));
  });
  const auto excludes = [](const std::string& glob) { return glob.starts_with('!'); };
  return !globs.empty() && std::all_of(globs.rbegin(), all, excludes);
}

/// All names among the ignored, or a list of patterns that lets none in.
bool excludes_everything(const Event& event, const char* keep, const char* ignore) {
  const auto* ignored = filter(event, ignore);
  if (ignored && std::any_of(ignored->begin(), ignored->end(), meets_every_name)) return true;
  const auto* kept = filter(event, keep);
  return kept && takes_all_back(*kept);
}

bool types_judge(const Event& event) {
  const auto* types = filter(event, "types");
  if (!types || types->empty()) return true;
  return std::any_of(types->begin(), types->end(), [](const std::string& type) {
    return std::find(kJudgingTypes.begin(), kJudgingTypes.end(), type) != kJudgingTypes.end();
  });
}

bool only_for_tags(const Event& event) {
  const bool tags = filter(event, "tags") || filter(event, "tags-ignore");
  return tags && !filter(event, "branches") && !filter(event, "branches-ignore");
}

}  // namespace

bool meets_every_name(std::string_view pattern) {
  // `*` leaves out no more than names with a slash.
  constexpr std::array<std::string_view, 8> kAll{"**", "*", "**/*", "/.*/", "/.+/", "/^.*$/", ".*", "^.*$"};
  return std::find(kAll.begin(), kAll.end(), pattern) != kAll.end();
}

bool Event::judges_changes() const {
  if (excludes_everything(*this, "branches", "branches-ignore")) return false;
  if (excludes_everything(*this, "paths", "paths-ignore")) return false;
  if (name == "push") return !only_for_tags(*this);
  if (name == "pull_request" || name == "pull_request_target") return types_judge(*this);
  return name == "merge_group";
}

bool Pipeline::judges_changes() const {
  return condition.truth != Truth::never &&
         std::any_of(events.begin(), events.end(), [](const Event& event) { return event.judges_changes(); });
}

Access Job::access(std::string_view scope) const {
  auto found = permissions.find(std::string(scope));
  if (found == permissions.end()) found = permissions.find("*");
  return found == permissions.end() ? Access::none : found->second;
}

std::string_view to_string(System system) {
  for (const auto& [value, name] : kSystems) {
    if (value == system) return name;
  }
  return "unknown";
}

bool is_pinned(std::string_view version) {
  if (version.starts_with("sha256:")) return true;
  return version.size() == 40 &&
         std::all_of(version.begin(), version.end(), [](unsigned char c) { return std::isxdigit(c) != 0; });
}

}  // namespace tollbar::pipeline
