// Files that a shell or another interpreter is told to run.
#pragma once

#include <string>
#include <vector>

#include "reach/calls.h"

namespace tollbar::reach {

bool is_shell_program(std::string_view program);
/// `bash -ex tools/send.sh a b`; empty where the shell reads its own words or its input.
std::vector<Call> shell_call(const std::vector<std::string>& argv);
/// `source x`, `. x`
std::vector<Call> source_call(const std::vector<std::string>& argv);
/// `node x.js`, `kotlinc -script x.kts`, `psql -f x.sql`; no value where the program is no interpreter.
std::optional<std::vector<Call>> interpreter_call(const std::vector<std::string>& argv);
/// What a shell or an interpreter without a file of its own reads: `bash -s < x`, `ssh host 'bash -s' < x`.
std::vector<Call> input_call(const std::vector<std::string>& argv, const std::string& file);

}  // namespace tollbar::reach
