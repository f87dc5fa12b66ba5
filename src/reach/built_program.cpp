// Read from the words of Go.
#include "reach/built_program.h"

#include "reach/call_words.h"
#include "reach/calls.h"
#include "text/words.h"

namespace tollbar::reach {
namespace {

bool is_local(std::string_view package) {
  return package.starts_with('.') || package.starts_with(kTreeRoot);
}

}  // namespace

std::optional<BuiltProgram> built_program(const std::vector<std::string>& words) {
  if (words.size() < 3 || text::base_name(words[0]) != "go" || !is_one_of(words[1], {"build", "install"}))
    return std::nullopt;
  BuiltProgram built;
  std::string output, directory, value;
  for (std::size_t i = 2; i < words.size(); ++i) {
    if (takes(words, i, {"-o"}, output) || takes(words, i, {"-C"}, directory)) continue;
    if (takes(words, i, {"-tags", "--tags", "-ldflags", "-mod", "-modfile", "-gcflags", "-asmflags", "-p", "-pgo"},
              value))
      continue;
    if (is_flag(words[i])) continue;
    if (!built.folder.empty() || !is_local(words[i]) || words[i].ends_with("...") || words[i].ends_with(".go"))
      return std::nullopt;
    built.folder = words[i];
  }
  if (built.folder.empty() || !directory.empty()) return std::nullopt;
  std::string_view folder = built.folder;
  while (folder.ends_with('/')) folder.remove_suffix(1);
  const std::string base(text::base_name(folder));
  if (words[1] == "install") {
    built.names = {base};
  } else if (output.empty()) {
    built.names = {"./" + base};
  } else if (output.ends_with('/')) {
    built.names = {output + base};
  } else {
    built.names = {output};
  }
  return built;
}

std::string program_of_folder(std::string_view folder) {
  return std::string(1, kTreeRoot) + "/" + (folder.empty() ? "." : std::string(folder)) + "/";
}

std::string_view folder_of_program(std::string_view word) {
  if (!word.starts_with(kTreeRoot) || !word.ends_with('/') || word.size() < 3) return {};
  return word.substr(0, word.size() - 1);
}

}  // namespace tollbar::reach
