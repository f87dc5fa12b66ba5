// Go as gofmt leaves it: a function begins and ends at the beginning of a line.
#include "reach/mage_targets.h"

#include <algorithm>
#include <cctype>
#include <cstddef>

#include "reach/program_calls.h"
#include "text/ascii.h"
#include "text/lines.h"
#include "text/words.h"

namespace tollbar::reach {
namespace {

bool is_name(char byte) {
  return std::isalnum(static_cast<unsigned char>(byte)) != 0 || byte == '_';
}

/// `Release` of `func Release() error {`, `Docker.Push` of `func (d Docker) Push(tag string) {`.
std::string declared_in(std::string_view line) {
  constexpr std::string_view keyword = "func ";
  if (!line.starts_with(keyword)) return {};
  line.remove_prefix(keyword.size());
  std::string receiver;
  if (line.starts_with('(')) {
    const auto end = line.find(')');
    if (end == std::string_view::npos) return {};
    const auto type = line.substr(1, end - 1);
    receiver = std::string(type.substr(type.find_last_of(" *") + 1)) + ".";
    line = text::trimmed(line.substr(end + 1));
  }
  const auto end = std::find_if_not(line.begin(), line.end(), is_name);
  return end == line.begin() ? std::string() : receiver + std::string(line.begin(), end);
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  for (const auto line : text::Lines(text)) lines.push_back(line);
  return lines;
}

/// What a function whose text begins on the line `first` starts.
void read_commands(const std::string& body, std::uint32_t first, MageFunction& function) {
  const auto calls = called_texts(body).text;
  const auto written = lines_of(body), started = lines_of(calls);
  for (std::size_t i = 0; i < std::min(written.size(), started.size()); ++i) {
    const auto source = text::trimmed(written[i]);
    const bool forgotten = source.starts_with("sh.") || source.starts_with("exec.") || source.starts_with("_ = ");
    if (!started[i].empty() && !source.starts_with("//"))
      function.commands.push_back({std::string(started[i]), first + static_cast<std::uint32_t>(i), !forgotten});
  }
}

/// The word stands in the text as a name of its own.
bool names(std::string_view text, std::string_view word) {
  for (auto at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
    const auto end = at + word.size();
    const bool begins = at == 0 || (!is_name(text[at - 1]) && text[at - 1] != '.' && text[at - 1] != '"');
    if (begins && (end == text.size() || !is_name(text[end]))) return true;
  }
  return false;
}

bool calls(std::string_view body, const std::string& function) {
  const auto dot = function.find('.');
  if (names(body, function)) return true;
  return dot != std::string::npos && names(body, function.substr(0, dot) + "{}" + function.substr(dot));
}

/// Reads the functions of one file after the other; their texts are kept to tell what they call.
class MageReader {
 public:
  void read(const std::string& path, std::string_view program) {
    std::uint32_t number = 0;
    for (const auto line : text::Lines(program)) {
      ++number;
      constexpr std::string_view chosen = "var Default = ";
      if (line.starts_with(chosen)) found_.default_target = std::string(text::trimmed(line.substr(chosen.size())));
      if (auto name = declared_in(line); !name.empty()) {
        close(path);
        open_ = std::move(name);
        first_ = number;
        body_ = std::string(line.substr(std::min(line.find('{'), line.size()))) + "\n";  // without its own name
      } else if (!open_.empty()) {
        body_.append(line).append("\n");
      }
      if (line.starts_with('}')) close(path);
    }
    close(path);
  }

  MageFiles done() {
    for (auto& [name, function] : found_.functions)
      for (const auto& [other, its] : found_.functions)
        if (other != name && calls(bodies_[name], other)) function.calls.push_back(other);
    return std::move(found_);
  }

 private:
  void close(const std::string& path) {
    if (open_.empty()) return;
    MageFunction function{path, first_, {}, {}};
    read_commands(body_, first_, function);
    found_.functions[open_] = std::move(function);
    bodies_[open_] = body_;
    open_.clear();
  }

  MageFiles found_;
  std::map<std::string, std::string> bodies_;
  std::string open_, body_;  // of the function that is read
  std::uint32_t first_ = 0;
};

}  // namespace

std::string MageFiles::target(std::string_view name) const {
  for (const auto& [function, its] : functions) {
    std::string known = function;
    std::replace(known.begin(), known.end(), '.', ':');
    const bool exported = std::isupper(static_cast<unsigned char>(known[known.rfind(':') + 1])) != 0;
    if (exported && text::ascii_lower(std::string_view(known)) == text::ascii_lower(name)) return function;
  }
  return {};
}

MageFiles read_mage(const std::map<std::string, std::string>& files) {
  MageReader reader;
  for (const auto& [path, program] : files) reader.read(path, program);
  return reader.done();
}

}  // namespace tollbar::reach
