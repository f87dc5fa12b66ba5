// What an approval binds to: the fact itself, not the commit that brought it.
#pragma once

#include <string>
#include <string_view>

#include "model/finding.h"

namespace tollbar::gate {

/// SHA-256, as 64 hexadecimal digits, over the canonical JSON (RFC 8785: sorted keys, shortest escapes, no white space)
/// of
/// `{schema, repository, ref, path, rule, subject, before, after, context}`. Text that is no UTF-8 goes in byte by
/// byte. Nothing else of the finding takes part, so that it survives rebase, amend and unrelated edits.
std::string fingerprint(const model::Finding& finding, std::string_view repository = {}, std::string_view ref = {});

}  // namespace tollbar::gate
