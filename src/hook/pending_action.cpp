// Applies edits in memory, and reads patches into edits.
#include "hook/pending_action.h"

#include <fmt/format.h>

#include <utility>

#include "util/error.h"

namespace tollbar::hook {
namespace {

void replace(std::string& text, const Replacement& replacement, const std::string& path) {
  std::size_t at = text.find(replacement.before);
  if (at == std::string::npos) {
    throw util::Error(fmt::format("edit {}: what is to be replaced is not there", path));
  }
  do {
    text.replace(at, replacement.before.size(), replacement.after);
    // An empty text stands everywhere; it is replaced once.
    at = replacement.everywhere && !replacement.before.empty()
             ? text.find(replacement.before, at + replacement.after.size())
             : std::string::npos;
  } while (at != std::string::npos);
}

std::string_view take_line(std::string_view& text) {
  const std::size_t end = text.find('\n');
  std::string_view line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  if (line.ends_with('\r')) {
    line.remove_suffix(1);
  }
  return line;
}

/// The rest of a line that begins with `lead`.
std::optional<std::string> after(std::string_view line, std::string_view lead) {
  return line.starts_with(lead) ? std::optional(std::string(line.substr(lead.size()))) : std::nullopt;
}

/// Adds a line of an update: ` kept`, `-taken`, `+put`; `@@ ...` begins the next piece.
void add_update_line(PendingEdit& edit, std::string_view line) {
  if (line.starts_with("@@") || edit.replacements.empty()) {
    edit.replacements.emplace_back();
  }
  if (line.starts_with("@@") || line.starts_with("*** End of File")) {
    return;
  }
  Replacement& piece = edit.replacements.back();
  const char sign = line.empty() ? ' ' : line.front();
  const std::string text = std::string(line.empty() ? line : line.substr(1)) + '\n';
  if (sign != ' ' && sign != '-' && sign != '+') {
    throw util::Error(fmt::format("read the patch: a line that begins with `{}`", sign));
  }
  if (sign != '+') {
    piece.before += text;
  }
  if (sign != '-') {
    piece.after += text;
  }
}

}  // namespace

std::optional<std::string> PendingEdit::applied_to(const std::string& before) const {
  switch (kind) {
    case Kind::remove:
      return std::nullopt;
    case Kind::write:
      return content;
    case Kind::replace:
      break;
  }
  std::string text = before;
  for (const Replacement& replacement : replacements) {
    replace(text, replacement, path);
  }
  return text;
}

std::vector<PendingEdit> read_patch(std::string_view patch) {
  std::vector<PendingEdit> edits;
  if (take_line(patch) != "*** Begin Patch") {
    throw util::Error("read the patch: it does not begin with *** Begin Patch");
  }
  while (!patch.empty()) {
    const std::string_view line = take_line(patch);
    if (line == "*** End Patch") {
      return edits;
    }
    if (const auto added = after(line, "*** Add File: ")) {
      edits.push_back({PendingEdit::Kind::write, *added});
    } else if (const auto removed = after(line, "*** Delete File: ")) {
      edits.push_back({PendingEdit::Kind::remove, *removed});
    } else if (const auto updated = after(line, "*** Update File: ")) {
      edits.push_back({PendingEdit::Kind::replace, *updated});
    } else if (edits.empty()) {
      throw util::Error("read the patch: a line before the first file");
    } else if (const auto moved = after(line, "*** Move to: ")) {
      edits.back().moved_to = *moved;
    } else if (edits.back().kind == PendingEdit::Kind::write && line.starts_with('+')) {
      edits.back().content.append(line.substr(1)).append(1, '\n');
    } else if (edits.back().kind == PendingEdit::Kind::replace) {
      add_update_line(edits.back(), line);
    } else if (!line.empty()) {
      throw util::Error("read the patch: a line that belongs to no file");
    }
  }
  throw util::Error("read the patch: it does not end with *** End Patch");
}

}  // namespace tollbar::hook
