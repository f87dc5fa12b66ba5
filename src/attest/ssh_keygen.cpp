// One process a signature, in a directory nobody else sees.
#include "attest/ssh_keygen.h"

#include <fmt/format.h>

#include <algorithm>
#include <ctime>
#include <vector>

#include "attest/base64.h"
#include "attest/ssh_signature.h"
#include "util/error.h"
#include "util/private_directory.h"
#include "util/process.h"

namespace tollbar::attest {
namespace {

std::string line_of(const AllowedSigner& signer) {
  return fmt::format("\"{}\" {}namespaces=\"{}\" {} {}\n", signer.principals, signer.authority ? "cert-authority," : "",
                     signature_namespace, signer.key.type, to_base64(signer.key.blob));
}

/// YYYYMMDDHHMMSS in UTC, which is ssh-keygen's time zone here: older ones know no `Z`.
std::string compact_time(std::int64_t seconds) {
  const auto time = static_cast<std::time_t>(seconds);
  std::tm date{};
  ::gmtime_r(&time, &date);
  return fmt::format("{:04}{:02}{:02}{:02}{:02}{:02}", date.tm_year + 1900, date.tm_mon + 1, date.tm_mday, date.tm_hour,
                     date.tm_min, date.tm_sec);
}

/// What ssh-keygen said, in one line and without our paths.
std::string words_of(const util::Completed& completed, const util::PrivateDirectory& directory) {
  std::string said = completed.errors + completed.output;
  for (std::size_t at = 0; (at = said.find(directory.file(""), at)) != std::string::npos;) {
    said.erase(at, directory.file("").size());
  }
  while (said.ends_with('\n') || said.ends_with('\r')) {
    said.pop_back();
  }
  for (std::size_t at = 0; (at = said.find_first_of("\r\n", at)) != std::string::npos;) {
    const std::size_t end = std::min(said.find_first_not_of("\r\n", at), said.size());
    said.replace(at, end - at, "; ");
  }
  return said.empty() ? fmt::format("exit status {}", completed.status) : said;
}

}  // namespace

std::optional<std::string> problem_by_ssh_keygen(std::string_view message, std::string_view armoured_signature,
                                                 const AllowedSigner& signer, const std::string& principal,
                                                 std::string_view krl, std::int64_t now) {
  const util::PrivateDirectory directory;
  util::Invocation keygen;
  keygen.arguments = {"ssh-keygen",
                      "-Y",
                      "verify",
                      "-f",
                      directory.write("signers", line_of(signer)),
                      "-I",
                      principal,
                      "-n",
                      std::string(signature_namespace),
                      "-s",
                      directory.write("signature", armoured_signature),
                      "-Overify-time=" + compact_time(now)};
  if (!krl.empty()) {
    keygen.arguments.insert(keygen.arguments.end(), {"-r", directory.write("revoked", krl)});
  }
  keygen.environment = {{"LC_ALL", "C"}, {"TZ", "UTC"}};
  const util::Completed completed = util::run(keygen, message);
  return completed.succeeded() ? std::nullopt
                               : std::optional("ssh-keygen does not verify it: " + words_of(completed, directory));
}

}  // namespace tollbar::attest
