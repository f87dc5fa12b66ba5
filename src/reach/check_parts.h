// What the inventory says of one check: who asks for it, what takes its force away, with which words. Internal to
// src/reach.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "reach/execution.h"
#include "reach/inventory.h"
#include "reach/knowledge.h"
#include "reach/legs.h"

namespace tollbar::reach {

/// Why a command fails nothing to which its script never comes.
inline constexpr std::string_view kNeverReached = "it is never reached";

/// The beginning of a text, for people.
std::string brief(std::string text);
/// The legs in which a skip switch is set: `{SKIP_TESTS: true}` inside the canonical text of a leg.
std::vector<std::string> disarmed_legs(const Legs& legs, CheckKind kind, const Knowledge& knowledge);
/// Why a command's failure does not fail its step, in the words of the script.
std::string swallowed_by(const ExecutedStep& step, std::size_t index);
/// The names of the files that a command of a step leaves its findings in: `> FILE`, `-o FILE`, `| tee FILE`.
std::vector<std::string> written_by(const ExecutedStep& step, std::size_t index);
/// What all checks of a step have in common.
Check check_of(const ExecutedStep& step, const std::string& required);
/// It runs only where whoever hands a change in asks for it in its words: `if: contains(comment.body, '/test')`.
bool runs_on_request(const Check& check);
/// Takes its force away, if nothing has done so before.
void weaken(Check& check, std::string why, const std::string& path, std::uint32_t line);
/// Of an action that judges the needs of its job: those that `input` lists no longer count. Where all are listed it has
/// no force.
void let_needs_fail(Check& check, const ExecutedStep& step, const ExecutedAction& action, const std::string& input);
/// `bash -c '...'`: what stands in the quotes is read as commands of the same step.
bool only_calls_a_shell(const std::vector<std::string>& words);
/// The tool under the name of the program that runs: an entry of the table may stand for several (`{tap,tape}`).
std::string shown_name(const CheckTool& tool, const std::vector<std::string>& words);
/// What stands behind the words that name the tool. A flag and its value are one word, unless it selects what is
/// judged.
std::vector<std::string> arguments_of(const CheckTool* tool, const std::vector<std::string>& words,
                                      const Knowledge& knowledge);

}  // namespace tollbar::reach
