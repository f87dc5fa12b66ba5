// Facts about hooks that run before a commit or push (pre-commit, lefthook, husky): which no longer run, and whether CI
// relied on them.
#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "document/command_identity.h"
#include "reach/calls.h"
#include "rule/checks/producers.h"
#include "rule/matching.h"
#include "text/ascii.h"
#include "text/pattern.h"

namespace tollbar::rule {
namespace {

using document::Node;

/// Hooks that keep secrets and known vulnerabilities out; part of an id or of a command is enough.
constexpr std::string_view security_tools[] = {"gitleaks",
                                               "detect-secrets",
                                               "trufflehog",
                                               "bandit",
                                               "detect-private-key",
                                               "detect-aws-credentials",
                                               "ggshield",
                                               "talisman",
                                               "git-secrets",
                                               "semgrep",
                                               "checkov",
                                               "tfsec",
                                               "trivy",
                                               "zizmor",
                                               "ripsecrets",
                                               "secretlint",
                                               "kics",
                                               "pip-audit",
                                               "gosec",
                                               "tollbar"};

std::string_view security_tool(std::string_view text) {
  for (const auto tool : security_tools)
    if (text.find(tool) != std::string_view::npos) return tool;
  return {};
}

struct Hook {
  std::string path, text;
  std::uint32_t line = 0;
  std::string source = {};  ///< the repository that its program comes from
  std::string entry = {};   ///< what a hook of the repository's own runs; empty where another repository says
  std::vector<std::string> arguments = {};
};

/// By framework and name: `pre-commit ruff`, `lefthook pre-push/test`. Hooks that can no longer run by themselves are
/// left out.
struct Hooks {
  std::map<std::string, Hook> active;
  std::map<std::string, Hook> skipped;  ///< entries of `ci.skip` and lefthook's `skip`
};

/// `[manual]`, and nothing else.
bool only_by_hand(const Node* stages) {
  if (stages == nullptr) return false;
  const auto texts = stages->texts();
  return !texts.empty() &&
         std::all_of(texts.begin(), texts.end(), [](const std::string& stage) { return stage == "manual"; });
}

bool excludes_all(const Node* exclude) {
  if (exclude == nullptr) return false;
  const auto text = exclude->text();
  return text == "." || text == ".*" || text == "^" || text == "^.*" || text == "^.*$" || text == ".+" || text == "";
}

bool names_none(const Node* files) {
  if (files == nullptr) return false;
  const auto text = files->text();
  return text == "^$" || text == "$^" || text == "(?!)" || text == "a^" || text == "$.^";
}

bool says_never(const Node& hook) {
  if (const auto* skip = hook.get("skip"); skip != nullptr && skip->truth().value_or(false)) return true;
  const auto* exclude = hook.get("exclude");
  return only_by_hand(hook.get("stages")) || names_none(hook.get("files")) ||
         (exclude != nullptr && excludes_all(exclude));
}

/// `owner/name` of the repository that a program comes from; empty for the repository's own.
std::string source_of(const Node* repo) {
  static const text::Pattern address(R"(([\w.~-]+/[\w.-]+?)(?:\.git)?/?$)");
  if (repo == nullptr || repo->text() == "local" || repo->text() == "meta") return {};
  const auto match = address.find(repo->text());
  return match ? text::ascii_lower(*match->groups[1]) : std::string(repo->text());
}

void read_pre_commit(const Node& root, const std::string& path, Hooks& hooks) {
  const auto* repos = root.get("repos");
  if (repos == nullptr) return;
  const bool by_hand = only_by_hand(root.get("default_stages")) || says_never(root);
  for (const auto& repo : repos->items) {
    const auto* list = repo.get("hooks");
    if (list == nullptr) continue;
    const auto source = source_of(repo.get("repo"));
    for (const auto& hook : list->items) {
      const auto* id = hook.get("id");
      const bool runs = !says_never(hook) && (!by_hand || hook.get("stages") != nullptr);
      if (id == nullptr || !runs) continue;
      const auto* entry = hook.get("entry");
      const auto* arguments = hook.get("args");
      hooks.active["pre-commit " + std::string(id->text())] = {
          path,
          std::string(id->text()),
          id->line,
          source,
          std::string(entry != nullptr ? entry->text() : ""),
          arguments != nullptr ? arguments->texts() : std::vector<std::string>()};
    }
  }
  if (const auto* skip = root.get({"ci", "skip"}))
    for (const auto& item : skip->items)
      hooks.skipped["ci.skip " + std::string(item.text())] = {path, std::string(item.text()), item.line};
}

void read_lefthook(const Node& root, const std::string& path, Hooks& hooks) {
  for (const auto& [stage, body] : root.members) {
    if (!body.is_mapping() || says_never(body)) continue;
    const auto add = [&, stage_name = std::string(stage.text())](std::string_view name, const Node& hook) {
      if (says_never(hook)) return;
      const auto* run = hook.get("run");
      const auto text = run != nullptr ? shortened(run->text()) : std::string(name);
      hooks.active["lefthook " + stage_name + '/' + std::string(name.empty() ? std::string_view(text) : name)] = {
          path, text, hook.line};
    };
    for (const auto key : {"commands", "scripts"})
      if (const auto* list = body.get(key))
        for (const auto& [name, hook] : list->members) add(name.text(), hook);
    if (const auto* jobs = body.get("jobs"))
      for (const auto& job : jobs->items)
        add(job.get("name") != nullptr ? job.get("name")->text() : std::string_view{}, job);
  }
}

void read_husky(const std::vector<CommandPlace>& commands, const std::string& path, Hooks& hooks) {
  for (const auto& place : commands)
    if (const auto text = place.command.text(); !security_tool(text).empty())
      hooks.active["husky " + std::string(security_tool(text))] = {path, shortened(text), place.line};
}

void read_document(const document::Document& document, const std::string& path, Hooks& hooks) {
  for (const auto& root : document.roots) {
    read_pre_commit(root, path, hooks);
    if (path.find("lefthook") != std::string::npos) read_lefthook(root, path, hooks);
  }
}

/// Some check of the inventory runs this: the framework by its name, or a tool that took a hook's place.
bool runs_in_ci(const std::vector<reach::Check>& checks, std::string_view what) {
  return std::any_of(checks.begin(), checks.end(), [&](const reach::Check& check) {
    return check.enforced && !check.hollow && !check.hook &&
           (check.tool.find(what) != std::string::npos || check.identity.find(what) != std::string::npos);
  });
}

/// `ruff` and `ruff-check`: a hook that its authors renamed.
bool is_variant(std::string_view a, std::string_view b) {
  if (a.size() > b.size()) std::swap(a, b);
  return b.size() > a.size() && b.starts_with(a) && b[a.size()] == '-';
}

/// The entry runs the tool that the other hook is named after, with force: `uv run ruff format --check` for
/// `ruff-format`.
bool runs_tool(const reach::Knowledge& knowledge, std::string_view entry, std::string_view name) {
  const auto script = document::parse_shell(entry);
  if (script.commands.size() != 1 || name.empty()) return false;
  const auto words = reach::essential_words(script.commands.front());
  const auto* tool = knowledge.check_tool(script.commands.front());
  if (words.empty() || (tool != nullptr && !knowledge.disarming(tool, words, {}).why.empty())) return false;
  for (std::size_t begin = 0; begin <= name.size();) {
    const auto end = std::min(name.find('-', begin), name.size());
    const auto part = name.substr(begin, end - begin);
    const auto last = begin == 0 ? words.begin() + 1 : words.end();
    if (std::find(words.begin(), last, part) == last) return words.front() == name;
    begin = end + 1;
  }
  return true;
}

/// A job whose failure counts ran this hook. Where the pipelines tell which hooks they run - the framework's own file,
/// less what `SKIP` leaves out - that answers; else every hook runs with its framework.
bool ran_in_ci(const reach::Execution& execution, const std::vector<reach::Check>& checks, std::string_view framework,
               const Hook& hook) {
  if (framework == "husky") return false;
  bool told = false, runs = false;
  for (const auto& pipeline : execution.pipelines)
    for (const auto& step : pipeline->steps)
      for (const auto& executed : step.hooks) {
        told = told || executed.path == hook.path;
        runs = runs || (executed.path == hook.path && executed.id == hook.text && executed.fatal && step.enforced);
      }
  return told ? runs : runs_in_ci(checks, framework);
}

Fact about(const Hook& hook, const std::string& name, std::string kind) {
  Fact fact;
  fact.kind = std::move(kind);
  fact.path = hook.path;
  fact.subject = name;
  fact.attributes["hook"] = name;
  return fact;
}

class Comparison {
 public:
  Comparison(Change& change, const Hooks& before, const Hooks& after)
      : change_(change), before_(before), after_(after) {}

  void run(std::vector<Fact>& facts) {
    for (const auto& [name, hook] : before_.active)
      if (const auto now = after_.active.find(name); now == after_.active.end())
        removed(name, hook, facts);
      else if (hollowed(hook, now->second))
        removed(name, hook, facts);
      else if (!now->second.source.empty() && now->second.source != hook.source)
        comes_from_elsewhere(name, hook, now->second, facts);
    for (const auto& [name, hook] : after_.skipped) {
      if (before_.skipped.count(name) != 0) continue;
      auto fact = about(hook, name, "hook-skipped");
      fact.line = hook.line;
      fact.after = hook.text;
      facts.push_back(std::move(fact));
    }
  }

 private:
  /// The name stays, what it ran does not: another command without the scanner, one that does nothing or swallows its
  /// failure, or a flag by which the tool only reports.
  bool hollowed(const Hook& was, const Hook& is) const {
    if (fails_nothing(was)) return false;
    if (fails_nothing(is) || judges_no_more(was, is)) return true;
    const auto tool = security_tool(was.text);
    return was.text != is.text && !tool.empty() && security_tool(is.text) != tool;
  }

  /// A hook of the repository's own that still runs the program, in a way in which it is no tool that judges.
  bool judges_no_more(const Hook& was, const Hook& is) const {
    const auto then = document::parse_shell(was.entry).commands, now = document::parse_shell(is.entry).commands;
    if (then.size() != 1 || now.size() != 1) return false;
    const auto& knowledge = change_.knowledge();
    if (knowledge.check_tool(then.front()) == nullptr || knowledge.check_tool(now.front()) != nullptr) return false;
    const auto words = reach::essential_words(then.front()), others = reach::essential_words(now.front());
    return !others.empty() && reach::calls_of(others, false).empty() && words.front() == others.front();
  }

  bool fails_nothing(const Hook& hook) const {
    const auto& command = hook.entry.empty() ? hook.text : hook.entry;
    static const text::Pattern nothing(R"(^\s*(?:true\b[^;&|]*|:|:\s[^;&|]*|exit\s+0|echo\b[^;&|]*)\s*$)");
    if (nothing.matches(command)) return true;
    auto script = document::parse_shell(command);
    if (script.commands.size() > 1)
      return std::none_of(script.commands.begin(), script.commands.end(),
                          [](const auto& one) { return one.context.fatal && document::can_fail(one); });
    if (script.commands.size() != 1) return false;
    if (!document::can_fail(script.commands.front())) return true;
    auto words = reach::essential_words(script.commands.front());
    const auto* tool = change_.knowledge().check_tool(script.commands.front());
    if (tool == nullptr && hook.entry.empty()) tool = change_.knowledge().check_tool_named(hook.text);
    words.insert(words.end(), hook.arguments.begin(), hook.arguments.end());
    return tool != nullptr && !change_.knowledge().disarming(tool, words, {}).why.empty();
  }

  static void comes_from_elsewhere(const std::string& name, const Hook& was, const Hook& is, std::vector<Fact>& facts) {
    auto fact = about(is, name, "hook-source-changed");
    fact.line = is.line;
    fact.line_before = was.line;
    fact.before = was.source;
    fact.after = is.source;
    facts.push_back(std::move(fact));
  }

  void removed(const std::string& name, const Hook& hook, std::vector<Fact>& facts) {
    const auto tool = security_tool(hook.text);
    const auto still = [&](const auto& entry) {
      if (entry.first == name) return false;
      return entry.second.text == hook.text || (!tool.empty() && security_tool(entry.second.text) == tool) ||
             (before_.active.count(entry.first) == 0 && takes_over(entry.second, hook));
    };
    if (std::any_of(after_.active.begin(), after_.active.end(), still)) return;
    auto fact = about(hook, name, "hook-removed");
    fact.line_before = hook.line;
    fact.before = hook.text;
    const auto now = reach::inventory(change_.after_execution(), change_.knowledge());
    const bool replaced = runs_in_ci(now, tool.empty() ? std::string_view(hook.text) : tool) || succeeded(hook);
    const auto framework = name.substr(0, name.find(' '));
    const auto was = reach::inventory(change_.before_execution(), change_.knowledge());
    fact.attributes["security"] = !tool.empty() && !replaced ? "true" : "false";
    const bool ran = ran_in_ci(change_.before_execution(), was, framework, hook);
    fact.attributes["in_ci"] = ran && !replaced && !judged_what_is_gone(hook) ? "true" : "false";
    fact.attributes["judges"] = judges(hook) ? "true" : "false";
    facts.push_back(std::move(fact));
  }

  /// `bash -c "cd tools/inventory && tox"` of a folder that the tree does not hold any more.
  bool judged_what_is_gone(const Hook& hook) const {
    const auto script = document::parse_shell(hook.entry);
    const auto enters_nothing = [&](const document::Command& command) {
      return command.program() == "cd" && command.argv.size() == 2 && !command.argv[1].dynamic &&
             change_.went_away(command.argv[1].text, true);
    };
    return std::any_of(script.commands.begin(), script.commands.end(), enters_nothing);
  }

  /// A hook that others publish is there to judge; one of the repository's own may as well write something anew, unless
  /// its name or what it runs leaves no doubt.
  bool judges(const Hook& hook) const {
    const auto& knowledge = change_.knowledge();
    if (!hook.source.empty() || hook.entry.empty()) return true;
    if (knowledge.name_strength(hook.text) == reach::NameStrength::strong) return true;
    const auto is_known = [&](const reach::CheckTool* tool) { return tool && tool->kind != reach::CheckKind::build; };
    const auto commands = document::parse_shell(hook.entry).commands;
    return is_known(knowledge.check_tool_named(hook.text)) ||
           std::any_of(commands.begin(), commands.end(),
                       [&](const auto& command) { return is_known(knowledge.check_tool(command)); });
  }

  /// A hook that came does what the one that went did, under another name.
  bool takes_over(const Hook& now, const Hook& then) const {
    return is_variant(then.text, now.text) || (!then.entry.empty() && then.entry == now.entry) ||
           (!now.entry.empty() && runs_tool(change_.knowledge(), now.entry, then.text));
  }

  /// The tool that a hook is: by its name, by what it runs, or by what it wraps (`pyright-pretty`).
  const reach::CheckTool* tool_of(const Hook& hook) const {
    const auto& knowledge = change_.knowledge();
    if (const auto* tool = knowledge.check_tool_named(hook.text)) return tool;
    const auto commands = document::parse_shell(hook.entry).commands;
    if (!commands.empty()) return commands.size() == 1 ? knowledge.check_tool(commands.front()) : nullptr;
    const auto dash = hook.text.find('-');
    return dash == std::string::npos ? nullptr : knowledge.check_tool_named(hook.text.substr(0, dash));
  }

  /// A hook that stays or came judges what this one did.
  bool succeeded(const Hook& hook) const {
    const auto* lost = tool_of(hook);
    return lost != nullptr && std::any_of(after_.active.begin(), after_.active.end(), [&](const auto& entry) {
             const auto* heir = tool_of(entry.second);
             return heir != nullptr && change_.knowledge().succeeds(heir->name, lost->name) &&
                    !fails_nothing(entry.second);
           });
  }

  Change& change_;
  const Hooks& before_;
  const Hooks& after_;
};

}  // namespace

void hook_facts(Change& change, std::vector<Fact>& facts) {
  const auto& kinds = change.rules().kinds;
  const auto config = kinds.index("pre-commit"), husky = kinds.index("husky");
  Hooks before, after;
  for (auto& file : change.files()) {
    const bool is_config = config && file.kinds().test(*config), is_husky = husky && file.kinds().test(*husky);
    if ((!is_config && !is_husky) || file.delta().mode_only() || !file.unreadable(file.kinds()).empty()) continue;
    if (is_config && file.delta().after && file.after_document().broken())
      continue;  // judged by what reads it, not here
    if (is_config) {
      read_document(file.before_document(), file.path(), before);
      read_document(file.after_document(), file.path(), after);
    } else {
      read_husky(file.before_commands(), file.path(), before);
      read_husky(file.after_commands(), file.path(), after);
    }
  }
  Comparison(change, before, after).run(facts);
}

}  // namespace tollbar::rule
