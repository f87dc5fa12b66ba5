// From syntax tree to commands: quote removal is done, constants are put in, nested scripts are read and listed too.
#include "document/shell_listing.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "document/shell_constants.h"
#include "document/shell_guards.h"
#include "document/shell_nested.h"
#include "document/written_scripts.h"

namespace tollbar::document {

namespace {

constexpr unsigned maximum_nesting = 8;

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\n';
}

struct Surroundings {
  bool conditional = false, guarded = false, is_condition = false, background = false, in_substitution = false;
  bool certain = true;    ///< at the top level of the script, in the script's own process
  bool repeated = false;  ///< may run more than once
  std::string function;
  std::uint32_t pipeline = 0, stage = 0, stages = 1;
  std::string following;
};

class CommandListing {
 public:
  explicit CommandListing(Script& script) : script_(script) {}

  void list_script(ShellNode& root, const Surroundings& around) {
    const ShellConstants outer = std::exchange(constants_, ShellConstants());
    const ShellGuards guards = std::exchange(guards_, ShellGuards());
    constants_.survey(root);
    list(root, around);
    constants_ = outer;
    guards_ = guards;
  }

 private:
  void list(ShellNode& node, const Surroundings& around) {
    node.first = script_.commands.size();
    switch (node.kind) {
      case ShellNodeKind::simple:
        list_simple(node, around);
        break;
      case ShellNodeKind::list:
        list_list(node, around);
        break;
      case ShellNodeKind::and_or:
        list_and_or(node, around);
        break;
      case ShellNodeKind::pipeline:
        list_pipeline(node, around);
        break;
      default:
        list_compound(node, around);
    }
    node.last = script_.commands.size();
  }

  void list_list(ShellNode& node, const Surroundings& around) {
    bool guarded = around.guarded;
    for (std::size_t i = 0; i < node.children.size(); ++i) {
      Surroundings inner = around;
      inner.guarded = guarded;
      const bool final = i + 1 == node.children.size();
      const std::string operation = i < node.operators.size() ? node.operators[i] : std::string();
      if (!final || operation == "&") inner.following = operation;
      if (operation == "&") {
        inner.background = true;
        inner.certain = false;
      }
      list(*node.children[i], inner);
      guarded = guarded || (operation != "&" && guards_.may_end_well(*node.children[i]));
    }
  }

  void list_and_or(ShellNode& node, const Surroundings& around) {
    for (std::size_t i = 0; i < node.children.size(); ++i) {
      Surroundings inner = around;
      if (i > 0) {
        inner.conditional = true;
        inner.certain = false;
      }
      if (i < node.operators.size()) {
        inner.is_condition = true;
        inner.following = node.operators[i];
      }
      list(*node.children[i], inner);
    }
  }

  void list_pipeline(ShellNode& node, const Surroundings& around) {
    Surroundings inner = around;
    inner.pipeline = next_pipeline_++;
    inner.stages = static_cast<std::uint32_t>(node.children.size());
    if (inner.stages > 1) inner.certain = false;
    for (std::size_t i = 0; i < node.children.size(); ++i) {
      inner.stage = static_cast<std::uint32_t>(i);
      list(*node.children[i], inner);
    }
  }

  void list_compound(ShellNode& node, const Surroundings& around) {
    Surroundings inner = around;
    if (node.kind != ShellNodeKind::group && node.kind != ShellNodeKind::function) inner.certain = false;
    if (node.kind == ShellNodeKind::function) {
      inner = Surroundings{};
      inner.certain = around.certain;  // a name that only this function assigns has its value in the lines below
      inner.in_substitution = around.in_substitution;
      inner.function = node.name;
    }
    if (node.kind == ShellNodeKind::function || node.kind == ShellNodeKind::loop ||
        node.kind == ShellNodeKind::iteration)
      inner.repeated = true;
    if (node.kind == ShellNodeKind::iteration) note_iteration(node, around);
    for (ShellWord& word : node.words) list_substitutions(word, around);
    for (std::size_t i = 0; i < node.children.size(); ++i) {
      Surroundings child = inner;
      const bool condition = (node.kind == ShellNodeKind::branch && i % 2 == 0 && i + 1 < node.children.size()) ||
                             (node.kind == ShellNodeKind::loop && i == 0);
      if (condition) child.is_condition = true;
      if (node.kind == ShellNodeKind::branch || node.kind == ShellNodeKind::loop) child.conditional |= i > 0;
      if (node.kind == ShellNodeKind::choice) child.conditional = true;
      if (node.kind == ShellNodeKind::iteration) child.conditional |= !has_literal_items(node);
      list(*node.children[i], child);
    }
    for (ShellRedirection& redirection : node.redirections) {
      list_substitutions(redirection.target, around);
      list_substitutions(redirection.body, around);
    }
  }

  void note_iteration(ShellNode& node, const Surroundings& around) {
    Iteration iteration{node.name, {}};
    for (const ShellWord& word : node.words) {
      guards_.assign(node.name, word);
      for (Word& value : expand(word, around)) iteration.values.push_back(std::move(value));
    }
    node.idle = iteration.values.empty() && !node.words.empty();
    if (!iteration.values.empty()) script_.iterations.push_back(std::move(iteration));
  }

  static bool has_literal_items(const ShellNode& node) {
    return std::any_of(node.words.begin(), node.words.end(), [](const ShellWord& word) {
      return std::none_of(word.pieces.begin(), word.pieces.end(),
                          [](const ShellPiece& piece) { return piece.expansion; });
    });
  }

  void list_simple(ShellNode& node, const Surroundings& around) {
    node.id = script_.commands.size();
    script_.commands.push_back(make_command(node, around));
    note_arguments(node);
    take_pipe(script_.commands.back());
    if (node.words.empty()) note_assignments(node, around);
    for (ShellAssignment& assignment : node.assignments) list_substitutions(assignment.value, around);
    for (ShellWord& word : node.words) list_substitutions(word, around);
    for (ShellRedirection& redirection : node.redirections) {
      list_substitutions(redirection.target, around);
      list_substitutions(redirection.body, around);
    }
    if (!node.words.empty()) note_declaration(node, around);
    const auto program = script_.commands[node.id].program();
    if (program == "." || program == "source") constants_.forget_all();
    list_nested(node, around);
  }

  Command make_command(const ShellNode& node, const Surroundings& around) const {
    Command command;
    command.line = node.line;
    for (const ShellAssignment& assignment : node.assignments) {
      command.assignments.push_back({assignment.name, joined(assignment.value, around)});
      if (!assignment.append) continue;
      Word& value = command.assignments.back().value;  // `x+=y` is `x=${x}y`
      value.text = "${" + assignment.name + "}" + value.text;
      value.dynamic = true;
    }
    for (const ShellWord& word : node.words)
      for (Word& part : expand(word, around, command.argv.empty())) command.argv.push_back(std::move(part));
    for (const ShellRedirection& redirection : node.redirections) {
      Redirection made{redirection.op, joined(redirection.target, around), {}};
      made.heredoc = redirection.op.ends_with("<<<") ? made.target.text : joined(redirection.body, around).text;
      command.redirections.push_back(std::move(made));
    }
    CommandContext& context = command.context;
    context.conditional = around.conditional;
    context.guarded = around.guarded;
    context.is_condition = around.is_condition;
    context.background = around.background;
    context.in_substitution = around.in_substitution;
    context.function = around.function;
    context.pipeline = around.pipeline;
    context.stage = around.stage;
    context.stages = around.stages;
    context.following = around.following;
    return command;
  }

  const std::string* constant(const ShellPiece& piece, const Surroundings& around) const {
    return piece.parameter.empty() ? nullptr : constants_.find(piece.parameter, around.repeated);
  }

  /// What stands for a piece that stays unknown: a path below one of the environment is better than its name.
  const std::string& open_text(const ShellPiece& piece, const Surroundings& around) const {
    const Word* path =
        piece.parameter.empty() ? nullptr : constants_.environment_path(piece.parameter, around.repeated);
    return path != nullptr ? path->text : piece.text;
  }

  /// The word as one, without splitting.
  Word joined(const ShellWord& word, const Surroundings& around) const {
    Word made;
    made.line = word.line;
    made.quoted = word.quoted;
    for (const ShellPiece& piece : word.pieces) {
      const std::string* value = constant(piece, around);
      made.text += value != nullptr ? *value : open_text(piece, around);
      if (piece.expansion && value == nullptr) made.dynamic = true;
    }
    return made;
  }

  /// The list that `"${name[@]}"` stands for.
  const std::vector<Word>* list_of(const ShellWord& word, const Surroundings& around) const {
    const ShellPiece* list = nullptr;
    for (const ShellPiece& piece : word.pieces) {
      if (piece.text.empty()) continue;  // the quotes
      if (list != nullptr || !piece.expansion) return nullptr;
      list = &piece;
    }
    const std::string_view text = list == nullptr ? std::string_view() : std::string_view(list->text);
    if (!text.starts_with("${") || !(text.ends_with("[@]}") || text.ends_with("[*]}"))) return nullptr;
    return constants_.list(text.substr(2, text.size() - 6), around.repeated);
  }

  /// `$K delete` where `K="kubectl --context $1"`: what is known of the value says which program runs.
  std::optional<std::vector<Word>> split_prefix(const ShellWord& word, const Surroundings& around) const {
    if (word.pieces.size() != 1 || word.quoted || word.pieces.front().parameter.empty()) return std::nullopt;
    const Word* value = constants_.prefix(word.pieces.front().parameter, around.repeated);
    if (value == nullptr || !value->dynamic || value->text.starts_with('$')) return std::nullopt;
    std::vector<Word> made;
    for (std::size_t at = 0; at < value->text.size();) {
      const auto end = std::min(value->text.find_first_of(" \t\n", at), value->text.size());
      const auto part = value->text.substr(at, end - at);
      if (end > at) made.push_back({part, part.find('$') != std::string::npos, false, word.line});
      at = end + 1;
    }
    return made;
  }

  /// The word or words it becomes: an unquoted constant splits at blanks.
  std::vector<Word> expand(const ShellWord& word, const Surroundings& around, bool first = false) const {
    if (const auto* words = list_of(word, around)) return *words;
    if (first)
      if (auto words = split_prefix(word, around)) return *words;
    std::vector<Word> made{joined({{}, word.line, word.quoted}, around)};
    bool open = word.quoted;
    for (const ShellPiece& piece : word.pieces) {
      const std::string* value = constant(piece, around);
      if (value == nullptr || piece.quoted) {
        made.back().text += value != nullptr ? *value : open_text(piece, around);
        if (piece.expansion && value == nullptr) made.back().dynamic = true;
        open = true;
        continue;
      }
      for (const char c : *value) {
        if (!is_blank(c)) {
          made.back().text += c;
          open = true;
        } else if (open) {
          made.push_back({{}, false, word.quoted, word.line});
          open = false;
        }
      }
    }
    if (!open) made.pop_back();
    return made;
  }

  void note_assignments(const ShellNode& node, const Surroundings& around) {
    if (!around.certain) return;
    for (const ShellAssignment& assignment : node.assignments) {
      if (is_list(assignment.value))
        constants_.assign_list(assignment.name, elements_of(assignment.value, around), assignment.append);
      else if (assignment.append)
        constants_.append(assignment.name, joined(assignment.value, around));
      else
        constants_.assign(assignment.name, joined(assignment.value, around));
    }
  }

  /// The words of `(kubectl --context prod delete)`.
  std::vector<Word> elements_of(const ShellWord& list, const Surroundings& around) const {
    const auto& text = list.pieces.front().text;
    if (text.size() < 2 || nesting_ >= maximum_nesting) return {};
    const ShellTree tree = read_shell_tree(text.substr(1, text.size() - 2), list.line, (nesting_ + 1) * 20);
    std::vector<Word> words;
    add_words(*tree.root, around, words);
    return words;
  }

  void add_words(const ShellNode& node, const Surroundings& around, std::vector<Word>& words) const {
    for (const ShellWord& word : node.words)
      for (Word& part : expand(word, around)) words.push_back(std::move(part));
    for (const auto& child : node.children) add_words(*child, around, words);
  }

  void note_arguments(const ShellNode& node) {
    for (const ShellAssignment& assignment : node.assignments) guards_.assign(assignment.name, assignment.value);
    if (!is_declaration(script_.commands[node.id].program())) return;
    for (const ShellWord& word : node.words)
      if (!word.pieces.empty()) guards_.assign(assigned_name(word.pieces.front().text), word);
  }

  void note_declaration(const ShellNode& node, const Surroundings& around) {
    const Command& command = script_.commands[node.id];
    if (!around.certain || !is_declaration(command.program())) return;
    for (const Word& word : command.argv) {
      const std::string_view name = assigned_name(word.text);
      if (name.empty()) continue;
      Word value = word;
      value.text.erase(0, name.size() + 1);
      constants_.assign(std::string(name), value);
    }
  }

  void list_substitutions(ShellWord& word, const Surroundings& around) {
    for (ShellPiece& piece : word.pieces) {
      for (ShellNodePtr& body : piece.bodies) {
        Surroundings inner = around;
        inner.in_substitution = true;
        inner.certain = false;
        inner.is_condition = false;
        inner.following.clear();
        list(*body, inner);
      }
    }
  }

  void list_nested(ShellNode& node, const Surroundings& around) {
    if (nesting_ >= maximum_nesting) return;
    const Command& command = script_.commands[node.id];
    std::optional<NestedText> found = nested_text(command);
    if (!found || found->text.empty()) found = written_.run_by(command);
    written_.note(command);
    if (!found || found->text.empty()) return;
    ShellTree tree = read_shell_tree(found->text, found->line, nesting_ * 20);
    for (Problem& problem : tree.problems) script_.problems.push_back(std::move(problem));
    node.nested = std::move(tree.root);
    node.nested_kind = found->kind;
    node.nested_errexit = found->errexit;
    node.nested_pipefail = found->pipefail;
    Surroundings inner = around;
    inner.certain = false;
    inner.repeated = true;
    inner.following.clear();
    ++nesting_;
    if (found->kind == NestedKind::child_shell) {
      inner.function.clear();
      list_script(*node.nested, inner);
    } else {
      list(*node.nested, inner);
    }
    --nesting_;
  }

  void take_pipe(Command& command) const {
    if (command.context.stage == 0 || script_.commands.size() < 2) return;
    const Command& before = script_.commands[script_.commands.size() - 2];
    if (before.context.pipeline == command.context.pipeline) command.piped = printed_text(before);
  }

  Script& script_;
  ShellConstants constants_;
  ShellGuards guards_;
  WrittenScripts written_;
  std::uint32_t next_pipeline_ = 0;
  unsigned nesting_ = 0;
};

}  // namespace

bool is_declaration(std::string_view program) {
  return program == "export" || program == "local" || program == "readonly" || program == "declare" ||
         program == "typeset";
}

std::string literal_text(const ShellWord& word) {
  std::string text;
  for (const ShellPiece& piece : word.pieces) text += piece.text;
  return text;
}

std::string_view assigned_name(std::string_view text) {
  std::size_t length = 0;
  while (length < text.size() &&
         ((text[length] >= 'a' && text[length] <= 'z') || (text[length] >= 'A' && text[length] <= 'Z') ||
          (text[length] >= '0' && text[length] <= '9' && length > 0) || text[length] == '_'))
    ++length;
  return length > 0 && length < text.size() && text[length] == '=' ? text.substr(0, length) : std::string_view();
}

void list_commands(ShellNode& root, Script& script) {
  CommandListing(script).list_script(root, {});
}

}  // namespace tollbar::document
