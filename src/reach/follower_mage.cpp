// Targets of Mage are functions: what they start runs, and what the functions start that they call.
#include <string_view>

#include "reach/call_words.h"
#include "reach/follower.h"
#include "reach/mage_targets.h"
#include "text/words.h"

namespace tollbar::reach {
namespace {

ScriptCache::Line read_lines(const std::string& program) {
  return {mage_lines(program), 1};
}

}  // namespace

bool Follower::enter_mage(const Call& call, std::uint32_t line, const std::string& folder, const Place& place) {
  const std::string directory = folder == "." ? std::string() : folder;
  const bool own_folder = text::base_name(directory) == "magefiles";
  execution_.dependence.listed.insert(folder);
  std::map<std::string, std::string> texts;
  for (const auto& file : tree_.list(directory)) {
    const bool is_its = own_folder || file.name.find("mage") != std::string::npos;
    if (!is_its || !file.name.ends_with(".go") || file.name.ends_with("_test.go")) continue;
    const std::string path = below(directory, file.name);
    const auto entry = find(path);
    if (entry) texts[path] = scripts_.line(tree_, *entry, {"functions of Mage"}, read_lines).text;
  }
  const auto files = mage_files(texts);
  std::vector<std::string> functions;
  for (const auto& part : call.parts)
    if (auto function = files.target(part); !function.empty()) functions.push_back(std::move(function));
  if (call.parts.empty() && files.functions.count(files.default_target) != 0) functions.push_back(files.default_target);
  Place here = place;
  here.directory = own_folder ? text::directory_of(directory) : directory;
  for (const auto& function : functions) enter_mage_function(files, function, line, here);
  if (!functions.empty() || call.parts.empty()) return !functions.empty();
  for (const auto& [path, program] : texts) {  // a target that another package brings
    Place within = place;
    descend(within, path, call.parts.front(), line, place.directory);
  }
  return false;
}

void Follower::enter_mage_function(const MageFiles& files, const std::string& name, std::uint32_t line,
                                   const Place& place) {
  const auto& function = files.functions.at(name);
  Place within = place;
  if (!descend(within, function.file, name, line, place.directory)) return;
  within.entered = false;
  within.certainty = Certainty::declared;
  for (const auto& called : function.calls) enter_mage_function(files, called, function.line, within);
  within.at_best = Certainty::inferred;
  for (const auto& command : function.commands) {
    Place here = within;
    here.fatal = here.fatal && command.fatal;
    follow_script(document::parse_shell(command.text, {true, false, command.line}), std::move(here));
  }
}

}  // namespace tollbar::reach
