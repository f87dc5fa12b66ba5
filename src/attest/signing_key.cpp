// Calls the programs that git calls (gpg-interface.c), in the namespace `tollbar`.
#include "attest/signing_key.h"

#include <fmt/format.h>
#include <pwd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "attest/ssh_signature.h"
#include "util/error.h"
#include "util/private_directory.h"
#include "util/process.h"

namespace tollbar::attest {
namespace {

constexpr std::string_view how_to_set =
    "git config --global gpg.format ssh; git config --global user.signingkey ~/.ssh/id_ed25519.pub";

[[noreturn]] void fail(const std::string& program, const util::Completed& completed) {
  std::string said = completed.errors.empty() ? completed.output : completed.errors;
  while (said.ends_with('\n') || said.ends_with('\r')) {
    said.pop_back();
  }
  throw util::Error(
      fmt::format("sign with {}: {}", program, said.empty() ? fmt::format("exit status {}", completed.status) : said));
}

std::string first_line(const std::string& text) {
  return text.substr(0, text.find_first_of("\r\n"));
}

/// A public key where git's settings have one in place of a path; empty where they have none.
std::string literal_key(const std::string& value) {
  constexpr std::string_view prefix = "key::";
  return value.starts_with(prefix) ? value.substr(prefix.size()) : value.starts_with("ssh-") ? value : "";
}

/// `~/` and `~user/` as git expands them.
std::string expanded(const std::string& path) {
  if (!path.starts_with('~')) {
    return path;
  }
  const std::size_t slash = std::min(path.find('/'), path.size());
  const std::string user = path.substr(1, slash - 1);
  const char* home = std::getenv("HOME");
  if (!user.empty() || home == nullptr) {
    const passwd* entry = user.empty() ? nullptr : ::getpwnam(user.c_str());
    home = entry == nullptr ? nullptr : entry->pw_dir;
  }
  if (home == nullptr) {
    throw util::UsageError(fmt::format("user.signingkey: there is no home folder for {}", path));
  }
  return home + path.substr(slash);
}

/// `user.signingkey`, else what gpg.ssh.defaultKeyCommand prints.
std::string ssh_key(const SigningSettings& settings) {
  if (!settings.key.empty()) {
    return settings.key;
  }
  if (!settings.key_command.empty()) {
    const util::Completed asked = util::run({{"sh", "-c", settings.key_command}, {}, ""});
    const std::string key = first_line(asked.output);
    if (!asked.succeeded() || literal_key(key).empty()) {
      throw util::UsageError(fmt::format("gpg.ssh.defaultKeyCommand `{}` prints no key: {}", settings.key_command,
                                         first_line(asked.errors)));
    }
    return key;
  }
  throw util::UsageError(fmt::format("there is no key to sign with; set one: {}", how_to_set));
}

std::string read_whole(const std::string& path) {
  std::ostringstream bytes;
  bytes << std::ifstream(path, std::ios::binary).rdbuf();
  return bytes.str();
}

Signed sign_with_ssh(std::string_view message, const SigningSettings& settings) {
  const std::string program = settings.ssh_program.empty() ? "ssh-keygen" : settings.ssh_program;
  const std::string key = ssh_key(settings);
  const util::PrivateDirectory directory;
  const std::string literal = literal_key(key);
  const std::string key_file = literal.empty() ? expanded(key) : directory.write("key.pub", literal + '\n');
  if (!std::ifstream(key_file).is_open()) {
    throw util::UsageError(fmt::format("user.signingkey: {} cannot be read; set another: {}", key_file, how_to_set));
  }
  const std::string message_file = directory.write("message", message);
  const util::Completed completed = util::run(
      {{program, "-Y", "sign", "-n", std::string(signature_namespace), "-f", key_file, message_file}, {}, ""});
  if (!completed.succeeded()) {
    fail(program, completed);
  }
  Signed made{"", read_whole(message_file + ".sig")};
  const SshSignature parsed = parse_ssh_signature(made.signature);
  if (parsed.name_space != signature_namespace) {
    throw util::Error(fmt::format("sign with {}: it signed in the namespace `{}`", program, parsed.name_space));
  }
  made.keyid = fingerprint_of(parsed.signer.key.blob);
  return made;
}

/// The fingerprint in `[GNUPG:] SIG_CREATED D 1 8 00 TIME FINGERPRINT`.
std::string created_by(std::string_view status) {
  constexpr std::string_view word = "[GNUPG:] SIG_CREATED ";
  const std::size_t at = status.find(word);
  if (at == std::string_view::npos) {
    return {};
  }
  const std::string line = first_line(std::string(status.substr(at)));
  return line.substr(line.rfind(' ') + 1);
}

Signed sign_with_gpg(std::string_view message, const SigningSettings& settings) {
  const std::string program = settings.gpg_program.empty() ? "gpg" : settings.gpg_program;
  if (settings.key.empty()) {
    throw util::UsageError(fmt::format("there is no key to sign with; set one: {}", how_to_set));
  }
  util::Completed completed =
      util::run({{program, "--status-fd=2", "-bsau", settings.key}, {{"LC_ALL", "C"}}, ""}, message);
  std::string keyid = created_by(completed.errors);
  if (completed.errors.find("No secret key") != std::string::npos) {
    throw util::UsageError(
        fmt::format("{} has no secret key for `{}`, which git signs with here; name one that it has "
                    "(git config user.signingkey), or sign with SSH: {}",
                    program, settings.key, how_to_set));
  }
  if (!completed.succeeded() || keyid.empty()) {
    fail(program, completed);
  }
  return {std::move(keyid), std::move(completed.output)};
}

bool is_openpgp(const SigningSettings& settings) {
  return settings.format.empty() || settings.format == "openpgp";
}

}  // namespace

std::optional<std::string> never_verified(const SigningSettings& settings, OpenPgp openpgp) {
  if (settings.format == "ssh" || (is_openpgp(settings) && openpgp == OpenPgp::counts)) {
    return std::nullopt;
  }
  return is_openpgp(settings)
             ? fmt::format(
                   "git signs with OpenPGP here, and no .tollbar/openpgp_keys on the default branch says whose "
                   "keys count; have yours added there, or sign with SSH: {}",
                   how_to_set)
             : fmt::format(
                   "git signs with {} here, and approvals are verified by SSH and OpenPGP signatures alone; set: {}",
                   settings.format, how_to_set);
}

Signed sign(std::string_view message, const SigningSettings& settings) {
  if (settings.format == "ssh") {
    return sign_with_ssh(message, settings);
  }
  if (is_openpgp(settings)) {
    return sign_with_gpg(message, settings);
  }
  throw util::UsageError(
      fmt::format("gpg.format `{}` is none that tollbar signs with: {}", settings.format, how_to_set));
}

}  // namespace tollbar::attest
