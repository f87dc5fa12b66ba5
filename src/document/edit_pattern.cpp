// Patterns over paths of a document, and the places of a tree that they select.
#include <algorithm>

#include "document/edit.h"
#include "text/glob.h"

namespace tollbar::document {
namespace {

using Segments = std::vector<std::string>;
constexpr std::string_view any_number = "**";

/// Splits at dots that no backslash protects; escapes are kept for segment_matches.
Segments split(std::string_view pattern) {
  Segments segments;
  if (pattern.empty()) return segments;
  segments.emplace_back();
  for (std::size_t at = 0; at < pattern.size(); ++at) {
    if (pattern[at] == '.') {
      segments.emplace_back();
      continue;
    }
    segments.back() += pattern[at];
    if (pattern[at] == '\\' && at + 1 < pattern.size()) segments.back() += pattern[++at];
  }
  return segments;
}

/// `*` for any run of characters; only the last star can need another try.
bool segment_matches(std::string_view pattern, std::string_view text) {
  constexpr std::size_t none = std::string_view::npos;
  std::size_t p = 0;
  std::size_t t = 0;
  std::size_t star = none;
  std::size_t star_text = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = ++p;
      star_text = t;
      continue;
    }
    const std::size_t literal = p + (p + 1 < pattern.size() && pattern[p] == '\\' ? 1 : 0);
    if (p < pattern.size() && pattern[literal] == text[t]) {
      p = literal + 1;
      ++t;
    } else if (star != none) {
      p = star;
      t = ++star_text;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

/// The positions in a pattern that can be reached, as flags 0..size.
using Positions = std::vector<bool>;

/// `**` may stand for nothing.
void pass_any_number(const Segments& segments, Positions& positions) {
  for (std::size_t i = 0; i < segments.size(); ++i)
    if (positions[i] && segments[i] == any_number) positions[i + 1] = true;
}

Positions start(const Segments& segments) {
  Positions positions(segments.size() + 1);
  positions[0] = true;
  pass_any_number(segments, positions);
  return positions;
}

Positions advance(const Segments& segments, const Positions& positions, const PathSegment& step) {
  Positions next(positions.size());
  for (std::size_t i = 0; i < segments.size(); ++i) {
    if (!positions[i]) continue;
    if (segments[i] == any_number)
      next[i] = true;
    else if (segment_matches(segments[i], step.text))
      next[i + 1] = true;
  }
  pass_any_number(segments, next);
  return next;
}

Positions follow(const Segments& segments, const NodePath& path) {
  Positions positions = start(segments);
  for (const PathSegment& step : path) positions = advance(segments, positions, step);
  return positions;
}

void collect(const Node& node, const PathPattern& pattern, NodePath& path, std::vector<Place>& places) {
  if (!pattern.could_match_below(path)) return;
  if (pattern.matches(path)) places.push_back({path, &node});
  for (const Member& member : node.members) {
    path.push_back({member.key.is_scalar() ? member.key.scalar : member.key.brief(), false});
    collect(member.value, pattern, path, places);
    path.pop_back();
  }
  for (std::size_t i = 0; i < node.items.size(); ++i) {
    path.push_back(item_segment(node.items[i], i));
    collect(node.items[i], pattern, path, places);
    path.pop_back();
  }
}

}  // namespace

PathPattern::PathPattern(std::string_view pattern) {
  for (const std::string& alternative : text::expand_braces(pattern)) segments_.push_back(split(alternative));
}

bool PathPattern::matches(const NodePath& path) const {
  return std::any_of(segments_.begin(), segments_.end(),
                     [&](const Segments& segments) -> bool { return follow(segments, path).back(); });
}

bool PathPattern::could_match_below(const NodePath& path) const {
  return std::any_of(segments_.begin(), segments_.end(), [&](const Segments& segments) {
    const Positions positions = follow(segments, path);
    return std::find(positions.begin(), positions.end(), true) != positions.end();
  });
}

std::vector<Place> find_all(const Node& root, const PathPattern& pattern) {
  std::vector<Place> places;
  NodePath path;
  collect(root, pattern, path, places);
  return places;
}

}  // namespace tollbar::document
