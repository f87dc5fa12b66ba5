// Bindings as text of the context, so that approvers see and sign them.
#include "gate/binding.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <optional>

#include "gate/policy_source.h"
#include "util/sha256.h"

namespace tollbar::gate {
namespace {

std::string spelt(const model::FileEntry& entry) {
  return fmt::format("{:06o} {}", static_cast<std::uint32_t>(entry.mode), entry.id.hex());
}

std::string file_at(model::Tree& tree, const std::string& path) {
  const auto entry = tree.find(path);
  return entry ? spelt(*entry) : "none";
}

void add_context(std::string& context, const std::string& text) {
  context += (context.empty() ? "" : "; ") + text;
}

void add_files(model::Tree& tree, const std::string& directory, std::string& listing) {
  for (const model::DirectoryEntry& entry : tree.list(directory)) {
    const std::string path = directory + '/' + entry.name;
    if (entry.entry.mode == model::FileMode::directory) {
      add_files(tree, path, listing);
    } else {
      listing += path + ' ' + spelt(entry.entry) + '\n';
    }
  }
}

}  // namespace

std::string digest_of_guards(model::Tree& tree) {
  std::string listing;
  const auto add = [&](std::string_view path) {
    if (const auto entry = tree.find(path); entry && entry->mode != model::FileMode::directory) {
      listing += std::string(path) + ' ' + spelt(*entry) + '\n';
    }
  };
  std::for_each(std::begin(PolicySource::tree_paths), std::end(PolicySource::tree_paths), add);
  for (const std::string_view path : {".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS"}) {
    add(path);
  }
  if (const auto entry = tree.find(trust_directory); entry && entry->mode == model::FileMode::directory) {
    add_files(tree, std::string(trust_directory), listing);
  }
  return "sha256:" + util::sha256_hex(listing);
}

void bind_findings(std::vector<model::Finding>& findings, model::Tree& before, model::Tree& after) {
  std::optional<std::string> guards;
  for (model::Finding& finding : findings) {
    std::string bound;
    if (finding.binding == model::Binding::file) {
      bound = fmt::format("file: {} -> {}", file_at(before, finding.path), file_at(after, finding.path));
    } else if (finding.binding == model::Binding::tree) {
      if (!guards) {
        guards = fmt::format("guards: {} -> {}", digest_of_guards(before), digest_of_guards(after));
      }
      bound = *guards;
    } else {
      continue;
    }
    add_context(finding.context, bound);
    for (model::Part& part : finding.parts) {
      add_context(part.context, bound);
    }
  }
}

}  // namespace tollbar::gate
