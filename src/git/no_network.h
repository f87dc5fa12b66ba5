// tollbar calls no network, and does not pay for being able to. Internal to src/git.
#pragma once

namespace tollbar::git {

/// Call before libgit2 starts: it then reads no certificates, which cost it more time than a commit does.
void leave_certificates_alone();

}  // namespace tollbar::git
