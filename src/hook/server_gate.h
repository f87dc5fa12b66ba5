// What the hooks on a server have in common: the configuration they trust, how they judge and how they answer. Internal
// to src/hook.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "gate/push.h"
#include "git/repository.h"
#include "hook/hooks.h"
#include "hook/provider.h"
#include "rule/engine.h"
#include "rule/rule_set.h"

namespace tollbar::hook {

/// Obeys git's configuration alone: neither a policy from the environment nor anything that a pusher can set.
class ServerGate {
 public:
  /// Opens the repository that git means. Throws util::Error where it cannot be opened or is configured wrongly.
  explicit ServerGate(Call& call);

  git::Repository& repository() { return repository_; }
  const Origin& origin() const { return origin_; }
  /// Before each line for people, so that the server's page shows it.
  std::string line_prefix() const { return std::string(provider_->line_prefix); }

  /// For hooks that can refuse: ends the process with a refusal when the configured time is over, be it for reading.
  gate::PushResult judge_in_time(const std::function<std::vector<gate::RefUpdate>()>& read);
  gate::PushResult judge(const std::vector<gate::RefUpdate>& updates);
  /// Tells what is refused and why, or what is accepted and needs approval later; the exit status of the hook.
  int answer(const gate::PushResult& result);

 private:
  gate::Bringer bringer() const;
  void refuse(const gate::RefVerdict& ref, std::size_t& told);
  void announce(const gate::RefVerdict& ref);

  Call& call_;
  git::Repository repository_;
  const Provider* provider_;
  Origin origin_;
  rule::RuleSet rules_ = rule::load_builtin();
  rule::Engine engine_{rules_};
};

/// Runs a hook that can refuse: `work` gives the exit status, and an error on the way refuses in the words that
/// refusals have.
int guarded(Call& call, const std::function<int(ServerGate& gate)>& work);

}  // namespace tollbar::hook
