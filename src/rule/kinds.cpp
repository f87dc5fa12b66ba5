// Reads rules/data/kinds.yml and tells the kinds of a path.
#include "rule/kinds.h"

#include <fmt/format.h>

#include "util/error.h"

namespace tollbar::rule {
namespace {

using document::Node;

document::Format format_of(const Node& node) {
  struct Name {
    std::string_view name;
    document::Format format;
  };
  static constexpr Name names[] = {
      {"yaml", document::Format::yaml},         {"json", document::Format::json},
      {"toml", document::Format::toml},         {"hcl", document::Format::hcl},
      {"ini", document::Format::ini},           {"shell", document::Format::shell},
      {"none", document::Format::none},         {"dockerfile", document::Format::dockerfile},
      {"makefile", document::Format::makefile}, {"justfile", document::Format::justfile},
      {"program", document::Format::program},
  };
  for (const auto& entry : names)
    if (entry.name == node.text()) return entry.format;
  throw util::UsageError(fmt::format("line {}: unknown format `{}`", node.line, node.text()));
}

/// Adds the paths of the kind to `paths`, those it leaves out under the next number.
Kind read_kind(const Node& node, std::size_t number, text::GlobSet& paths) {
  const auto add = [&](const Node& patterns, std::size_t as) {
    for (const auto& pattern : patterns.texts()) paths.add(text::Glob(pattern), as);
  };
  Kind kind;
  for (const auto& [key, value] : node.members) {
    const auto name = key.text();
    if (name == "kind")
      kind.name = value.text();
    else if (name == "format")
      kind.format = format_of(value);
    else if (name == "paths")
      add(value, number);
    else if (name == "not_paths")
      add(value, number + 1);
    else if (name == "unless")
      kind.unless = value.texts();
    else if (name == "commands")
      kind.commands = value.truth().value_or(false);
    else
      throw util::UsageError(fmt::format("line {}: unknown key `{}` of a kind", key.line, name));
  }
  if (kind.name.empty()) throw util::UsageError(fmt::format("line {}: a kind without a name", node.line));
  return kind;
}

}  // namespace

Kinds::Kinds(const Node& root) {
  for (const auto& node : root.items) kinds_.push_back(read_kind(node, 2 * kinds_.size(), paths_));
  if (kinds_.size() > max_kinds) throw util::UsageError(fmt::format("more than {} kinds of files", max_kinds));
  for (std::size_t i = 0; i < kinds_.size(); ++i) {
    excluded_by_.emplace_back();
    for (const auto& other : kinds_[i].unless) {
      const auto number = index(other);
      if (!number) throw util::UsageError(fmt::format("kind `{}`: unknown kind `{}`", kinds_[i].name, other));
      excluded_by_.back().push_back(*number);
    }
  }
}

std::optional<std::uint8_t> Kinds::index(std::string_view name) const {
  for (std::size_t i = 0; i < kinds_.size(); ++i)
    if (kinds_[i].name == name) return static_cast<std::uint8_t>(i);
  return std::nullopt;
}

KindSet Kinds::of(std::string_view path) const {
  KindSet named, left_out;
  for (const auto number : paths_.matching(text::fold_path(path))) (number % 2 == 0 ? named : left_out).set(number / 2);
  const KindSet matched = named & ~left_out;
  KindSet set = matched;
  for (std::size_t i = 0; i < kinds_.size(); ++i)
    if (matched[i])
      for (const auto other : excluded_by_[i])
        if (matched[other]) set.reset(i);
  return set;
}

}  // namespace tollbar::rule
