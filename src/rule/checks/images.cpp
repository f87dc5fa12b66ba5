// Facts about image builds: what an image starts from, and as whom it runs.
#include "rule/checks/images.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "document/scripts.h"
#include "rule/checks/producers.h"
#include "rule/matching.h"
#include "text/glob.h"

namespace tollbar::rule {
namespace {

/// An image that a stage starts from, as far as the file says it.
struct Base {
  std::string repository;  ///< without tag and digest, Docker's own registry left out
  bool digest = false;
  std::string text;
  std::uint32_t line = 0;
};

struct Image {
  std::vector<Base> bases;  ///< images from outside, in order; earlier stages and `scratch` are none
  std::string user;         ///< of the last stage; empty where nothing says
  std::uint32_t user_line = 0;
};

/// The words of an instruction, options left out.
std::vector<std::string> words_of(const std::string& value) {
  std::vector<std::string> words;
  for (std::size_t at = 0; (at = value.find_first_not_of(" \t", at)) != std::string::npos;) {
    const auto end = std::min(value.find_first_of(" \t", at), value.size());
    if (value.compare(at, 2, "--") != 0) words.push_back(value.substr(at, end - at));
    at = end;
  }
  return words;
}

using Arguments = std::map<std::string, std::string, std::less<>>;

/// `$NAME`, `${NAME}` and `${NAME:-default}` by the defaults that the file gives.
std::string expanded(const std::string& text, const Arguments& arguments) {
  static const text::Pattern reference(R"(\$(?:\{(\w+)(?::?-([^}]*))?\}|(\w+)))");
  std::string result;
  std::size_t at = 0;
  while (const auto match = reference.find(text, at)) {
    const auto name = match->groups[1].value_or(match->groups.size() > 3 ? match->groups[3].value_or("") : "");
    const auto known = arguments.find(name);
    result += text.substr(at, match->begin - at);
    result +=
        known != arguments.end() ? known->second : std::string(match->groups[2].value_or(match->groups[0].value()));
    at = match->end;
  }
  return result + text.substr(at);
}

Base base_of(std::string text, std::uint32_t line) {
  Base base{text, text.find('@') != std::string::npos, text, line};
  base.repository = base.repository.substr(0, base.repository.find('@'));
  const auto slash = base.repository.rfind('/');
  const auto colon = base.repository.find(':', slash == std::string::npos ? 0 : slash);
  base.repository = base.repository.substr(0, colon);
  for (const std::string_view prefix : {"docker.io/", "index.docker.io/", "registry-1.docker.io/", "library/"})
    if (base.repository.starts_with(prefix)) base.repository.erase(0, prefix.size());
  return base;
}

Image read_image(std::string_view text) {
  Image image;
  Arguments arguments;
  std::map<std::string, std::string, std::less<>> users;  // of the stages so far, by name and number
  std::string stage;
  std::size_t stages = 0;
  for (const auto& instruction : document::read_dockerfile(text).instructions) {
    const auto words = words_of(instruction.value);
    if (words.empty()) continue;
    if (instruction.name == "ARG") {
      const auto equals = words[0].find('=');
      if (equals != std::string::npos) arguments[words[0].substr(0, equals)] = words[0].substr(equals + 1);
    } else if (instruction.name == "FROM") {
      const auto from = expanded(words[0], arguments);
      const auto parent = users.find(text::fold_path(from));
      if (parent == users.end() && from != "scratch") image.bases.push_back(base_of(from, instruction.line));
      image.user = parent != users.end() ? parent->second : "";
      image.user_line = instruction.line;
      stage = text::fold_path(words.size() > 2 ? words[2] : std::to_string(stages));
      users[stage] = image.user;
      ++stages;
    } else if (instruction.name == "USER") {
      image.user = words[0];
      image.user_line = instruction.line;
      users[stage] = image.user;
    }
  }
  return image;
}

/// Root by name or number.
bool is_root(const std::string& user) {
  const auto name = user.substr(0, user.find(':'));
  return name == "root" || name == "0";
}

Fact image_fact(const FileChange& file, std::string kind, std::string before, std::string after, std::uint32_t line) {
  Fact fact;
  fact.kind = std::move(kind);
  fact.path = file.path();
  fact.line = line;
  put_before(fact, before);
  put_after(fact, after);
  fact.subject = fact.after.empty() ? fact.before : fact.after;
  return fact;
}

void compare(FileChange& file, std::vector<Fact>& facts) {
  const auto before = read_image(file.before_text());
  const auto after = read_image(file.after_text());
  if (before.bases.empty()) return;
  for (const auto& base : after.bases) {
    const auto same = std::find_if(before.bases.begin(), before.bases.end(),
                                   [&](const Base& old) { return old.repository == base.repository; });
    if (same == before.bases.end())
      facts.push_back(image_fact(file, "image-base-changed", before.bases.front().text, base.text, base.line));
    else if (same->digest && !base.digest)
      facts.push_back(image_fact(file, "image-digest-dropped", same->text, base.text, base.line));
  }
  // A line that names root speaks for itself; the loss of a line that named somebody else has to be seen here.
  if (!after.bases.empty() && !before.user.empty() && !is_root(before.user) && after.user.empty())
    facts.push_back(image_fact(file, "image-user-dropped", before.user, "", after.user_line));
}

/// A tag or digest alone tells the words of two FROM lines apart.
bool same_base(const std::string& before, const std::string& after) {
  auto old_words = words_of(before), new_words = words_of(after);
  if (old_words.empty() || new_words.empty()) return false;
  const auto old_base = base_of(old_words[0], 0), new_base = base_of(new_words[0], 0);
  if (old_base.repository != new_base.repository || (old_base.digest && !new_base.digest)) return false;
  old_words[0] = new_words[0];
  return old_words == new_words;
}

/// `ARG GO_VERSION=1.22` and its newer self.
bool same_variable(const std::string& before, const std::string& after) {
  static const text::Pattern version(
      R"(^(\w*(?:VERSION|DIGEST|CHECKSUM|SHA256|SHA512|_SHA|_REF|_TAG|RELEASE)\w*)(?:=|\s+)["']?[\w.+:@-]*["']?\s*$)");
  const auto old_match = version.find(before), new_match = version.find(after);
  return old_match && new_match && old_match->groups[1] == new_match->groups[1];
}

bool same_but_for_version(const document::Instruction& before, const document::Instruction& after) {
  if (before.name != after.name || before.flags != after.flags) return false;
  if (before.value == after.value) return true;
  if (before.name == "FROM") return same_base(before.value, after.value);
  return (before.name == "ARG" || before.name == "ENV") && same_variable(before.value, after.value);
}

}  // namespace

bool only_versions_moved(std::string_view before, std::string_view after) {
  const auto old_file = document::read_dockerfile(before), new_file = document::read_dockerfile(after);
  return old_file.directives == new_file.directives &&
         std::equal(old_file.instructions.begin(), old_file.instructions.end(), new_file.instructions.begin(),
                    new_file.instructions.end(), same_but_for_version);
}

void image_facts(Change& change, std::vector<Fact>& facts) {
  const auto kind = change.rules().kinds.index("dockerfile");
  for (auto& file : change.files()) {
    const auto& delta = file.delta();
    if (!kind || !file.kinds()[*kind] || !delta.before || !delta.after || delta.mode_only()) continue;
    if (file.unreadable(file.kinds()).empty() && !file.binary()) compare(file, facts);
  }
}

}  // namespace tollbar::rule
