// Environments of tox: a file that says which commands to run, followed command by command.
#include <algorithm>
#include <cctype>
#include <map>
#include <set>
#include <string_view>
#include <utility>

#include "reach/call_words.h"
#include "reach/follower.h"
#include "reach/word_glob.h"
#include "text/lines.h"

namespace tollbar::reach {
namespace {

using document::Node;

struct Line {
  std::string text;
  std::uint32_t number = 0;
};
/// The values of a section by their keys, line by line.
using Section = std::map<std::string, std::vector<Line>>;
using Sections = std::map<std::string, Section>;

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blank = " \t\r";
  const auto first = text.find_first_not_of(blank);
  return first == std::string_view::npos ? std::string_view()
                                         : text.substr(first, text.find_last_not_of(blank) - first + 1);
}

/// tox.ini and setup.cfg, lines kept apart: each is a command.
Sections read_sections(std::string_view text) {
  Sections sections;
  std::string section, key;
  std::uint32_t number = 0;
  for (const auto line : text::Lines(text)) {
    ++number;
    const auto content = trimmed(line);
    if (content.empty() || content.front() == '#' || content.front() == ';') continue;
    const bool deeper = line.front() == ' ' || line.front() == '\t';
    if (deeper && !key.empty()) {
      auto& values = sections[section][key];
      const bool goes_on = !values.empty() && values.back().text.ends_with('\\');
      if (goes_on) {
        values.back().text.back() = ' ';
        values.back().text += content;
      } else {
        values.push_back({std::string(content), number});
      }
    } else if (content.front() == '[' && content.back() == ']') {
      section = std::string(content.substr(1, content.size() - 2));
      key.clear();
    } else if (const auto equals = content.find('='); equals != std::string_view::npos) {
      key = std::string(trimmed(content.substr(0, equals)));
      auto& values = sections[section][key];
      values.clear();
      const auto value = trimmed(content.substr(equals + 1));
      if (!value.empty()) values.push_back({std::string(value), number});
    }
  }
  return sections;
}

/// tox.toml and the `tool.tox` of pyproject.toml as sections of the same names.
Sections sections_of(const Node& root) {
  Sections sections;
  const auto add = [&](const std::string& name, const Node& environment) {
    for (const std::string key : {"commands_pre", "commands", "commands_post"}) {
      const Node* commands = environment.get(key);
      for (const auto& command : commands != nullptr ? commands->items : std::vector<Node>()) {
        std::string text;
        for (const auto& word : command.texts()) text += (text.empty() ? "" : " ") + word;
        sections[name][key].push_back({std::move(text), command.line});
      }
    }
  };
  if (const Node* base = root.get("env_run_base")) add("testenv", *base);
  if (const Node* environments = root.get("env"))
    for (const auto& member : environments->members) add("testenv:" + std::string(member.key.text()), member.value);
  if (const Node* list = root.get("env_list"))
    for (const auto& name : list->texts()) sections["tox"]["env_list"].push_back({name, list->line});
  return sections;
}

/// `py{310,311}-x, lint` as its parts; commas inside braces part nothing.
Words split_environments(std::string_view text) {
  Words parts(1);
  int depth = 0;
  for (const char c : text) {
    depth += c == '{' ? 1 : c == '}' ? -1 : 0;
    if (depth == 0 && (c == ',' || c == ' ')) {
      if (!parts.back().empty()) parts.emplace_back();
    } else if (c != ' ') {
      parts.back() += c;
    }
  }
  if (parts.back().empty()) parts.pop_back();
  return parts;
}

const Section* section_for(const Sections& sections, const std::string& environment) {
  for (const auto& [name, section] : sections) {
    if (!name.starts_with("testenv:")) continue;
    for (const auto& pattern : split_environments(std::string_view(name).substr(8)))
      if (pattern == environment || word_matches(pattern, environment)) return &section;
  }
  return nullptr;
}

/// The section's own lines, else those of the base environment.
const std::vector<Line>* lines_of(const Sections& sections, const Section* section, const std::string& key) {
  if (section != nullptr)
    if (const auto own = section->find(key); own != section->end()) return &own->second;
  const auto base = sections.find("testenv");
  if (base == sections.end()) return nullptr;
  const auto found = base->second.find(key);
  return found == base->second.end() ? nullptr : &found->second;
}

/// The old way to write `{posargs}`: a word of its own.
bool stands_for_arguments(std::string_view text, std::size_t at) {
  const auto blank = [&](std::size_t place) {
    return place >= text.size() || text[place] == ' ' || text[place] == '\t';
  };
  return text.substr(at, 2) == "[]" && (at == 0 || blank(at - 1)) && blank(at + 2);
}

/// `{posargs:tests}` as its default, `{toxinidir}/x` as `./x`, `{envpython}` as `python`; other substitutions as a
/// variable of unknown value.
std::string substituted(std::string_view text) {
  std::string result;
  for (std::size_t at = 0; at < text.size();) {
    if (stands_for_arguments(text, at)) {
      at += 2;
      continue;
    }
    const auto close = text[at] == '{' ? text.find('}', at) : std::string_view::npos;
    if (close == std::string_view::npos) {
      result += text[at++];
      continue;
    }
    const auto name = text.substr(at + 1, close - at - 1);
    at = close + 1;
    if (name.starts_with("posargs"))
      result += name.find(':') == std::string_view::npos ? std::string_view() : name.substr(name.find(':') + 1);
    else if (name == "toxinidir" || name == "tox_root")
      result += '.';
    else if (name == "/")
      result += '/';
    else if (name == "envpython")
      result += "python";
    else
      result += "${TOX}";
  }
  return result;
}

/// `py310,lint: flake8` without the factors before it.
std::string_view without_factors(std::string_view text) {
  const auto colon = text.find(": ");
  if (colon == std::string_view::npos) return text;
  const bool factors =
      std::all_of(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(colon), [](unsigned char c) {
        return std::isalnum(c) != 0 || c == ',' || c == '-' || c == '!' || c == '{' || c == '}' || c == '.' || c == '_';
      });
  return factors ? trimmed(text.substr(colon + 2)) : text;
}

/// The commands of `{[testenv:lint]commands}`, other lines as they are; bounded, as sections can name each other.
std::vector<Line> resolved(const Sections& sections, const std::vector<Line>& lines, int depth = 0) {
  std::vector<Line> result;
  for (const auto& line : lines) {
    const std::string_view text = line.text;
    const auto bracket = text.find(']');
    if (!text.starts_with("{[") || !text.ends_with("}") || bracket == std::string_view::npos || depth > 4) {
      result.push_back(line);
      continue;
    }
    const auto section = sections.find(std::string(text.substr(2, bracket - 2)));
    if (section == sections.end()) continue;
    const auto named = section->second.find(std::string(text.substr(bracket + 1, text.size() - bracket - 2)));
    if (named == section->second.end()) continue;
    const auto inner = resolved(sections, named->second, depth + 1);
    result.insert(result.end(), inner.begin(), inner.end());
  }
  return result;
}

struct Environment {
  std::string name;
  bool is_variant = false;  ///< one of those that a pattern stands for
};
using Environments = std::vector<Environment>;

/// `py3{11,12}-{tests,mypy}` is four environments; bounded, as each is followed.
void add_expanded(const std::string& name, bool is_variant, Environments& found) {
  constexpr std::size_t most = 64;
  const auto open = name.find('{'), close = name.find('}', std::min(open, name.size()));
  if (open == std::string::npos || close == std::string::npos) {
    if (found.size() < most) found.push_back({name, is_variant});
    return;
  }
  for (auto at = open + 1; at <= close && found.size() < most;) {
    const auto end = std::min(name.find(',', at), close);
    const auto one = trimmed(std::string_view(name).substr(at, end - at));
    add_expanded(name.substr(0, open) + std::string(one) + name.substr(close + 1), true, found);
    at = end + 1;
  }
}

Environments declared_environments(const Sections& sections) {
  Environments found;
  const auto tox = sections.find("tox");
  for (const std::string key : {"envlist", "env_list"}) {
    if (tox == sections.end()) break;
    const auto list = tox->second.find(key);
    if (list == tox->second.end()) continue;
    for (const auto& line : list->second)
      for (const auto& name : split_environments(line.text)) add_expanded(name, false, found);
  }
  if (found.empty()) found.push_back({"py"});
  return found;
}

/// Where the name is computed when the job runs, any that is declared may be meant.
Environments environments_asked_for(const Call& call, const std::map<std::string, std::string>& env,
                                    const Sections& sections) {
  auto asked = call.parts;
  if (const auto named = env.find("TOXENV"); asked.empty() && named != env.end())
    asked = split_environments(named->second);
  const bool open = std::any_of(asked.begin(), asked.end(), [](const std::string& name) { return name.empty(); });
  if (asked.empty() || open) return declared_environments(sections);
  Environments found;
  for (const auto& name : asked) add_expanded(name, false, found);
  return found;
}

/// The command applies to the environment: one of the factors before it does, as `py310,lint: flake8` says.
bool applies(std::string_view factors, const std::string& environment) {
  const auto has = [&](std::string_view wanted) {
    const bool denied = wanted.starts_with('!');
    if (denied) wanted.remove_prefix(1);
    const std::string all = "-" + environment + "-";
    return (all.find("-" + std::string(wanted) + "-") != std::string::npos) != denied;
  };
  const auto alternatives = split_environments(factors);
  return alternatives.empty() || factors.find('{') != std::string_view::npos ||
         std::any_of(alternatives.begin(), alternatives.end(), [&](std::string_view all) {
           for (bool more = true; more;) {
             const auto dash = all.find('-', 1);
             if (!has(all.substr(0, dash))) return false;
             more = dash != std::string_view::npos;
             if (more) all.remove_prefix(dash + 1);
           }
           return true;
         });
}

/// Tells environments apart by what they do: most versions of Python run the same.
std::string what_it_runs(const Sections& sections, const std::string& environment) {
  const Section* section = section_for(sections, environment);
  std::string text;
  for (const std::string key :
       {"changedir", "change_dir", "ignore_outcome", "ignore_errors", "commands_pre", "commands", "commands_post"}) {
    const auto* lines = lines_of(sections, section, key);
    for (const auto& line : lines != nullptr ? resolved(sections, *lines) : std::vector<Line>()) {
      const auto rest = without_factors(line.text);
      const auto factors = std::string_view(line.text).substr(0, line.text.size() - rest.size());
      if (applies(trimmed(factors.substr(0, factors.find(": "))), environment))
        text += key + ' ' + std::string(rest) + '\n';
    }
  }
  return text;
}

}  // namespace

void Follower::enter_tox(const Call& call, std::uint32_t line, const std::string& path, const Place& place) {
  const auto entry = find(path);
  if (!entry) return;
  Sections sections;
  if (path.ends_with(".toml")) {
    const auto document = documents_.read(document::Format::toml, tree_, *entry);
    const Node* root = path.ends_with("pyproject.toml") ? document->root().get({"tool", "tox"}) : &document->root();
    if (root == nullptr) return;
    const Node* legacy = root->get("legacy_tox_ini");
    sections = legacy != nullptr ? read_sections(legacy->text()) : sections_of(*root);
  } else {
    sections = read_sections(scripts_.text(tree_, *entry));
  }
  std::set<std::string> followed;
  for (const auto& [environment, is_variant] : environments_asked_for(call, *place.env, sections)) {
    if (!followed.insert(what_it_runs(sections, environment)).second && is_variant) continue;
    Place within = place;
    if (!descend(within, path, environment, line, place.directory)) continue;
    within.entered = false;
    const Section* section = section_for(sections, environment);
    for (const std::string key : {"changedir", "change_dir"}) {
      const auto* lines = lines_of(sections, section, key);
      if (lines != nullptr && !lines->empty())
        within.directory = join_directory(within.directory, substituted(lines->front().text)).value_or("");
    }
    for (const std::string key : {"ignore_outcome", "ignore_errors"}) {
      const auto* lines = lines_of(sections, section, key);
      const bool says = lines != nullptr && !lines->empty();
      within.fatal = within.fatal && !(says && (lines->front().text == "true" || lines->front().text == "True"));
    }
    for (const std::string key : {"commands_pre", "commands", "commands_post"}) {
      const auto* lines = lines_of(sections, section, key);
      for (const auto& command : lines != nullptr ? resolved(sections, *lines) : std::vector<Line>()) {
        auto text = without_factors(command.text);
        const auto factors = std::string_view(command.text).substr(0, command.text.size() - text.size());
        if (!applies(trimmed(factors.substr(0, factors.find(": "))), environment)) continue;
        Place here = within;
        if (text.starts_with("-")) {
          here.fatal = false;
          text = trimmed(text.substr(1));
        }
        if (text.starts_with("!")) text = trimmed(text.substr(1));
        follow_script(document::parse_shell(substituted(text), {true, false, command.number}), std::move(here));
      }
    }
  }
}

}  // namespace tollbar::reach
