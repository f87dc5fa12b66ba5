// One setting a member.
#include "approval/signing.h"

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
  return settings;
}

}  // namespace tollbar::approval
