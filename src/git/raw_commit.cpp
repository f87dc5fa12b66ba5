// A parser of commit objects that reads what git reads and no more.
#include "git/raw_commit.h"

#include <fmt/format.h>

#include <charconv>
#include <cstddef>
#include <optional>
#include <string>

#include "util/error.h"

namespace tollbar::git {
namespace {

/// Takes the header lines off the front of an object, one by one.
class Headers {
 public:
  Headers(std::string_view what, const model::ObjectId& id, std::string_view data)
      : what_(what), id_(id), rest_(data) {}

  /// The value of the next line if its key is `key`; the line stays otherwise.
  std::optional<std::string_view> take(std::string_view key) {
    if (!rest_.starts_with(key) || rest_.size() <= key.size() || rest_[key.size()] != ' ') {
      return std::nullopt;
    }
    const std::string_view line = take_line();
    return line.substr(key.size() + 1);
  }

  model::ObjectId take_id(std::string_view key) {
    const auto value = take(key);
    const auto id = value ? model::ObjectId::from_hex(*value) : std::nullopt;
    if (!id || id->size != id_.size) {
      fail(fmt::format("no {} line", key));
    }
    return *id;
  }

  /// Skips the remaining headers and the empty line; what follows is the message.
  std::string_view take_message() {
    while (!rest_.empty() && !take_line().empty()) {
    }
    return rest_;
  }

  [[noreturn]] void fail(std::string_view reason) const {
    throw util::Error(fmt::format("read {} {}: malformed, {}", what_, id_.hex(), reason));
  }

 private:
  std::string_view take_line() {
    const std::size_t end = rest_.find('\n');
    const std::string_view line = rest_.substr(0, end);
    rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end + 1);
    return line;
  }

  std::string_view what_;
  const model::ObjectId& id_;
  std::string_view rest_;
};

std::string_view trim(std::string_view text) {
  while (!text.empty() && text.front() == ' ') {
    text.remove_prefix(1);
  }
  while (!text.empty() && text.back() == ' ') {
    text.remove_suffix(1);
  }
  return text;
}

/// `-0530` as minutes.
int parse_offset(std::string_view text) {
  int value = 0;
  if (text.starts_with('+')) {
    text.remove_prefix(1);
  }
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value / 100 * 60 + value % 100;
}

/// `Name <email> 1700000000 +0100`; what cannot be read stays empty or zero.
model::Signature parse_signature(std::string_view line) {
  model::Signature signature;
  const std::size_t open = line.find('<');
  const std::size_t close = line.find('>', open == std::string_view::npos ? 0 : open);
  signature.name = trim(line.substr(0, open));
  if (open != std::string_view::npos) {
    signature.email = line.substr(open + 1, close == std::string_view::npos ? close : close - open - 1);
  }
  // Like git, look for the date after the last bracket: names may hold some.
  const std::size_t last = line.rfind('>');
  const std::string_view date = trim(last == std::string_view::npos ? std::string_view{} : line.substr(last + 1));
  const auto parsed = std::from_chars(date.data(), date.data() + date.size(), signature.time);
  signature.offset_minutes = parse_offset(trim(date.substr(static_cast<std::size_t>(parsed.ptr - date.data()))));
  return signature;
}

std::string_view take_signature(Headers& headers, std::string_view key) {
  const auto line = headers.take(key);
  if (!line) {
    headers.fail(fmt::format("no {} line", key));
  }
  return *line;
}

std::vector<model::ObjectId> take_parents(Headers& headers) {
  std::vector<model::ObjectId> parents;
  while (const auto value = headers.take("parent")) {
    const auto parent = model::ObjectId::from_hex(*value);
    if (!parent) {
      headers.fail("a parent line without an id");
    }
    parents.push_back(*parent);
  }
  return parents;
}

}  // namespace

model::Commit parse_commit(const model::ObjectId& id, std::string_view data) {
  Headers headers("commit", id, data);
  model::Commit commit;
  commit.id = id;
  commit.tree = headers.take_id("tree");
  commit.parents = take_parents(headers);
  commit.author = parse_signature(take_signature(headers, "author"));
  commit.committer = parse_signature(take_signature(headers, "committer"));
  commit.message = headers.take_message();
  return commit;
}

CommitLinks parse_links(const model::ObjectId& id, std::string_view data) {
  Headers headers("commit", id, data);
  CommitLinks links;
  headers.take_id("tree");
  links.parents = take_parents(headers);
  take_signature(headers, "author");
  const std::string_view committer = take_signature(headers, "committer");
  const std::string_view date = trim(committer.substr(committer.rfind('>') + 1));
  std::from_chars(date.data(), date.data() + date.size(), links.time);
  return links;
}

model::ObjectId parse_tag_target(const model::ObjectId& id, std::string_view data) {
  return Headers("tag", id, data).take_id("object");
}

}  // namespace tollbar::git
