// The words of a call with everything known put in: arrays, loops, legs of the job, what a script was called with.
#include <algorithm>
#include <cctype>
#include <string_view>
#include <utility>

#include "document/command_identity.h"
#include "reach/arrays.h"
#include "reach/built_program.h"
#include "reach/call_words.h"
#include "reach/follower.h"
#include "reach/leading_words.h"
#include "text/words.h"
#include "util/shell_word.h"

namespace tollbar::reach {
namespace {

constexpr std::size_t kMostValues = 32;
constexpr std::string_view kArguments = "123456789";

/// The words of the last command of a value that stands where a command begins; those of others go `before`.
std::vector<std::string> commands_of(const std::string& text, std::vector<std::vector<std::string>>& before) {
  if (text.find_first_of(" \t\n") == std::string::npos) return {};
  if (text.find_first_of(";&|\n") == std::string::npos) return split_words(text);
  std::vector<std::string> last;
  for (const auto& command : document::parse_shell(text).commands) {
    if (!last.empty()) before.push_back(std::move(last));
    last.clear();
    for (const auto& word : document::essential(command)) last.push_back(word.dynamic ? std::string() : word.text);
  }
  return last;
}

/// The place and the length of `$NAME` or `${NAME}` in the text; npos where it is not there.
std::pair<std::size_t, std::size_t> reference_to(std::string_view text, const std::string& name) {
  const std::string braced = "${" + name + "}", bare = "$" + name;
  if (const auto at = text.find(braced); at != std::string_view::npos) return {at, braced.size()};
  for (auto at = text.find(bare); at != std::string_view::npos; at = text.find(bare, at + 1)) {
    const auto next = static_cast<unsigned char>(at + bare.size() < text.size() ? text[at + bare.size()] : ' ');
    if (std::isalnum(next) == 0 && next != '_') return {at, bare.size()};
  }
  return {std::string_view::npos, 0};
}

/// The word with each value that the loops of its script give it.
std::vector<document::Word> loop_words(const document::Word& word, const std::vector<document::Iteration>* loops) {
  std::vector<document::Word> words;
  if (loops == nullptr) return words;
  for (const auto& loop : *loops) {
    const auto [at, length] = reference_to(word.text, loop.name);
    if (at == std::string_view::npos) continue;
    for (const auto& value : loop.values) {
      if (words.size() >= kMostValues) return words;
      document::Word one = word;
      one.text.replace(at, length, value.text);
      one.dynamic = one.text.find_first_of("$`") != std::string::npos || one.text.find("{{") != std::string::npos;
      words.push_back(std::move(one));
    }
  }
  return words;
}

bool names_an_argument(const document::Word& word) {
  for (auto at = word.text.find('$'); at != std::string::npos; at = word.text.find('$', at + 1)) {
    const auto begin = at + 1 < word.text.size() && word.text[at + 1] == '{' ? at + 2 : at + 1;
    if (begin < word.text.size() &&
        (kArguments.find(word.text[begin]) != std::string_view::npos || word.text[begin] == '@'))
      return true;
  }
  return false;
}

}  // namespace

std::vector<std::string> Follower::open_values(const document::Word& word, const Place& place, const Standpoint& here) {
  std::vector<std::string> values;
  auto words = loop_words(word, place.loops);
  if (words.empty()) words = legs_.words(word, *place.env);
  for (const auto& one : words) {
    const std::string value = literal(one, here);
    if (value.find('*') == std::string::npos) {
      values.push_back(value);
      continue;
    }
    const auto paths = included_paths(place.directory, value);
    for (const auto& path : paths)
      if (values.size() < kMostValues) values.push_back(std::string(1, kTreeRoot) + "/" + path);
    if (paths.empty()) values.push_back(value);  // the shell hands on what matches nothing: `--filter=./packages/*`
  }
  return values;
}

void Follower::move_openly(const document::Command& command, const Place& place,
                           std::optional<std::string>& directory) {
  if (!changes_directory(command) || !directory || command.argv.size() < 2 || !command.argv[1].dynamic ||
      command.context.in_substitution)
    return;
  const Standpoint here{*place.variables, standing_in(place), *directory};
  if (!literal(command.argv[1], here).empty() || open_values(command.argv[1], place, here).empty()) return;
  directory = join_directory(*directory, command.argv[1].text);
}

std::vector<std::string> Follower::open_directories(const Place& place) {
  if (place.directory.find('$') == std::string::npos) return {};
  const document::Word word{place.directory, true, true, 0};
  auto directories = open_values(word, place, {*place.variables, standing_in(place), ""});
  for (auto& directory : directories) directory = join_directory("", directory).value_or("");
  std::erase_if(directories, [&](const auto& directory) { return directory.empty() || !find(directory); });
  return directories;
}

std::vector<std::vector<std::string>> Follower::words_of(const std::vector<document::Word>& words, const Place& place) {
  const Standpoint here{*place.variables, standing_in(place), place.directory};
  std::vector<std::vector<std::string>> calls(1);  // one for each value that a word has in a loop or the legs of a job
  std::vector<std::vector<std::string>> before;    // of values that hold several commands: all but the last
  for (const auto& word : words) {
    auto text = literal(word, here);
    if (!job_.copies.empty()) {
      auto source = original(word, text, place.directory);
      const bool stands_for_folder = !folder_of_program(source).empty();
      if (!stands_for_folder || &word == &words.front()) text = std::move(source);
    }
    std::vector<std::string> values;
    if (text.empty() && word.dynamic && calls.size() == 1) values = open_values(word, place, here);
    while (calls.size() < values.size()) calls.push_back(calls.front());
    for (std::size_t i = 0; i < calls.size(); ++i) {
      const auto& value = values.empty() ? text : values[i];
      if (word.dynamic && value == "()") continue;  // an array without elements
      auto elements = word.dynamic ? array_elements(value) : std::vector<std::string>();
      if (elements.empty() && word.dynamic && !word.quoted)
        elements = calls[i].empty() ? commands_of(value, before) : split_words(value);
      if (elements.empty()) elements.push_back(value);
      calls[i].insert(calls[i].end(), elements.begin(), elements.end());
    }
  }
  calls.insert(calls.begin(), before.begin(), before.end());
  return calls;
}

void Follower::forget_arguments(Place& place) {
  place.arguments = {};
  for (const char name : kArguments)
    if (const std::string key(1, name); place.variables->count(key) != 0) place.variables.edit().erase(key);
  if (place.entered && place.variables->count("@") != 0) place.variables.edit().erase("@");
}

void Follower::set_arguments(const std::vector<std::string>& arguments, Place& place) {
  Variables named;
  std::string all;
  bool complete = !arguments.empty();
  for (std::size_t i = 0; i < arguments.size() && i < kArguments.size(); ++i)
    if (!arguments[i].empty()) named[std::string(1, kArguments[i])] = arguments[i];
  for (const auto& argument : arguments) {
    complete = complete && !argument.empty();
    all += (all.empty() ? "" : " ") + util::shell_quoted(argument);
  }
  if (complete) named["@"] = "(" + all + ")";
  place.arguments = std::move(named);
}

bool Follower::bind_arguments(const document::Command& command, Place& place) {
  if (place.arguments.empty() || !command.context.function.empty()) return false;
  if (command.program() == "shift" || (command.program() == "set" && command.argv.size() > 1)) {
    if (command.program() == "shift" || command.argv[1].text == "--") place.arguments.clear();
    return false;
  }
  const auto names = [](const auto& word) { return names_an_argument(word); };
  if (std::none_of(command.argv.begin(), command.argv.end(), names) &&
      std::none_of(command.assignments.begin(), command.assignments.end(),
                   [&](const auto& assignment) { return names(assignment.value); }))
    return false;
  for (const auto& [name, value] : place.arguments) place.variables.edit()[name] = value;
  return true;
}

void Follower::unbind_arguments(Place& place) {
  for (const auto& [name, value] : place.arguments) place.variables.edit().erase(name);
}

}  // namespace tollbar::reach
