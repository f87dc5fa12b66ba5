// Uses as files of one reference, merged by writing again.
#include "approval/used.h"

#include <fmt/format.h>

#include "git/contention.h"
#include "util/instant.h"

namespace tollbar::approval {
namespace {

std::string path_of(std::string_view fingerprint, std::string_view record) {
  return fmt::format("{}/{}/{}", fingerprint.substr(0, 2), fingerprint, record);
}

/// The line at a path of the reference; empty where there is none.
std::string line_at(const git::Repository& repository, const std::string& path) {
  const auto tip = repository.reference(used_ref);
  if (!tip) {
    return "";
  }
  git::RepositoryTree tree(repository, repository.commit(*tip).tree);
  const auto entry = tree.find(path);
  if (!entry) {
    return "";
  }
  const model::Content content = tree.read(*entry);
  std::string line = content.state == model::ContentState::present ? *content.bytes : "it was used\n";
  while (!line.empty() && line.back() == '\n') {
    line.pop_back();
  }
  return line;
}

}  // namespace

std::string to_text(const Use& use) {
  return fmt::format("it was used when commit {} came to {}: the same change needs a new one", use.commit.substr(0, 12),
                     use.ref);
}

std::string use_of(const git::Repository& repository, std::string_view fingerprint, std::string_view record) {
  return line_at(repository, path_of(fingerprint, record));
}

void add_uses(git::Repository& repository, const std::vector<Use>& uses) {
  if (uses.empty()) {
    return;
  }
  const std::string ref(used_ref);
  git::until_written(ref, [&] {
    git::RecordCommit record;
    record.ref = ref;
    record.tip = repository.reference(ref);
    record.author = git::record_author();
    record.message = "Approvals that let changes through\n";
    for (const Use& use : uses) {
      const std::string path = path_of(use.fingerprint, use.record);
      if (line_at(repository, path).empty()) {
        record.files[path] =
            fmt::format("it was used on {} when commit {} came to {}: the same change needs a new one\n",
                        util::to_text(util::now()), use.commit.substr(0, 12), use.ref);
      }
    }
    return record.files.empty() || repository.write_records(record);
  });
}

}  // namespace tollbar::approval
