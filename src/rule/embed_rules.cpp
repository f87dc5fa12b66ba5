// Build-time program: checks every file under rules/ and writes them into one C++ source, so that tollbar carries its
// rules.
#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iostream>

#include "document/formats.h"
#include "rule/rule_set.h"
#include "util/error.h"

namespace {

namespace fs = std::filesystem;
using tollbar::document::Node;

Node read(const fs::path& path) {
  std::string text(fs::file_size(path), '\0');
  std::ifstream(path, std::ios::binary).read(text.data(), static_cast<std::streamsize>(text.size()));
  auto document = tollbar::document::read_yaml(text);
  for (const auto& problem : document.problems)
    if (problem.kind != tollbar::document::Problem::Kind::merge_key)
      throw tollbar::util::UsageError(fmt::format("{}:{}: {}", path.string(), problem.line, problem.message));
  if (document.roots.size() != 1)
    throw tollbar::util::UsageError(fmt::format("{}:1: one YAML document is wanted", path.string()));
  return std::move(document.roots.front());
}

/// Appends a code unit as JSON writes it when nothing but ASCII is wanted.
void append_escaped(std::string& to, std::uint32_t unit) {
  to += fmt::format("\\u{:04x}", unit);
}

/// A JSON string in ASCII: compilers warn about bidirectional characters in a source, and rules must name those.
std::string json_text(std::string_view text) {
  std::string result = "\"";
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto byte = static_cast<unsigned char>(text[at]);
    if (byte == '"' || byte == '\\') {
      result += {'\\', text[at]};
    } else if (byte >= 0x20 && byte < 0x80) {
      result += text[at];
    } else if (byte < 0x20) {
      append_escaped(result, byte);
    } else {
      const std::size_t more = byte >= 0xF0 ? 3 : byte >= 0xE0 ? 2 : 1;
      std::uint32_t point = byte & (0x3FU >> more);
      for (std::size_t i = 0; i < more && at + 1 < text.size(); ++i)
        point = point << 6 | (static_cast<unsigned char>(text[++at]) & 0x3FU);
      if (point >= 0x10000) append_escaped(result, 0xD800U + ((point - 0x10000U) >> 10));
      append_escaped(result, point >= 0x10000 ? 0xDC00U + ((point - 0x10000U) & 0x3FFU) : point);
    }
  }
  return result + '"';
}

std::string json(const Node& node) {
  std::string result;
  if (node.is_scalar()) return json_text(node.text());
  if (node.is_sequence()) {
    for (const auto& item : node.items) result += (result.empty() ? "" : ",") + json(item);
    return "[" + result + "]";
  }
  if (!node.is_mapping()) return "null";
  for (const auto& [key, value] : node.members)
    result += (result.empty() ? "" : ",") + json_text(key.text()) + ":" + json(value);
  return "{" + result + "}";
}

/// A rule as a scan needs it.
Node without_prose(Node rule) {
  std::erase_if(rule.members, [](const auto& member) {
    return member.key.text() == "documentation" || member.key.text() == "examples";
  });
  return rule;
}

std::vector<fs::path> sorted_files(const fs::path& directory) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(directory))
    if (entry.path().extension() == ".yml") files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

/// MSVC-free worlds have no limit on literals worth naming; pieces keep compilers and diffs comfortable.
void write_literal(std::ostream& out, std::string_view name, std::string_view text) {
  out << "extern const std::string_view " << name << ";\nconst std::string_view " << name << " =\n";
  for (std::size_t at = 0; at < text.size(); at += 8000)
    out << "R\"~rules~(" << text.substr(at, 8000) << ")~rules~\"\n";
  out << ";\n";
}

void embed(const fs::path& root, std::ostream& out) {
  const auto kinds_node = read(root / "data" / "kinds.yml");
  const tollbar::rule::Kinds kinds(kinds_node);
  const auto agents_node = read(root / "data" / "agents.yml");
  tollbar::rule::read_agents(agents_node);
  const auto policy_node = read(root / "policy" / "default.yml");
  std::string knowledge, rules, full_rules;
  for (const auto& path : sorted_files(root / "data")) {
    if (path.stem() == "kinds" || path.stem() == "agents") continue;
    const auto node = read(path);
    tollbar::reach::Knowledge checked;
    tollbar::reach::read_knowledge(node, checked);
    knowledge += (knowledge.empty() ? "" : ",") + json(node);
  }
  std::vector<fs::path> families;
  for (const auto& entry : fs::directory_iterator(root))
    if (entry.is_directory() && entry.path().stem() != "data" && entry.path().stem() != "policy")
      families.push_back(entry.path());
  std::sort(families.begin(), families.end());
  for (const auto& family : families)
    for (const auto& path : sorted_files(family)) {
      const auto file = fmt::format("rules/{}/{}", family.filename().string(), path.filename().string());
      const auto node = read(path);
      read_rule(node, file, kinds, tollbar::rule::Reading::full);
      const auto entry = [&](const Node& rule) {
        return fmt::format("{{\"file\":{},\"rule\":{}}}", json_text(file), json(rule));
      };
      rules += (rules.empty() ? "" : ",\n") + entry(without_prose(node));
      full_rules += (full_rules.empty() ? "" : ",\n") + entry(node);
    }
  const auto whole = [&](const std::string& list) {
    return fmt::format("{{\"kinds\":{},\n\"agents\":{},\n\"policy\":{},\n\"knowledge\":[{}],\n\"rules\":[{}]}}",
                       json(kinds_node), json(agents_node), json(policy_node), knowledge, list);
  };
  out << "// Generated by embed_rules from rules/; do not edit.\n#include <string_view>\nnamespace tollbar::rule {\n";
  write_literal(out, "builtin_rules", whole(rules));
  write_literal(out, "builtin_rules_full", whole(full_rules));
  out << "}  // namespace tollbar::rule\n";
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: embed_rules RULES-FOLDER OUTPUT.cpp\n";
    return 2;
  }
  try {
    std::ofstream out(argv[2], std::ios::binary);
    embed(argv[1], out);
    return out.flush() ? 0 : 4;
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 2;
  }
}
