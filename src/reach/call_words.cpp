// Words of command lines taken apart.
#include "reach/call_words.h"

#include <algorithm>
#include <utility>

namespace tollbar::reach {

bool is_flag(std::string_view word) {
  return word.size() > 1 && word.front() == '-';
}

bool takes(const Words& argv, std::size_t& index, std::initializer_list<std::string_view> flags, std::string& value) {
  const std::string& word = argv[index];
  for (const auto flag : flags) {
    if (word == flag) {
      if (index + 1 < argv.size()) value = argv[++index];
      return true;
    }
    if (!word.starts_with(flag)) continue;
    const bool is_long = flag.starts_with("--");
    if (is_long && word.size() > flag.size() && word[flag.size()] == '=') {
      value = word.substr(flag.size() + 1);
      return true;
    }
    if (!is_long && flag.size() == 2) {
      value = word.substr(word.size() > 2 && word[2] == '=' ? 3 : 2);
      return true;
    }
  }
  return false;
}

Call make_call(CallKind kind, Words files) {
  Call call;
  call.kind = kind;
  call.files = std::move(files);
  return call;
}

Words words_from(const Words& argv, std::size_t index) {
  return {argv.begin() + static_cast<std::ptrdiff_t>(index), argv.end()};
}

std::string below(const std::string& directory, std::string_view name) {
  return directory.empty() ? std::string(name) : directory + "/" + std::string(name);
}

std::string written_path(const std::string& written, const std::string& folder, const std::string& root) {
  return written.front() == kTreeRoot ? join_path(root, written.substr(2)) : join_path(folder, written);
}

bool changes_directory(const document::Command& command) {
  return command.program() == "cd" || command.program() == "pushd";
}

Words split_at_commas(std::string_view text) {
  Words parts;
  while (!text.empty()) {
    const auto end = std::min(text.find(','), text.size());
    const auto part = text::trimmed(text.substr(0, end), " ");
    if (!part.empty()) parts.emplace_back(part);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return parts;
}

}  // namespace tollbar::reach
