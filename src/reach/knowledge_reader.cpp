// Reads rules/data/*.yml: every entry is checked, because a misspelt key would silently loosen the gate.
#include <algorithm>
#include <initializer_list>
#include <string>
#include <utility>

#include "reach/knowledge.h"
#include "util/error.h"

namespace tollbar::reach {
namespace {

using document::Node;

[[noreturn]] void fail(const Node& at, const std::string& what) {
  throw util::UsageError("line " + std::to_string(at.line) + ": " + what);
}

void check_keys(const Node& node, std::initializer_list<std::string_view> known) {
  if (!node.is_mapping()) fail(node, "a mapping is wanted here");
  for (const auto& member : node.members) {
    if (std::find(known.begin(), known.end(), member.key.text()) == known.end()) {
      fail(member.key, "unknown key '" + std::string(member.key.text()) + "'");
    }
  }
}

std::string read_text(const Node& owner, std::string_view key) {
  const Node* value = owner.get(key);
  if (!value || !value->is_scalar() || value->scalar.empty()) {
    fail(owner, "'" + std::string(key) + "' is missing or no text");
  }
  return value->scalar;
}

std::vector<std::string> read_list(const Node& node) {
  if (!node.is_scalar() && !node.is_sequence()) fail(node, "a list of words is wanted here");
  for (const auto& item : node.items) {
    if (!item.is_scalar()) fail(item, "a word is wanted here");
  }
  return node.texts();
}

std::vector<std::string> optional_list(const Node& owner, std::string_view key) {
  const Node* value = owner.get(key);
  return value ? read_list(*value) : std::vector<std::string>();
}

bool optional_flag(const Node& owner, std::string_view key) {
  const Node* value = owner.get(key);
  if (!value) return false;
  const auto truth = value->truth();
  if (!truth) fail(*value, "'" + std::string(key) + "' is no truth value");
  return *truth;
}

std::map<std::string, std::string> optional_map(const Node& owner, std::string_view key) {
  std::map<std::string, std::string> result;
  const Node* value = owner.get(key);
  if (!value) return result;
  if (!value->is_mapping()) fail(*value, "'" + std::string(key) + "' is no mapping");
  for (const auto& member : value->members) {
    if (!member.value.is_scalar()) fail(member.value, "a pattern is wanted here");
    result[std::string(member.key.text())] = member.value.scalar;
  }
  return result;
}

CheckKind read_kind(const Node& owner) {
  const std::string text = read_text(owner, "kind");
  const auto kind = parse_check_kind(text);
  if (!kind) fail(*owner.get("kind"), "unknown kind of check '" + text + "'");
  return *kind;
}

std::vector<std::string> read_words(const Node& owner) {
  auto words = optional_list(owner, "words");
  if (words.empty()) fail(owner, "'words' is missing or empty");
  return words;
}

CheckTool read_check_tool(const Node& node) {
  check_keys(node, {"name", "words", "kind", "requires_any", "disarming", "narrowing", "switches", "options_from",
                    "anywhere", "auxiliary", "unless_any", "hands_on_to", "force", "only_judges", "each"});
  CheckTool tool;
  tool.name = read_text(node, "name");
  tool.words = read_words(node);
  tool.kind = read_kind(node);
  tool.requires_any = optional_list(node, "requires_any");
  tool.disarming = optional_list(node, "disarming");
  tool.narrowing = optional_list(node, "narrowing");
  tool.force = optional_list(node, "force");
  tool.switches = optional_list(node, "switches");
  tool.options_from = optional_list(node, "options_from");
  if (node.get("hands_on_to")) tool.hands_on_to = read_text(node, "hands_on_to");
  tool.anywhere = optional_flag(node, "anywhere");
  tool.auxiliary = optional_flag(node, "auxiliary");
  tool.unless_any = optional_list(node, "unless_any");
  tool.only_judges = optional_list(node, "only_judges");
  return tool;
}

/// What a list of words in braces lists; lists within it stay whole.
std::vector<std::string> listed_in(std::string_view braces) {
  std::vector<std::string> result(1);
  std::size_t depth = 0;
  for (const char byte : braces.substr(1, braces.size() - 2)) {
    depth += byte == '{' ? 1 : 0;
    depth -= byte == '}' ? 1 : 0;
    if (byte == ',' && depth == 0)
      result.emplace_back();
    else
      result.back() += byte;
  }
  return result;
}

/// An entry whose last word lists what judges apart (`mix {credo,dialyzer}`): a tool for each, called by its own words,
/// the first of them where it has several (`{cpplint,cpplint.py}`).
std::vector<CheckTool> each_of(const Node& node) {
  const CheckTool listed = read_check_tool(node);
  const std::string& last = listed.words.back();
  if (!last.starts_with('{') || !last.ends_with('}')) fail(node, "'each' wants a list in braces as the last word");
  const std::string before = listed.words.size() < 2 ? "" : listed.name.substr(0, listed.name.find(' ')) + " ";
  std::vector<CheckTool> result;
  for (const auto& word : listed_in(last)) {
    result.push_back(listed);
    result.back().words.back() = word;
    const std::size_t start = word.starts_with('{') ? 1 : 0;
    result.back().name = before + word.substr(start, word.find_first_of(",}", start) - start);
  }
  return result;
}

void append_check_tools(const Node& section, Knowledge& knowledge) {
  if (!section.is_sequence()) fail(section, "a list is wanted here");
  for (const auto& item : section.items) {
    if (!optional_flag(item, "each")) {
      knowledge.check_tools.push_back(read_check_tool(item));
      continue;
    }
    auto each = each_of(item);
    std::move(each.begin(), each.end(), std::back_inserter(knowledge.check_tools));
  }
}

CheckAction read_check_action(const Node& node) {
  check_keys(node, {"uses", "kind", "disarming", "tool", "carrier", "force", "tolerates"});
  return {read_text(node, "uses"),          read_kind(node),
          optional_map(node, "disarming"),  optional_list(node, "force"),
          optional_list(node, "tolerates"), node.get("tool") ? read_text(node, "tool") : std::string(),
          optional_flag(node, "carrier")};
}

std::shared_ptr<const ObeyedFile> read_obeyed_file(const Node& node) {
  check_keys(node, {"tools", "files", "lines"});
  ObeyedFile obeyed{optional_list(node, "tools"), optional_list(node, "files"), optional_list(node, "lines"), {}};
  if (obeyed.tools.empty() || obeyed.files.empty() || obeyed.lines.empty())
    fail(node, "'tools', 'files' and 'lines' are wanted here");
  obeyed.matching = WordGlobs(obeyed.lines);
  return std::make_shared<const ObeyedFile>(std::move(obeyed));
}

Effect read_effect(const Node& node) {
  return {read_text(node, "system"), read_text(node, "action"), optional_flag(node, "release")};
}

EffectTool read_effect_tool(const Node& node) {
  check_keys(node, {"words", "requires_any", "and_any", "unless_any", "system", "action", "release"});
  return {read_words(node), optional_list(node, "requires_any"), optional_list(node, "and_any"),
          optional_list(node, "unless_any"), read_effect(node)};
}

EffectAction read_effect_action(const Node& node) {
  check_keys(node, {"uses", "requires_input", "unless_input", "system", "action", "release"});
  return {read_text(node, "uses"), optional_map(node, "requires_input"), optional_map(node, "unless_input"),
          read_effect(node)};
}

SystemCredentials read_system_credentials(const Node& node) {
  check_keys(node, {"system", "names"});
  return {read_text(node, "system"), optional_list(node, "names")};
}

ConfiguredEffect read_configured_effect(const Node& node) {
  check_keys(node, {"tool", "files", "keys", "needs", "system", "action", "release"});
  return {read_text(node, "tool"), read_text(node, "files"), optional_list(node, "keys"),
          node.get("needs") ? read_text(node, "needs") : std::string(), read_effect(node)};
}

template <typename Entry>
void append(const Node& section, std::vector<Entry>& entries, Entry (*read)(const Node&)) {
  if (!section.is_sequence()) fail(section, "a list is wanted here");
  for (const auto& item : section.items) entries.push_back(read(item));
}

void append_words(const Node& section, std::vector<std::string>& words) {
  const auto more = read_list(section);
  words.insert(words.end(), more.begin(), more.end());
}

void read_value_flags(const Node& section, std::map<std::string, std::vector<std::string>>& flags) {
  if (!section.is_mapping()) fail(section, "a mapping is wanted here");
  for (const auto& member : section.members) {
    append_words(member.value, flags[std::string(member.key.text())]);
  }
}

void read_successors(const Node& section, Knowledge& knowledge) {
  if (!section.is_mapping()) fail(section, "a mapping is wanted here");
  const auto check = [&](const Node& at, std::string_view name) {
    const auto& tools = knowledge.check_tools;
    if (std::none_of(tools.begin(), tools.end(), [&](const CheckTool& tool) { return tool.name == name; }))
      fail(at, "no check tool is called '" + std::string(name) + "'");
  };
  for (const auto& member : section.members) {
    check(member.key, member.key.text());
    for (const auto& replaced : member.value.items) check(replaced, replaced.text());
    append_words(member.value, knowledge.successors[std::string(member.key.text())]);
  }
}

using SectionReader = void (*)(const Node&, Knowledge&);

constexpr std::pair<std::string_view, SectionReader> kSections[] = {
    {"check_tools", append_check_tools},
    {"common_disarming", [](const Node& node, Knowledge& to) { append_words(node, to.common_disarming); }},
    {"common_strictness", [](const Node& node, Knowledge& to) { append_words(node, to.common_strictness); }},
    {"check_actions", [](const Node& node, Knowledge& to) { append(node, to.check_actions, read_check_action); }},
    {"check_words", [](const Node& node, Knowledge& to) { append_words(node, to.check_words); }},
    {"strong_check_words", [](const Node& node, Knowledge& to) { append_words(node, to.strong_check_words); }},
    {"preparing_words", [](const Node& node, Knowledge& to) { append_words(node, to.preparing_words); }},
    {"obeyed_files", [](const Node& node, Knowledge& to) { append(node, to.obeyed_files, read_obeyed_file); }},
    {"skip_switches", [](const Node& node, Knowledge& to) { append_words(node, to.skip_switches); }},
    {"effect_tools", [](const Node& node, Knowledge& to) { append(node, to.effect_tools, read_effect_tool); }},
    {"effect_actions", [](const Node& node, Knowledge& to) { append(node, to.effect_actions, read_effect_action); }},
    {"further_tools", [](const Node& node, Knowledge& to) { append(node, to.further_tools, read_effect_tool); }},
    {"further_actions", [](const Node& node, Knowledge& to) { append(node, to.further_actions, read_effect_action); }},
    {"system_credentials",
     [](const Node& node, Knowledge& to) { append(node, to.system_credentials, read_system_credentials); }},
    {"configured_effects",
     [](const Node& node, Knowledge& to) { append(node, to.configured_effects, read_configured_effect); }},
    {"hosted_runners", [](const Node& node, Knowledge& to) { append_words(node, to.hosted_runners); }},
    {"long_lived_keys", [](const Node& node, Knowledge& to) { append_words(node, to.long_lived_keys); }},
    {"identity_systems", [](const Node& node, Knowledge& to) { append_words(node, to.identity_systems); }},
    {"identity_platforms", [](const Node& node, Knowledge& to) { append_words(node, to.identity_platforms); }},
    {"token_systems", [](const Node& node, Knowledge& to) { append_words(node, to.token_systems); }},
    {"privileged_events", [](const Node& node, Knowledge& to) { append_words(node, to.privileged_events); }},
    {"setup_tools", [](const Node& node, Knowledge& to) { append(node, to.setup_tools, read_list); }},
    {"halting_tools", [](const Node& node, Knowledge& to) { append(node, to.halting_tools, read_list); }},
    {"successors", read_successors},
    {"value_flags", [](const Node& node, Knowledge& to) { read_value_flags(node, to.value_flags); }},
};

}  // namespace

void read_knowledge(const Node& root, Knowledge& knowledge) {
  if (!root.is_mapping()) fail(root, "a data file is a mapping of sections");
  for (const auto& member : root.members) {
    const auto* section = std::find_if(std::begin(kSections), std::end(kSections),
                                       [&](const auto& known) { return known.first == member.key.text(); });
    if (section == std::end(kSections)) fail(member.key, "unknown section '" + std::string(member.key.text()) + "'");
    section->second(member.value, knowledge);
  }
}

}  // namespace tollbar::reach
