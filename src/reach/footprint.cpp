// Entries first: most trees differ elsewhere, and what stands in equal blobs need not be read.
#include "reach/footprint.h"

#include <algorithm>
#include <array>

#include "pipeline/readers.h"
#include "reach/file_parts.h"
#include "reach/obeyed.h"
#include "text/glob.h"
#include "text/words.h"

namespace tollbar::reach {
namespace {

using model::FileEntry;
using model::FileMode;

bool is_live(const std::string& path) {
  const auto folded = text::fold_path(path);
  const auto& readers = pipeline::readers();
  return std::any_of(readers.begin(), readers.end(),
                     [&](const pipeline::Reader& reader) { return reader.is_live(folded); });
}

bool is_file(const FileEntry& entry) {
  return entry.mode == FileMode::regular || entry.mode == FileMode::executable;
}

/// Footprints stand in the order of their paths.
struct ByPath {
  template <typename Item>
  bool operator()(const Item& item, const std::string& path) const {
    return item.path < path;
  }
  template <typename Item>
  bool operator()(const std::string& path, const Item& item) const {
    return path < item.path;
  }
};

std::vector<std::string> entries_of(model::Tree& tree, const std::string& folder) {
  std::vector<std::string> entries;
  for (auto& entry : tree.list(folder == "." ? "" : folder)) {
    if (entry.entry.mode == FileMode::directory) entry.name += '/';
    entries.push_back(std::move(entry.name));
  }
  return entries;
}

/// Names a folder with all below it; none where the tree gives no names to folders. One that has a name itself does.
std::optional<model::ObjectId> id_of(model::Tree& tree, const std::string& folder) {
  const auto entry = tree.identity() ? tree.find(folder == "." ? "" : folder) : std::nullopt;
  return entry ? std::optional(entry->id) : std::nullopt;
}

/// A source that is compiled and run, or a list of properties: the way ends there, whatever it holds.
bool is_never_read(std::string_view path) {
  constexpr std::array<std::string_view, 9> kEndings{".rs",
                                                     ".java",
                                                     ".kt",
                                                     ".scala",
                                                     "gradle.properties",
                                                     "maven.config",
                                                     "jvm.config",
                                                     "maven-wrapper.properties",
                                                     ".mvn/extensions.xml"};
  return std::any_of(kEndings.begin(), kEndings.end(), [&](auto ending) { return path.ends_with(ending); });
}

Footprint::File file_at(const std::string& path, model::Tree& tree, ScriptCache& scripts) {
  Footprint::File file{path, tree.find(path), {}};
  if (file.entry)
    file.executed_part = is_file(*file.entry) ? scripts.part(tree, *file.entry, followed_in(path)) : file.entry->id;
  return file;
}

bool agrees(const Footprint::File& file, model::Tree& tree, ScriptCache& scripts) {
  const auto now = tree.find(file.path);
  if (now == file.entry) return true;
  if (!now || !file.entry || now->mode != file.entry->mode) return false;
  // Of a folder only that it is none of the files looked for.
  return now->mode == FileMode::directory || (is_file(*now) && is_never_read(file.path)) ||
         (is_file(*now) && scripts.part(tree, *now, followed_in(file.path)) == file.executed_part);
}

std::optional<FileMode> mode_at(const std::string& path, model::Tree& tree) {
  const auto entry = tree.find(path);
  return entry ? std::optional(entry->mode) : std::nullopt;
}

bool agrees(const Footprint::Sought& sought, model::Tree& tree, ScriptCache&) {
  return mode_at(sought.path, tree) == sought.mode;
}

bool agrees(const Footprint::Obeyed& obeyed, model::Tree& tree, ScriptCache& scripts) {
  return tree.find(obeyed.path) == obeyed.entry || obeyed_line(*obeyed.as, obeyed.path, tree, scripts) == obeyed.line;
}

bool agrees(const Footprint::Folder& folder, model::Tree& tree, ScriptCache&) {
  return (folder.id && id_of(tree, folder.path) == folder.id) || entries_of(tree, folder.path) == folder.entries;
}

bool same_part(const model::FileDelta& delta, model::Tree& before, model::Tree& after, ScriptCache& scripts) {
  return delta.before && delta.after && delta.before->mode == delta.after->mode && is_file(*delta.before) &&
         scripts.part(before, *delta.before, executed_in(delta.path)) ==
             scripts.part(after, *delta.after, executed_in(delta.path));
}

bool stands_below(const std::string& path, const std::string& folder) {
  return folder == "." || (path.size() > folder.size() && path.starts_with(folder) && path[folder.size()] == '/');
}

}  // namespace

Footprint footprint(const Dependence& dependence, model::Tree& tree, ScriptCache& scripts) {
  Footprint footprint;
  for (const auto& path : dependence.consulted) footprint.files.push_back(file_at(path, tree, scripts));
  for (const auto& path : dependence.sought) footprint.sought.push_back({path, mode_at(path, tree)});
  for (const auto& [path, as] : dependence.obeyed)
    footprint.obeyed.push_back({path, as, tree.find(path), obeyed_line(*as, path, tree, scripts)});
  for (const auto& path : dependence.listed)
    footprint.folders.push_back({path, id_of(tree, path), entries_of(tree, path)});
  return footprint;
}

bool agrees(const Footprint& footprint, std::size_t& doubt, model::Tree& tree, ScriptCache& scripts) {
  const std::size_t sought = footprint.files.size(), obeyed = sought + footprint.sought.size(),
                    folders = obeyed + footprint.obeyed.size(), end = folders + footprint.folders.size();
  const auto agrees_at = [&](std::size_t i) {
    return i < sought    ? agrees(footprint.files[i], tree, scripts)
           : i < obeyed  ? agrees(footprint.sought[i - sought], tree, scripts)
           : i < folders ? agrees(footprint.obeyed[i - obeyed], tree, scripts)
                         : agrees(footprint.folders[i - folders], tree, scripts);
  };
  if (doubt < end && !agrees_at(doubt)) return false;
  for (std::size_t i = 0; i < end; ++i)
    if (!agrees_at(i)) {
      doubt = i;
      return false;
    }
  return true;
}

bool still_agrees(const Footprint& footprint, const std::vector<model::FileDelta>& deltas, model::Tree& tree,
                  ScriptCache& scripts) {
  const auto agree_at = [&](const auto& items, const std::string& path) {
    const auto [first, last] = std::equal_range(items.begin(), items.end(), path, ByPath());
    return std::all_of(first, last, [&](const auto& item) { return agrees(item, tree, scripts); });
  };
  const auto file_agrees = [&](const std::string& path) {
    return agree_at(footprint.files, path) && agree_at(footprint.sought, path) && agree_at(footprint.obeyed, path);
  };
  return std::all_of(deltas.begin(), deltas.end(), [&](const model::FileDelta& delta) {
    if (!file_agrees(delta.path)) return false;
    if (delta.before && delta.after) return true;
    // Folders come and go with what they hold.
    for (std::string folder = text::directory_of(delta.path);; folder = text::directory_of(folder)) {
      if (!agree_at(footprint.folders, folder.empty() ? "." : folder) || !file_agrees(folder)) return false;
      if (folder.empty()) return true;
    }
  });
}

bool touched_by(const std::vector<model::FileDelta>& deltas, const Execution& execution, model::Tree& before,
                model::Tree& after, ScriptCache& scripts) {
  const auto consulted = [&](const std::string& path) {
    return std::any_of(execution.pipelines.begin(), execution.pipelines.end(), [&](const auto& pipeline) {
      return pipeline->dependence.consulted.count(path) != 0 || pipeline->dependence.sought.count(path) != 0;
    });
  };
  const auto obeyed_otherwise = [&](const std::string& path) {
    return std::any_of(execution.pipelines.begin(), execution.pipelines.end(), [&](const auto& pipeline) {
      const auto& obeyed = pipeline->dependence.obeyed;
      for (auto its = obeyed.lower_bound({path, nullptr}); its != obeyed.end() && its->first == path; ++its)
        if (obeyed_line(*its->second, path, before, scripts) != obeyed_line(*its->second, path, after, scripts))
          return true;
      return false;
    });
  };
  // Folders come and go with what they hold.
  const auto other_folder = [&](const std::string& path) {
    for (auto folder = text::directory_of(path); !folder.empty(); folder = text::directory_of(folder))
      if (mode_at(folder, before) != mode_at(folder, after) && consulted(folder)) return true;
    return false;
  };
  const bool other_files = std::any_of(deltas.begin(), deltas.end(), [&](const model::FileDelta& delta) {
    return is_live(delta.path) || (consulted(delta.path) && !same_part(delta, before, after, scripts)) ||
           obeyed_otherwise(delta.path) || ((!delta.before || !delta.after) && other_folder(delta.path));
  });
  if (other_files) return true;
  const auto differs = [&](const std::string& folder) {
    const bool may_differ = std::any_of(deltas.begin(), deltas.end(), [&](const model::FileDelta& delta) {
      return (!delta.before || !delta.after) && stands_below(delta.path, folder);
    });
    return may_differ && entries_of(before, folder) != entries_of(after, folder);
  };
  return std::any_of(execution.pipelines.begin(), execution.pipelines.end(), [&](const auto& pipeline) {
    return std::any_of(pipeline->dependence.listed.begin(), pipeline->dependence.listed.end(), differs);
  });
}

}  // namespace tollbar::reach
