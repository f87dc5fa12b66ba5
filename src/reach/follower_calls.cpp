// What one command calls: by its own words, through a wrapper, as its input, in a text that it is given.
#include <algorithm>
#include <string_view>

#include "document/command_identity.h"
#include "document/handed_on.h"
#include "reach/computed_call.h"
#include "reach/follower.h"
#include "reach/interpreter_calls.h"
#include "reach/program_calls.h"
#include "text/word_list.h"
#include "text/words.h"

namespace tollbar::reach {
namespace {

bool by_module(const document::Command& command) {
  return std::any_of(command.argv.begin(), command.argv.end(),
                     [](const auto& word) { return word.text == "-m" || word.text == "-Im"; }) &&
         std::any_of(command.argv.begin(), command.argv.end(),
                     [](const auto& word) { return word.text.substr(word.text.rfind('/') + 1).starts_with("python"); });
}

/// A program that nobody knows and that is handed a script first of all: `with-retries 3 ./tools/send.sh`, a function
/// `run ./tools/send.sh`. Most likely it runs it.
std::vector<Call> handed_script(const std::vector<std::string>& argv) {
  constexpr std::string_view readers =
      "chmod chown cat cp mv ln rm test [ [[ ls tar zip echo printf sed grep shellcheck shfmt head tail wc curl scp "
      "rsync "
      "diff cmp install file stat touch cd mkdir sha256sum md5sum dos2unix bash sh which strip basename dirname "
      "realpath "
      "readlink pushd du gzip unzip gpg openssl base64 awk jq yq tee sort cut tr git envsubst";
  if (argv.size() < 2 || argv[0].empty() || text::lists(readers, text::base_name(argv[0]))) return {};
  for (std::size_t i = 1; i < argv.size(); ++i) {
    const std::string& word = argv[i];
    const bool is_option =
        word.starts_with('-') || (!word.empty() && word.find_first_not_of("0123456789") == std::string::npos);
    if (is_option) continue;
    if (!word.starts_with("./") && !word.starts_with("../") && word.find(kTreeRoot) != 0) return {};
    Call call;
    call.files = {word};
    call.if_executable = true;
    call.optional_file = true;
    call.certainty = Certainty::inferred;
    return {call};
  }
  return {};
}

}  // namespace

bool Follower::follow_calls(const document::Command& command, const document::Script& script, const Place& place) {
  const auto words = document::essential(command);
  bool followed = false;
  for (const auto& argv : words_of(words, place)) {
    if (follow_prefixed(words, argv, command, script, place)) {
      followed = true;
      continue;
    }
    if (is_computed_call(words, argv, command.context) && !place.unreachable)
      step_->unknown.push_back({command.text(), place.path, command.line, place.chain});
    if (follow_alias(argv, command, place)) {
      followed = true;
      continue;
    }
    auto calls = calls_of(argv, by_module(command));
    if (calls.empty()) calls = handed_script(argv);
    follow_inline_program(argv, command, place);
    if (calls.empty()) calls = own_program(argv, command, place);
    if (command.context.shadowed) {
      const bool is_known = place.handing != nullptr && &place.handing->script() == &script;
      const auto handed = is_known ? place.handing->handed_on(command) : document::handed_on(command, script);
      if (handed) followed = follow_calls(*handed, script, place) || followed;
    }
    for (const auto& call : calls) {
      Place here = place;
      here.certainty = call.certainty;
      followed = follow_call(call, command, script, here) || followed;
    }
    follow_elsewhere(argv, command, script, place);
  }
  followed = follow_in_packages(command, script, place) || followed;
  return follow_tasks(words, command, place) || followed;
}

bool Follower::follow_prefixed(const std::vector<document::Word>& words, const std::vector<std::string>& argv,
                               const document::Command& command, const document::Script& script, const Place& place) {
  // A variable that may be `echo` for a dry run is another time nothing.
  const bool is_open = argv.size() > 1 && (argv[0].empty() || argv[0] == "echo" || argv[0] == ":");
  if (!is_open || words[0].text.find_first_of("/ ") != std::string::npos) return false;
  const std::string_view prefix = words[0].text;
  const bool is_variable = prefix.starts_with('$') && !prefix.starts_with("$(") && !prefix.starts_with("${{");
  const bool is_split = !words[0].quoted || prefix.ends_with("[@]}") || prefix.ends_with("[*]}");
  if (!is_variable || !is_split) return false;
  bool followed = false;
  for (const auto& call : calls_of({argv.begin() + 1, argv.end()}, false)) {
    Place here = place;
    here.certainty = std::max(call.certainty, Certainty::inferred);
    const auto files = step_->files.size();
    followed = follow_call(call, command, script, here) || step_->files.size() > files || followed;
  }
  return followed;
}

void Follower::follow_inline_program(const std::vector<std::string>& argv, const document::Command& command,
                                     const Place& place) {
  if (argv.size() < 3 || (argv[1] != "-c" && argv[1] != "-e") || is_shell_program(argv[0])) return;
  if (argv[0].starts_with("python") || text::is_one_of(argv[0], {"node", "ruby", "perl", "php"}))
    follow_called(called_texts(argv[2]).text, command.line, place);
}

bool Follower::follow_input(const document::Command& command, const document::Command* previous,
                            const document::Script& script, const Place& place) {
  std::vector<document::Word> files;
  for (const auto& redirection : command.redirections)
    if (redirection.op == "<") files.push_back(redirection.target);
  const bool piped = files.empty() && command.context.stage > 0 && previous != nullptr &&
                     previous->context.pipeline == command.context.pipeline && previous->program() == "cat";
  if (piped) files.assign(previous->argv.begin() + 1, previous->argv.end());
  bool followed = false;
  if (files.empty()) return followed;
  const Standpoint here{*place.variables, standing_in(place), place.directory};
  for (const auto& argv : words_of(document::essential(command), place)) {
    for (const auto& file : files) {
      for (const auto& call : input_call(argv, literal(file, here)))
        followed = follow_call(call, command, script, place) || followed;
    }
  }
  return followed;
}

}  // namespace tollbar::reach
