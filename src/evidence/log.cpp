// Numbers are paths; the chain is computed inside the attempt that writes it.
#include "evidence/log.h"

#include <fmt/format.h>

#include <charconv>

#include "git/contention.h"
#include "util/error.h"
#include "util/sha256.h"

namespace tollbar::evidence {
namespace {

constexpr std::uint64_t most_records = 99'999'999;
constexpr std::string_view suffix = ".intoto.jsonl";
constexpr std::string_view head_key = "Tollbar-Head: ";
constexpr int levels = 4;

std::optional<std::uint64_t> parse_number(std::string_view digits) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  const bool whole = error == std::errc{} && end == digits.data() + digits.size();
  return whole ? std::optional(number) : std::nullopt;
}

/// `07`, `07.intoto.jsonl` at the last level.
std::optional<std::uint64_t> parse_name(std::string_view name, int level) {
  if (level == levels - 1) {
    if (!name.ends_with(suffix)) {
      return std::nullopt;
    }
    name.remove_suffix(suffix.size());
  }
  return name.size() == 2 && name.find_first_not_of("0123456789") == std::string_view::npos ? parse_number(name)
                                                                                            : std::nullopt;
}

/// The greatest number that has a file; 0 where none has.
std::uint64_t last_number(model::Tree& tree) {
  std::uint64_t number = 0;
  std::string path;
  for (int level = 0; level < levels; ++level) {
    std::optional<std::uint64_t> greatest;
    std::string name;
    for (const model::DirectoryEntry& entry : tree.list(path)) {
      const auto part = parse_name(entry.name, level);
      const bool directory = entry.entry.mode == model::FileMode::directory;
      if (part && directory == (level < levels - 1) && (!greatest || *part > *greatest)) {
        greatest = part;
        name = entry.name;
      }
    }
    if (!greatest) {
      return 0;
    }
    number = number * 100 + *greatest;
    path += (path.empty() ? "" : "/") + name;
  }
  return number;
}

void find_foreign(model::Tree& tree, const std::string& directory, int level, std::vector<std::string>& found) {
  for (const model::DirectoryEntry& entry : tree.list(directory)) {
    const std::string path = directory.empty() ? entry.name : directory + '/' + entry.name;
    const bool directory_wanted = level < levels - 1;
    const model::FileMode wanted = directory_wanted ? model::FileMode::directory : model::FileMode::regular;
    if (!parse_name(entry.name, level) || entry.entry.mode != wanted) {
      found.push_back(path);
    } else if (directory_wanted) {
      find_foreign(tree, path, level + 1, found);
    }
  }
}

}  // namespace

std::string path_of(std::uint64_t number) {
  if (number == 0 || number > most_records) {
    throw util::Error(fmt::format("the evidence log has no record {}", number));
  }
  return fmt::format("{:02}/{:02}/{:02}/{:02}{}", number / 1'000'000, number / 10'000 % 100, number / 100 % 100,
                     number % 100, suffix);
}

std::string to_text(const Link& head) {
  return fmt::format("{}:{}", head.number, head.digest);
}

std::optional<Link> parse_head(std::string_view text) {
  const std::size_t colon = text.find(':');
  const auto number = parse_number(text.substr(0, colon));
  if (colon == std::string_view::npos || !number || *number == 0) {
    return std::nullopt;
  }
  const std::string_view digest = text.substr(colon + 1);
  constexpr std::size_t digits = 64;
  const bool is_digest =
      digest.size() == digits && digest.find_first_not_of("0123456789abcdef") == std::string_view::npos;
  return is_digest ? std::optional(Link{*number, std::string(digest)}) : std::nullopt;
}

std::optional<Link> head_in_message(std::string_view message) {
  const std::size_t key = message.rfind(head_key);
  if (key == std::string_view::npos) {
    return std::nullopt;
  }
  const std::string_view value = message.substr(key + head_key.size());
  return parse_head(value.substr(0, value.find('\n')));
}

Log::Log(const git::Repository& repository) : tip_(repository.reference(log_ref)) {
  if (tip_) {
    tree_.emplace(repository, repository.commit(*tip_).tree);
    size_ = last_number(*tree_);
  }
}

std::optional<std::string> Log::bytes(std::uint64_t number) const {
  const auto entry = tree_ && number != 0 && number <= size_ ? tree_->find(path_of(number)) : std::nullopt;
  if (!entry || entry->mode != model::FileMode::regular) {
    return std::nullopt;
  }
  const model::Content content = tree_->read(*entry);
  if (content.state != model::ContentState::present) {
    throw util::Error(fmt::format("read record {} of the evidence log: its object is missing", number));
  }
  return *content.bytes;
}

std::optional<Link> Log::head() const {
  const auto last = bytes(size_);
  return last ? std::optional(Link{size_, util::sha256_hex(*last)}) : std::nullopt;
}

Bundle Log::bundle(std::uint64_t number) const {
  const auto found = bytes(number);
  if (!found) {
    throw util::UsageError(fmt::format("the evidence log has no record {}; it has {}", number, size_));
  }
  return read_bundle(*found, fmt::format("record {}", number));
}

std::vector<std::string> Log::foreign_paths() const {
  std::vector<std::string> found;
  if (tree_) {
    find_foreign(*tree_, "", 0, found);
  }
  return found;
}

Link append(git::Repository& repository, std::vector<Record> records, const Signer& signer) {
  std::optional<Link> head;
  git::until_written(std::string(log_ref), [&] {
    const Log log(repository);
    head = log.head();
    if (!head && !log.empty()) {
      throw util::Error("append to the evidence log: it has no last record to continue from");
    }
    if (records.empty()) {
      return true;
    }
    git::RecordCommit commit;
    commit.ref = log_ref;
    commit.tip = log.tip();
    commit.author = git::record_author();
    for (Record& record : records) {
      record.previous = head;
      record.number = head ? head->number + 1 : 1;
      std::string bytes = write_bundle(record, signer);
      head = Link{record.number, util::sha256_hex(bytes)};
      commit.files[path_of(record.number)] = std::move(bytes);
    }
    commit.message = fmt::format("Log {} record{}\n\n{}{}\n", records.size(), records.size() == 1 ? "" : "s", head_key,
                                 to_text(*head));
    return repository.write_records(commit);
  });
  return head.value_or(Link{});
}

}  // namespace tollbar::evidence
