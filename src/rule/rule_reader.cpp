// Rule files: the rule itself and its matchers.
#include "rule/rule_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "rule/checks.h"
#include "rule/line_proofs.h"
#include "util/error.h"

namespace tollbar::rule {

using document::Node;

void RuleFile::fail(const Node& node, std::string_view problem) const {
  throw util::UsageError(fmt::format("{}:{}: {}", file_, node.line, problem));
}

std::string RuleFile::text(const Node& node) const {
  if (!node.is_scalar() || node.text().empty()) fail(node, "a text is wanted here");
  return std::string(node.text());
}

void RuleFile::read_keys(const Node& node, const Keys& keys) const {
  if (!node.is_mapping()) fail(node, "a mapping is wanted here");
  std::set<std::string_view> seen;
  for (const auto& [key, value] : node.members) {
    const auto reader = keys.find(key.text());
    if (reader == keys.end()) {
      std::vector<std::string_view> known;
      for (const auto& entry : keys) known.push_back(entry.first);
      fail(key, fmt::format("unknown key `{}`; known here: {}", key.text(), fmt::join(known, ", ")));
    }
    if (!seen.insert(key.text()).second) fail(key, fmt::format("key `{}` stands twice", key.text()));
    reader->second(value);
  }
}

text::Pattern RuleFile::pattern(const Node& node) const {
  text::Pattern result(text(node));
  if (reading_ != Reading::full) return result;
  try {
    result.check();
  } catch (const util::UsageError& error) {
    fail(node, error.what());
  }
  return result;
}

std::vector<text::Pattern> RuleFile::patterns(const Node& node) const {
  std::vector<text::Pattern> result;
  if (node.is_scalar()) result.push_back(pattern(node));
  for (const auto& item : node.items) result.push_back(pattern(item));
  return result;
}

TextTest RuleFile::text_test(const Node& node) const {
  TextTest test;
  if (!node.is_mapping()) {
    test.any_of = node.texts();
    if (test.any_of.empty() && !node.is_scalar())
      fail(node, "a glob, a list of globs or {pattern: ...} is wanted here");
    if (node.is_scalar() && node.text().empty()) test.any_of = {""};
    return test;
  }
  read_keys(node, {{"any_of", [&](const Node& value) { test.any_of = value.texts(); }},
                   {"pattern", [&](const Node& value) { test.pattern = pattern(value); }},
                   {"not_pattern", [&](const Node& value) { test.not_pattern = pattern(value); }}});
  return test;
}

std::vector<std::uint8_t> RuleFile::kinds(const Node& node) const {
  std::vector<std::uint8_t> result;
  for (const auto& name : node.texts()) {
    const auto index = kinds_.index(name);
    if (!index) fail(node, fmt::format("unknown kind of file `{}`", name));
    result.push_back(*index);
  }
  return result;
}

FileTest RuleFile::file_test(const Node& node) const {
  FileTest test;
  const auto globs = [](std::vector<text::Glob>& into) {
    return [&into](const Node& value) {
      for (const auto& glob : value.texts()) into.emplace_back(glob);
    };
  };
  read_keys(node, {{"kinds", [&](const Node& value) { test.kinds = kinds(value); }},
                   {"not_kinds", [&](const Node& value) { test.not_kinds = kinds(value); }},
                   {"paths", globs(test.paths)},
                   {"not_paths", globs(test.not_paths)},
                   {"kept", [&](const Node& value) { test.kept = value.truth().value_or(false); }},
                   {"stays", [&](const Node& value) { test.stays = value.truth().value_or(false); }}});
  return test;
}

FactMatch RuleFile::fact_match(const Node& node) const {
  FactMatch match;
  const auto tests = [this](auto& into) {
    return [this, &into](const Node& value) {
      if (!value.is_mapping()) fail(value, "a mapping from attribute to test is wanted here");
      for (const auto& [key, test] : value.members) into.emplace(std::string(key.text()), text_test(test));
    };
  };
  read_keys(node, {{"fact", [&](const Node& value) { match.facts = value.texts(); }},
                   {"where", tests(match.where)},
                   {"unless", tests(match.unless)}});
  for (const auto& fact : match.facts)
    if (!is_known_fact(fact)) fail(node, fmt::format("no producer emits the fact `{}`", fact));
  return match;
}

Movement RuleFile::movement(const Node& node) const {
  if (node.text() == "up") return Movement::up;
  if (node.text() == "down") return Movement::down;
  fail(node, fmt::format("a number moves `up` or `down`, not `{}`", node.text()));
}

EditMatch RuleFile::edit_match(const Node& node) const {
  EditMatch match;
  const auto kinds_of_edit = [&](const Node& value) {
    for (const auto& word : value.texts()) {
      if (word == "any") continue;
      if (word == "added")
        match.edits.push_back(document::EditKind::added);
      else if (word == "removed")
        match.edits.push_back(document::EditKind::removed);
      else if (word == "changed")
        match.edits.push_back(document::EditKind::changed);
      else if (word == "moved")
        match.edits.push_back(document::EditKind::moved);
      else
        fail(value, fmt::format("unknown edit `{}`", word));
    }
  };
  const auto beside = [&](const Node& value) {
    read_keys(value, {{"keys", [&](const Node& keys) { match.beside = keys.texts(); }},
                      {"value", [&](const Node& test) { match.beside_value = text_test(test); }}});
  };
  read_keys(node, {{"edit", kinds_of_edit},
                   {"files", [&](const Node& value) { match.files = file_test(value); }},
                   {"places",
                    [&](const Node& value) {
                      for (const auto& place : value.texts()) match.places.emplace_back(place);
                    }},
                   {"not_places",
                    [&](const Node& value) {
                      for (const auto& place : value.texts()) match.not_places.emplace_back(place);
                    }},
                   {"before", [&](const Node& value) { match.before = text_test(value); }},
                   {"after", [&](const Node& value) { match.after = text_test(value); }},
                   {"unless_same", [&](const Node& value) { match.unless_same = pattern(value); }},
                   {"beside", beside},
                   {"unless_beside",
                    [&](const Node& value) {
                      beside(value);
                      match.beside_says_no = true;
                    }},
                   {"each", [&](const Node& value) { match.each = value.truth().value_or(false); }},
                   {"unless_moved", [&](const Node& value) { match.unless_moved = value.truth().value_or(false); }},
                   {"below", [&](const Node& value) { match.below = value.truth().value_or(true); }},
                   {"moves", [&](const Node& value) { match.moves = movement(value); }},
                   {"number", [&](const Node& value) { match.number = pattern(value); }}});
  if (match.places.empty()) fail(node, "`edit` needs `places`");
  if (match.files.kinds.empty()) fail(node, "`edit` needs `files` with `kinds`: they say how a file is read");
  return match;
}

SecretsNear RuleFile::secrets_near(const Node& node) const {
  if (node.text() == "served") return SecretsNear::served;
  if (const auto whole = node.truth()) return *whole ? SecretsNear::any : SecretsNear::no;
  fail(node, fmt::format("`secrets_near` is true or `served`, not `{}`", node.text()));
}

Unserved RuleFile::unserved(const Node& node) const {
  if (node.text() == "host") return Unserved::host;
  if (const auto whole = node.truth()) return *whole ? Unserved::job : Unserved::no;
  fail(node, fmt::format("`unserved` is true or `host`, not `{}`", node.text()));
}

CommandMatch RuleFile::command_match(const Node& node) const {
  CommandMatch match;
  read_keys(node, {{"command",
                    [&](const Node& value) {
                      match.program = value.texts();
                      std::erase(match.program, "any");
                    }},
                   {"files", [&](const Node& value) { match.files = file_test(value); }},
                   {"subject", [&](const Node& value) { match.subject = text_test(value); }},
                   {"all", [&](const Node& value) { match.all = patterns(value); }},
                   {"any", [&](const Node& value) { match.any = patterns(value); }},
                   {"none", [&](const Node& value) { match.none = patterns(value); }},
                   {"removed", [&](const Node& value) { match.removed = value.truth(); }},
                   {"input", [&](const Node& value) { match.input = value.truth().value_or(false); }},
                   {"unless_made", [&](const Node& value) { match.unless_made = value.truth().value_or(false); }},
                   {"unserved", [&](const Node& value) { match.unserved = unserved(value); }},
                   {"rewritten", [&](const Node& value) { match.rewritten = value.truth(); }},
                   {"gains", [&](const Node& value) { match.gains = patterns(value); }},
                   {"secrets_near", [&](const Node& value) { match.secrets_near = secrets_near(value); }}});
  if (match.program.empty() && match.all.empty() && match.any.empty() && !match.subject)
    fail(node, "`command: any` needs `all`, `any` or `subject`, or it matches everything");
  return match;
}

LineMatch RuleFile::line_match(const Node& node) const {
  LineMatch match{{}, text::Pattern(""), {}, {}, {}, false, {}, 0, "", {}, {}, {}, false, false};
  read_keys(node, {{"line", [&](const Node& value) { match.pattern = pattern(value); }},
                   {"assigned", [&](const Node& value) { match.pattern = pattern(value); }},
                   {"value", [&](const Node& value) { match.value = pattern(value); }},
                   {"not_name", [&](const Node& value) { match.not_name = pattern(value); }},
                   {"not_place", [&](const Node& value) { match.not_place = pattern(value); }},
                   {"quoted", [&](const Node& value) { match.quoted = value.truth().value_or(false); }},
                   {"files", [&](const Node& value) { match.files = file_test(value); }},
                   {"none", [&](const Node& value) { match.none = patterns(value); }},
                   {"entropy",
                    [&](const Node& value) {
                      try {
                        match.entropy = std::stod(text(value));
                      } catch (const std::logic_error&) {
                        fail(value, "a number of bits a character is wanted here");
                      }
                    }},
                   {"proof", [&](const Node& value) { match.proof = text(value); }},
                   {"behind", [&](const Node& value) { match.behind = pattern(value); }},
                   {"ahead", [&](const Node& value) { match.ahead = pattern(value); }},
                   {"unless_same", [&](const Node& value) { match.unless_same = pattern(value); }},
                   {"secret", [&](const Node& value) { match.secret = value.truth().value_or(false); }},
                   {"secrets_near", [&](const Node& value) { match.secrets_near = value.truth().value_or(false); }}});
  if ((node.get("assigned") != nullptr) != match.value.has_value()) fail(node, "`assigned` and `value` go together");
  if (!match.proof.empty() && find_line_proof(match.proof) == nullptr)
    fail(node, fmt::format("unknown proof `{}`", match.proof));
  return match;
}

LostMatch RuleFile::lost_match(const Node& node) const {
  LostMatch match{{}, text::Pattern("")};
  read_keys(node, {{"lost", [&](const Node& value) { match.pattern = pattern(value); }},
                   {"each", [&](const Node& value) { match.each = value.truth().value_or(false); }},
                   {"files", [&](const Node& value) { match.files = file_test(value); }}});
  if (match.files.kinds.empty() && match.files.paths.empty()) fail(node, "`lost` needs `files`");
  return match;
}

PathMatch RuleFile::path_match(const Node& node) const {
  PathMatch match;
  const auto happened = [&](const Node& value) {
    for (const auto& word : value.texts()) {
      if (word == "added")
        match.added = true;
      else if (word == "removed")
        match.removed = true;
      else if (word == "modified")
        match.modified = true;
      else if (word == "mode")
        match.mode = true;
      else
        fail(value, fmt::format("unknown happening `{}`", word));
    }
  };
  read_keys(node, {{"path", happened},
                   {"files", [&](const Node& value) { match.files = file_test(value); }},
                   {"unless_moved", [&](const Node& value) { match.unless_moved = value.truth().value_or(false); }},
                   {"sealed", [&](const Node& value) { match.sealed = value.truth().value_or(false); }}});
  if (match.files.kinds.empty() && match.files.paths.empty()) fail(node, "`path` needs `files`");
  return match;
}

Matcher RuleFile::matcher(const Node& node) const {
  if (node.get("fact") != nullptr) return fact_match(node);
  if (node.get("edit") != nullptr) return edit_match(node);
  if (node.get("command") != nullptr) return command_match(node);
  if (node.get("line") != nullptr || node.get("assigned") != nullptr) return line_match(node);
  if (node.get("lost") != nullptr) return lost_match(node);
  if (node.get("path") != nullptr) return path_match(node);
  fail(node, "a matcher has one of `fact`, `edit`, `command`, `line`, `assigned`, `lost`, `path`");
}

namespace {

std::string id_of(std::string_view file) {
  auto stem = file.substr(0, file.rfind('.'));
  const auto slash = stem.rfind('/');
  const auto family = slash == std::string_view::npos ? std::string_view::npos : stem.rfind('/', slash - 1);
  return std::string(family == std::string_view::npos ? stem : stem.substr(family + 1));
}

template <typename T>
T word(const RuleFile& file, const Node& node, std::optional<T> (*parse)(std::string_view), std::string_view what) {
  const auto value = parse(node.text());
  if (!value) file.fail(node, fmt::format("unknown {} `{}`", what, node.text()));
  return *value;
}

void require(const RuleFile& file, const Node& root, const Rule& rule, bool full) {
  if (rule.title.empty()) file.fail(root, "`title` is missing");
  if (rule.message.empty()) file.fail(root, "`message` is missing");
  if (rule.remedy.empty()) file.fail(root, "`remedy` is missing");
  if (rule.match.empty()) file.fail(root, "`match` is missing");
  if (!full) return;
  if (rule.documentation.empty()) file.fail(root, "`documentation` is missing");
  const auto hits = std::count_if(rule.examples.begin(), rule.examples.end(), [](const Example& e) { return e.hit; });
  if (hits == 0) file.fail(root, "no example is a `hit`");
  if (static_cast<std::size_t>(hits) == rule.examples.size()) file.fail(root, "no example is a `miss`");
}

}  // namespace

Rule read_rule(const Node& root, std::string_view name, const Kinds& kinds, Reading reading) {
  const RuleFile file(name, kinds, reading);
  const bool full = reading == Reading::full;
  Rule rule;
  rule.id = id_of(name);
  const auto into = [&](std::string& member) { return [&](const Node& value) { member = file.text(value); }; };
  const auto each = [](const Node& value, const auto& read) {
    for (const auto& item : value.items) read(item);
  };
  file.read_keys(
      root,
      {{"title", into(rule.title)},
       {"message", into(rule.message)},
       {"remedy", into(rule.remedy)},
       {"action", into(rule.action)},
       {"documentation", into(rule.documentation)},
       {"trigger", [&](const Node& v) { rule.trigger = word(file, v, model::parse_trigger, "trigger"); }},
       {"decision", [&](const Node& v) { rule.decision = word(file, v, model::parse_decision, "decision"); }},
       {"risk", [&](const Node& v) { rule.risk = word(file, v, model::parse_risk, "risk"); }},
       {"authority",
        [&](const Node& v) {
          file.read_keys(v, {{"credential", into(rule.authority.credential)},
                             {"source", into(rule.authority.source)},
                             {"scope", into(rule.authority.scope)}});
        }},
       {"target",
        [&](const Node& v) {
          file.read_keys(v, {{"system", into(rule.target.system)},
                             {"environment", into(rule.target.environment)},
                             {"name", into(rule.target.name)}});
        }},
       {"binding", [&](const Node& v) { rule.binding = word(file, v, model::parse_binding, "binding"); }},
       {"approvable", [&](const Node& v) { rule.approvable = v.truth().value_or(false); }},
       {"only_if_unreported", [&](const Node& v) { rule.only_if_unreported = v.truth().value_or(false); }},
       {"catalogue", [&](const Node& v) { rule.catalogue = v.texts(); }},
       {"match", [&](const Node& v) { each(v, [&](const Node& item) { rule.match.push_back(file.matcher(item)); }); }},
       {"examples", [&](const Node& v) {
          if (full) each(v, [&](const Node& item) { rule.examples.push_back(file.example(item, rule.id)); });
        }}});
  require(file, root, rule, full);
  return rule;
}

}  // namespace tollbar::rule
