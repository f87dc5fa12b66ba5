// Reading notes through their tree, whatever fan-out git gave it.
#include "git/notes.h"

namespace tollbar::git {
std::optional<std::string> find_note(model::Tree& notes, const model::ObjectId& id) {
  std::string path = id.hex();
  for (std::size_t slash = 2; slash < path.size(); slash += 3) {
    if (const auto entry = notes.find(path); entry && entry->mode != model::FileMode::directory) {
      const model::Content content = notes.read(*entry);
      return content.state == model::ContentState::present ? std::optional(*content.bytes) : std::nullopt;
    }
    path.insert(slash, 1, '/');  // deeper fan-out: ab/cdef, ab/cd/ef
  }
  return std::nullopt;
}

}  // namespace tollbar::git
