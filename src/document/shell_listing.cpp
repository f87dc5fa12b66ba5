// From syntax tree to commands: quote removal is done, constants are put in, nested scripts are read and listed too.
#include "document/shell_listing.h"

#include <algorithm>
#include <array>
#include <utility>

#include "document/command_identity.h"
#include "document/shell_constants.h"

namespace tollbar::document {

namespace {

constexpr unsigned maximum_nesting = 8;

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\n';
}

struct Surroundings {
  bool conditional = false, is_condition = false, background = false, in_substitution = false;
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
    constants_.survey(root);
    list(root, around);
    constants_ = outer;
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
    for (std::size_t i = 0; i < node.children.size(); ++i) {
      Surroundings inner = around;
      const bool final = i + 1 == node.children.size();
      const std::string operation = i < node.operators.size() ? node.operators[i] : std::string();
      if (!final || operation == "&") inner.following = operation;
      if (operation == "&") {
        inner.background = true;
        inner.certain = false;
      }
      list(*node.children[i], inner);
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
    if (node.kind != ShellNodeKind::group) inner.certain = false;
    if (node.kind == ShellNodeKind::function) {
      inner = Surroundings{};
      inner.certain = false;
      inner.in_substitution = around.in_substitution;
      inner.function = node.name;
    }
    if (node.kind == ShellNodeKind::function || node.kind == ShellNodeKind::loop ||
        node.kind == ShellNodeKind::iteration)
      inner.repeated = true;
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

  static bool has_literal_items(const ShellNode& node) {
    return std::any_of(node.words.begin(), node.words.end(), [](const ShellWord& word) {
      return std::none_of(word.pieces.begin(), word.pieces.end(),
                          [](const ShellPiece& piece) { return piece.expansion; });
    });
  }

  void list_simple(ShellNode& node, const Surroundings& around) {
    node.id = script_.commands.size();
    script_.commands.push_back(make_command(node, around));
    if (node.words.empty()) note_assignments(node, around);
    for (ShellAssignment& assignment : node.assignments) list_substitutions(assignment.value, around);
    for (ShellWord& word : node.words) list_substitutions(word, around);
    for (ShellRedirection& redirection : node.redirections) {
      list_substitutions(redirection.target, around);
      list_substitutions(redirection.body, around);
    }
    if (!node.words.empty()) note_declaration(node, around);
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
      for (Word& part : expand(word, around)) command.argv.push_back(std::move(part));
    for (const ShellRedirection& redirection : node.redirections) {
      Redirection made{redirection.op, joined(redirection.target, around), {}};
      made.heredoc = redirection.op.ends_with("<<<") ? made.target.text : joined(redirection.body, around).text;
      command.redirections.push_back(std::move(made));
    }
    CommandContext& context = command.context;
    context.conditional = around.conditional;
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

  /// The word as one, without splitting.
  Word joined(const ShellWord& word, const Surroundings& around) const {
    Word made;
    made.line = word.line;
    made.quoted = word.quoted;
    for (const ShellPiece& piece : word.pieces) {
      const std::string* value = constant(piece, around);
      made.text += value != nullptr ? *value : piece.text;
      if (piece.expansion && value == nullptr) made.dynamic = true;
    }
    return made;
  }

  /// The word or words it becomes: an unquoted constant splits at blanks.
  std::vector<Word> expand(const ShellWord& word, const Surroundings& around) const {
    std::vector<Word> made{joined({{}, word.line, word.quoted}, around)};
    bool open = word.quoted;
    for (const ShellPiece& piece : word.pieces) {
      const std::string* value = constant(piece, around);
      if (value == nullptr || piece.quoted) {
        made.back().text += value != nullptr ? *value : piece.text;
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
      const Word value = joined(assignment.value, around);
      constants_.assign(assignment.name, value.dynamic || assignment.append ? std::nullopt : std::optional(value.text));
    }
  }

  void note_declaration(const ShellNode& node, const Surroundings& around) {
    const Command& command = script_.commands[node.id];
    if (!around.certain || !is_declaration(command.program())) return;
    for (const Word& word : command.argv) {
      const std::string_view name = assigned_name(word.text);
      if (!name.empty())
        constants_.assign(std::string(name),
                          word.dynamic ? std::nullopt : std::optional(word.text.substr(name.size() + 1)));
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

  struct NestedText {
    std::string text;
    std::uint32_t line = 0;
    NestedKind kind = NestedKind::child_shell;
    bool errexit = false, pipefail = false;
  };

  void list_nested(ShellNode& node, const Surroundings& around) {
    if (nesting_ >= maximum_nesting) return;
    const std::optional<NestedText> found = nested_text(script_.commands[node.id]);
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

  std::optional<NestedText> nested_text(const Command& command) const {
    const std::vector<Word>& argv = command.argv;
    if (argv.empty()) return std::nullopt;
    if (argv[0].text == "eval" && argv.size() > 1) {
      NestedText nested{argv[1].text, argv[1].line, NestedKind::same_shell};
      for (std::size_t i = 2; i < argv.size(); ++i) nested.text += " " + argv[i].text;
      return nested;
    }
    if (argv[0].text == "trap" && argv.size() > 2 && argv[1].text != "-" && !argv[1].text.starts_with("-l") &&
        !argv[1].text.starts_with("-p")) {
      const std::size_t at = argv[1].text == "--" && argv.size() > 3 ? 2 : 1;
      return NestedText{argv[at].text, argv[at].line, NestedKind::trap};
    }
    if (std::optional<NestedText> inline_script = shell_argument(argv)) return inline_script;
    if (std::optional<NestedText> handed_on = command_argument(argv)) return handed_on;
    return shell_input(command);
  }

  /// The text of an option that takes a command: `circleci tests run --command "xargs pytest"`, `nix-shell --run
  /// 'make'`.
  static std::optional<NestedText> command_argument(const std::vector<Word>& argv) {
    struct Option {
      std::string_view program, name;
    };
    constexpr std::array<Option, 3> options{
        {{"circleci", "--command"}, {"nix-shell", "--run"}, {"nix-shell", "--command"}}};
    for (const Option& option : options) {
      if (argv[0].text != option.program) continue;
      for (std::size_t i = 1; i < argv.size(); ++i) {
        const std::string& word = argv[i].text;
        NestedText nested{{}, argv[i].line, NestedKind::child_shell, true, true};
        if (word == option.name && i + 1 < argv.size()) nested.text = argv[i + 1].text;
        if (word.starts_with(option.name) && word.substr(option.name.size()).starts_with('='))
          nested.text = word.substr(option.name.size() + 1);
        if (!nested.text.empty()) return nested;
      }
    }
    return std::nullopt;
  }

  /// The text in `sh -ec '...'`, wherever the shell stands among the words: `docker run image sh -c '...'`.
  static std::optional<NestedText> shell_argument(const std::vector<Word>& argv) {
    for (std::size_t i = 0; i + 2 < argv.size(); ++i) {
      const bool switch_user = argv[i].text == "su" && i == 0;
      if (argv[i].dynamic || (!switch_user && !is_shell(argv[i].text))) continue;
      NestedText nested;
      for (std::size_t at = i + 1; at + 1 < argv.size(); ++at) {
        const std::string& option = argv[at].text;
        if (!switch_user && (option.size() < 2 || (option[0] != '-' && option[0] != '+'))) break;
        if (option.starts_with("--") || option[0] != '-') continue;
        if (!switch_user && option.find('e') != std::string::npos) nested.errexit = true;
        if (option.ends_with('o') && !switch_user) {
          const std::string& name = argv[++at].text;
          nested.pipefail |= name == "pipefail";
          nested.errexit |= name == "errexit";
        }
        if (option.find('c') == std::string::npos || at + 1 >= argv.size()) continue;
        nested.text = argv[at + 1].text;
        nested.line = argv[at + 1].line;
        return nested;
      }
    }
    return std::nullopt;
  }

  /// The script a shell reads from a here-document, or from `echo '...' |`.
  std::optional<NestedText> shell_input(const Command& command) const {
    const std::vector<Word> words = essential(command);
    if (words.empty() || words[0].dynamic || !is_shell(words[0].text)) return std::nullopt;
    NestedText nested;
    nested.line = command.line;
    for (std::size_t i = 1; i < words.size(); ++i) {
      const std::string& option = words[i].text;
      if (!option.starts_with('-') && !option.starts_with('+')) return std::nullopt;
      if (option == "-o" && i + 1 < words.size()) nested.pipefail |= words[++i].text == "pipefail";
      if (option == "-s" || option == "-") break;
      nested.errexit |= option.starts_with('-') && !option.starts_with("--") && option.find('e') != std::string::npos;
    }
    nested.text = heredoc_of(command);
    if (nested.text.empty() && command.context.stage > 0 && script_.commands.size() >= 2) {
      const Command& before = script_.commands[script_.commands.size() - 2];
      if (before.context.pipeline == command.context.pipeline) nested.text = printed_text(before);
    }
    if (!heredoc_of(command).empty()) nested.line = command.line + 1;
    return nested;
  }

  static std::string heredoc_of(const Command& command) {
    for (const Redirection& redirection : command.redirections)
      if (!redirection.heredoc.empty()) return redirection.heredoc;
    return {};
  }

  static std::string printed_text(const Command& command) {
    if (command.program() == "cat" && command.argv.size() == 1) return heredoc_of(command);
    if (command.program() != "echo" && command.program() != "printf") return {};
    std::string text;
    for (std::size_t i = 1; i < command.argv.size(); ++i) {
      const std::string& word = command.argv[i].text;
      if (word == "-e" || word == "-n" || word == "%s" || word == "%s\\n") continue;
      text += text.empty() ? word : " " + word;
    }
    return text;
  }

  Script& script_;
  ShellConstants constants_;
  std::uint32_t next_pipeline_ = 0;
  unsigned nesting_ = 0;
};

}  // namespace

bool is_declaration(std::string_view program) {
  return program == "export" || program == "local" || program == "readonly" || program == "declare" ||
         program == "typeset";
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
