// Signing with the key that git signs with: `gpg.format`, `user.signingkey`, `gpg.ssh.program`, the agent included.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace tollbar::attest {

/// What git's configuration says about signing, read by the caller (approval::signing_settings).
struct SigningSettings {
  std::string format;       ///< `gpg.format`: ssh, openpgp; empty: openpgp as for git
  std::string key;          ///< `user.signingkey`: a path, `key::...`, a key id
  std::string key_command;  ///< `gpg.ssh.defaultKeyCommand`: prints the key where none is set
  std::string ssh_program;  ///< `gpg.ssh.program`; empty: ssh-keygen
  std::string gpg_program;  ///< `gpg.program`; empty: gpg
};

struct Signed {
  std::string keyid;      ///< `SHA256:...` or an OpenPGP fingerprint
  std::string signature;  ///< armoured
};

/// Whether those who verify know whose OpenPGP keys count.
enum class OpenPgp { counts, counts_for_nothing };

/// Why no Verifier takes what these settings sign, and what to set instead, for people; empty where it may take it. To
/// be told before the user is asked for anything.
std::optional<std::string> never_verified(const SigningSettings& settings, OpenPgp openpgp);

/// Throws util::UsageError that says what to set where there is no key, util::Error with the program's words where it
/// fails.
Signed sign(std::string_view message, const SigningSettings& settings);

}  // namespace tollbar::attest
