// One setting a member, one signature an envelope.
#include "approval/signing.h"

#include "attest/envelope.h"
#include "git/settings.h"

namespace tollbar::approval {

attest::SigningSettings signing_settings() {
  const auto text = [](const char* name) { return git::text_setting(name).value_or(""); };
  const auto path = [](const char* name) { return git::path_setting(name, git::Scope::effective).value_or(""); };
  attest::SigningSettings settings;
  settings.format = text("gpg.format");
  settings.key = text("user.signingkey");
  settings.key_command = text("gpg.ssh.defaultKeyCommand");
  settings.ssh_program = path("gpg.ssh.program");
  settings.gpg_program = path("gpg.openpgp.program");
  if (settings.gpg_program.empty()) {
    settings.gpg_program = path("gpg.program");
  }
  if (settings.key.empty() && settings.format != "ssh") {
    settings.key = text("user.email");  // as git asks gpg for the committer's key
  }
  return settings;
}

StoredRecord sign_record(const attest::Statement& statement, const std::string& fingerprint,
                         const attest::SigningSettings& settings) {
  attest::Envelope envelope{std::string(attest::in_toto_type), attest::write_statement(statement), {}};
  attest::Signed made =
      attest::sign(attest::pre_authentication_encoding(envelope.payload_type, envelope.payload), settings);
  envelope.signatures.push_back({std::move(made.keyid), std::move(made.signature)});
  return make_stored(fingerprint, attest::write_envelope(envelope));
}

}  // namespace tollbar::approval
