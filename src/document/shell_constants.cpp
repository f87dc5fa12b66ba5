// Finds out which variables of a script are constants: assigned at the top level, unconditionally, and nowhere else.
#include "document/shell_constants.h"

#include "document/shell_arithmetic.h"
#include "document/shell_listing.h"

namespace tollbar::document {

namespace {

/// `$name`, `${name}` and text: nothing in it holds a blank that the shell would not split at.
bool holds_plain_parameters(std::string_view text) {
  return text.find("$(") == std::string_view::npos && text.find_first_of("`({") == std::string_view::npos;
}

}  // namespace

bool is_list(const ShellWord& value) {
  return value.pieces.size() == 1 && value.pieces.front().expansion && value.pieces.front().text.starts_with('(');
}

void ShellConstants::survey(const ShellNode& root) {
  visit(root, Place::top);
}

void ShellConstants::count(std::string_view name, Place place) {
  Uses& uses = uses_[std::string(name)];
  ++uses.assignments;
  uses.uncertain |= place == Place::uncertain;
  uses.in_function |= place == Place::function;
}

void ShellConstants::visit(const ShellNode& node, Place place) {
  const auto surely = [&](bool certain) { return certain ? place : Place::uncertain; };
  switch (node.kind) {
    case ShellNodeKind::simple:
      return visit_simple(node, place);
    case ShellNodeKind::list:
      for (std::size_t i = 0; i < node.children.size(); ++i)
        visit(*node.children[i], surely(i >= node.operators.size() || node.operators[i] != "&"));
      return;
    case ShellNodeKind::and_or:
      for (std::size_t i = 0; i < node.children.size(); ++i) visit(*node.children[i], surely(i == 0));
      return;
    case ShellNodeKind::pipeline:
      for (const ShellNodePtr& child : node.children) visit(*child, surely(node.children.size() == 1));
      return;
    case ShellNodeKind::group:
      break;
    case ShellNodeKind::function:
      place = surely(place == Place::top) == Place::top ? Place::function : Place::uncertain;
      break;
    case ShellNodeKind::iteration:
      count(node.name, Place::uncertain);
      [[fallthrough]];
    default:
      place = Place::uncertain;
  }
  for (const ShellNodePtr& child : node.children) visit(*child, place);
}

void ShellConstants::visit_simple(const ShellNode& node, Place place) {
  if (node.words.empty())
    for (const ShellAssignment& assignment : node.assignments) count(assignment.name, place);
  if (node.words.empty()) return;
  const std::string program = literal_text(node.words[0]);
  const bool sets = program == "read" || program == "unset" || program == "getopts" || program == "mapfile" ||
                    program == "readarray" || program == "printf" || program == "let" || program == "eval";
  if (program == "((" && node.words.size() > 1 && !node.words[1].pieces.empty())
    if (const auto name = assigned_by_arithmetic(node.words[1].pieces[0].text); !name.empty())
      count(name, Place::uncertain);
  for (std::size_t i = 1; i < node.words.size(); ++i) {
    const std::string word = literal_text(node.words[i]);
    if (is_declaration(program)) {
      if (const std::string_view name = assigned_name(word); !name.empty()) count(name, place);
    } else if (sets) {
      count(program == "let"    ? assigned_by_arithmetic(word)
            : program == "eval" ? assigned_name(word)
                                : std::string_view(word),
            Place::uncertain);
    }
  }
}

void ShellConstants::assign(const std::string& name, const Word& value) {
  lists_.erase(name);
  if (!value.dynamic || holds_plain_parameters(value.text)) {
    values_[name] = value;
  } else {
    values_.erase(name);
  }
}

void ShellConstants::append(const std::string& name, const Word& value) {
  const auto known = values_.find(name);
  if (known == values_.end() || value.dynamic) return forget(name);
  known->second.text += value.text;
}

void ShellConstants::forget(const std::string& name) {
  values_.erase(name);
  lists_.erase(name);
}

void ShellConstants::forget_all() {
  values_.clear();
  lists_.clear();
}

void ShellConstants::assign_list(const std::string& name, std::vector<Word> words, bool append) {
  values_.erase(name);
  const auto known = lists_.find(name);
  if (!append) {
    lists_[name] = std::move(words);
  } else if (known != lists_.end()) {
    known->second.insert(known->second.end(), words.begin(), words.end());
  }
}

bool ShellConstants::settled(std::string_view name, bool repeated) const {
  const auto uses = uses_.find(name);
  if (uses == uses_.end() || uses->second.uncertain) return false;
  return uses->second.assignments == 1 || !(repeated || uses->second.in_function);
}

const Word* ShellConstants::environment_path(std::string_view name, bool repeated) const {
  const auto* value = prefix(name, repeated);
  if (value == nullptr || !value->dynamic || value->text.find_first_of(" \t\n{") != std::string::npos) return nullptr;
  bool any = false;
  for (std::size_t at = value->text.find('$'); at != std::string::npos; at = value->text.find('$', at + 1)) {
    auto end = at + 1;
    while (end < value->text.size() &&
           ((value->text[end] >= 'A' && value->text[end] <= 'Z') || value->text[end] == '_'))
      ++end;
    const auto parameter = std::string_view(value->text).substr(at + 1, end - at - 1);
    if (parameter.empty() || uses_.find(parameter) != uses_.end()) return nullptr;
    any = true;
  }
  return any ? value : nullptr;
}

const std::string* ShellConstants::find(std::string_view name, bool repeated) const {
  const auto* value = prefix(name, repeated);
  return value == nullptr || value->dynamic ? nullptr : &value->text;
}

const Word* ShellConstants::prefix(std::string_view name, bool repeated) const {
  const auto value = values_.find(name);
  return value == values_.end() || !settled(name, repeated) ? nullptr : &value->second;
}

const std::vector<Word>* ShellConstants::list(std::string_view name, bool repeated) const {
  const auto words = lists_.find(name);
  return words == lists_.end() || !settled(name, repeated) ? nullptr : &words->second;
}

}  // namespace tollbar::document
