// Facts about whole pipelines: added, removed, unreadable, ambiguous, when they run, and that something changed at all.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "pipeline/readers/systems.h"
#include "pipeline/same_meaning.h"
#include "rule/checks/pairs.h"
#include "rule/checks/producers.h"
#include "rule/matching.h"
#include "util/sha256.h"

namespace tollbar::rule {
namespace {

using pipeline::Event;
using pipeline::Pipeline;

const Event* find_event(const Pipeline& pipeline, std::string_view name) {
  const auto found = std::find_if(pipeline.events.begin(), pipeline.events.end(),
                                  [&](const Event& event) { return event.name == name; });
  return found == pipeline.events.end() ? nullptr : &*found;
}

bool privileged(const Change& change, const std::string& event) {
  const auto& names = change.knowledge().privileged_events;
  return std::find(names.begin(), names.end(), event) != names.end();
}

/// A filter that lets something through when it grows (`branches`), or keeps more out (`branches-ignore`).
bool excludes(std::string_view filter) {
  return filter.ends_with("-ignore") || filter == "except";
}

bool is_subset(const std::vector<std::string>& part, const std::vector<std::string>& whole) {
  return std::all_of(part.begin(), part.end(),
                     [&](const auto& item) { return std::find(whole.begin(), whole.end(), item) != whole.end(); });
}

void event_facts(Change& change, const PipelinePair& pair, std::vector<Fact>& facts) {
  for (const auto& event : pair.after->events) {
    if (find_event(*pair.before, event.name) != nullptr) continue;
    auto fact = pipeline_fact(pair, "event-added");
    fact.line = event.line;
    fact.subject = "on " + event.name;
    fact.after = event.name;
    fact.attributes["event"] = event.name;
    fact.attributes["privileged"] = privileged(change, event.name) ? "true" : "false";
    facts.push_back(std::move(fact));
  }
  for (const auto& event : pair.before->events) {
    if (find_event(*pair.after, event.name) != nullptr) continue;
    auto fact = pipeline_fact(pair, "event-removed");
    fact.line_before = event.line;
    fact.subject = "on " + event.name;
    fact.before = event.name;
    fact.attributes["event"] = event.name;
    facts.push_back(std::move(fact));
  }
}

/// The order counts only where a later pattern takes back what an earlier one let through.
bool same_filter(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  const auto negated = [](const std::string& pattern) { return pattern.starts_with('!'); };
  return a == b || (is_subset(a, b) && is_subset(b, a) && std::none_of(a.begin(), a.end(), negated));
}

void filter_facts(const PipelinePair& pair, std::vector<Fact>& facts) {
  for (const auto& now : pair.after->events) {
    const auto* old = find_event(*pair.before, now.name);
    if (old == nullptr || old->filters == now.filters) continue;
    std::set<std::string> names;
    for (const auto& [name, values] : old->filters) names.insert(name);
    for (const auto& [name, values] : now.filters) names.insert(name);
    for (const auto& name : names) {
      const auto before = old->filters.find(name), after = now.filters.find(name);
      const bool had = before != old->filters.end(), has = after != now.filters.end();
      if (had && has && same_filter(before->second, after->second)) continue;
      bool narrowed = false;
      if (excludes(name))
        narrowed = has && (!had || !is_subset(after->second, before->second));
      else if (now.name != "schedule")  // another hour judges as much
        narrowed = has && (!had || !is_subset(before->second, after->second));
      auto fact = pipeline_fact(pair, narrowed ? "filter-narrowed" : "filter-changed");
      fact.line = now.line;
      fact.line_before = old->line;
      fact.subject = "on " + now.name + " " + name;
      fact.before = had ? joined(before->second) : "";
      fact.after = has ? joined(after->second) : "";
      fact.attributes["event"] = now.name;
      fact.attributes["filter"] = name;
      facts.push_back(std::move(fact));
    }
  }
}

/// Readers accept what the CI system itself may refuse or read otherwise: what cannot be told is said.
void ambiguity_facts(const PipelinePair& pair, std::vector<Fact>& facts) {
  for (const auto& problem : pair.after->problems) {
    // A file that was unreadable before says something else now, and still nobody can tell what.
    const bool known = pair.before != nullptr && !pair.after->broken &&
                       std::any_of(pair.before->problems.begin(), pair.before->problems.end(), [&](const auto& old) {
                         return old.kind == problem.kind && old.message == problem.message;
                       });
    if (known) continue;
    using Kind = document::Problem::Kind;
    if (problem.kind == Kind::custom_tag) continue;
    if (problem.kind == Kind::merge_key && pair.after->system != pipeline::System::github) continue;
    auto fact = pipeline_fact(pair, pair.after->broken ? "pipeline-unreadable" : "pipeline-ambiguous");
    fact.line = problem.line;
    fact.after = problem.message;
    fact.attributes["problem"] = problem.message;
    facts.push_back(std::move(fact));
  }
  if (pair.after->broken && pair.after->problems.empty()) facts.push_back(pipeline_fact(pair, "pipeline-unreadable"));
}

/// Two steps that agree in everything but comments of their scripts.
bool same_step(const document::Node& before, const document::Node& after) {
  if (!before.is_mapping() || !after.is_mapping() || before.members.size() != after.members.size()) return false;
  return std::all_of(before.members.begin(), before.members.end(), [&](const document::Member& member) {
    const auto* now = after.get(member.key.text());
    return now != nullptr && (member.value.same_as(*now) || (pipeline::holds_script(member.key.text()) &&
                                                             pipeline::same_but_comments(member.value, *now)));
  });
}

/// Nothing but the spelling changed, or comments of a script: at its own place, or in a step without a name, which then
/// looks like another one.
bool only_spelling(pipeline::System system, const document::Edit& edit, const std::vector<document::Edit>& edits) {
  using document::EditKind;
  if (edit.path.empty()) return false;
  if (edit.before != nullptr && edit.after != nullptr)
    return edit.kind == EditKind::changed && (pipeline::same_meaning(system, edit.path, *edit.before, *edit.after) ||
                                              same_step(*edit.before, *edit.after));
  return std::any_of(edits.begin(), edits.end(), [&](const document::Edit& other) {
    if (other.kind == edit.kind || other.path.size() != edit.path.size()) return false;
    if (!edit.path.back().item || !other.path.back().item) return false;  // another key says something else
    if (!std::equal(edit.path.begin(), edit.path.end() - 1, other.path.begin())) return false;
    const auto* before = edit.before != nullptr ? edit.before : other.before;
    const auto* after = edit.after != nullptr ? edit.after : other.after;
    return before != nullptr && after != nullptr && same_step(*before, *after);
  });
}

/// A list of one says what its item says by itself.
std::string spelt(const document::Node& node) {
  return (node.is_sequence() && node.items.size() == 1 ? node.items.front() : node).brief(unlimited);
}

/// An edit as it can be approved by itself.
model::Part part_of(const document::Edit& edit, const std::string& context) {
  Fact fact;
  fact.context = context;
  if (edit.before != nullptr) put_before(fact, spelt(*edit.before));
  if (edit.after != nullptr) put_after(fact, spelt(*edit.after));
  return {document::to_string(edit.path) + (edit.kind == document::EditKind::moved ? " moved" : ""), fact.before,
          fact.after, fact.context};
}

/// The two sides of a file that some pipeline reads, whether or not its path alone tells what is in it: a template may
/// stand anywhere.
struct Compared {
  document::Document before, after;  ///< of a file whose kind has no format
  std::vector<document::Edit> own;
  const std::vector<document::Edit>* edits = nullptr;
  bool same = false;  ///< they differ in spelling at most
};

void compare(FileChange& file, pipeline::System system, Compared& compared) {
  const bool known = file.format() != document::Format::none;
  if (!known) {
    compared.before = document::read_yaml(file.before_text());
    compared.after = document::read_yaml(file.after_text());
    compared.own = document::compare(compared.before, compared.after);
  }
  compared.edits = known ? &file.edits() : &compared.own;
  compared.same =
      compared.edits->empty() || pipeline::same_meaning(system, known ? file.before_document() : compared.before,
                                                        known ? file.after_document() : compared.after);
}

void edit_facts(Change& change, const PipelinePair& pair, std::vector<Fact>& facts) {
  if (pair.after->system == pipeline::System::jenkins) return;
  for (const auto& path : pair.after->files) {
    auto* file = change.file(path);
    if (file == nullptr) continue;
    Compared compared;
    compare(*file, pair.after->system, compared);
    if (compared.same) continue;
    const auto& edits = *compared.edits;
    const auto spelling = [&](const auto& edit) { return only_spelling(pair.after->system, edit, edits); };
    const auto found = std::find_if_not(edits.begin(), edits.end(), spelling);
    if (found == edits.end()) continue;
    auto fact = pipeline_fact(pair, "pipeline-changed");
    const auto& first = *found;
    fact.path = path;
    fact.line = first.after != nullptr ? first.after->line : 0;
    fact.line_before = first.before != nullptr ? first.before->line : 0;
    fact.subject = document::to_string(first.path);
    for (const auto& edit : edits)
      if (&edit == &first || !spelling(edit)) fact.parts.push_back(part_of(edit, fact.context));
    fact.before = fact.parts.front().before;
    fact.after = fact.parts.front().after;
    fact.attributes["edits"] = std::to_string(edits.size());
    if (edits.size() > 1)
      fact.attributes["more"] = fmt::format(
          " and at {} more", edits.size() == 2 ? "one place" : std::to_string(edits.size() - 1) + " places");
    fact.attributes["place"] = fact.subject;
    facts.push_back(std::move(fact));
  }
}

using Lexemes = std::vector<pipeline::Lexeme>;

/// The lexemes on the line of one of them.
std::string line_around(const Lexemes& lexemes, Lexemes::const_iterator at) {
  if (at == lexemes.end()) return {};
  std::string text;
  for (const auto& lexeme : lexemes)
    if (lexeme.line == at->line && lexeme.text != ";") text += (text.empty() ? "" : " ") + lexeme.text;
  return shortened(text);
}

/// What stands for two whole programs.
std::string digests_of(const Lexemes& before, const Lexemes& after) {
  const auto digest = [](const Lexemes& lexemes) {
    util::Sha256 hash;
    for (const auto& lexeme : lexemes) hash.update(lexeme.text + '\0');
    std::string text;
    for (const auto byte : hash.finish()) text += fmt::format("{:02x}", byte);
    return text;
  };
  return "program: sha256:" + digest(before) + " -> sha256:" + digest(after);
}

/// For pipelines that are programs: the first place where more differs than white space and comments.
void lexeme_fact(Fact fact, const Lexemes& before, const Lexemes& after, bool undecided, std::vector<Fact>& facts) {
  const auto same = [](const auto& a, const auto& b) { return a.text == b.text; };
  const auto differ = std::mismatch(before.begin(), before.end(), after.begin(), after.end(), same);
  if (!undecided && differ.first == before.end() && differ.second == after.end()) return;
  fact.line_before = differ.first != before.end() ? differ.first->line : before.empty() ? 0 : before.back().line;
  fact.line = differ.second != after.end() ? differ.second->line : after.empty() ? 0 : after.back().line;
  fact.before = line_around(before, differ.first);
  fact.after = line_around(after, differ.second);
  fact.context += (fact.context.empty() ? "" : "; ") + digests_of(before, after);
  fact.subject = "program";
  fact.attributes["place"] = "line " + std::to_string(std::max(fact.line, fact.line_before));
  fact.attributes["edits"] = "1";
  facts.push_back(std::move(fact));
}

/// Jenkinsfiles where Jenkins does not look by itself: some job of the server may be told to.
void distant_program_facts(Change& change, const std::vector<PipelinePair>& pairs, std::vector<Fact>& facts) {
  const auto kind = change.rules().kinds.index("jenkinsfile");
  if (!kind) return;
  std::set<std::string> read;
  for (const auto& pair : pairs)
    for (const auto* side : {pair.before, pair.after})
      if (side != nullptr) read.insert(side->files.begin(), side->files.end());
  for (auto& file : change.files()) {
    if (!file.kinds()[*kind] || read.count(file.path()) != 0) continue;
    Fact fact;
    fact.kind = "pipeline-changed";
    fact.path = file.path();
    fact.attributes["system"] = "jenkins";
    lexeme_fact(std::move(fact), pipeline::jenkins::lexemes(file.before_text()),
                pipeline::jenkins::lexemes(file.after_text()), file.binary(), facts);
  }
}

}  // namespace

void pipeline_facts(Change& change, std::vector<Fact>& facts) {
  const auto pairs = pair_pipelines(change);
  distant_program_facts(change, pairs, facts);
  for (const auto& pair : pairs) {
    if (pair.before == nullptr) {
      auto fact = pipeline_fact(pair, "pipeline-added");
      fact.after = pair.after->name;
      facts.push_back(std::move(fact));
      ambiguity_facts(pair, facts);
      continue;
    }
    if (pair.after == nullptr) {
      auto fact = pipeline_fact(pair, "pipeline-removed");
      fact.before = pair.before->name;
      facts.push_back(std::move(fact));
      continue;
    }
    if (pair.before->path != pair.after->path) {
      auto fact = pipeline_fact(pair, "pipeline-moved");
      fact.before = pair.before->path;
      fact.after = pair.after->path;
      facts.push_back(std::move(fact));
    }
    ambiguity_facts(pair, facts);
    edit_facts(change, pair, facts);
    if (pair.after->system == pipeline::System::jenkins)
      lexeme_fact(pipeline_fact(pair, "pipeline-changed"), pair.before->lexemes, pair.after->lexemes,
                  pair.after->broken, facts);
    if (pair.after->broken || pair.before->broken) continue;
    event_facts(change, pair, facts);
    filter_facts(pair, facts);
  }
}

}  // namespace tollbar::rule
