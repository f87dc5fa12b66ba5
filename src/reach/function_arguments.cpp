// Told from the calls that the script itself makes.
#include "reach/function_arguments.h"

#include <algorithm>
#include <set>
#include <string_view>

#include "document/shell_listing.h"

namespace tollbar::reach {
namespace {

using document::Command;
using document::Iteration;
using document::Script;
using document::Word;

constexpr std::size_t kMostArguments = 9;
constexpr std::size_t kMostValues = 32;

std::set<std::string> functions_of(const Script& script) {
  std::set<std::string> functions;
  for (const auto& command : script.commands)
    if (!command.context.function.empty()) functions.insert(command.context.function);
  return functions;
}

Iteration& iteration(std::vector<Iteration>& of, const std::string& name) {
  const auto known = std::find_if(of.begin(), of.end(), [&](const Iteration& one) { return one.name == name; });
  if (known != of.end()) return *known;
  of.push_back({name, {}});
  return of.back();
}

void add(const Word& value, Iteration& to) {
  const bool known =
      std::any_of(to.values.begin(), to.values.end(), [&](const Word& other) { return other.text == value.text; });
  if (!known && to.values.size() < kMostValues) to.values.push_back(value);
}

void add_call(const Command& call, std::vector<Iteration>& arguments) {
  for (std::size_t i = 1; i < call.argv.size() && i <= kMostArguments; ++i)
    add(call.argv[i], iteration(arguments, std::to_string(i)));
}

/// The number of the argument that is all of the text: `$1`, `${1}`; empty for any other.
std::string argument_named(std::string_view text) {
  if (text.starts_with("${") && text.ends_with('}'))
    text = text.substr(2, text.size() - 3);
  else if (text.starts_with('$'))
    text.remove_prefix(1);
  else
    return {};
  return text.size() == 1 && text[0] >= '1' && text[0] <= '9' ? std::string(text) : std::string();
}

/// `local file="$1"`: another name for the argument.
void add_names(const Command& command, std::vector<Iteration>& arguments) {
  const auto name_one = [&](const std::string& name, std::string_view value) {
    const auto number = argument_named(value);
    const auto known = std::find_if(arguments.begin(), arguments.end(),
                                    [&](const Iteration& one) { return !number.empty() && one.name == number; });
    if (known == arguments.end()) return;
    const auto values = known->values;
    for (const auto& word : values) add(word, iteration(arguments, name));
  };
  for (const auto& assignment : command.assignments) name_one(assignment.name, assignment.value.text);
  if (!document::is_declaration(command.program())) return;
  for (const auto& word : command.argv)
    if (const auto name = document::assigned_name(word.text); !name.empty())
      name_one(std::string(name), std::string_view(word.text).substr(name.size() + 1));
}

}  // namespace

std::map<std::string, std::vector<Iteration>> iterations_of_functions(const Script& script) {
  std::map<std::string, std::vector<Iteration>> result;
  const auto functions = functions_of(script);
  if (functions.empty()) return result;
  for (const auto& command : script.commands)
    if (const std::string name(command.program()); functions.count(name) != 0) add_call(command, result[name]);
  std::erase_if(result, [](const auto& function) { return function.second.empty(); });
  if (result.empty()) return result;
  for (const auto& command : script.commands)
    if (const auto own = result.find(command.context.function); own != result.end()) add_names(command, own->second);
  for (auto& [name, iterations] : result)
    iterations.insert(iterations.end(), script.iterations.begin(), script.iterations.end());
  return result;
}

}  // namespace tollbar::reach
