// Answers from the tables: is this a check, what disarms it, what does it act on.
#include "reach/knowledge.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstddef>

#include "document/command_identity.h"
#include "document/toolchains.h"
#include "reach/defaults.h"
#include "reach/leading_words.h"
#include "reach/word_glob.h"
#include "text/ascii.h"

namespace tollbar::reach {
namespace {

using Words = std::vector<std::string>;
using text::is_digit;

constexpr std::array kKinds{
    std::pair{CheckKind::test, std::string_view("test")},   std::pair{CheckKind::lint, std::string_view("lint")},
    std::pair{CheckKind::types, std::string_view("types")}, std::pair{CheckKind::format, std::string_view("format")},
    std::pair{CheckKind::scan, std::string_view("scan")},   std::pair{CheckKind::audit, std::string_view("audit")},
    std::pair{CheckKind::build, std::string_view("build")},
};

/// `python manage.py test`, `php artisan test`: the tool is a program in another's language.
bool interprets(const Words& words) {
  constexpr std::array<std::string_view, 7> kInterpreters{"python", "python3", "node", "ruby", "php", "perl", "bash"};
  return words.size() > 1 && !words[1].starts_with('-') &&
         std::find(kInterpreters.begin(), kInterpreters.end(), words.front()) != kInterpreters.end();
}

Words without_interpreter(const Words& words) {
  Words rest(words.begin() + 1, words.end());
  rest.front().erase(0, rest.front().rfind('/') + 1);
  return rest;
}

bool any_leads(const std::vector<Words>& patterns, const Words& plain) {
  return std::any_of(patterns.begin(), patterns.end(),
                     [&](const Words& pattern) { return leads(pattern, plain, false); });
}

/// `coverage run -m pytest` runs pytest.
void strip_measuring(Words& words) {
  if (words.size() < 3 || words[0] != "coverage" || words[1] != "run") return;
  const auto module = std::find(words.begin(), words.end(), "-m");
  if (module != words.end() && module + 1 != words.end()) words.erase(words.begin(), module + 1);
}

/// Where `run` or `exec` stands behind the client's own options; the end where it is asked for something else.
Words::const_iterator container_command(const Words& words) {
  constexpr std::array<std::string_view, 20> kValued{
      "-f",     "--file",      "-p",         "--project-name", "--profile", "--env-file", "--project-directory",
      "--ansi", "-H",          "--host",     "--parallel",     "--context", "-c",         "--config",
      "-l",     "--log-level", "--progress", "--tlscacert",    "--tlscert", "--tlskey"};
  for (auto word = words.begin() + 1; word != words.end(); ++word) {
    if (*word == "run" || *word == "exec") return word;
    const bool is_valued = std::find(kValued.begin(), kValued.end(), *word) != kValued.end();
    if (is_valued && ++word == words.end()) return words.end();
    if (!is_valued && !word->starts_with('-') && *word != "compose" && *word != "container") return words.end();
  }
  return words.end();
}

/// Where in `docker compose run --rm app pytest` and `docker run -v x:y image pytest` the service or image stands; the
/// number of words where it stands nowhere.
std::size_t container_of(const Words& words) {
  if (words.empty() || (words[0] != "docker" && words[0] != "podman" && words[0] != "docker-compose"))
    return words.size();
  constexpr std::array<std::string_view, 22> kValued{
      "-e",      "--env",      "-u",     "--user",       "-w",        "--workdir",  "-v", "--volume",
      "-p",      "--publish",  "--name", "--entrypoint", "--network", "--platform", "-l", "--label",
      "--mount", "--env-file", "-m",     "--memory",     "-f",        "--file"};
  auto run = container_command(words);
  if (run == words.end()) return words.size();
  // `docker run $tty --rm image`: options may come in a variable.
  const auto holds_options = [&](Words::const_iterator word) {
    return word->starts_with('$') && word + 1 != words.end() && (word + 1)->starts_with("--");
  };
  for (++run; run != words.end() && (run->starts_with('-') || holds_options(run)); ++run) {
    if (std::find(kValued.begin(), kValued.end(), *run) != kValued.end() && ++run == words.end()) return words.size();
  }
  return static_cast<std::size_t>(run - words.begin());
}

/// What runs in a container is what it is called with: pytest.
void strip_container(Words& words) {
  const auto at = container_of(words);
  if (at + 1 < words.size()) words.erase(words.begin(), words.begin() + static_cast<std::ptrdiff_t>(at) + 1);
}

/// `docker run zricethezav/gitleaks:v8 detect` calls what the image is named after; empty for other commands.
Words words_of_image(const document::Command& command) {
  const auto is_client = [](const document::Word& word) {
    return word.text == "docker" || word.text == "podman" || word.text == "docker-compose";
  };
  if (std::none_of(command.argv.begin(), command.argv.end(), is_client)) return {};  // nearly always
  Words words;
  for (const auto& word : document::essential(command)) words.push_back(word.text);
  const auto at = container_of(words);
  if (at >= words.size() || words[1] != "run") return {};
  words.erase(words.begin(), words.begin() + static_cast<std::ptrdiff_t>(at));
  std::string& image = words.front();
  image.erase(0, image.rfind('/') + 1);
  image.erase(std::min(image.find_first_of(":@"), image.size()));
  return words;
}

bool truthy(std::string_view value) {
  const std::string lower = folded(value);
  constexpr std::array<std::string_view, 6> kFalse{"", "0", "false", "no", "off", "none"};
  return std::find(kFalse.begin(), kFalse.end(), lower) == kFalse.end();
}

/// A variable switches a tool off when it holds anything, `NAME!=GLOB` anything but that.
bool switches_tool_off(const Words& switches, std::string_view name, std::string_view value) {
  return truthy(value) && std::any_of(switches.begin(), switches.end(), [&](const std::string& entry) {
           const auto except = entry.find("!=");
           if (except == std::string::npos) return word_matches(entry, name);
           return word_matches(entry.substr(0, except), name) && !word_matches(entry.substr(except + 2), value);
         });
}

/// The kind a switch is about, where its name says one: `SKIP_TESTS`, `SECRET_DETECTION_DISABLED`.
bool concerns(std::string_view name, CheckKind kind) {
  struct Hint {
    std::string_view word;
    CheckKind kind;
  };
  constexpr std::array<Hint, 8> kHints{{{"TEST", CheckKind::test},
                                        {"LINT", CheckKind::lint},
                                        {"FORMAT", CheckKind::format},
                                        {"AUDIT", CheckKind::audit},
                                        {"SAST", CheckKind::scan},
                                        {"SCAN", CheckKind::scan},
                                        {"DETECTION", CheckKind::scan},
                                        {"TYPE", CheckKind::types}}};
  bool says = false;
  for (const auto& hint : kHints) {
    if (name.find(hint.word) == std::string_view::npos) continue;
    if (hint.kind == kind) return true;
    says = true;
  }
  return !says;
}

bool is_upper(char byte) {
  return std::isupper(static_cast<unsigned char>(byte)) != 0;
}
bool is_alnum(char byte) {
  return std::isalnum(static_cast<unsigned char>(byte)) != 0;
}
/// Words of a name in lower case: split at everything that is no letter or digit, and inside camelCase; `test2` is
/// `test`, `e2e` stays.
Words name_words(std::string_view name) {
  Words words;
  std::string word;
  const auto flush = [&] {
    while (!word.empty() && is_digit(word.back())) word.pop_back();
    if (!word.empty()) words.push_back(folded(word));
    word.clear();
  };
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (name.substr(i).starts_with("${{")) {  // what an expression says is no word of the name
      flush();
      const auto end = name.find("}}", i);
      if (end == std::string_view::npos) break;
      i = end + 1;
      continue;
    }
    if (!is_alnum(name[i])) {
      flush();
      continue;
    }
    const bool hump = is_upper(name[i]) && i > 0 && is_alnum(name[i - 1]) && !is_upper(name[i - 1]);
    if (hump) flush();
    word.push_back(name[i]);
  }
  flush();
  return words;
}

/// `gofmt -l .` of `test -z "$(gofmt -l .)"`: a tool that names what is wrong, and a test that it names nothing.
std::string tested_output(const Words& words) {
  if (words.size() < 3 || (words[0] != "test" && words[0] != "[" && words[0] != "[[") || words[1] != "-z") return {};
  const std::string& output = words[2];
  return output.starts_with("$(") && output.ends_with(')') ? output.substr(2, output.size() - 3) : std::string();
}

}  // namespace

std::string_view to_string(CheckKind kind) {
  for (const auto& [value, name] : kKinds) {
    if (value == kind) return name;
  }
  return "unknown";
}

std::optional<CheckKind> parse_check_kind(std::string_view text) {
  for (const auto& [value, name] : kKinds) {
    if (name == text) return value;
  }
  return std::nullopt;
}

std::vector<std::string> essential_words(const document::Command& command) {
  Words words;
  for (const auto& word : document::essential(command)) words.push_back(word.text);
  strip_measuring(words);
  strip_container(words);
  if (words.empty()) return words;
  std::string& program = words.front();
  program.erase(0, program.rfind('/') + 1);
  // `eslint@9` as runners allow it.
  if (const auto version = program.find('@'); version != 0 && version != std::string::npos) program.erase(version);
  program.erase(document::without_toolchain_version(program).size());
  return words;
}

namespace {

/// The repository of an action, where its name says what it does whoever keeps it; else empty.
std::string_view telling_name(std::string_view uses) {
  constexpr std::size_t telling = 8;
  const auto slash = uses.find('/');
  if (slash == std::string_view::npos || uses.find('/', slash + 1) != std::string_view::npos) return {};
  const auto name = uses.substr(slash + 1);
  const bool plain = name.find_first_of("*?{[") == std::string_view::npos;
  return plain && name.size() >= telling && name.find('-') != std::string_view::npos ? name : std::string_view{};
}

}  // namespace

void Knowledge::index_tools() {
  check_index_ = {};
  effect_index_ = {};
  check_action_index_ = {};
  effect_action_index_ = {};
  switch_index_.emplace(skip_switches);
  name_index_.clear();
  for (const auto& word : check_words) name_index_[word].check = true;
  for (const auto& word : strong_check_words) name_index_[word].strong = true;
  for (const auto& word : preparing_words) name_index_[word].preparing = true;
  check_action_names_.clear();
  for (std::size_t i = 0; i < check_actions.size(); ++i) {
    check_action_index_.add(folded(check_actions[i].uses), i);
    if (const auto name = telling_name(check_actions[i].uses); !name.empty())
      check_action_names_.emplace(folded(name), i);
  }
  for (std::size_t i = 0; i < effect_actions.size(); ++i) effect_action_index_.add(folded(effect_actions[i].uses), i);
  for (std::size_t i = 0; i < check_tools.size(); ++i)
    check_index_.add(check_tools[i].words.empty() ? "*" : check_tools[i].words.front(), i);
  for (std::size_t i = 0; i < effect_tools.size(); ++i)
    effect_index_.add(effect_tools[i].words.empty() ? "*" : effect_tools[i].words.front(), i);
}

const CheckTool* Knowledge::check_tool(const document::Command& command) const {
  const Words words = essential_words(command);
  if (const CheckTool* tool = check_tool(words)) return tool;
  if (const CheckTool* tool = check_tool(words_of_image(command))) return tool;
  if (const auto printed = tested_output(words); !printed.empty()) {
    const auto inner = document::parse_shell(printed);
    return inner.commands.empty() ? nullptr : check_tool(essential_words(inner.commands.front()));
  }
  return interprets(words) ? check_tool(without_interpreter(words)) : nullptr;
}

const CheckTool* Knowledge::check_tool(const Words& words) const {
  if (words.empty()) return nullptr;
  const Words plain = plain_words(words, value_flags);
  const CheckTool* best = nullptr;
  for (const auto number : candidates(check_index_, check_tools.size(), plain)) {
    const auto& tool = check_tools[number];
    if (best && tool.words.size() <= best->words.size()) continue;
    if (!leads(tool.words, plain, tool.anywhere)) continue;
    if (!tool.requires_any.empty() && !holds_any(tool.requires_any, words)) continue;
    if (!tool.unless_any.empty() && holds_any(tool.unless_any, words)) continue;
    best = &tool;
  }
  return best;
}

const CheckTool* Knowledge::check_tool_named(std::string_view name) const {
  std::string spaced(name);
  std::replace(spaced.begin(), spaced.end(), '-', ' ');
  const auto find = [&](auto fits) -> const CheckTool* {
    const auto found = std::find_if(check_tools.begin(), check_tools.end(), fits);
    return found == check_tools.end() ? nullptr : &*found;
  };
  if (const auto* tool = find([&](const CheckTool& one) { return one.name == name || one.name == spaced; }))
    return tool;
  return find([&](const CheckTool& one) { return !one.words.empty() && word_matches(one.words.front(), name); });
}

bool Knowledge::succeeds(std::string_view after, std::string_view before) const {
  const auto known = successors.find(std::string(after));
  return known != successors.end() &&
         std::find(known->second.begin(), known->second.end(), before) != known->second.end();
}

const CheckAction* Knowledge::check_action(std::string_view uses) const {
  for (const auto number : candidates(check_action_index_, check_actions.size(), {folded(uses)}))
    if (word_matches_folded(check_actions[number].uses, uses)) return &check_actions[number];
  // A fork does the same: `rustsec/cargo-deny-action` of `EmbarkStudios/cargo-deny-action`.
  const auto fork = check_action_names_.find(folded(telling_name(uses)));
  return fork == check_action_names_.end() ? nullptr : &check_actions[fork->second];
}

Disarming Knowledge::disarming(const CheckTool* tool, const std::vector<std::string>& arguments,
                               const std::map<std::string, std::string>& env) const {
  Disarming result;
  for (const auto& [name, value] : env) {
    if (is_itself(name, value)) continue;
    const bool own = tool && switches_tool_off(tool->switches, name, value);
    if (own || switches_off(tool ? tool->kind : CheckKind::test, name, value)) result.why = name + ": " + value;
  }
  if (!tool) return result;
  if (arguments.size() == 2 && arguments[1] == "version" && tool->kind != CheckKind::build) result.why = "version";
  const auto dashes =
      tool->hands_on_to == "itself" ? arguments.end() : std::find(arguments.begin(), arguments.end(), "--");
  Words own(arguments.begin(), dashes);
  const Words handed_on(dashes, arguments.end());
  for (const auto& name : tool->options_from) {
    const auto found = env.find(name);
    if (found == env.end()) continue;
    const Words more = split_words(found->second);
    own.insert(own.end(), more.begin(), more.end());
  }
  const auto judge = [&](const CheckTool& by, const Words& words) {
    if (std::string flag = find_flag(by.disarming, words); !flag.empty()) result.why = std::move(flag);
    if (std::string flag = find_flag(common_disarming, words); !flag.empty()) result.why = std::move(flag);
    for (auto& flag : find_flags(by.narrowing, words)) result.narrowing.push_back(std::move(flag));
  };
  judge(*tool, own);
  if (tool->hands_on_to == "pytest") {  // `nox -s setup-data`: what the environment is called says what it is for
    for (const auto& flag : result.narrowing) {
      const auto value = flag.find_first_of(" =");
      if (value != std::string::npos && names_preparation(flag.substr(value + 1))) result.why = flag;
    }
  }
  if (handed_on.empty() || tool->hands_on_to.empty()) return result;
  if (const CheckTool* next = check_tool_named(tool->hands_on_to)) judge(*next, handed_on);
  return result;
}

std::vector<std::string> Knowledge::force(const CheckTool& tool, const std::vector<std::string>& arguments,
                                          const std::map<std::string, std::string>& env) const {
  std::vector<std::string> flags, found;
  for (const auto& word : tool.force) {
    if (word.starts_with('-'))
      flags.push_back(word);
    else if (env.count(word) != 0)
      found.push_back(word);
  }
  for (auto& flag : find_flags(flags, arguments)) found.push_back(std::move(flag));
  return found;
}

std::string Knowledge::disarming(const CheckAction& action, const std::map<std::string, std::string>& with) const {
  for (const auto& [input, glob] : action.disarming) {
    const auto found = with.find(input);
    if (found != with.end() && word_matches_folded(glob, found->second)) return input + ": " + found->second;
  }
  return {};
}

bool Knowledge::switches_off(CheckKind kind, std::string_view name, std::string_view value) const {
  if (name.empty() || value.empty() || !concerns(name, kind)) return false;
  const auto entry = (truthy(value) ? "" : "!") + std::string(name);
  return switch_index_ ? switch_index_->matches(entry) : any_word_matches(skip_switches, entry);
}

bool Knowledge::is_setup(const document::Command& command) const {
  const auto essential = document::essential(command);
  Words words = essential_words(command);
  if (words.empty() || words.size() > essential.size()) return words.empty();
  // What a computed text runs cannot be told.
  if (words.front() == "eval" && essential.size() > 1 && essential[1].dynamic) return false;
  // `./test` is a file of the tree and not the shell's `test`.
  if (essential.front().text.find('/') != std::string::npos && words.front() != "env")
    words.front() = "./" + words.front();
  return any_leads(setup_tools, plain_words(words, value_flags));
}

bool Knowledge::halts(const document::Command& command) const {
  return any_leads(halting_tools, plain_words(essential_words(command), value_flags));
}

Knowledge::NameSays Knowledge::said_by(std::string_view name) const {
  NameSays said;
  for (const auto& word : name_words(name)) {
    const auto known = name_index_.find(word);
    if (known == name_index_.end()) continue;
    said.check |= known->second.check;
    said.strong |= known->second.strong;
    said.preparing |= known->second.preparing;
  }
  return said;
}

bool Knowledge::names_a_check(std::string_view name) const {
  return said_by(name).check;
}

NameStrength Knowledge::name_strength(std::string_view name) const {
  const auto said = said_by(name);
  if (said.strong && !said.preparing) return NameStrength::strong;
  return said.check || said.strong ? NameStrength::weak : NameStrength::none;
}

bool Knowledge::may_prepare(std::string_view name) const {
  return said_by(name).preparing;
}

bool Knowledge::names_preparation(std::string_view name) const {
  const auto said = said_by(name);
  return said.preparing && !said.check && !said.strong;
}

bool Knowledge::is_hosted(std::string_view runner_label) const {
  return std::any_of(hosted_runners.begin(), hosted_runners.end(),
                     [&](const auto& glob) { return word_matches_folded(glob, runner_label); });
}

bool Knowledge::is_long_lived(std::string_view credential) const {
  return std::any_of(long_lived_keys.begin(), long_lived_keys.end(),
                     [&](const auto& glob) { return word_matches_folded(glob, credential); });
}

bool Knowledge::is_credential_of(std::string_view system, std::string_view name, std::string_view bound_to) const {
  const auto known = std::find_if(system_credentials.begin(), system_credentials.end(),
                                  [&](const SystemCredentials& one) { return one.system == system; });
  if (known == system_credentials.end()) return true;
  return std::any_of(known->names.begin(), known->names.end(), [&](const std::string& glob) {
    return word_matches_folded(glob, name) || word_matches_folded(glob, bound_to);
  });
}

}  // namespace tollbar::reach
