// Finds out which variables of a script are constants: assigned at the top level, unconditionally, and nowhere else.
#include "document/shell_constants.h"

#include "document/shell_listing.h"

namespace tollbar::document {

namespace {

std::string literal_text(const ShellWord& word) {
  std::string text;
  for (const ShellPiece& piece : word.pieces) text += piece.text;
  return text;
}

}  // namespace

void ShellConstants::survey(const ShellNode& root) {
  visit(root, true);
}

void ShellConstants::count(std::string_view name, bool certain) {
  Uses& uses = uses_[std::string(name)];
  ++uses.assignments;
  if (!certain) uses.uncertain = true;
}

void ShellConstants::visit(const ShellNode& node, bool certain) {
  switch (node.kind) {
    case ShellNodeKind::simple:
      return visit_simple(node, certain);
    case ShellNodeKind::list:
      for (std::size_t i = 0; i < node.children.size(); ++i)
        visit(*node.children[i], certain && (i >= node.operators.size() || node.operators[i] != "&"));
      return;
    case ShellNodeKind::and_or:
      for (std::size_t i = 0; i < node.children.size(); ++i) visit(*node.children[i], certain && i == 0);
      return;
    case ShellNodeKind::pipeline:
      for (const ShellNodePtr& child : node.children) visit(*child, certain && node.children.size() == 1);
      return;
    case ShellNodeKind::group:
      break;
    case ShellNodeKind::iteration:
      count(node.name, false);
      [[fallthrough]];
    default:
      certain = false;
  }
  for (const ShellNodePtr& child : node.children) visit(*child, certain);
}

void ShellConstants::visit_simple(const ShellNode& node, bool certain) {
  if (node.words.empty())
    for (const ShellAssignment& assignment : node.assignments) count(assignment.name, certain && !assignment.append);
  if (node.words.empty()) return;
  const std::string program = literal_text(node.words[0]);
  if (program == "." || program == "source") sources_files_ = true;
  const bool sets = program == "read" || program == "unset" || program == "getopts" || program == "mapfile" ||
                    program == "readarray" || program == "printf" || program == "let" || program == "eval";
  for (std::size_t i = 1; i < node.words.size(); ++i) {
    const std::string word = literal_text(node.words[i]);
    if (is_declaration(program)) {
      if (const std::string_view name = assigned_name(word); !name.empty()) count(name, certain);
    } else if (sets) {
      count(program == "eval" || program == "let" ? assigned_name(word) : std::string_view(word), false);
    }
  }
}

void ShellConstants::assign(const std::string& name, std::optional<std::string> value) {
  if (value) {
    values_[name] = std::move(*value);
  } else {
    values_.erase(name);
  }
}

const std::string* ShellConstants::find(std::string_view name, bool repeated) const {
  const auto value = values_.find(name);
  const auto uses = uses_.find(name);
  if (sources_files_ || value == values_.end() || uses == uses_.end() || uses->second.uncertain) return nullptr;
  return repeated && uses->second.assignments > 1 ? nullptr : &value->second;
}

}  // namespace tollbar::document
