// Elements are read by the shell's own parser; what a condition may add counts as added.
#include "reach/arrays.h"

#include <algorithm>
#include <string_view>

namespace tollbar::reach {
namespace {

/// `name` of `${name[@]}`; empty for any other word.
std::string_view array_name(std::string_view word) {
  if (!word.starts_with("${") || !(word.ends_with("[@]}") || word.ends_with("[*]}"))) return {};
  return word.substr(2, word.size() - 6);
}

}  // namespace

std::vector<std::string> array_elements(const std::string& text) {
  std::vector<std::string> elements;
  if (!text.starts_with('(') || !text.ends_with(')')) return elements;
  const auto script = document::parse_shell(": " + text.substr(1, text.size() - 2));
  if (script.commands.size() != 1) return elements;
  for (const auto& word : script.commands.front().argv)
    if (&word != &script.commands.front().argv.front()) elements.push_back(word.dynamic ? std::string() : word.text);
  return elements;
}

std::string assigned(const std::string& known, const std::string& name, const std::string& text) {
  const std::string itself = "${" + name + "}";
  if (!text.starts_with(itself)) return text;
  const std::string added = text.substr(itself.size());
  if (!added.starts_with('(')) return known + added;
  if (!known.ends_with(')')) return added;
  return known.substr(0, known.size() - 1) + " " + added.substr(1);
}

std::optional<document::Command> with_arrays(const document::Command& command,
                                             const std::map<std::string, std::string>& env) {
  const auto held = [&](const document::Word& word) {
    const auto name = array_name(word.text);
    const auto array = name.empty() ? env.end() : env.find(std::string(name));
    return array != env.end() && array->second.starts_with('(') ? &array->second : nullptr;
  };
  if (std::none_of(command.argv.begin(), command.argv.end(), held)) return std::nullopt;
  document::Command filled = command;
  filled.argv.clear();
  for (const auto& word : command.argv) {
    const auto* array = held(word);
    if (array == nullptr) filled.argv.push_back(word);
    for (auto& element : array != nullptr ? array_elements(*array) : std::vector<std::string>()) {
      const bool dynamic = element.empty();
      filled.argv.push_back({std::move(element), dynamic, true, word.line});
    }
  }
  return filled;
}

}  // namespace tollbar::reach
