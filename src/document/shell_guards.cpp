// A walk over one statement; conditions are asked only whether they look at arguments.
#include "document/shell_guards.h"

#include <algorithm>
#include <cctype>
#include <string>

#include "document/shell_listing.h"

namespace tollbar::document {
namespace {

/// `exit 0`, `return`; alone, they keep the status of what ran before them, which `failed` tells.
bool is_good_end(const ShellNode& command, bool failed) {
  if (command.words.empty()) return false;
  const std::string program = literal_text(command.words[0]);
  if (program != "exit" && program != "return") return false;
  return command.words.size() == 1 ? !failed : literal_text(command.words[1]) == "0";
}

/// The name in `$name`, `${name:-x}`, `${#name}`; an argument's is its number or `@`, `*`, `#`.
std::string_view parameter_of(std::string_view text) {
  if (!text.starts_with('$')) return {};
  text.remove_prefix(text.starts_with("${") ? 2 : 1);
  if (text.size() > 1 && text.front() == '#' && text[1] != '}') text.remove_prefix(1);
  std::size_t end = 0;
  while (end < text.size() && (std::isalnum(static_cast<unsigned char>(text[end])) != 0 || text[end] == '_')) ++end;
  return text.substr(0, std::max<std::size_t>(end, text.empty() ? 0 : 1));
}

}  // namespace

bool ShellGuards::holds_argument(const ShellWord& word) const {
  return std::any_of(word.pieces.begin(), word.pieces.end(), [this](const ShellPiece& piece) {
    if (!piece.expansion) return false;
    const auto name = parameter_of(piece.text);
    if (name.empty()) return false;
    return name == "@" || name == "*" || name == "#" || std::isdigit(static_cast<unsigned char>(name[0])) != 0 ||
           arguments_.count(name) > 0;
  });
}

void ShellGuards::assign(std::string_view name, const ShellWord& value) {
  if (!name.empty() && holds_argument(value)) arguments_.emplace(name);
}

bool ShellGuards::asks_arguments(const ShellNode& node) const {
  if (!node.words.empty() && literal_text(node.words[0]) == "getopts") return true;
  return std::any_of(node.words.begin(), node.words.end(), [this](const auto& word) { return holds_argument(word); }) ||
         std::any_of(node.children.begin(), node.children.end(),
                     [this](const ShellNodePtr& child) { return asks_arguments(*child); });
}

bool ShellGuards::may_end_well(const ShellNode& statement) const {
  return ends_well(statement, false);
}

bool ShellGuards::ends_well(const ShellNode& node, bool conditional) const {
  const auto any_child = [&](bool under_condition) {
    return std::any_of(node.children.begin(), node.children.end(),
                       [&](const ShellNodePtr& child) { return ends_well(*child, under_condition); });
  };
  switch (node.kind) {
    case ShellNodeKind::simple:
      return conditional && is_good_end(node, false);
    case ShellNodeKind::list:
    case ShellNodeKind::group:
      return any_child(conditional);
    case ShellNodeKind::pipeline:
      return node.children.size() == 1 && any_child(conditional);
    case ShellNodeKind::and_or:
      return ends_well_in_chain(node, conditional);
    case ShellNodeKind::branch:
      return ends_well_in_branch(node);
    case ShellNodeKind::choice:
      return !holds_argument(node.words[0]) && any_child(true);
    case ShellNodeKind::loop:
      return !asks_arguments(*node.children[0]) && ends_well(*node.children[1], true);
    case ShellNodeKind::iteration:
      return any_child(true);
    case ShellNodeKind::subshell:
    case ShellNodeKind::function:
      return false;
  }
  return false;
}

bool ShellGuards::ends_well_in_chain(const ShellNode& node, bool conditional) const {
  for (std::size_t i = 0; i < node.children.size(); ++i) {
    const ShellNode* end = node.children[i].get();
    while (end->kind == ShellNodeKind::pipeline && end->children.size() == 1) end = end->children[0].get();
    const bool failed = i > 0 && node.operators[i - 1] == "||";
    if (end->kind == ShellNodeKind::simple) {
      if ((conditional || i > 0) && is_good_end(*end, failed)) return true;
    } else if (ends_well(*end, conditional || i > 0)) {
      return true;
    }
    if (asks_arguments(*node.children[i])) return false;
  }
  return false;
}

bool ShellGuards::ends_well_in_branch(const ShellNode& node) const {
  for (std::size_t i = 0; i + 1 < node.children.size(); i += 2) {
    if (asks_arguments(*node.children[i])) return false;
    if (ends_well(*node.children[i + 1], true)) return true;
  }
  return node.children.size() % 2 == 1 && ends_well(*node.children.back(), true);
}

}  // namespace tollbar::document
