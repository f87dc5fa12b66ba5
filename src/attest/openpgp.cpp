// gpg's machine-readable status (doc/DETAILS of GnuPG) decides, never its exit status alone.
#include "attest/openpgp.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <utility>

#include "attest/pattern_list.h"
#include "util/error.h"
#include "util/private_directory.h"
#include "util/process.h"

namespace tollbar::attest {
namespace {

constexpr std::string_view block_begin = "-----BEGIN PGP PUBLIC KEY BLOCK-----";
constexpr std::string_view block_end = "-----END PGP PUBLIC KEY BLOCK-----";
constexpr std::string_view blanks = " \t\r";

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = std::min(text.find_first_not_of(blanks), text.size());
  text.remove_prefix(begin);
  return text.substr(0, text.find_last_not_of(blanks) + 1);
}

bool is_fingerprint(std::string_view word) {
  constexpr std::size_t version_4 = 40, version_5 = 64;
  return (word.size() == version_4 || word.size() == version_5) &&
         word.find_first_not_of("0123456789ABCDEF") == std::string_view::npos;
}

/// `NAME[,NAME...] FINGERPRINT`; empty for anything else.
std::optional<OpenPgpOwner> read_owner(std::string_view text, std::size_t line) {
  const std::size_t gap = text.find_first_of(blanks);
  if (gap == std::string_view::npos) {
    return std::nullopt;
  }
  OpenPgpOwner owner{line, {}, std::string(trimmed(text.substr(gap)))};
  std::transform(owner.fingerprint.begin(), owner.fingerprint.end(), owner.fingerprint.begin(),
                 [](char c) { return c >= 'a' && c <= 'f' ? static_cast<char>(c - 'a' + 'A') : c; });
  const std::string_view names = text.substr(0, gap);
  owner.principals = literal_names(names);
  const bool plain = owner.principals.size() == patterns_of(names).size() && !owner.principals.empty();
  return plain && is_fingerprint(owner.fingerprint) ? std::optional(std::move(owner)) : std::nullopt;
}

/// The words behind `[GNUPG:] ` of each line.
std::vector<std::vector<std::string>> status_of(std::string_view output) {
  constexpr std::string_view mark = "[GNUPG:] ";
  std::vector<std::vector<std::string>> lines;
  while (!output.empty()) {
    std::string_view line = output.substr(0, output.find('\n'));
    output.remove_prefix(std::min(line.size() + 1, output.size()));
    if (!line.starts_with(mark)) {
      continue;
    }
    line.remove_prefix(mark.size());
    auto& words = lines.emplace_back();
    while (!line.empty()) {
      const std::string_view word = line.substr(0, line.find(' '));
      words.emplace_back(word);
      line.remove_prefix(std::min(word.size() + 1, line.size()));
    }
  }
  return lines;
}

struct Refusal {
  std::string_view keyword, problem;
};
constexpr std::array<Refusal, 8> refusals{{
    {"BADSIG", "the signature does not fit what it stands under"},
    {"REVKEYSIG", "its key was revoked by its owner"},
    {"EXPKEYSIG", "its key has expired"},
    {"EXPSIG", "the signature has expired"},
    {"NO_PUBKEY", "its key is not among the OpenPGP keys that count here"},
    {"ERRSIG", "gpg cannot check the signature"},
    {"NODATA", "it is no OpenPGP signature"},
    {"UNEXPECTED", "it is no OpenPGP signature"},
}};

OpenPgpVerdict verdict_of(const std::vector<std::vector<std::string>>& status) {
  std::size_t good = 0, signatures = 0;
  std::string fingerprint;
  for (const Refusal& refusal : refusals) {
    for (const auto& words : status) {
      if (!words.empty() && words.front() == refusal.keyword) {
        return {"", std::string(refusal.problem)};
      }
    }
  }
  for (const auto& words : status) {
    constexpr std::size_t least = 11;  // VALIDSIG, its nine fields, and the primary key's fingerprint
    if (words.empty()) {
      continue;
    }
    signatures += words.front() == "NEWSIG" ? 1U : 0U;
    good += words.front() == "GOODSIG" ? 1U : 0U;
    if (words.front() == "VALIDSIG" && words.size() >= least) {
      fingerprint = words.back();
    }
  }
  if (signatures != 1 || good != 1 || !is_fingerprint(fingerprint)) {
    return {"", "gpg does not find exactly one good signature in it"};
  }
  return {std::move(fingerprint), ""};
}

}  // namespace

OpenPgpKeys read_openpgp_keys(std::string_view text) {
  OpenPgpKeys keys;
  std::set<std::string> known;
  std::size_t number = 0, block_line = 0;
  while (!text.empty()) {
    ++number;
    const std::string_view whole = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(whole.size() + 1, text.size()));
    const std::string_view line = trimmed(whole);
    const auto refuse = [&](std::string problem, SignersProblem::Kind kind = SignersProblem::Kind::malformed) {
      keys.problems.push_back({kind, number, std::move(problem)});
    };
    if (line == block_begin || block_line != 0) {
      block_line = line == block_begin ? number : block_line;
      keys.blocks += std::string(line) + '\n';
      block_line = line == block_end ? 0 : block_line;
    } else if (!line.empty() && line.front() != '#') {
      auto owner = read_owner(line, number);
      if (!owner) {
        refuse("it is neither NAME FINGERPRINT nor part of an armoured public key");
      } else if (!known.insert(owner->fingerprint).second) {
        refuse("the same key stands in another line", SignersProblem::Kind::shared_key);
      } else {
        keys.owners.push_back(std::move(*owner));
      }
    }
  }
  if (block_line != 0) {
    keys.problems.push_back({SignersProblem::Kind::malformed, block_line, "the armoured key has no end"});
  }
  return keys;
}

OpenPgpVerdict ask_gpg(std::string_view message, std::string_view armoured_signature, std::string_view blocks) {
  const util::PrivateDirectory directory;
  const auto gpg = [&](std::vector<std::string> words) {
    util::Invocation invocation;
    invocation.arguments = {"gpg",
                            "--homedir",
                            directory.file(""),
                            "--batch",
                            "--no-tty",
                            "--no-options",
                            "--no-autostart",
                            "--trust-model",
                            "always",
                            "--no-auto-key-retrieve",
                            "--no-auto-check-trustdb",
                            "--weak-digest",
                            "SHA1",
                            "--status-fd",
                            "1"};
    invocation.arguments.insert(invocation.arguments.end(), words.begin(), words.end());
    invocation.environment = {{"LC_ALL", "C"}, {"GNUPGHOME", std::nullopt}};
    return util::run(invocation);
  };
  gpg({"--quiet", "--import", directory.write("keys.asc", blocks)});
  const util::Completed completed =
      gpg({"--verify", directory.write("signature.asc", armoured_signature), directory.write("message", message)});
  OpenPgpVerdict verdict = verdict_of(status_of(completed.output));
  if (verdict.problem.empty() && !completed.succeeded()) {
    return {"", fmt::format("gpg refuses it with exit status {}", completed.status)};
  }
  return verdict;
}

}  // namespace tollbar::attest
