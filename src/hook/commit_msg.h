// The part of a message file that becomes the message. Internal to src/hook.
#pragma once

#include <string>
#include <string_view>

namespace tollbar::hook {

/// Whether git let the author edit the message: only then does it take comments out.
enum class Edited { no, yes };

/// What of the bytes of a message file git is going to store: nothing from the scissors line on, and of an edited
/// message no line that begins with `comment`.
std::string message_to_be(std::string_view file, std::string_view comment, Edited edited);

}  // namespace tollbar::hook
