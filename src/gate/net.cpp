// Findings of commits and of their sum, matched by what they are about.
#include "gate/net.h"

#include <algorithm>
#include <utility>

#include "gate/decide.h"

namespace tollbar::gate {
namespace {

auto key_of(const model::Finding& finding) {
  return std::tuple(finding.rule, finding.path, finding.subject);
}

}  // namespace

void Reported::add(const Verdict& commit) {
  for (const auto* findings : {&commit.findings, &commit.implied}) {
    for (const model::Finding& finding : *findings) {
      keys_.insert(key_of(finding));
    }
  }
}

std::optional<Verdict> Reported::beyond(Verdict net) const {
  if (net.findings.empty()) {
    return net.status == model::Status::undecided ? std::optional(std::move(net)) : std::nullopt;
  }
  const auto reported = [&](const model::Finding& finding) { return keys_.count(key_of(finding)) != 0; };
  std::erase_if(net.findings, reported);
  std::erase_if(net.implied, reported);
  if (net.findings.empty()) {
    return std::nullopt;
  }
  weigh(net);
  return net;
}

void forgive_undone(Verdict& commit, const Verdict& net) {
  if (commit.status != model::Status::blocked || net.status == model::Status::undecided) {
    return;
  }
  for (model::Finding& finding : commit.findings) {
    const bool stands = std::any_of(net.findings.begin(), net.findings.end(),
                                    [&](const model::Finding& other) { return key_of(other) == key_of(finding); });
    if (stands || finding.decision != model::Decision::block || finding.trigger == model::Trigger::static_key) {
      continue;
    }
    finding.decision = model::Decision::approve;
    finding.message += " (The same push undoes it.)";
  }
  weigh(commit);
}

}  // namespace tollbar::gate
