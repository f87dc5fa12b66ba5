// Build-time program: checks every file under rules/ and writes them into one C++ source, so that tollbar carries its
// rules.
#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iostream>

#include "document/formats.h"
#include "rule/line_literals.h"
#include "rule/packed_node.h"
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

/// A string of any bytes. Pieces keep compilers and diffs comfortable; a line feed ends one.
void write_bytes(std::ostream& out, std::string_view name, std::string_view bytes) {
  constexpr std::size_t piece = 200;
  out << "const std::string_view " << name << "{\n";
  for (std::size_t at = 0; at < bytes.size(); at += piece) {
    out << '"';
    for (const char c : bytes.substr(at, piece)) {
      const auto byte = static_cast<unsigned char>(c);
      const bool shown = byte >= 0x20 && byte < 0x7f && c != '"' && c != '\\' && c != '?';
      out << (shown ? std::string(1, c) : fmt::format("\\{:03o}", byte));
    }
    out << "\"\n";
  }
  out << fmt::format(", {}}};\n", bytes.size());
}

template <typename Numbers>
void write_numbers(std::ostream& out, std::string_view type, std::string_view name, const Numbers& numbers) {
  out << fmt::format("const std::{} {}_numbers[] = {{\n", type, name);
  std::size_t column = 0;
  for (const auto number : numbers) out << number << (++column % 24 == 0 ? ",\n" : ",");
  out << fmt::format("}};\nconst std::span<const std::{0}> {1}{{{1}_numbers, {2}}};\n", type, name, numbers.size());
}

void write_literals(std::ostream& out, const tollbar::rule::LineLiterals& literals) {
  const tollbar::text::LiteralTables& tables = literals.set.tables();
  out << "namespace {\n";
  write_numbers(out, "uint8_t", "literal_classes", std::vector<unsigned>(tables.classes.begin(), tables.classes.end()));
  write_numbers(out, "uint32_t", "literal_next", tables.next);
  write_numbers(out, "uint32_t", "literal_output_starts", tables.output_starts);
  write_numbers(out, "uint32_t", "literal_output", tables.output);
  out << "}  // namespace\n";
  out << fmt::format(
      "const text::LiteralTables literals{{{}, {}, literal_classes, literal_next, literal_output_starts, "
      "literal_output}};\n",
      tables.literals, tables.columns);
  std::vector<std::uint32_t> starts, numbers;
  for (const auto& of : literals.of) {
    starts.push_back(static_cast<std::uint32_t>(numbers.size()));
    numbers.insert(numbers.end(), of.begin(), of.end());
  }
  starts.push_back(static_cast<std::uint32_t>(numbers.size()));
  write_numbers(out, "uint32_t", "line_starts", starts);
  write_numbers(out, "uint32_t", "line_literals", numbers);
}

void embed(const fs::path& root, std::ostream& out) {
  const auto kinds_node = read(root / "data" / "kinds.yml");
  const tollbar::rule::Kinds kinds(kinds_node);
  const auto agents_node = read(root / "data" / "agents.yml");
  tollbar::rule::read_agents(agents_node);
  std::string knowledge, packed_rules, full_rules;
  std::vector<tollbar::rule::Rule> rules;
  for (const auto& path : sorted_files(root / "data")) {
    if (path.stem() == "kinds" || path.stem() == "agents") continue;
    const auto node = read(path);
    tollbar::reach::Knowledge checked;
    tollbar::reach::read_knowledge(node, checked);
    knowledge += tollbar::rule::pack(node);
  }
  std::vector<fs::path> families;
  for (const auto& entry : fs::directory_iterator(root))
    if (entry.is_directory() && entry.path().stem() != "data" && entry.path().stem() != "policy")
      families.push_back(entry.path());
  std::sort(families.begin(), families.end());
  for (const auto& family : families)
    for (const auto& path : sorted_files(family)) {
      Node file;
      file.kind = tollbar::document::NodeKind::scalar;
      file.scalar = fmt::format("rules/{}/{}", family.filename().string(), path.filename().string());
      const auto node = read(path);
      rules.push_back(read_rule(node, file.scalar, kinds, tollbar::rule::Reading::full));
      packed_rules += tollbar::rule::pack(file) + tollbar::rule::pack(without_prose(node));
      full_rules += tollbar::rule::pack(file) + tollbar::rule::pack(node);
    }
  out << "// Generated by embed_rules from rules/; do not edit.\n#include \"rule/builtin_data.h\"\n"
         "namespace tollbar::rule::builtin {\n";
  write_bytes(out, "kinds", tollbar::rule::pack(kinds_node));
  write_bytes(out, "agents", tollbar::rule::pack(agents_node));
  write_bytes(out, "policy", tollbar::rule::pack(read(root / "policy" / "default.yml")));
  write_bytes(out, "knowledge", knowledge);
  write_bytes(out, "rules", packed_rules);
  write_bytes(out, "full_rules", full_rules);
  write_literals(out, tollbar::rule::line_literals(rules));
  out << "}  // namespace tollbar::rule::builtin\n";
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
