// Works on the documents, before they are read as rules: what a rule borrows from another is in it when it is checked.
#include "rule/rule_sources.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <string_view>
#include <utility>

#include "document/formats.h"
#include "rule/rule_reader.h"
#include "util/error.h"

namespace tollbar::rule {
namespace {

namespace fs = std::filesystem;
using document::Node;

[[noreturn]] void fail(std::string_view file, std::uint32_t line, std::string_view problem) {
  throw util::UsageError(fmt::format("{}:{}: {}", file, line, problem));
}

void check_length(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  const auto lines = std::count(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>(), '\n');
  if (static_cast<std::size_t>(lines) > most_lines_of_a_rule)
    fail(path.string(), most_lines_of_a_rule,
         fmt::format("longer than {} lines; put examples by subject into files of {}/", most_lines_of_a_rule,
                     (path.parent_path() / path.stem()).string()));
}

Node* member(Node& node, std::string_view key) {
  for (auto& entry : node.members)
    if (entry.key.text() == key) return &entry.value;
  return nullptr;
}

void add_examples(RuleSource& rule, const fs::path& folder, const Kinds& kinds) {
  for (const auto& path : yaml_files(folder)) {
    check_length(path);
    const std::string name = path.string();
    const Node file = read_yaml_file(path);
    const RuleFile reader(name, kinds, Reading::full);
    Node* examples = member(rule.node, "examples");
    if (examples == nullptr) fail(rule.file, 1, "`examples` is missing");
    reader.read_keys(file, {{"examples", [&](const Node& list) {
                               for (const auto& item : list.items) {
                                 reader.example(item, rule.file);  // a mistake is named where it stands
                                 examples->items.push_back(item);
                               }
                             }}});
  }
}

/// `like` with another rule's matcher: `all` joins what that one wants, every other key takes the place of its own.
Node alike(const Node& own, Node other) {
  for (const auto& entry : own.members) {
    const auto key = entry.key.text();
    if (key == "like") continue;
    Node* there = member(other, key);
    if (there == nullptr)
      other.members.push_back(entry);
    else if (key == "all")
      there->items.insert(there->items.end(), entry.value.items.begin(), entry.value.items.end());
    else
      *there = entry.value;
  }
  return other;
}

/// `(?:a)|(?:b)`
Node any_of(const Node& expressions) {
  Node one = expressions.items.front();
  one.scalar.clear();
  for (const auto& item : expressions.items) one.scalar += (one.scalar.empty() ? "(?:" : "|(?:") + item.scalar + ")";
  return one;
}

/// The expressions of data/patterns.yml that `{named: NAME}` or `{any_named: NAME}` stand for; null where the node says
/// neither.
const Node* expressions_named(const Node& node, std::string_view key, const Node& patterns, std::string_view file) {
  const Node* name = node.is_mapping() && node.members.size() == 1 ? node.get(key) : nullptr;
  if (name == nullptr) return nullptr;
  const Node* named = patterns.get(name->text());
  if (named == nullptr || named->items.empty())
    fail(file, node.line, fmt::format("no pattern `{}` in data/patterns.yml", name->text()));
  return named;
}

/// Puts the expressions of data/patterns.yml where a list says `{named: NAME}`, as one where it, or a key, says
/// `{any_named: NAME}`.
void put_named(Node& node, const Node& patterns, std::string_view file) {
  for (auto& entry : node.members) {
    const Node* any = expressions_named(entry.value, "any_named", patterns, file);
    if (any != nullptr)
      entry.value = any_of(*any);
    else
      put_named(entry.value, patterns, file);
  }
  std::vector<Node> items;
  for (auto& item : node.items) {
    const Node* all = expressions_named(item, "named", patterns, file);
    const Node* any = expressions_named(item, "any_named", patterns, file);
    if (all != nullptr) {
      items.insert(items.end(), all->items.begin(), all->items.end());
    } else if (any != nullptr) {
      items.push_back(any_of(*any));
    } else {
      put_named(item, patterns, file);
      items.push_back(std::move(item));
    }
  }
  node.items = std::move(items);
}

std::string id_of(const RuleSource& rule) {
  constexpr std::size_t before = std::string_view("rules/").size(), after = std::string_view(".yml").size();
  return rule.file.substr(before, rule.file.size() - before - after);
}

/// Puts the matchers over commands of another rule where one says `like: FAMILY/RULE`.
void spell_out_likes(RuleSource& rule, const std::vector<RuleSource>& all) {
  Node* match = member(rule.node, "match");
  if (match == nullptr) return;
  std::vector<Node> spelt;
  for (auto& matcher : match->items) {
    const Node* like = member(matcher, "like");
    if (like == nullptr) {
      spelt.push_back(std::move(matcher));
      continue;
    }
    const auto other =
        std::find_if(all.begin(), all.end(), [&](const RuleSource& one) { return id_of(one) == like->text(); });
    const Node* lent = other == all.end() ? nullptr : other->node.get("match");
    if (lent == nullptr) fail(rule.file, like->line, fmt::format("no rule `{}`", like->text()));
    for (const auto& one : lent->items)
      if (one.get("command") != nullptr) spelt.push_back(alike(matcher, one));
  }
  match->items = std::move(spelt);
}

}  // namespace

Node read_yaml_file(const fs::path& path) {
  std::string text(fs::file_size(path), '\0');
  std::ifstream(path, std::ios::binary).read(text.data(), static_cast<std::streamsize>(text.size()));
  auto document = document::read_yaml(text);
  for (const auto& problem : document.problems)
    if (problem.kind != document::Problem::Kind::merge_key) fail(path.string(), problem.line, problem.message);
  if (document.roots.size() != 1) fail(path.string(), 1, "one YAML document is wanted");
  return std::move(document.roots.front());
}

std::vector<fs::path> yaml_files(const fs::path& folder) {
  std::vector<fs::path> files;
  if (!fs::is_directory(folder)) return files;
  for (const auto& entry : fs::directory_iterator(folder))
    if (entry.path().extension() == ".yml") files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

std::vector<RuleSource> read_rule_sources(const fs::path& root, const Kinds& kinds) {
  std::vector<fs::path> families;
  for (const auto& entry : fs::directory_iterator(root))
    if (entry.is_directory() && entry.path().stem() != "data" && entry.path().stem() != "policy")
      families.push_back(entry.path());
  std::sort(families.begin(), families.end());
  const auto patterns_file = root / "data" / "patterns.yml";
  const Node patterns = fs::exists(patterns_file) ? read_yaml_file(patterns_file) : Node{};
  std::vector<RuleSource> rules;
  for (const auto& family : families)
    for (const auto& path : yaml_files(family)) {
      check_length(path);
      RuleSource rule{fmt::format("rules/{}/{}", family.filename().string(), path.filename().string()),
                      read_yaml_file(path)};
      if (Node* match = member(rule.node, "match")) put_named(*match, patterns, rule.file);
      add_examples(rule, family / path.stem(), kinds);
      rules.push_back(std::move(rule));
    }
  const auto as_written = rules;
  for (auto& rule : rules) spell_out_likes(rule, as_written);
  return rules;
}

}  // namespace tollbar::rule
