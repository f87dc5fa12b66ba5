// Reading a repository through git's own commands, for what libgit2 1.5 cannot open: SHA-256, reftable, partial clones,
// split indexes.
#include <fmt/format.h>

#include <charconv>
#include <cstdint>
#include <utility>

#include "git/backend.h"
#include "git/command.h"
#include "util/error.h"
#include "util/process.h"

namespace tollbar::git {
namespace {

std::string without_line_feed(std::string text) {
  if (text.ends_with('\n')) {
    text.pop_back();
  }
  return text;
}

/// Splits at `separator`; what follows the last one is left out when empty.
std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (!text.empty()) {
    const std::size_t end = text.find(separator);
    parts.push_back(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return parts;
}

std::optional<ObjectType> parse_type(std::string_view word) {
  for (const ObjectType type : {ObjectType::commit, ObjectType::tree, ObjectType::blob, ObjectType::tag}) {
    if (to_string(type) == word) {
      return type;
    }
  }
  return std::nullopt;
}

/// One `git cat-file` process, started when it is first asked and again after it failed.
class ObjectReader {
 public:
  explicit ObjectReader(util::Invocation invocation) : invocation_(std::move(invocation)) {}

  /// Asks for an object; its content too where `data` is given, which only `--batch` answers with.
  std::optional<ObjectHeader> ask(const model::ObjectId& id, std::string* data) {
    try {
      if (!child_) {
        child_.emplace(invocation_);
      }
      child_->write(id.hex() + '\n');
      const auto header = parse_header(child_->read_line());
      if (header && data != nullptr) {
        *data = child_->read_bytes(header->size);
        child_->read_bytes(1);
      }
      return header;
    } catch (const util::Error& error) {
      child_.reset();
      throw util::Error(fmt::format("read object {}: {}", id.hex(), error.what()));
    }
  }

 private:
  /// `<id> <type> <size>`, or `<id> missing`.
  static std::optional<ObjectHeader> parse_header(const std::string& line) {
    const auto fields = split(line, ' ');
    if (fields.size() == 2 && fields[1] == "missing") {
      return std::nullopt;
    }
    const auto type = fields.size() == 3 ? parse_type(fields[1]) : std::nullopt;
    if (!type) {
      throw util::Error("git says " + line);
    }
    std::uint64_t size = 0;
    std::from_chars(fields[2].data(), fields[2].data() + fields[2].size(), size);
    return ObjectHeader{*type, size};
  }

  util::Invocation invocation_;
  std::optional<util::Child> child_;
};

class PlumbingBackend : public Backend {
 public:
  explicit PlumbingBackend(const Location& location)
      : location_(location),
        contents_(git_at(location, {"cat-file", "--batch"})),
        headers_(git_at(location, {"cat-file", "--batch-check"})) {
    // The directory comes last, as its name may hold line feeds.
    const std::string answer = ask(
        {"rev-parse", "--is-bare-repository", "--is-shallow-repository", "--show-object-format", "--absolute-git-dir"});
    const auto lines = split(answer, '\n');
    if (lines.size() < 4) {
      throw util::Error(fmt::format("open {}: git says {}", location.path, answer));
    }
    bare_ = lines[0] == "true";
    shallow_ = lines[1] == "true";
    partial_ = config("extensions.partialClone").has_value();
    hash_size_ = lines[2] == "sha256" ? 32 : 20;
    directory_ = without_line_feed(answer.substr(static_cast<std::size_t>(lines[3].data() - answer.data())));
  }

  bool is_bare() override { return bare_; }
  std::string git_directory() override { return directory_; }
  std::string work_directory() override {
    return bare_ ? "" : without_line_feed(ask({"rev-parse", "--show-toplevel"}));
  }
  bool is_shallow() override { return shallow_; }
  std::size_t hash_size() override { return hash_size_; }

  std::optional<std::string> config(const std::string& name) override {
    const auto value = ask_if_any({"config", "--null", "--get", name});
    return value ? std::optional(value->substr(0, value->find('\0'))) : std::nullopt;
  }

  std::vector<Reference> references() override {
    std::vector<Reference> references;
    const std::string answer = ask({"for-each-ref", "--format=%(objectname) %(refname)"});
    for (const std::string_view line : split(answer, '\n')) {
      const std::size_t space = line.find(' ');
      if (const auto id = model::ObjectId::from_hex(line.substr(0, space)); id && space != std::string_view::npos) {
        references.push_back({std::string(line.substr(space + 1)), *id});
      } else {
        throw util::Error(fmt::format("list references: git says {}", line));
      }
    }
    return references;
  }

  std::optional<model::ObjectId> reference(const std::string& name) override {
    // Unlike rev-parse, show-ref takes names only and no expressions such as `main~1`.
    const util::Completed answer = run({"show-ref", "--verify", "--hash", "--", name});
    return answer.succeeded() ? id_from(answer.output) : std::nullopt;
  }

  std::optional<std::string> symbolic_target(const std::string& name) override {
    const auto answer = ask_if_any({"symbolic-ref", "--quiet", name});
    return answer ? std::optional(without_line_feed(*answer)) : std::nullopt;
  }

  std::optional<model::ObjectId> resolve_commit(const std::string& revision) override {
    const util::Completed answer =
        run({"rev-parse", "--verify", "--quiet", "--end-of-options", revision + "^{commit}"});
    return answer.succeeded() ? id_from(answer.output) : std::nullopt;
  }

  std::optional<model::ObjectId> merge_base(const model::ObjectId& a, const model::ObjectId& b) override {
    const auto base = id_from(ask_if_any({"merge-base", a.hex(), b.hex()}));
    if (!base && shallow_) {
      throw util::Error(fmt::format("find the merge base of {} and {}: history is cut short (shallow clone)",
                                    a.short_hex(), b.short_hex()));
    }
    return base;
  }

  std::optional<ObjectHeader> header(const model::ObjectId& id) override {
    const auto header = headers_.ask(id, nullptr);
    if (!header) {
      refuse_damaged(id);
    }
    return header;
  }

  std::optional<RawObject> object(const model::ObjectId& id) override {
    RawObject object{};
    const auto header = contents_.ask(id, &object.data);
    if (!header) {
      refuse_damaged(id);
      return std::nullopt;
    }
    object.type = header->type;
    return object;
  }

  /// Compares the index with nothing: unlike ls-files, this leaves out intent-to-add entries and tells unmerged ones.
  std::vector<IndexEntry> index() override {
    const std::string empty_tree = hash_size_ == 32 ? "6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321"
                                                    : "4b825dc642cb6eb9a060e54bf8d69288fbee4904";
    const std::string answer = ask({"diff-index", "--cached", "--ita-invisible-in-index", "--no-renames", "--raw", "-z",
                                    "--no-abbrev", "--ignore-submodules=none", empty_tree});
    const auto fields = split(answer, '\0');
    std::vector<IndexEntry> entries;
    for (std::size_t at = 0; at + 1 < fields.size(); at += 2) {
      entries.push_back(parse_index_line(fields[at], fields[at + 1]));
    }
    return entries;
  }

 private:
  /// `:000000 <mode> <zero id> <id> A` and the path.
  static IndexEntry parse_index_line(std::string_view line, std::string_view path) {
    const auto columns = split(line, ' ');
    if (columns.size() == 5 && columns[4] == "U") {
      throw util::Error(fmt::format("read the index: {} is unmerged", path));
    }
    const auto id = columns.size() == 5 && columns[4] == "A" ? model::ObjectId::from_hex(columns[3]) : std::nullopt;
    if (!id) {
      throw util::Error(fmt::format("read the index: git says {}", line));
    }
    std::uint32_t mode = 0;
    std::from_chars(columns[1].data(), columns[1].data() + columns[1].size(), mode, 8);
    return {std::string(path), {*id, static_cast<model::FileMode>(mode)}};
  }

  /// `cat-file --batch` calls a corrupt object missing, too. In a partial clone that is what most of them are, and
  /// asking costs a process.
  void refuse_damaged(const model::ObjectId& id) const {
    if (!partial_ && id.size == hash_size_ && run({"cat-file", "-e", id.hex()}).succeeded()) {
      throw util::Error(fmt::format("read object {}: it is corrupt", id.hex()));
    }
  }

  util::Completed run(std::vector<std::string> arguments) const {
    return util::run(git_at(location_, std::move(arguments)));
  }

  /// The output of a command that must succeed.
  std::string ask(const std::vector<std::string>& arguments) const { return ask_git(location_, arguments); }

  /// The output of a command that exits with 1 where there is nothing.
  std::optional<std::string> ask_if_any(const std::vector<std::string>& arguments) const {
    util::Completed completed = run(arguments);
    if (completed.status == 1) {
      return std::nullopt;
    }
    if (!completed.succeeded()) {
      throw failure(arguments, completed);
    }
    return std::move(completed.output);
  }

  static std::optional<model::ObjectId> id_from(const std::optional<std::string>& line) {
    return line ? model::ObjectId::from_hex(without_line_feed(*line)) : std::nullopt;
  }

  Location location_;
  ObjectReader contents_;
  ObjectReader headers_;
  bool bare_ = false;
  bool shallow_ = false;
  bool partial_ = false;
  std::size_t hash_size_ = 20;
  std::string directory_;
};

}  // namespace

std::unique_ptr<Backend> open_with_plumbing(const Location& location) {
  return std::make_unique<PlumbingBackend>(location);
}

std::string_view to_string(ObjectType type) {
  switch (type) {
    case ObjectType::commit:
      return "commit";
    case ObjectType::tree:
      return "tree";
    case ObjectType::blob:
      return "blob";
    case ObjectType::tag:
      return "tag";
  }
  return "object";
}

}  // namespace tollbar::git
