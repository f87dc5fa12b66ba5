// Judging where it cannot be skipped.
#include "hook/server_gate.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <exception>
#include <optional>
#include <ostream>
#include <set>
#include <sstream>

#include "gate/decide.h"
#include "gate/exit_status.h"
#include "hook/deadline.h"
#include "hook/evidence.h"
#include "hook/uses.h"
#include "report/escape.h"
#include "report/refusal.h"
#include "util/error.h"

namespace tollbar::hook {
namespace {

using std::chrono::seconds;

constexpr int most_push_options = 100;
constexpr std::size_t refusals_told = 10;  // a push: who reads more will read them with `tollbar scan`

/// `tollbar.deadline`, else what the provider leaves.
seconds time_limit(const git::Repository& repository, const Provider& provider) {
  const std::optional<std::string> text = repository.config("tollbar.deadline");
  if (!text) {
    return provider.budget;
  }
  int value = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
  constexpr int most = 24 * 60 * 60;
  if (error != std::errc{} || end != text->data() + text->size() || value < 0 || value > most) {
    throw util::UsageError(
        fmt::format("tollbar.deadline: a number of seconds is wanted, 0 for no limit, not `{}`", *text));
  }
  return seconds(value);
}

/// Everything that could not be judged, said like a refusal of one change.
void refuse_push(std::ostream& out, std::string_view reason, const std::string& line_prefix) {
  gate::Verdict verdict;
  verdict.of = gate::Verdict::Of::ref;
  gate::give_up(verdict, reason);
  report::write_refusal(out, verdict, {.action = "push", .line_prefix = line_prefix});
}

/// `git push -o tollbar.break-glass=INC-7`: text of the pusher, that only says which record is meant.
std::string named_incident(const Environment& environment) {
  constexpr std::string_view option = "tollbar.break-glass=";
  const std::string count = environment("GIT_PUSH_OPTION_COUNT").value_or("0");
  for (int i = 0; std::to_string(i) != count && i < most_push_options; ++i) {
    const std::string value = environment(fmt::format("GIT_PUSH_OPTION_{}", i).c_str()).value_or("");
    if (value.starts_with(option)) {
      return value.substr(option.size());
    }
  }
  return "";
}

std::string counted(std::size_t number, std::string_view noun) {
  return fmt::format("{} {}{}", number, noun, number == 1 ? "" : "s");
}

}  // namespace

ServerGate::ServerGate(Call& call)
    // The server's own user may differ from the owner of its files; whoever can run its hooks is trusted already.
    : call_(call),
      repository_(git::Repository::open(".", {.from_environment = true, .trust_any_owner = true})),
      provider_(&find_provider(repository_.config("tollbar.provider").value_or("none"))),
      origin_(origin_of(*provider_, call.environment)) {}

gate::Bringer ServerGate::bringer() const {
  using Known = gate::Bringer::Known;
  if (!origin_.actor.empty()) {
    return {Known::login, origin_.actor};
  }
  // Who sets the provider to none says that nobody can tell here.
  return {repository_.config("tollbar.provider") == "none" ? Known::not_asked : Known::unknown, ""};
}

gate::PushResult ServerGate::judge(const std::vector<gate::RefUpdate>& updates) {
  gate::PushOptions options;
  options.bringer = bringer();
  options.incident = named_incident(call_.environment);
  options.used_unwritten = [&] { return uses_of_others(repository_, updates); };
  return gate::judge_push(repository_, engine_, updates, options);
}

gate::PushResult ServerGate::judge_in_time(const std::function<std::vector<gate::RefUpdate>()>& read) {
  const seconds limit = time_limit(repository_, *provider_);
  std::ostringstream last_words;
  refuse_push(
      last_words,
      fmt::format("judging took longer than the {} s it may take here; push fewer commits at a time, or ask the "
                  "administrator of the server for more time (tollbar.deadline)",
                  limit.count()),
      line_prefix());
  const Deadline deadline(limit, last_words.str());
  return judge(read());
}

int ServerGate::answer(const gate::PushResult& result) {
  if (const std::string reason = result.refused() ? "" : intend_uses(repository_, result); !reason.empty()) {
    throw util::Error(reason);
  }
  if (const std::string reason = keep_answer(*this, result); !reason.empty()) {
    throw util::Error(reason);
  }
  for (const std::string& overdue : result.overdue) {
    call_.err << line_prefix() << "warning: " << report::escape(overdue) << '\n';
  }
  std::size_t told = 0;
  for (const gate::RefVerdict& ref : result.refs) {
    if (ref.refused()) {
      refuse(ref, told);
      for (const std::string& problem : ref.glass_problems) {
        call_.err << line_prefix() << "note: " << report::escape(problem) << '\n';
      }
    } else if (!result.refused()) {
      announce(ref);
    }
  }
  if (told > refusals_told) {
    call_.err << line_prefix() << "error: " << counted(told - refusals_told, "more refusal") << " in this push\n";
  }
  return result.exit_code();
}

void ServerGate::refuse(const gate::RefVerdict& ref, std::size_t& told) {
  for (const gate::Verdict& verdict : ref.verdicts) {
    if (ref.refuses(verdict) && ++told <= refusals_told) {
      report::write_refusal(call_.err, verdict,
                            {.action = "push", .ref = ref.update.ref, .line_prefix = line_prefix()});
    }
  }
}

void ServerGate::announce(const gate::RefVerdict& ref) {
  std::set<std::string> incidents;
  for (const gate::Verdict& verdict : ref.verdicts) {
    for (const model::Finding& finding : verdict.findings) {
      for (const model::Broken& broken : finding.broken) {
        incidents.insert(
            fmt::format("{} breaks the glass for {}; somebody else reviews that by {}: tollbar break-glass "
                        "review {} --reason TEXT",
                        broken.incident, ref.update.ref, broken.review_by, broken.incident));
      }
    }
  }
  for (const std::string& incident : incidents) {
    call_.err << line_prefix() << "warning: " << report::escape(incident) << '\n';
  }
  const auto marked = std::count_if(ref.verdicts.begin(), ref.verdicts.end(), [](const gate::Verdict& verdict) {
    return verdict.status == model::Status::needs_approval;
  });
  if (marked > 0) {
    call_.err << fmt::format(
                     "note: {} is accepted; {} in it {} marked as needing approval: ", report::escape(ref.update.ref),
                     counted(static_cast<std::size_t>(marked), "change"), marked == 1 ? "is" : "are")
              << "tollbar status, or git log --notes=tollbar\n";
  }
}

int guarded(Call& call, const std::function<int(ServerGate& gate)>& work) {
  std::string line_prefix;
  try {
    ServerGate gate(call);
    line_prefix = gate.line_prefix();
    return work(gate);
  } catch (const std::exception& error) {
    refuse_push(call.err, error.what(), line_prefix);
    return dynamic_cast<const util::UsageError*>(&error) != nullptr ? gate::exit_usage : gate::exit_undecided;
  }
}

}  // namespace tollbar::hook
