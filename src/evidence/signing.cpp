// ssh-keygen, or what `gpg.ssh.program` names, is run once an envelope.
#include "evidence/signing.h"

namespace tollbar::evidence {

Signer server_signer(const git::Repository& repository) {
  const auto key = repository.config("tollbar.evidenceKey");
  if (!key || key->empty()) {
    return {};
  }
  attest::SigningSettings settings;
  settings.format = "ssh";
  settings.key = *key;
  settings.ssh_program = repository.config("gpg.ssh.program").value_or("");
  return [settings](std::string_view message) { return attest::sign(message, settings); };
}

}  // namespace tollbar::evidence
