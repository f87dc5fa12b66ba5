// What is intended lies beside the spool of decisions; only once a reference says it is it taken away.
#include "hook/uses.h"

#include <fmt/format.h>

#include <algorithm>

#include "approval/intended.h"
#include "approval/used.h"
#include "evidence/spool.h"
#include "util/error.h"

namespace tollbar::hook {
namespace {

using approval::IntendedUses;
using approval::Use;

IntendedUses intended_in(const git::Repository& repository) {
  return IntendedUses(evidence::Spool(repository).directory());
}

std::vector<Use> uses_of(const gate::RefVerdict& ref) {
  return ref.is_protected ? gate::Approvals::uses(ref.verdicts, ref.update.ref, ref.update.after) : std::vector<Use>{};
}

/// Where the references of a push were before: what landed there has landed, even if the push takes it away.
std::vector<model::ObjectId> tips_before(const gate::PushResult& result, const std::string& name) {
  std::vector<model::ObjectId> tips;
  for (const gate::RefVerdict& ref : result.refs) {
    if (ref.update.ref == name && !ref.update.creates()) {
      tips.push_back(ref.update.before);
    }
  }
  return tips;
}

}  // namespace

std::vector<Use> uses_of_others(const git::Repository& repository, const std::vector<gate::RefUpdate>& updates) {
  const auto is_own = [&](const Use& use) {
    return std::any_of(updates.begin(), updates.end(), [&](const gate::RefUpdate& update) {
      return update.ref == use.ref && update.after.hex() == use.commit;
    });
  };
  std::vector<Use> uses;
  for (const IntendedUses::Move& move : intended_in(repository).all()) {
    std::copy_if(move.uses.begin(), move.uses.end(), std::back_inserter(uses),
                 [&](const Use& use) { return !is_own(use) && approval::has_landed(repository, use); });
  }
  return uses;
}

std::string intend_uses(const git::Repository& repository, const gate::PushResult& result) {
  try {
    for (const gate::RefVerdict& ref : result.refs) {
      if (const std::vector<Use> uses = uses_of(ref); !uses.empty()) {
        intended_in(repository).put(evidence::name_of(ref.update), uses);
      }
    }
  } catch (const util::Error& error) {
    return fmt::format(
        "an approval lets a change through once, and that it did cannot be written down: {}; tell the "
        "server's administrator",
        error.what());
  }
  return "";
}

void write_uses(git::Repository& repository, const gate::PushResult& result) {
  std::vector<Use> uses;
  for (const gate::RefVerdict& ref : result.refs) {
    const std::vector<Use> own = uses_of(ref);
    uses.insert(uses.end(), own.begin(), own.end());
  }
  const IntendedUses intended = intended_in(repository);
  std::vector<std::string> settled;
  for (const IntendedUses::Move& move : intended.all()) {
    const bool landed = std::any_of(move.uses.begin(), move.uses.end(), [&](const Use& use) {
      return approval::has_landed(repository, use, tips_before(result, use.ref));
    });
    if (landed) {
      uses.insert(uses.end(), move.uses.begin(), move.uses.end());
    }
    if (landed || move.forgotten) {
      settled.push_back(move.name);
    }
  }
  approval::add_uses(repository, uses);
  for (const std::string& name : settled) {
    intended.remove(name);
  }
}

}  // namespace tollbar::hook
