// Facts about go.mod and go.work: modules and toolchains that others take the place of. A newer version of the same is
// none.
#include <algorithm>
#include <cstdint>
#include <iterator>
#include <map>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "rule/checks/producers.h"
#include "text/line_diff.h"

namespace tollbar::rule {
namespace {

/// What is chosen for a module or as the toolchain.
struct Choice {
  std::string target, version;
  std::string written;
  std::uint32_t line = 0;
};

struct Module {
  std::string name;
  std::map<std::string, Choice> replaced;       ///< by the module's path, with its version where one is written
  std::map<std::string, std::string> required;  ///< versions by path
  std::map<std::string, Choice> toolchain;      ///< one at most, under ""
};

std::vector<std::string> words_of(std::string_view line) {
  std::istringstream in{std::string(line.substr(0, line.find("//")))};
  return {std::istream_iterator<std::string>(in), {}};
}

void read_replacement(const std::vector<std::string>& words, std::uint32_t line, Module& module) {
  const auto arrow = std::find(words.begin(), words.end(), "=>");
  if (arrow == words.begin() || arrow == words.end() || arrow + 1 == words.end()) return;
  const std::string key = arrow - words.begin() > 1 ? words[0] + " " + words[1] : words[0];
  std::string written;
  for (const auto& word : words) written += written.empty() ? word : " " + word;
  module.replaced[key] = {*(arrow + 1), arrow + 2 == words.end() ? std::string() : *(arrow + 2), written, line};
}

/// `go1.24.1-custom`: a version of the flavour `custom`.
Choice read_toolchain(const std::string& name, std::uint32_t line) {
  const auto dash = name.find('-');
  return {dash == std::string::npos ? std::string() : name.substr(dash), name.substr(0, dash), "toolchain " + name,
          line};
}

Module read_module(std::string_view text) {
  Module module;
  std::string block;
  for (const auto& line : text::split_lines(text)) {
    auto words = words_of(line.text);
    if (words.empty()) continue;
    const auto number = static_cast<std::uint32_t>(line.number);
    if (words.front() == ")") {
      block.clear();
    } else if (words.size() == 2 && words[1] == "(") {
      block = words.front();
    } else {
      const std::string directive = block.empty() ? words.front() : block;
      if (block.empty()) words.erase(words.begin());
      if (directive == "replace") read_replacement(words, number, module);
      if (directive == "module" && words.size() == 1) module.name = words[0];
      if (directive == "require" && words.size() > 1) module.required[words[0]] = words[1];
      if (directive == "toolchain" && words.size() == 1) module.toolchain[""] = read_toolchain(words[0], number);
    }
  }
  return module;
}

bool is_digit(char byte) {
  return byte >= '0' && byte <= '9';
}

/// Numbers by value, anything else by its bytes.
int compare_parts(std::string_view a, std::string_view b) {
  while (!a.empty() && !b.empty()) {
    const auto run = [](std::string_view text) {
      const bool digits = is_digit(text.front());
      const auto end = std::find_if(text.begin(), text.end(), [&](char byte) { return is_digit(byte) != digits; });
      return text.substr(0, static_cast<std::size_t>(end - text.begin()));
    };
    std::string_view x = run(a), y = run(b);
    a.remove_prefix(x.size());
    b.remove_prefix(y.size());
    if (is_digit(x.front()) && is_digit(y.front())) {
      x.remove_prefix(std::min(x.find_first_not_of('0'), x.size()));
      y.remove_prefix(std::min(y.find_first_not_of('0'), y.size()));
      if (x.size() != y.size()) return x.size() < y.size() ? -1 : 1;
    }
    if (const int order = x.compare(y); order != 0) return order;
  }
  return a.empty() ? (b.empty() ? 0 : -1) : 1;
}

/// By the rules of semantic versions: what stands behind `-` comes before the version itself.
bool is_lower(std::string_view a, std::string_view b) {
  const auto core = [](std::string_view version) { return version.substr(0, version.find_first_of("-+")); };
  if (const int order = compare_parts(core(a), core(b)); order != 0) return order < 0;
  const bool early_a = a.find('-') != std::string_view::npos, early_b = b.find('-') != std::string_view::npos;
  return early_a && early_b ? compare_parts(a, b) < 0 : early_a && !early_b;
}

/// The same target in a version that is not older.
bool only_newer(const std::map<std::string, Choice>& before, const std::string& key, const Choice& now) {
  const auto old = before.find(key);
  return old != before.end() && old->second.target == now.target && !is_lower(now.version, old->second.version);
}

/// `x v1 => x v2` with no version lower than the one required: a way to write a requirement.
bool is_requirement(const Module& before, const Module& after, const std::string& path, const Choice& now) {
  if (path.substr(0, path.find(' ')) != now.target || before.replaced.count(path) != 0) return false;
  const auto required = after.required.find(now.target);
  return required != after.required.end() && !is_lower(now.version, required->second);
}

/// Who publishes a module: its host, on those that many share with the owner there.
std::string_view publisher_of(std::string_view path) {
  static constexpr std::string_view shared[] = {"github.com/", "gitlab.com/",   "bitbucket.org/",
                                                "gopkg.in/",   "codeberg.org/", "gitee.com/"};
  const auto host = path.find('/');
  const bool many = std::any_of(std::begin(shared), std::end(shared),
                                [&](std::string_view prefix) { return path.starts_with(prefix); });
  return path.substr(0, many ? path.find('/', host + 1) : host);
}

/// A folder takes the place of a module that others publish.
bool is_local_copy(const Module& module, std::string_view path, const Choice& now) {
  const bool folder = now.version.empty() && (now.target.starts_with("./") || now.target.starts_with("../"));
  return folder && !module.name.empty() && publisher_of(path.substr(0, path.find(' '))) != publisher_of(module.name);
}

Fact module_fact(const FileChange& file, const char* kind, const Choice& choice) {
  Fact fact;
  fact.kind = kind;
  fact.path = file.path();
  fact.line = choice.line;
  fact.after = choice.written;
  fact.subject = choice.written;
  fact.attributes["found"] = choice.written;
  fact.attributes["target"] = choice.version.empty() ? choice.target : choice.target + " " + choice.version;
  return fact;
}

}  // namespace

void go_module_facts(Change& change, std::vector<Fact>& facts) {
  const auto kind = change.rules().kinds.index("go-module");
  for (auto& file : change.files()) {
    if (!kind || !file.kinds()[*kind] || !file.delta().after || file.delta().mode_only()) continue;
    const Module before = read_module(file.before_text()), after = read_module(file.after_text());
    for (const auto& [path, choice] : after.replaced) {
      if (only_newer(before.replaced, path, choice) || is_requirement(before, after, path, choice)) continue;
      facts.push_back(module_fact(file, "module-replaced", choice));
      facts.back().attributes["copy"] = is_local_copy(after, path, choice) ? "true" : "false";
    }
    for (const auto& [key, choice] : after.toolchain) {
      if (!only_newer(before.toolchain, key, choice)) facts.push_back(module_fact(file, "toolchain-chosen", choice));
    }
  }
}

}  // namespace tollbar::rule
