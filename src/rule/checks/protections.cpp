// Facts about protection kept as data: what is demanded less than before, wherever the data stands, and what else
// changed in it.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <initializer_list>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "document/edit.h"
#include "document/formats.h"
#include "rule/checks/bot_conditions.h"
#include "rule/checks/producers.h"
#include "rule/checks/protection_demands.h"
#include "rule/checks/terraform_folder.h"
#include "rule/checks/terraform_protection.h"
#include "rule/matching.h"
#include "text/glob.h"

namespace tollbar::rule {
namespace {

using document::Edit;
using document::Node;
using document::NodePath;

/// Documents of a file, with what differs.
struct Sides {
  document::Document before, after;
  std::vector<Edit> edits;
};

/// A file that may hold protection, as it was and as it is.
struct Data {
  FileChange* file = nullptr;
  bool dedicated = false;              ///< its kind says that it is about protection, and not only perhaps
  std::shared_ptr<const Sides> sides;  ///< where no kind says how the file is read
  Protection before, after;

  const document::Document& before_document() const { return sides ? sides->before : file->before_document(); }
  const document::Document& after_document() const { return sides ? sides->after : file->after_document(); }
  const std::vector<Edit>& edits() const { return sides ? sides->edits : file->edits(); }
};

/// The description of an interface or a format names such keys, and demands nothing.
bool is_schema(const document::Document& document) {
  return std::any_of(document.roots.begin(), document.roots.end(), [](const Node& root) {
    return root.get("openapi") != nullptr || root.get("swagger") != nullptr || root.get("definitions") != nullptr ||
           (root.get("properties") != nullptr && root.get("type") != nullptr);
  });
}

using Read = document::Document (*)(std::string_view);

/// How a file is read that no kind speaks of: plain data may hold protection anywhere.
Read reader_of(const FileChange& file) {
  const auto& path = file.folded_path();
  if (path.ends_with(".yml") || path.ends_with(".yaml")) return document::read_yaml;
  return path.ends_with(".json") ? document::read_json : nullptr;
}

std::shared_ptr<const Sides> read_plain(FileChange& file, Read read) {
  auto sides = std::make_shared<Sides>(Sides{read(file.before_text()), read(file.after_text()), {}});
  if (is_schema(sides->before) || is_schema(sides->after)) return nullptr;
  sides->edits = document::compare(sides->before, sides->after);
  return sides;
}

/// Of each kind whether it speaks of protection, perhaps speaks of it, or of something that certainly is none.
struct Kind {
  KindSet dedicated, plausible, other;

  explicit Kind(const Kinds& kinds) : other(left_out_by_default(kinds)) {
    const auto set = [&](KindSet& into, std::initializer_list<const char*> names) {
      for (const auto name : names)
        if (const auto index = kinds.index(name)) into.set(*index);
    };
    set(dedicated, {"branch-protection", "ruleset", "merge-bot"});
    set(plausible, {"terraform", "infrastructure-yaml", "infrastructure-json"});
    set(other, {"documentation", "github-workflow", "github-action", "gitlab-ci", "ci-other", "lock-file"});
  }
};

std::vector<Data> read_all(Change& change) {
  const auto& kinds = change.rules().kinds;
  const Kind kind(kinds);
  const auto bors = kinds.index("merge-bot");
  std::vector<Data> result;
  for (auto& file : change.files()) {
    if (file.delta().mode_only()) continue;
    for (auto& user : protection_by_names(change, file))
      result.push_back({&file, false, std::make_shared<Sides>(Sides{user.document, user.document, {}}),
                        std::move(user.before), std::move(user.after)});
    const bool known = (file.kinds() & (kind.dedicated | kind.plausible)).any();
    const auto read = known || (file.kinds() & kind.other).any() ? nullptr : reader_of(file);
    if ((!known && read == nullptr) || !file.unreadable(kind.dedicated | kind.plausible).empty()) continue;
    const auto without = known ? without_protection : without_certain_protection;
    if (without(file.before_text()) && without(file.after_text())) continue;
    Data data{&file, (file.kinds() & kind.dedicated).any(), nullptr, {}, {}};
    if (!known && (data.sides = read_plain(file, read)) == nullptr) continue;
    const auto dialect = bors && file.kinds().test(*bors) ? ProtectionDialect::bors : ProtectionDialect::data;
    const bool named = asks_by_names(file);
    const auto read_side = [&](const document::Document& document, model::Tree& tree) {
      return read_protection(named ? names_in(tree, folder_of(file)).filled(document) : document, dialect);
    };
    data.before = read_side(data.before_document(), change.before());
    data.after = read_side(data.after_document(), change.after());
    result.push_back(std::move(data));
  }
  return result;
}

std::vector<std::string_view> alternatives(std::string_view text) {
  std::vector<std::string_view> parts;
  for (std::size_t at = 0; at <= text.size();) {
    const auto end = std::min(text.find(" or ", at), text.size());
    parts.push_back(text.substr(at, end - at));
    at = end + 4;
  }
  return parts;
}

/// Whoever meets `stricter` meets `looser`, too: fewer alternatives, a pattern that covers what the other names.
bool implies(std::string_view stricter, std::string_view looser) {
  if (stricter == looser) return true;
  constexpr std::string_view pattern = "pattern ";
  if (stricter.starts_with(pattern) && looser.starts_with(pattern))
    return text::Glob("/" + std::string(stricter.substr(pattern.size())))
        .matches(text::fold_path(looser.substr(pattern.size())));
  const auto prefix = looser.substr(0, looser.find(' ') + 1);
  if (prefix.empty() || looser.find(" or ") == std::string_view::npos ||
      !stricter.starts_with(looser.starts_with("approval rule ") ? "approval rule " : prefix))
    return false;
  const auto skip = looser.starts_with("approval rule ") ? std::size_t{14} : prefix.size();
  const auto allowed = alternatives(looser.substr(skip));
  const auto asked = alternatives(stricter.substr(skip));
  return std::all_of(asked.begin(), asked.end(), [&](std::string_view one) {
    return std::find(allowed.begin(), allowed.end(), one) != allowed.end();
  });
}

/// A check's name without what renames of matrix legs touch: `test (18)` and `Test (20)` are one.
std::string core_of(std::string_view name) {
  std::string core;
  for (const char c : name.substr(0, name.find('(')))
    if (const char lower = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; lower >= 'a' && lower <= 'z')
      core += lower;
  return core;
}

bool renamed(std::string_view lost, std::string_view gained) {
  constexpr std::string_view mergify = "condition check-success=", plain = "check ";
  if (lost.starts_with(mergify) && gained.starts_with(mergify))
    return renamed(std::string(plain) + std::string(lost.substr(mergify.size())),
                   std::string(plain) + std::string(gained.substr(mergify.size())));
  if (!lost.starts_with("check ") || !gained.starts_with("check ")) return false;
  const auto last = [](std::string_view name) {
    return name.substr(name.rfind('/') == std::string_view::npos ? 6 : name.rfind('/') + 1);
  };
  const auto core = core_of(lost.substr(6));
  return !core.empty() && (core == core_of(gained.substr(6)) || core_of(last(lost)) == core_of(last(gained)));
}

/// What takes the place of a lost demand: as strict, or the same check under another name.
bool still_asked(const std::string& name, const Demand& demand, const ProtectedThing& before,
                 const ProtectedThing& after) {
  for (const auto& [other, now] : after.demands) {
    if (implies(other, name) && now.strength >= demand.strength) return true;
    if (before.demands.count(other) == 0 && renamed(name, other)) return true;
  }
  return after.open && !before.open && name.starts_with("check ");
}

/// How far a path leads into a document, and to what.
struct Reached {
  std::size_t depth = 0;
  const Node* node = nullptr;
};

const Node* step(const Node& from, const document::PathSegment& segment) {
  if (!segment.item) return from.get(segment.text);
  for (std::size_t i = 0; i < from.items.size(); ++i)
    if (document::item_segment(from.items[i], i) == segment) return &from.items[i];
  return nullptr;
}

Reached follow(const document::Document& document, const NodePath& path) {
  Reached best;
  for (const auto& root : document.roots) {
    Reached here{0, &root};
    for (const Node* next = &root; here.depth < path.size(); ++here.depth, here.node = next)
      if (next = step(*here.node, path[here.depth]); next == nullptr) break;
    if (best.node == nullptr || here.depth > best.depth) best = here;
  }
  return best;
}

/// The protected thing itself went, is only kept to be read, or was a rule that let a bot act: nothing is left to
/// protect.
bool went_with_its_target(const Data& data, const ProtectedThing& thing) {
  static constexpr std::string_view lists[] = {"repos",       "repositories",  "projects", "pull_request_rules",
                                               "queue_rules", "approval_rules"};
  const auto [depth, node] = follow(data.after_document(), thing.path);
  if (depth == thing.path.size()) {
    const auto* archived = node != nullptr ? node->get("archived") : nullptr;
    return archived != nullptr && archived->truth().value_or(false);
  }
  return depth > 0 && std::find(std::begin(lists), std::end(lists), thing.path[depth - 1].text) != std::end(lists);
}

bool asks_for_check(std::string_view demand) {
  constexpr std::string_view condition = "condition ";
  return demand.starts_with(condition) && demand.find("check-") < demand.find("review");
}

/// Of a merge bot's rule that is gone, one that came in its list, lets changes in, and asks for no check at all: the
/// same rule under another name. Null where there is none.
const Node* heir_without_checks(const Data& data, const ProtectedThing& gone) {
  const auto [depth, list] = follow(data.after_document(), gone.path);
  if (depth == 0 || depth >= gone.path.size() || list == nullptr) return nullptr;
  if (gone.path[depth - 1].text != "pull_request_rules" && gone.path[depth - 1].text != "queue_rules") return nullptr;
  NodePath path(gone.path.begin(), gone.path.begin() + static_cast<std::ptrdiff_t>(depth));
  for (std::size_t i = 0; i < list->items.size(); ++i) {
    path.push_back(document::item_segment(list->items[i], i));
    const bool stood = follow(data.before_document(), path).depth == path.size();
    const auto asked = data.after.find(document::to_string(path));
    path.pop_back();
    if (stood || !lets_merge(list->items[i])) continue;
    const bool checked =
        asked != data.after.end() && std::any_of(asked->second.demands.begin(), asked->second.demands.end(),
                                                 [](const auto& demand) { return asks_for_check(demand.first); });
    if (!checked) return &list->items[i];
  }
  return nullptr;
}

/// The name of a branch that the policy protects.
bool is_protected(const std::vector<std::string>& branches, std::string_view name) {
  return std::any_of(branches.begin(), branches.end(),
                     [&](const std::string& glob) { return text::Glob(glob).matches(name); });
}

/// Something new, here or in another file of the change, that demands all of this: it only moved. Of a protected branch
/// to one that is none it did not.
bool moved(const std::vector<Data>& all, const ProtectedThing& gone, const std::vector<std::string>& branches) {
  const auto name = [](const ProtectedThing& thing) {
    return thing.path.empty() || !thing.path.back().item ? std::string() : thing.path.back().text;
  };
  for (const auto& data : all)
    for (const auto& [place, thing] : data.after) {
      if (data.before.count(place) != 0) continue;
      if (is_protected(branches, name(gone)) && !is_protected(branches, name(thing))) continue;
      const bool covers = std::all_of(gone.demands.begin(), gone.demands.end(), [&, &here = thing](const auto& demand) {
        const auto now = here.demands.find(demand.first);
        return now != here.demands.end() && now->second.strength >= demand.second.strength;
      });
      const bool no_wider = std::all_of(thing.allowances.begin(), thing.allowances.end(), [&](const auto& allowance) {
        return gone.allowances.count(allowance.first) != 0;
      });
      if (covers && no_wider) return true;
    }
  return false;
}

/// Mergify's queue brings a change up to date before it merges it, as `strict` did.
bool is_queued(const Data& data, const ProtectedThing& thing) {
  const auto [depth, node] = follow(data.after_document(), thing.path);
  return depth == thing.path.size() && node != nullptr && node->get({"actions", "queue"}) != nullptr;
}

class Comparison {
 public:
  Comparison(const std::vector<Data>& all, const std::vector<std::string>& branches, std::vector<Fact>& facts)
      : all_(all), branches_(branches), facts_(facts) {}

  void run(const Data& data) {
    const bool broken = data.file->delta().after && data.after_document().broken();
    if (!broken)
      for (const auto& [place, before] : data.before) compare(data, place, before);
    changes(data, broken);
  }

 private:
  void compare(const Data& data, const std::string& place, const ProtectedThing& before) {
    const auto found = data.after.find(place);
    static const ProtectedThing nothing;
    const auto& after = found == data.after.end() ? nothing : found->second;
    if (found == data.after.end() && moved(all_, before, branches_)) return;
    if (went_with_its_target(data, before)) return inherited(data, place, before);
    for (const auto& [name, demand] : before.demands) {
      if (still_asked(name, demand, before, after) || (name == "strict" && is_queued(data, before))) continue;
      const auto now = after.demands.find(name);
      weakened(data, place, name, &demand, now == after.demands.end() ? nullptr : &now->second);
    }
    for (const auto& [name, allowance] : after.allowances)
      if (before.allowances.count(name) == 0) weakened(data, place, name, nullptr, &allowance);
  }

  /// What a rule of a bot that is gone asked for, and the one in its place does not.
  void inherited(const Data& data, const std::string& place, const ProtectedThing& gone) {
    const Node* heir = heir_without_checks(data, gone);
    if (heir == nullptr) return;
    const Demand now{1, heir->brief(), heir->line};
    for (const auto& [name, demand] : gone.demands)
      if (asks_for_check(name)) weakened(data, place, name, &demand, &now);
  }

  void weakened(const Data& data, const std::string& place, const std::string& name, const Demand* before,
                const Demand* after) {
    auto fact = about(*data.file, "protection-weakened", place.empty() ? name : place + ": " + name);
    if (before != nullptr) put_before(fact, before->text), fact.line_before = before->line;
    if (after != nullptr) put_after(fact, after->text), fact.line = after->line;
    fact.attributes["demand"] = name;
    facts_.push_back(std::move(fact));
  }

  /// Whatever else changed where the data protects.
  void changes(const Data& data, bool broken) {
    if (data.before.empty() && data.after.empty()) return;
    const auto& delta = data.file->delta();
    if (delta.added() || delta.removed() || broken) {
      auto fact = about(*data.file, "protection-changed", data.file->path());
      fact.after = broken ? "cannot be read" : delta.added() ? "added" : "removed";
      facts_.push_back(std::move(fact));
      return;
    }
    for (const auto& edit : data.edits()) {
      if ((!data.dedicated && !concerns(data, edit)) || only_elsewhere_in_set(edit)) continue;
      auto fact = about(*data.file, "protection-changed", document::to_string(edit.path));
      if (edit.before != nullptr) put_before(fact, edit.before->brief(unlimited)), fact.line_before = edit.before->line;
      if (edit.after != nullptr) put_after(fact, edit.after->brief(unlimited)), fact.line = edit.after->line;
      facts_.push_back(std::move(fact));
    }
  }

  /// Contexts, conditions and people are sets, and so are the parts of a ruleset; rules of a bot may be tried in order.
  static bool only_elsewhere_in_set(const Edit& edit) {
    if (edit.kind != document::EditKind::moved) return false;
    constexpr std::array<std::string_view, 3> keys{"context", "type", "actor_id"};
    return edit.after->is_scalar() ||
           std::any_of(keys.begin(), keys.end(), [&](std::string_view key) { return edit.after->get(key) != nullptr; });
  }

  /// The edit stands in a protected thing or takes one away.
  static bool concerns(const Data& data, const Edit& edit) {
    if (leads_to_protection(edit.path)) return true;
    const auto below = [&](const Protection& protection) {
      return std::any_of(protection.begin(), protection.end(), [&](const auto& entry) {
        const auto& path = entry.second.path;
        return path.size() >= edit.path.size() && std::equal(edit.path.begin(), edit.path.end(), path.begin());
      });
    };
    return below(data.before) || below(data.after);
  }

  static Fact about(const FileChange& file, std::string kind, std::string subject) {
    Fact fact;
    fact.kind = std::move(kind);
    fact.path = file.path();
    fact.attributes["place"] = subject;
    fact.subject = std::move(subject);
    return fact;
  }

  const std::vector<Data>& all_;
  const std::vector<std::string>& branches_;
  std::vector<Fact>& facts_;
};

}  // namespace

void protection_facts(Change& change, std::vector<Fact>& facts) {
  const auto all = read_all(change);
  Comparison comparison(all, change.policy().protected_refs, facts);
  for (const auto& data : all) comparison.run(data);
}

}  // namespace tollbar::rule
