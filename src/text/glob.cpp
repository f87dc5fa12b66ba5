// Path globs: compiled into segments, so that matching needs no recursion and costs at most length times length.
#include "text/glob.h"

#include <algorithm>
#include <cstddef>

#include "text/ascii.h"
#include "text/brackets.h"
#include "util/error.h"

namespace tollbar::text {
namespace {

constexpr std::size_t max_alternatives = 1024;

/// The offset behind the unit (escape, bracket expression, plain byte) that begins at `at`.
std::size_t unit_end(std::string_view pattern, std::size_t at) {
  if (pattern[at] == '\\') return std::min(at + 2, pattern.size());
  if (pattern[at] != '[') return at + 1;
  const std::size_t end = bracket_end(pattern, at);
  return end == std::string_view::npos ? at + 1 : end;
}

struct Braces {
  std::size_t open = std::string_view::npos;
  std::size_t close = 0;
  std::vector<std::string_view> choices;
};

/// Reads the brace at `open` up to its partner; no choices where it is unclosed or has no comma.
Braces read_braces(std::string_view pattern, std::size_t open) {
  Braces braces{open, 0, {}};
  std::size_t depth = 0;
  std::size_t choice = open + 1;
  for (std::size_t at = open; at < pattern.size(); at = unit_end(pattern, at)) {
    const char c = pattern[at];
    if (c == '{') ++depth;
    if (c == '}') --depth;
    if ((c == ',' && depth == 1) || depth == 0) {
      braces.choices.push_back(pattern.substr(choice, at - choice));
      choice = at + 1;
    }
    if (depth > 0) continue;
    braces.close = at;
    if (braces.choices.size() < 2) braces.choices.clear();
    return braces;
  }
  braces.choices.clear();
  return braces;
}

Braces find_braces(std::string_view pattern, std::size_t from) {
  // A `{` that is never closed makes each later one a candidate, so the search is bounded by the nesting that can
  // matter.
  std::size_t attempts = 0;
  for (std::size_t at = from; at < pattern.size(); at = unit_end(pattern, at)) {
    if (pattern[at] != '{') continue;
    if (++attempts > max_alternatives) break;
    if (Braces braces = read_braces(pattern, at); !braces.choices.empty()) return braces;
  }
  return {};
}

bool unit_matches(std::string_view unit, char c) {
  if (unit[0] == '?') return c != '/';
  if (unit[0] == '[') return unit.size() > 1 && bracket_holds(unit, c);  // an unclosed bracket matches nothing
  if (unit[0] == '\\') return unit.size() > 1 && ascii_lower(unit[1]) == ascii_lower(c);
  return ascii_lower(unit[0]) == ascii_lower(c);
}

/// One segment against one name. Only the last star can need another try, so this is linear in practice and never
/// exponential.
bool wildcard_matches(std::string_view pattern, std::string_view name) {
  constexpr std::size_t none = std::string_view::npos;
  std::size_t p = 0;
  std::size_t n = 0;
  std::size_t star = none;
  std::size_t star_name = 0;
  while (n < name.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = ++p;
      star_name = n;
      continue;
    }
    if (p < pattern.size()) {
      const std::size_t end = unit_end(pattern, p);
      if (unit_matches(pattern.substr(p, end - p), name[n])) {
        p = end;
        ++n;
        continue;
      }
    }
    if (star == none) return false;
    p = star;
    n = ++star_name;
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

bool equal_folded(std::string_view folded, std::string_view name) {
  return folded.size() == name.size() &&
         std::equal(folded.begin(), folded.end(), name.begin(), [](char a, char b) { return a == ascii_lower(b); });
}

std::string_view take_front(std::string_view& path) {
  const std::size_t slash = path.find('/');
  const std::string_view name = path.substr(0, slash);
  path = slash == std::string_view::npos ? std::string_view() : path.substr(slash + 1);
  return name;
}

std::string_view take_back(std::string_view& path) {
  const std::size_t slash = path.rfind('/');
  const std::string_view name = slash == std::string_view::npos ? path : path.substr(slash + 1);
  path = slash == std::string_view::npos ? std::string_view() : path.substr(0, slash);
  return name;
}

/// Splits at slashes outside brackets.
std::vector<std::string_view> split_pattern(std::string_view pattern) {
  std::vector<std::string_view> parts;
  std::size_t begin = 0;
  for (std::size_t at = 0; at < pattern.size();) {
    const std::size_t end = unit_end(pattern, at);
    if (pattern[end - 1] == '/' && pattern[at] != '[') {
      parts.push_back(pattern.substr(begin, at - begin));
      begin = end;
    }
    at = end;
  }
  parts.push_back(pattern.substr(begin));
  return parts;
}

}  // namespace

std::vector<std::string> expand_braces(std::string_view pattern) {
  std::vector<std::string> pending{std::string(pattern)};
  std::vector<std::string> expanded;
  while (!pending.empty()) {
    std::string next = std::move(pending.back());
    pending.pop_back();
    const Braces braces = find_braces(next, 0);
    if (braces.choices.empty()) {
      expanded.push_back(std::move(next));
    } else {
      const std::string_view whole = next;
      for (auto choice = braces.choices.rbegin(); choice != braces.choices.rend(); ++choice) {
        std::string one(whole.substr(0, braces.open));
        one += *choice;
        one += whole.substr(braces.close + 1);
        pending.push_back(std::move(one));
      }
    }
    if (expanded.size() + pending.size() > max_alternatives)
      throw util::UsageError("expand glob " + std::string(pattern.substr(0, 80)) + ": too many alternatives");
  }
  return expanded;
}

Glob::Glob(std::string_view pattern) : pattern_(pattern) {
  for (const std::string& alternative : expand_braces(pattern)) alternatives_.push_back(compile(alternative));
}

bool Glob::matches(std::string_view path) const {
  return std::any_of(alternatives_.begin(), alternatives_.end(),
                     [&](const Segments& segments) { return matches(segments, path); });
}

Glob::Segment Glob::compile_segment(std::string_view segment) {
  const bool special = segment.find_first_of("?[\\") != std::string_view::npos;
  const auto stars = std::count(segment.begin(), segment.end(), '*');
  if (special) return {Shape::general, std::string(segment)};
  if (!segment.empty() && static_cast<std::size_t>(stars) == segment.size()) return {Shape::any, {}};
  if (stars == 0) return {Shape::literal, ascii_lower(segment)};
  if (stars == 1 && segment.back() == '*') return {Shape::prefix, ascii_lower(segment.substr(0, segment.size() - 1))};
  if (stars == 1 && segment.front() == '*') return {Shape::suffix, ascii_lower(segment.substr(1))};
  return {Shape::general, std::string(segment)};
}

Glob::Segments Glob::compile(std::string_view alternative) {
  std::vector<std::string_view> parts = split_pattern(alternative);
  const bool below = parts.size() > 1 && parts.back().empty();
  if (below) parts.pop_back();
  const bool anchored = alternative.substr(0, alternative.size() - (below ? 1 : 0)).find('/') != std::string_view::npos;
  if (anchored && parts.size() > 1 && parts.front().empty()) parts.erase(parts.begin());

  Segments segments;
  if (!anchored) segments.push_back({Shape::crossing, {}});
  for (const std::string_view part : parts) {
    const bool crosses = anchored && part == "**";
    if (crosses && !segments.empty() && segments.back().shape == Shape::crossing) continue;
    segments.push_back(crosses ? Segment{Shape::crossing, {}} : compile_segment(part));
  }
  // At the end `**` wants at least one name, and `/` at least one below that.
  const auto want_name = [&] {
    if (segments.back().shape == Shape::crossing) segments.push_back({Shape::any, {}});
  };
  want_name();
  if (below) segments.push_back({Shape::crossing, {}});
  want_name();
  return segments;
}

bool Glob::Segment::matches(std::string_view name) const {
  switch (shape) {
    case Shape::any:
    case Shape::crossing:
      return true;
    case Shape::literal:
      return equal_folded(text, name);
    case Shape::prefix:
      return name.size() >= text.size() && equal_folded(text, name.substr(0, text.size()));
    case Shape::suffix:
      return name.size() >= text.size() && equal_folded(text, name.substr(name.size() - text.size()));
    case Shape::general:
      return wildcard_matches(text, name);
  }
  return false;
}

bool Glob::matches(const Segments& segments, std::string_view path) {
  // The fixed tail first: file names tell most paths apart. Then the fixed head; a search is left only between two
  // `**`.
  auto first = segments.begin();
  auto last = segments.end();
  while (first != last && (last - 1)->shape != Shape::crossing) {
    if (path.empty() || !(last - 1)->matches(take_back(path))) return false;
    --last;
  }
  while (first != last && first->shape != Shape::crossing) {
    if (path.empty() || !first->matches(take_front(path))) return false;
    ++first;
  }
  if (first == last) return path.empty();

  auto retry = ++first;
  std::string_view retry_path = path;
  while (first != last) {
    if (first->shape == Shape::crossing) {
      retry = ++first;
      retry_path = path;
    } else if (path.empty()) {
      return false;
    } else if (first->matches(take_front(path))) {
      ++first;
    } else {
      take_front(retry_path);
      path = retry_path;
      first = retry;
    }
  }
  return true;
}

std::string fold_path(std::string_view path) {
  std::string folded;
  folded.reserve(path.size());
  while (true) {
    const std::size_t slash = path.find('/');
    const std::string_view name = path.substr(0, slash);
    const std::size_t last = name.find_last_not_of(". ");
    for (const char c : name.substr(0, last == std::string_view::npos ? 0 : last + 1)) folded += ascii_lower(c);
    if (slash == std::string_view::npos) return folded;
    folded += '/';
    path.remove_prefix(slash + 1);
  }
}

}  // namespace tollbar::text
