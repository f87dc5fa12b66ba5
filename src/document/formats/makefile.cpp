// Reads Makefiles: targets, prerequisites, simple variables and the commands of recipes.
#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "document/command_identity.h"
#include "document/formats/makefile_conditionals.h"
#include "document/formats/makefile_lines.h"
#include "document/formats/makefile_variables.h"
#include "document/scripts.h"
#include "text/words.h"

namespace tollbar::document {

namespace {

struct RecipeLine {
  std::string text;
  std::uint32_t line = 0;
  Counts counts = Counts::always;
};

struct Rule {
  std::vector<std::size_t> targets;  ///< places in Makefile::targets
  std::vector<RecipeLine> lines;
  bool adds = false;  ///< its recipe is run besides those of other rules, or may be the only one of several that counts
};

class MakefileReader {
 public:
  MakefileReader(std::string_view text, Failures failures, const GivenVariables& given)
      : text_(text), failures_(failures) {
    for (const auto& [name, value] : given) variables_.give(name, value);
  }

  Makefile read() {
    read_lines();
    finish();
    return std::move(file_);
  }

 private:
  void read_lines(std::uint32_t line_of_all = 0) {
    for (LogicalLine& line : logical_lines(text_, recipe_prefix_)) {
      if (line_of_all > 0) line.line = line_of_all;
      if (!definition_.empty()) {
        read_definition((line.recipe ? "\t" : "") + line.text);
      } else if (line.recipe && open_rule_) {
        rules_.back().lines.push_back({line.text, line.line, conditionals_.here()});
      } else if (!line.recipe || !make_trimmed(line.text).starts_with('#')) {
        read_line(line);
      }
    }
  }

  /// `$(foreach name,$(NAMES),$(eval $(call template,$(name))))`: the rules that it makes.
  void read_evaluated(std::string_view text, std::uint32_t line) {
    constexpr unsigned deepest = 4;
    variables_.expand(text);
    const auto made = variables_.take_evaluated();
    if (evaluations_ >= deepest) return;
    ++evaluations_;
    for (const std::string& rules : made) {
      const std::string_view outer = std::exchange(text_, rules);
      read_lines(line);
      text_ = outer;
      open_rule_ = false;
    }
    --evaluations_;
  }

  /// A line that is none of a recipe; all but conditionals end the rule before it.
  void read_line(const LogicalLine& line) {
    const std::string text = without_make_comment(line.text);
    std::string_view rest = make_trimmed(text);
    if (rest.empty()) return;
    if (conditionals_.read(rest, variables_)) return;
    open_rule_ = false;
    const std::vector<std::string> words = make_words(rest);
    if (words[0] == "undefine") return;
    const bool never = conditionals_.here() == Counts::never;
    if (words[0] == "include" || words[0] == "-include" || words[0] == "sinclude") {
      if (never) return;
      for (std::size_t i = 1; i < words.size(); ++i) file_.includes.push_back(variables_.expand(words[i]));
      if (file_.default_target.empty()) file_.early_includes = file_.includes.size();
      return;
    }
    while (rest.starts_with("export ") || rest.starts_with("override ") || rest.starts_with("unexport ") ||
           rest.starts_with("private "))
      rest = make_trimmed(rest.substr(rest.find(' ')));
    if (rest.starts_with("define ") && words.size() > 1) {
      definition_ = make_words(rest.substr(7)).front();
      variables_[definition_].clear();
      return;
    }
    if (rest.starts_with("$(eval ") || rest.starts_with("$(foreach ")) return read_evaluated(rest, line.line);
    if (read_assignment(rest, never)) return;
    read_rule(rest, line.line);
  }

  /// Of the values that the branches of a conditional give, one that is told counts, not one that must be looked up.
  bool keeps_value_of_earlier_branch(const std::string& name, const std::string& value) {
    if (!conditionals_.sets_again(name)) return false;
    const auto is_told = [this](const std::string& text) {
      return variables_.expand(text).find('$') == std::string::npos;
    };
    const auto kept = variables_.find(name);
    return kept != variables_.end() && !kept->second.empty() && is_told(kept->second) && !is_told(value);
  }

  void read_definition(const std::string& text) {
    if (make_trimmed(text) == "endef") {
      definition_.clear();
      return;
    }
    std::string& value = variables_[definition_];
    if (!value.empty()) value += '\n';
    if (value.size() < MakeVariables::maximum_length) value += text;
  }

  /// The place of the first of these characters outside `$( )`.
  static std::size_t find_outside(std::string_view text, std::string_view wanted) {
    int open = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i] == '(' || text[i] == '{') ++open;
      if (text[i] == ')' || text[i] == '}') --open;
      if (open <= 0 && wanted.find(text[i]) != std::string_view::npos) return i;
    }
    return std::string_view::npos;
  }

  /// False for a line that is no assignment; one that `never` counts sets nothing.
  bool read_assignment(std::string_view text, bool never) {
    const std::size_t equals = find_outside(text, "=");
    if (equals == std::string_view::npos || equals == 0) return false;
    const std::size_t colon = find_outside(text, ":");
    std::size_t name_end = equals;
    while (name_end > 0 && std::string_view(":?+!").find(text[name_end - 1]) != std::string_view::npos) --name_end;
    // `target: VAR = x` is a rule.
    if (colon < name_end) return false;
    const std::string_view op = text.substr(name_end, equals - name_end);
    const std::string name = variables_.expand(make_trimmed(text.substr(0, name_end)));
    const std::string value(make_trimmed(text.substr(equals + 1)));
    if (name.empty() || name.find_first_of(" \t") != std::string::npos) return false;
    if (never || variables_.is_given(name)) return true;
    if (keeps_value_of_earlier_branch(name, op == "!" ? "$" : value)) return true;
    if (op == "!") {
      variables_.erase(name);
    } else if (op == "+") {
      std::string& kept = variables_[name];
      if (kept.size() + value.size() < MakeVariables::maximum_length) kept += kept.empty() ? value : " " + value;
    } else if (op != "?" || variables_.count(name) == 0) {
      if (op == "?")
        variables_.note_default(name);
      else
        variables_.note_assignment(name);
      // What is set at once sees itself as it was, and nothing where it was not set.
      std::string& kept = variables_[name];
      kept = op.starts_with(':') ? variables_.expand(value) : value;
    }
    return true;
  }

  void read_rule(std::string_view text, std::uint32_t line) {
    const std::size_t colon = find_outside(text, ":");
    if (colon == std::string_view::npos) return;
    std::string_view rest = text.substr(colon + 1);
    const bool double_colon = rest.starts_with(':');
    if (double_colon) rest.remove_prefix(1);
    const std::vector<std::string> names = make_words(variables_.expand(make_trimmed(text.substr(0, colon))));
    std::optional<std::string_view> inline_recipe;
    if (const std::size_t semicolon = find_outside(rest, ";"); semicolon != std::string_view::npos) {
      inline_recipe = make_trimmed(rest.substr(semicolon + 1));
      rest = rest.substr(0, semicolon);
    }
    open_rule_ = true;
    rules_.push_back({});
    rules_.back().adds = double_colon || conditionals_.open();
    const bool sets_variable = find_outside(rest, "=") != std::string_view::npos;
    // A static pattern rule: `objects: %.o: %.c`.
    if (const std::size_t second = find_outside(rest, ":"); second != std::string_view::npos && !sets_variable)
      rest = rest.substr(second + 1);
    std::vector<std::string> prerequisites;
    const Counts counts = conditionals_.here();
    if (!sets_variable && counts != Counts::never)
      for (std::string& word : make_words(variables_.expand(make_trimmed(rest))))
        if (word != "|") prerequisites.push_back(std::move(word));
    for (const std::string& name : names) {
      add_target(name, prerequisites, line, sets_variable);
      if (sets_variable && counts != Counts::never) note_variable(name, make_trimmed(rest));
    }
    if (inline_recipe) rules_.back().lines.push_back({std::string(*inline_recipe), line, counts});
  }

  /// `release: ENVIRONMENT = production`: what the recipe of one target sees.
  void note_variable(const std::string& target, std::string_view text) {
    for (const std::string_view word : {"export ", "override ", "private "})
      if (text.starts_with(word)) text = make_trimmed(text.substr(word.size()));
    const std::size_t equals = text.find('=');
    std::size_t end = equals;
    while (end > 0 && std::string_view(":?+! \t").find(text[end - 1]) != std::string_view::npos) --end;
    const std::string name(text.substr(0, end));
    if (equals > 0 && text[equals - 1] == '+') return;
    const bool yields = equals > 0 && text[equals - 1] == '?';
    if (yields && (variables_.is_given(name) || variables_.count(name) != 0)) return;
    if (!name.empty()) specific_[target][name] = std::string(make_trimmed(text.substr(equals + 1)));
  }

  void add_target(const std::string& name, const std::vector<std::string>& prerequisites, std::uint32_t line,
                  bool sets_variable) {
    if (name == ".ONESHELL") one_shell_ = true;
    if (name == ".PHONY") phony_.insert(prerequisites.begin(), prerequisites.end());
    if (name == ".IGNORE") {
      ignored_.insert(prerequisites.begin(), prerequisites.end());
      if (prerequisites.empty()) file_.ignores_errors = true;
    }
    const bool special = name.size() > 1 && name[0] == '.' && name[1] >= 'A' && name[1] <= 'Z';
    if (special || sets_variable) return;
    const auto known = places_.find(name);
    if (known == places_.end()) {
      places_.emplace(name, file_.targets.size());
      rules_.back().targets.push_back(file_.targets.size());
      file_.targets.push_back({name, prerequisites, {}, line, false});
      if (file_.default_target.empty() && !name.starts_with('.') && name.find('%') == std::string::npos)
        file_.default_target = name;
      return;
    }
    rules_.back().targets.push_back(known->second);
    std::vector<std::string>& kept = file_.targets[known->second].prerequisites;
    kept.insert(kept.end(), prerequisites.begin(), prerequisites.end());
  }

  void finish() {
    for (const auto& [name, value] : variables_) {
      Word word;
      word.text = value;
      word.dynamic = value.find('$') != std::string::npos;
      file_.variables.push_back({name, std::move(word)});
    }
    file_.asked = conditionals_.asked();
    if (const auto goal = variables_.find(".DEFAULT_GOAL"); goal != variables_.end())
      file_.default_target = goal->second;
    if (const auto flags = variables_.find("MAKEFLAGS"); flags != variables_.end()) read_flags(flags->second);
    read_shell_flags();
    variables_.enter_recipes();
    for (const Rule& rule : rules_)
      for (const std::size_t place : rule.targets) read_recipe(rule, file_.targets[place]);
    for (MakeTarget& target : file_.targets) {
      target.phony = phony_.count(target.name) > 0;
      conclude(target);
    }
  }

  /// Among letters such as `-kn`, one by which nothing runs or no failure counts; what follows a letter that takes a
  /// value (`-j$(nproc)`) is none.
  static bool has_idle_letter(std::string_view word) {
    constexpr std::string_view idle = "int", valued = "CEIOWfjlo";
    for (const char c : word.substr(word.starts_with('-') ? 1 : 0)) {
      if (idle.find(c) != std::string_view::npos) return true;
      if (valued.find(c) != std::string_view::npos || std::isalpha(static_cast<unsigned char>(c)) == 0) return false;
    }
    return false;
  }

  void read_flags(std::string_view flags) {
    bool first = true;
    for (const std::string& word : make_words(flags)) {
      const bool letters = (word.starts_with('-') && !word.starts_with("--")) ||
                           (first && word.find('=') == std::string::npos && word[0] != '-');
      const bool nothing_runs = text::is_one_of(word, {"--dry-run", "--just-print", "--recon", "--touch"});
      if (word == "--ignore-errors" || nothing_runs || (letters && has_idle_letter(word))) file_.ignores_errors = true;
      first = false;
    }
  }

  /// A program that takes a recipe for words to say, not to run.
  static bool runs_nothing(std::string_view shell) {
    return text::is_one_of(text::base_name(shell), {"true", ":", "echo", "printf", "cat"});
  }

  void read_shell_flags() {
    for (const std::string_view name : {".SHELLFLAGS", "SHELL"}) {
      const auto flags = variables_.find(name);
      if (flags == variables_.end()) continue;
      const auto words = make_words(flags->second);
      if (name == "SHELL" && !words.empty() && runs_nothing(words.front())) file_.ignores_errors = true;
      for (const std::string& word : words) {
        if (word.starts_with('-') && !word.starts_with("--") && word.find('e') != std::string::npos)
          shell_.errexit = true;
        if (word == "pipefail") shell_.pipefail = true;
      }
    }
  }

  struct Prefix {
    bool ignore = false;
  };

  /// Takes `-`, `@` and `+` off the start of a recipe line.
  static Prefix take_prefix(std::string_view& text) {
    Prefix prefix;
    while (!text.empty() && std::string_view("-@+ \t").find(text[0]) != std::string_view::npos) {
      prefix.ignore = prefix.ignore || text[0] == '-';
      text.remove_prefix(1);
    }
    return prefix;
  }

  void read_recipe(const Rule& rule, MakeTarget& target) {
    const auto specific = specific_.find(target.name);
    MakeVariables outer;
    if (specific != specific_.end()) {
      outer = variables_;
      for (const auto& [name, value] : specific->second) variables_[name] = value;
    }
    read_recipe_lines(rule, target);
    if (specific != specific_.end()) variables_ = std::move(outer);
  }

  void read_recipe_lines(const Rule& rule, MakeTarget& target) const {
    // Of several recipes for a target make keeps the last.
    if (!rule.adds && !rule.lines.empty()) target.recipe = {};
    const bool ignored = file_.ignores_errors || ignored_.count(target.name) > 0;
    std::string whole;
    bool whole_ignored = false;
    for (const RecipeLine& line : rule.lines) {
      const std::string expanded = variables_.expand(line.text);
      if (one_shell_) {
        if (line.counts == Counts::never) continue;
        std::string_view text = expanded;
        if (whole.empty()) whole_ignored = take_prefix(text).ignore;
        whole.append(text).append("\n");
        continue;
      }
      std::string_view written = line.text;
      take_prefix(written);
      const bool optional = line.counts == Counts::always && variables_.is_optional(written);
      for_each_line(expanded, [&](std::string_view text) {
        const Prefix prefix = take_prefix(text);
        append(target.recipe, text, {line.line, optional ? Counts::perhaps : line.counts, ignored || prefix.ignore});
      });
    }
    if (!whole.empty())
      append(target.recipe, whole, {rule.lines.front().line, rule.lines.front().counts, ignored || whole_ignored});
  }

  /// The lines that make runs one by one: a variable made by `define` may hold several.
  template <typename Visit>
  static void for_each_line(std::string_view text, const Visit& visit) {
    for (std::size_t start = 0; start < text.size();) {
      std::size_t end = std::min(text.find('\n', start), text.size());
      while (end < text.size() && end > 0 && text[end - 1] == '\\')
        end = std::min(text.find('\n', end + 1), text.size());
      visit(text.substr(start, end - start));
      start = end + 1;
    }
  }

  /// Where a piece of a recipe stands, and what make does with it.
  struct Place {
    std::uint32_t line = 0;
    Counts counts = Counts::always;
    bool ignored = false;  ///< its failure
  };

  void append(Script& recipe, std::string_view text, const Place& from) const {
    ShellOptions options = shell_;
    options.first_line = from.line;
    options.failures = failures_;
    Script part = parse_shell(text, options);
    const std::uint32_t offset = recipe.commands.empty() ? 0 : recipe.commands.back().context.pipeline + 1;
    for (Command& command : part.commands) {
      command.context.pipeline += offset;
      if (from.ignored && command.context.fatal) {
        command.context.fatal = false;
        command.context.masked = true;
      }
      command.context.conditional = command.context.conditional || from.counts == Counts::perhaps;
      if (from.counts == Counts::never) {
        command.context.unreachable = true;
        command.context.fatal = command.context.masked = false;
      }
      recipe.commands.push_back(std::move(command));
    }
    recipe.iterations.insert(recipe.iterations.end(), part.iterations.begin(), part.iterations.end());
    recipe.problems.insert(recipe.problems.end(), part.problems.begin(), part.problems.end());
  }

  static void conclude(MakeTarget& target) {
    const std::vector<Command>& commands = target.recipe.commands;
    target.recipe.forced_success =
        !commands.empty() && std::none_of(commands.begin(), commands.end(), [](const Command& command) {
          return command.context.fatal && can_fail(command);
        });
  }

  std::string_view text_;
  char recipe_prefix_ = '\t';
  Makefile file_;
  MakeVariables variables_;
  std::map<std::string, std::size_t, std::less<>> places_;
  std::set<std::string, std::less<>> ignored_, phony_;
  std::vector<Rule> rules_;
  MakeConditionals conditionals_;
  std::map<std::string, std::map<std::string, std::string>, std::less<>> specific_;  ///< variables of targets
  std::string definition_;
  unsigned evaluations_ = 0;
  bool open_rule_ = false, one_shell_ = false;
  Failures failures_;
  ShellOptions shell_;
};

}  // namespace

Makefile read_makefile(std::string_view text, Failures failures, const GivenVariables& given) {
  return MakefileReader(text, failures, given).read();
}

}  // namespace tollbar::document
