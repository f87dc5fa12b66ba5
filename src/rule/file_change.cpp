// One file of a change: texts, documents, edits, lines and commands, each derived on demand.
#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "document/node.h"
#include "document/spread.h"
#include "rule/change.h"
#include "rule/file_commands.h"
#include "text/decode.h"

namespace tollbar::rule {
struct FileChange::Side {
  model::ContentState state = model::ContentState::present;
  std::uint64_t size = 0;
  text::Encoding encoding = text::Encoding::utf8;
  std::string text;
  std::vector<std::uint32_t> sources;  ///< of each line of a text that was spread out
  std::shared_ptr<const document::Document> document;
  CommandCache::Commands commands;
};

FileChange::FileChange(const model::FileDelta& delta, KindSet kinds, const Kinds& table, model::Tree& before,
                       model::Tree& after, Caches& caches)
    : delta_(delta),
      folded_path_(text::fold_path(delta.path)),
      kinds_(kinds),
      table_(&table),
      trees_{&before, &after},
      caches_(&caches) {}

FileChange::Side& FileChange::load(bool after) {
  auto& side = sides_[after ? 1 : 0];
  if (side) return *side;
  side = std::make_shared<Side>();
  const auto& entry = after ? delta_.after : delta_.before;
  if (!entry || entry->mode == model::FileMode::submodule) return *side;
  const auto content = trees_[after ? 1 : 0]->read(*entry);
  side->state = content.state;
  side->size = content.size;
  if (content.state != model::ContentState::present) return *side;
  auto decoded = text::decode(*content.bytes);
  side->encoding = decoded.encoding;
  side->text = std::move(decoded.text);
  if (spread_as_ != document::Format::none) spread_out(*side);
  return *side;
}

void FileChange::spread_out(Side& side) const {
  auto spread = document::spread(document::read(spread_as_, side.text), spread_as_);
  side.text = std::move(spread.text);
  side.sources = std::move(spread.sources);
}

namespace {

/// As large as structured documents may be.
constexpr std::size_t largest_settings = 8U << 20U;

}  // namespace

FileChange& FileChange::by_line() {
  const auto format = document::settings_format(path());
  if (spread_as_ != document::Format::none || format == document::Format::none) return *this;
  if (!by_line_) {
    by_line_.emplace();
    const auto is_dense = [&](std::string_view text) {
      return text.size() <= largest_settings && document::is_dense(text, format);
    };
    if (is_dense(before_text()) || is_dense(after_text())) {
      *by_line_ = std::make_shared<FileChange>(delta_, kinds_, *table_, *trees_[0], *trees_[1], *caches_);
      (*by_line_)->spread_as_ = format;
    }
  }
  return *by_line_ ? **by_line_ : *this;
}

std::uint32_t FileChange::source_line(Side& side, std::size_t number) const {
  const auto& sources = side.sources;
  return number > 0 && number <= sources.size() ? sources[number - 1] : static_cast<std::uint32_t>(number);
}
std::uint32_t FileChange::source_line_before(std::size_t number) {
  return source_line(load(false), number);
}
std::uint32_t FileChange::source_line(std::size_t number) {
  return source_line(load(true), number);
}

document::Format FileChange::format() const {
  for (std::size_t i = 0; i < table_->size(); ++i)
    if (kinds_[i] && (*table_)[i].format != document::Format::none) return (*table_)[i].format;
  return document::Format::none;
}

std::string_view FileChange::before_text() {
  return load(false).text;
}
std::string_view FileChange::after_text() {
  return load(true).text;
}
bool FileChange::went_with_folder() const {
  const auto slash = path().rfind('/');
  return delta_.removed() && slash != std::string::npos && trees_[1]->list(path().substr(0, slash)).empty();
}
bool FileChange::binary() {
  return after_encoding() == text::Encoding::binary;
}
bool FileChange::sealed() {
  return before_encoding() == text::Encoding::binary || binary();
}
text::Encoding FileChange::before_encoding() {
  return load(false).encoding;
}
text::Encoding FileChange::after_encoding() {
  return load(true).encoding;
}

std::string FileChange::unreadable(KindSet compared) {
  for (const bool after : {false, true}) {
    if (!after && (kinds_ & compared).none()) continue;
    const auto& side = load(after);
    if (side.state == model::ContentState::missing) return "missing from the object database";
    if (side.state == model::ContentState::too_large) return fmt::format("too large: {} bytes", side.size);
  }
  return {};
}

const document::Document& FileChange::document(bool after) {
  auto& side = load(after);
  const auto& entry = after ? delta_.after : delta_.before;
  if (!side.document)
    side.document = entry ? caches_->documents.read(format(), *trees_[after ? 1 : 0], *entry)
                          : std::make_shared<document::Document>();
  return *side.document;
}

const document::Document& FileChange::before_document() {
  return document(false);
}
const document::Document& FileChange::after_document() {
  return document(true);
}

namespace {

const document::Node* at(const document::Document& document, const document::NodePath& path) {
  const auto* node = document.roots.empty() ? nullptr : &document.roots.front();
  for (const auto& segment : path) node = node == nullptr || segment.item ? nullptr : node->get(segment.text);
  return node;
}

/// `resource.TYPE.NAME` names a block; nothing below it moves by itself.
constexpr std::size_t block_depth = 3;

}  // namespace

/// Whether what stands at `path` here, and is gone (or new), came to (or from) a companion with the same meaning.
bool FileChange::went_elsewhere(const document::NodePath& path, const document::Node& node, bool gone) {
  for (auto* const other : companions_) {
    const auto* here = at(other->document(gone), path);
    const auto* was = at(other->document(!gone), path);
    if (here != nullptr && here->same_as(node) && (was == nullptr || !was->same_as(node))) return true;
  }
  if (!node.is_mapping() || node.members.empty() || path.size() >= block_depth) return false;
  return std::all_of(node.members.begin(), node.members.end(), [&](const document::Member& member) {
    auto below = path;
    below.push_back({std::string(member.key.text()), false});
    return went_elsewhere(below, member.value, gone);
  });
}

const std::vector<document::Edit>& FileChange::edits() {
  if (edits_) return *edits_;
  edits_ = document::compare(before_document(), after_document());
  if (companions_.empty() || before_document().broken() || after_document().broken()) return *edits_;
  std::erase_if(*edits_, [&](const document::Edit& edit) {
    const bool gone = edit.kind == document::EditKind::removed;
    if (!gone && edit.kind != document::EditKind::added) return false;
    return went_elsewhere(edit.path, gone ? *edit.before : *edit.after, gone);
  });
  return *edits_;
}

const std::vector<text::ChangedRegion>& FileChange::changed() {
  if (!changed_) changed_ = text::changed_regions(before_text(), after_text());
  return *changed_;
}

const text::LineDiff& FileChange::lines() {
  if (!lines_) lines_ = text::diff_lines(before_text(), after_text());
  return *lines_;
}

namespace {

bool structured(document::Format format) {
  using document::Format;
  return format == Format::json || format == Format::yaml || format == Format::toml || format == Format::hcl;
}

}  // namespace

const std::vector<CommandPlace>& FileChange::commands(bool after) {
  auto& side = load(after);
  if (!side.commands) {
    const auto& entry = after ? delta_.after : delta_.before;
    side.commands = caches_->commands.of(format(), entry ? entry->id : model::ObjectId{}, [&] {
      return commands_of(format(), side.text, structured(format()) ? &document(after) : nullptr);
    });
  }
  return *side.commands;
}

const std::vector<CommandPlace>& FileChange::before_commands() {
  return commands(false);
}
const std::vector<CommandPlace>& FileChange::after_commands() {
  return commands(true);
}

CommandCache::Commands CommandCache::of(document::Format format, const model::ObjectId& blob,
                                        const std::function<std::vector<CommandPlace>()>& read) {
  const auto found = known_.find({format, blob});
  if (found != known_.end()) return found->second;
  if (known_.size() >= kept) known_.clear();
  auto commands = std::make_shared<const std::vector<CommandPlace>>(read());
  known_.emplace(std::pair{format, blob}, commands);
  return commands;
}

}  // namespace tollbar::rule
