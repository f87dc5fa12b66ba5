// Signing with the key that git signs with: `gpg.format`, `user.signingkey`, `gpg.ssh.program`, the agent included.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace tollbar::attest {

/// What git's configuration says about signing, read by the caller (git/ knows it).
struct SigningSettings {
  std::string format;       ///< `gpg.format`: ssh, openpgp; empty: openpgp as for git
  std::string key;          ///< `user.signingkey`: a path, `key::...`, a key id
  std::string ssh_program;  ///< `gpg.ssh.program`; empty: ssh-keygen
  std::string gpg_program;  ///< `gpg.program`; empty: gpg
};

struct Signed {
  std::string keyid;      ///< `SHA256:...` or an OpenPGP fingerprint
  std::string signature;  ///< armoured
};

/// Throws util::UsageError that says what to set where there is no key, util::Error with the program's words where it
/// fails.
Signed sign(std::string_view message, const SigningSettings& settings);

}  // namespace tollbar::attest
