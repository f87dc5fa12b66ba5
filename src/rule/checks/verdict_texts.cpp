// Makefiles, steps and composite actions hold scripts of the shell among what they say.
#include "rule/checks/verdict_texts.h"

#include <algorithm>
#include <string_view>

#include "document/formats.h"
#include "text/lines.h"
#include "text/pattern.h"
#include "text/words.h"

namespace tollbar::rule {
namespace {

using document::Language;

Language language_of_step(const pipeline::Step& step) {
  if (step.shell.find("pwsh") != std::string::npos || step.shell.find("powershell") != std::string::npos)
    return Language::powershell;
  if (step.shell.find("python") != std::string::npos) return Language::python;
  if (step.shell.find("cmd") != std::string::npos) return Language::none;
  return Language::shell;
}

/// The recipe of a target as a script.
std::string recipe_of(std::string_view makefile, const std::string& target, std::uint32_t& first_line) {
  std::string recipe;
  std::uint32_t number = 0;
  bool inside = false, ignored = false, continued = false;
  for (const auto line : text::Lines(makefile)) {
    ++number;
    if (!line.empty() && line.front() != '\t' && line.front() != ' ' && line.front() != '#') {
      const auto colon = line.find(':');
      const auto names = " " + std::string(line.substr(0, colon)) + " ";
      inside = colon != std::string_view::npos && names.find(" " + target + " ") != std::string::npos &&
               !line.substr(colon).starts_with(":=");
      if (inside) first_line = number + 1;
      continue;
    }
    if (!inside) continue;
    auto content = text::trimmed(line, " \t\r");
    if (!continued) ignored = content.substr(0, content.find_first_not_of("@+-")).find('-') != std::string_view::npos;
    continued = content.ends_with('\\');
    if (ignored) {
      recipe += ":\n";  // what fails in it counts for nothing
      continue;
    }
    while (!content.empty() && (content.front() == '@' || content.front() == '-' || content.front() == '+'))
      content.remove_prefix(1);
    for (std::size_t i = 0; i < content.size(); ++i) {
      recipe += content[i];
      if (content[i] == '$' && i + 1 < content.size() && content[i + 1] == '$') ++i;
    }
    recipe += '\n';
  }
  return recipe;
}

JudgingText text_of_step(const pipeline::Step& step) {
  if (const auto script = step.with.find("script"); step.uses == "actions/github-script" && script != step.with.end())
    return {script->second, Language::javascript, step.line};
  return {step.run, language_of_step(step), std::max<std::uint32_t>(1, step.run_line)};
}

/// What the steps of a composite action say to a shell.
JudgingText text_of_action(std::string_view bytes) {
  JudgingText text{{}, Language::shell, 1};
  const auto document = document::read_yaml(bytes);
  const auto* steps = document.root().get({"runs", "steps"});
  if (steps == nullptr) return {};
  for (const auto& step : steps->items) {
    const auto* run = step.get("run");
    const auto* shell = step.get("shell");
    if (run != nullptr && (shell == nullptr || shell->text().find("sh") == 0 || shell->text().find("bash") == 0))
      text.text += std::string(run->text()) + "\n";
  }
  return text;
}

}  // namespace

JudgingText text_of(const JudgingPlace& place, model::Tree& tree) {
  if (place.chain.empty()) return text_of_step(*place.step->step);
  const auto entry = tree.find(place.path);
  if (!entry || entry->mode == model::FileMode::directory) return {};
  const auto content = tree.read(*entry);
  if (content.state != model::ContentState::present) return {};
  JudgingText text{*content.bytes, document::language_of(place.path, *content.bytes), 1};
  if (text::is_one_of(text::base_name(place.path), {"action.yml", "action.yaml"}))
    return text_of_action(*content.bytes);
  if (text.language != Language::none || place.part.empty()) return text;
  static const text::Pattern makefile(R"((?i)(?:^|/)(?:(?:gnu)?makefile[^/]*|[^/]+\.mk|\.?justfile|[^/]+\.just)$)");
  if (!makefile.matches(place.path)) return {};
  text.text = recipe_of(*content.bytes, place.part, text.first_line);
  text.language = Language::shell;
  return text;
}

}  // namespace tollbar::rule
