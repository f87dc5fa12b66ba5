// Programs that a job builds from a folder of the tree, to run them later under another name.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tollbar::reach {

struct BuiltProgram {
  std::string folder;  ///< whose sources it is built from, as written
  std::vector<std::string>
      names;  ///< by which it can be run where it was built: paths, and a bare name if it is in PATH
};

/// `go build -o bin/send ./cmd/send`, `go install ./cmd/send`: of words with everything known put in. No value for
/// other commands, for what builds several packages or one of another module.
std::optional<BuiltProgram> built_program(const std::vector<std::string>& words);

/// How a folder stands for the program that is built from it: a word that calls it, from the root of the tree.
std::string program_of_folder(std::string_view folder);
/// The folder that such a word names; empty for any other word.
std::string_view folder_of_program(std::string_view word);

}  // namespace tollbar::reach
