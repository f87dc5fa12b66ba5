// `tollbar doctor`: is everything in place that makes hooks judge, and how to mend what is not.
#include "hook/doctor.h"

#include <fmt/format.h>

#include <ostream>
#include <string_view>

#include "cli/arguments.h"
#include "cli/console.h"
#include "cli/run.h"
#include "hook/installation.h"
#include "report/escape.h"

namespace tollbar::cli {
namespace {

std::string_view word_of(hook::Diagnosis::Health health) {
  switch (health) {
    case hook::Diagnosis::Health::good:
      return "good";
    case hook::Diagnosis::Health::doubtful:
      return "doubtful";
    case hook::Diagnosis::Health::bad:
      break;
  }
  return "bad";
}

}  // namespace

int run_doctor(const Arguments& arguments, Console& console) {
  hook::Call call{{}, console.in, console.out, console.err, console.environment, policy_file(arguments, console)};
  const std::vector<hook::Diagnosis> diagnoses = hook::examine(call);
  console.out << fmt::format("{:<8}  tollbar: version {}, {}\n", word_of(hook::Diagnosis::Health::good),
                             TOLLBAR_VERSION,
                             report::escape(hook::program_path(console.environment("PATH").value_or(""))));
  for (const hook::Diagnosis& diagnosis : diagnoses) {
    console.out << fmt::format("{:<8}  {}: {}\n", word_of(diagnosis.health), report::escape(diagnosis.subject),
                               report::escape(diagnosis.state));
    if (!diagnosis.mend.empty()) {
      console.out << fmt::format("{:<8}  mend: {}\n", "", report::escape(diagnosis.mend));
    }
  }
  return hook::worst(diagnoses) == hook::Diagnosis::Health::bad ? exit_blocked : exit_allowed;
}

}  // namespace tollbar::cli
