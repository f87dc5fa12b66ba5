// post-rewrite amend|rebase: git tells on standard input which commit became which; the new ones are judged anew, as an
// amend can change everything but the name.
#include <istream>
#include <string>

#include "gate/exit_status.h"
#include "hook/local_gate.h"
#include "util/error.h"

namespace tollbar::hook {
namespace {

/// The new commits of `old SP new [SP extra] LF` lines.
std::vector<model::ObjectId> rewritten(std::istream& in) {
  std::vector<model::ObjectId> commits;
  std::string line;
  while (std::getline(in, line)) {
    const std::size_t begin = line.find(' ') + 1;
    const auto id = model::ObjectId::from_hex(line.substr(begin, line.find(' ', begin) - begin));
    if (begin == 0 || !id) {
      throw util::Error("read the rewritten commits: no two ids in `" + line + "`");
    }
    commits.push_back(*id);
  }
  return commits;
}

}  // namespace

int run_post_rewrite(Call& call) {
  const std::vector<model::ObjectId> commits = rewritten(call.in);
  LocalGate gate(call);
  // post-commit has seen an amended commit already.
  if (call.arguments.empty() || call.arguments.front() != "amend") {
    gate.mark(commits);
  }
  return gate::exit_allowed;
}

}  // namespace tollbar::hook
