// One pass over the records, one over the commits that brought them.
#include "evidence/verify.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "util/error.h"
#include "util/sha256.h"

namespace tollbar::evidence {
namespace {

class Verifying {
 public:
  Verifying(const git::Repository& repository, const VerifyOptions& options)
      : repository_(repository), options_(options), log_(repository) {}

  LogVerification run() {
    for (std::uint64_t number = 1; number <= log_.size(); ++number) {
      look_at(number);
    }
    for (const std::string& path : log_.foreign_paths()) {
      problem("{} is no record", path);
    }
    compare_heads();
    if (!log_.empty()) {
      look_at_commits();
    }
    result_.head = log_.head();
    result_.records = log_.size();
    return std::move(result_);
  }

 private:
  template <typename... Arguments>
  void problem(fmt::format_string<Arguments...> format, Arguments&&... arguments) {
    result_.problems.push_back(fmt::format(format, std::forward<Arguments>(arguments)...));
  }

  void look_at(std::uint64_t number) {
    const std::optional<Link> before =
        digests_.empty() ? std::nullopt : std::optional(Link{number - 1, digests_.back()});
    digests_.emplace_back();
    try {
      const auto bytes = log_.bytes(number);
      if (!bytes) {
        problem("record {} is missing", number);
        return;
      }
      digests_.back() = util::sha256_hex(*bytes);
      const Bundle bundle = read_bundle(*bytes, fmt::format("record {}", number));
      compare(bundle.record, number, before);
      check_signatures(bundle, number);
    } catch (const util::Error& error) {
      problem("{}", error.what());
    }
  }

  void compare(const Record& record, std::uint64_t number, const std::optional<Link>& before) {
    if (record.number != number) {
      problem("record {} says that it is number {}", number, record.number);
    }
    if (record.previous != before) {
      problem("record {} does not continue record {}: one of them was changed", number, number - 1);
    }
    if (!record.refers_to) {
      return;
    }
    const Link& earlier = *record.refers_to;
    if (earlier.number == 0 || earlier.number >= number || digests_[earlier.number - 1] != earlier.digest) {
      problem("record {} speaks of a record {} that is not this one", number, earlier.number);
    }
  }

  void check_signatures(const Bundle& bundle, std::uint64_t number) {
    if (bundle.envelope.signatures.empty()) {
      ++result_.unsigned_records;
      if (!options_.required_signer.empty()) {
        problem("record {} is not signed by {}", number, options_.required_signer);
      }
      return;
    }
    if (options_.verifier == nullptr) {
      ++result_.unchecked_signatures;
      return;
    }
    std::set<std::string> principals;
    check_envelope(bundle.envelope, bundle.record.time, number, principals);
    if (bundle.summary) {
      check_envelope(*bundle.summary, bundle.record.time, number, principals);
    }
    for (const std::string& principal : principals) {
      ++result_.signed_by[principal];
    }
  }

  void check_envelope(const attest::Envelope& envelope, util::Instant time, std::uint64_t number,
                      std::set<std::string>& principals) {
    const attest::Verification found = options_.verifier->verify(envelope, time);
    if (!found.signer) {
      problem("record {}: {}", number, found.problem);
    } else if (!options_.required_signer.empty() && found.signer->principal != options_.required_signer) {
      problem("record {} is signed by {}, not by {}", number, found.signer->principal, options_.required_signer);
    } else {
      principals.insert(found.signer->principal);
    }
  }

  void compare_heads() {
    for (const Link& head : options_.heads) {
      if (head.number > digests_.size()) {
        problem("the log ends at record {}, but record {} has been seen", digests_.size(), head.number);
      } else if (digests_[head.number - 1] != head.digest) {
        problem("record {} is not the one that has been seen: its digest is {}", head.number,
                or_unknown(digests_[head.number - 1]));
      }
    }
  }

  /// The commits of the log are a line, and each names the head that it made.
  void look_at_commits() {
    std::uint64_t last = log_.size() + 1;
    for (std::optional<model::ObjectId> id = log_.tip(); id;) {
      const model::Commit commit = repository_.commit(*id);
      const auto head = head_in_message(commit.message);
      if (!head || head->number >= last || head->number > digests_.size()) {
        problem("commit {} of the log does not say which record it ends with", id->short_hex());
      } else if (digests_[head->number - 1] != head->digest) {
        problem("commit {} of the log ended with another record {}", id->short_hex(), head->number);
      } else if (last == log_.size() + 1 && head->number != log_.size()) {
        problem("the log's last commit ends with record {}, but there are {}", head->number, log_.size());
      }
      last = head ? head->number : last;
      if (commit.parents.size() > 1) {
        problem("commit {} of the log is a merge", id->short_hex());
      }
      id = commit.parents.empty() ? std::nullopt : std::optional(commit.parents.front());
    }
  }

  const git::Repository& repository_;
  const VerifyOptions& options_;
  Log log_;
  std::vector<std::string> digests_;  ///< of record 1, 2, ...; empty where it is missing
  LogVerification result_;
};

}  // namespace

LogVerification verify_log(const git::Repository& repository, const VerifyOptions& options) {
  return Verifying(repository, options).run();
}

}  // namespace tollbar::evidence
