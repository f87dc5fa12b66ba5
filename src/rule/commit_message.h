// What a commit message asks of machines that read it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tollbar::rule {

/// `[skip ci]` and its kin, as the message spells them: with them CI systems run nothing for the commit.
std::optional<std::string> words_that_skip_ci(std::string_view message);

/// The trailers (`Break-Glass: INC-7`) that claim an emergency. A claim is no record: it never loosens a verdict.
std::vector<std::string> break_glass_claims(std::string_view message);

}  // namespace tollbar::rule
