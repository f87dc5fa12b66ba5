// getrandom(2), which needs no device and gives up to 256 bytes whole.
#include "util/random.h"

#include <fmt/format.h>
#include <sys/random.h>

#include <cerrno>
#include <cstdint>
#include <system_error>
#include <vector>

#include "util/error.h"

namespace tollbar::util {

std::string random_hex(std::size_t bytes) {
  std::vector<std::uint8_t> drawn(bytes);
  if (::getrandom(drawn.data(), drawn.size(), 0) != static_cast<ssize_t>(bytes)) {
    throw Error(fmt::format("draw a random number: {}", std::generic_category().message(errno)));
  }
  return fmt::format("{:02x}", fmt::join(drawn, ""));
}

}  // namespace tollbar::util
