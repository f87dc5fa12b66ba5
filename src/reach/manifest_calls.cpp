// One table of the tools, one of the actions that are such a tool.
#include "reach/manifest_calls.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

#include "reach/call_words.h"
#include "text/word_list.h"
#include "text/words.h"

namespace tollbar::reach {
namespace {

/// Lists are separated by blanks.
struct ManifestTool {
  std::string_view program;
  std::string_view subcommands;  ///< those that do what the manifest says; empty: whatever is called
  std::string_view options;      ///< whose value is a file or folder of the tree that it runs by
  std::string_view files;        ///< that it finds by itself: the first that is there
  std::string_view folder = "";  ///< the same, looked for besides
};

constexpr std::array kTools{
    ManifestTool{"goreleaser", "", "-f --config", ".goreleaser.yml .goreleaser.yaml goreleaser.yml goreleaser.yaml"},
    ManifestTool{"semantic-release", "", "-c --config", ".releaserc .releaserc.json .releaserc.yml release.config.js"},
    ManifestTool{"release-it", "", "-c --config", ".release-it.json .release-it.yml .release-it.yaml .release-it.toml"},
    ManifestTool{"release-plz", "release release-pr update", "--config", "release-plz.toml .release-plz.toml"},
    ManifestTool{"jreleaser", "", "-c --config-file", "jreleaser.yml jreleaser.yaml jreleaser.toml jreleaser.json"},
    ManifestTool{"knope", "", "", "knope.toml"},
    ManifestTool{"updatecli", "apply diff compose", "-c --config -v --values", "updatecli.yaml", "updatecli.d"},
    ManifestTool{"gomplate", "", "--config", ".gomplate.yaml"},
    ManifestTool{"ct", "install lint-and-install", "--config", "ct.yaml chart_testing.yaml"},
    ManifestTool{"cr", "upload index", "--config", "cr.yaml"}};

/// An action by the end of its name, with the inputs that hold its words and its manifest.
struct ToolAction {
  std::string_view name, tool, words, manifest;
  std::string_view otherwise = "";  ///< the words where the input is not given
};

constexpr std::array kActions{ToolAction{"goreleaser-action", "goreleaser", "args", ""},
                              ToolAction{"semantic-release-action", "semantic-release", "args", ""},
                              ToolAction{"release-plz/action", "release-plz", "command", "config", "release"},
                              ToolAction{"release-plz-action", "release-plz", "command", "config", "release"},
                              ToolAction{"chart-releaser-action", "cr", "", "config", "upload"}};

std::vector<std::string> words_of(std::string_view list) {
  std::vector<std::string> words;
  for (std::size_t at = 0; at < list.size();) {
    const auto end = std::min(list.find(' ', at), list.size());
    words.emplace_back(list.substr(at, end - at));
    at = end + 1;
  }
  return words;
}

/// Files and a folder that may be there.
void add_manifest(std::vector<std::string> files, std::vector<std::string> folders, std::vector<Call>& calls) {
  const auto add = [&](CallKind kind, std::vector<std::string> paths) {
    if (paths.empty() || paths.front().empty()) return;
    Call call = make_call(kind, std::move(paths));
    call.optional_file = true;
    call.certainty = Certainty::declared;
    calls.push_back(std::move(call));
  };
  add(CallKind::configuration, std::move(files));
  add(CallKind::configuration_folder, std::move(folders));
}

}  // namespace

std::vector<Call> manifest_calls(const std::vector<std::string>& argv) {
  const auto* const tool = std::find_if(
      kTools.begin(), kTools.end(), [&](const ManifestTool& one) { return one.program == text::base_name(argv[0]); });
  if (tool == kTools.end()) return {};
  bool acts = tool->subcommands.empty(), told = false;
  std::vector<Call> calls;
  for (std::size_t i = 1; i < argv.size(); ++i) {
    const auto equals = argv[i].find('=');
    if (is_flag(argv[i]) && text::lists(tool->options, argv[i].substr(0, equals))) {
      std::string value = equals != std::string::npos ? argv[i].substr(equals + 1) : std::string();
      if (equals == std::string::npos && i + 1 < argv.size()) value = argv[++i];
      for (const auto& path : split_at_commas(value)) add_manifest({path}, {path}, calls);
      told = true;
    } else if (!argv[i].empty() && text::lists(tool->subcommands, argv[i])) {
      acts = true;
    }
  }
  if (!acts) return {};
  if (!told) add_manifest(words_of(tool->files), words_of(tool->folder), calls);
  return calls;
}

std::string tool_command(std::string_view uses, const std::map<std::string, std::string>& inputs) {
  const auto input = [&](std::string_view name) {
    const auto found = inputs.find(std::string(name));
    return found == inputs.end() ? std::string() : found->second;
  };
  for (const auto& action : kActions) {
    const bool is_it =
        uses == action.name || (uses.ends_with(action.name) && uses[uses.size() - action.name.size() - 1] == '/');
    if (!is_it) continue;
    const std::string words = input(action.words), manifest = input(action.manifest);
    return std::string(action.tool) + " " + (words.empty() ? std::string(action.otherwise) : words) +
           (manifest.empty() ? "" : " --config " + manifest);
  }
  return {};
}

}  // namespace tollbar::reach
