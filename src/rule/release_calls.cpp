// Settings are short and name what they run as a path from the root: their text is enough.
#include "rule/release_calls.h"

#include <cctype>

namespace tollbar::rule {
namespace {

constexpr auto nowhere = std::string_view::npos;

bool is_path(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-' || c == '.' || c == '/';
}

}  // namespace

bool ReleaseCalls::name(std::string_view path) {
  static constexpr std::string_view files[] = {"fly.toml",    "Procfile",     "app.json",     "heroku.yml",
                                               "render.yaml", "railway.json", "railway.toml", "scalingo.json"};
  if (!settings_) {
    settings_.emplace();
    for (const auto file : files) {
      const auto entry = tree_.find(file);
      if (!entry || entry->mode == model::FileMode::submodule || entry->mode == model::FileMode::directory) continue;
      const auto content = tree_.read(*entry);
      if (content.state == model::ContentState::present) settings_->append(*content.bytes).append("\n");
    }
  }
  for (auto at = settings_->find(path); at != nowhere; at = settings_->find(path, at + 1)) {
    const auto end = at + path.size();
    auto begin = at;
    if (begin >= 2 && settings_->compare(begin - 2, 2, "./") == 0) begin -= 2;
    const bool whole =
        (begin == 0 || !is_path((*settings_)[begin - 1])) && (end == settings_->size() || !is_path((*settings_)[end]));
    if (whole) return true;
  }
  return false;
}

}  // namespace tollbar::rule
