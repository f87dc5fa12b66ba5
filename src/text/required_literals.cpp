// A small walker over PCRE2's syntax. It follows only what it understands fully; for all else it gives up, which costs
// speed alone.
#include "text/required_literals.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "text/ascii.h"
#include "text/required_piece.h"

namespace tollbar::text {
namespace {

constexpr std::size_t max_class = 4;
constexpr int max_depth = 200;

Piece unknown() {
  return {};
}
Piece zero_width() {
  return {Strings{""}, {}};
}
bool is_letter(char c) {
  return ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z';
}
bool is_one_of(char c, std::string_view characters) {
  return characters.find(c) != std::string_view::npos;
}

/// The control character that an escaped letter stands for.
std::optional<char> control_character(char c) {
  switch (c) {
    case 't':
      return '\t';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 'f':
      return '\f';
    case 'e':
      return '\x1b';
    case 'a':
      return '\a';
    default:
      return std::nullopt;
  }
}

struct Repeat {
  std::size_t least = 1;
  bool exactly = true;    ///< no more than `least`
  bool optional = false;  ///< `?`: none or one
};

/// Thrown inside this file only: the expression holds something that the walker does not follow.
struct GiveUp {};

class Walker {
 public:
  explicit Walker(std::string_view expression) : text_(expression) {}

  Piece walk() {
    if (text_.substr(0, 2) == "(*") throw GiveUp{};
    const Piece whole = group(Flags{}, 0);
    if (at_ != text_.size()) throw GiveUp{};
    return whole;
  }

 private:
  struct Flags {
    bool caseless = false;
    bool extended = false;
  };

  bool done() const { return at_ >= text_.size(); }
  bool looking_at(std::string_view what) const { return text_.substr(at_, what.size()) == what; }
  bool skip(std::string_view what) {
    if (!looking_at(what)) return false;
    at_ += what.size();
    return true;
  }
  char take() {
    if (done()) throw GiveUp{};
    return text_[at_++];
  }
  void skip_past(char end) {
    const std::size_t found = text_.find(end, at_);
    if (found == std::string_view::npos) throw GiveUp{};
    at_ = found + 1;
  }

  Piece group(Flags flags, int depth);
  std::optional<Piece> atom(Flags& flags, int depth);
  Piece parenthesis(Flags& flags, int depth);
  bool inline_flags(Flags& flags);
  Piece escape(const Flags& flags);
  Piece hexadecimal(const Flags& flags);
  Piece character(const Flags& flags);
  Piece bracket(const Flags& flags);
  char bracket_member(bool& plain);
  static Piece literal(char c, const Flags& flags);
  void skip_ignored(const Flags& flags);
  void skip_reference();
  std::optional<Repeat> quantifier();
  std::optional<Repeat> counted();
  static void add_repeated(Concatenation& run, const Piece& piece, const Repeat& repeat);

  std::string_view text_;
  std::size_t at_ = 0;
  bool quoting_ = false;  // between \Q and \E
};

/// Branches up to the closing parenthesis (not taken) or the end. Flags set inside hold to its end, across `|`.
Piece Walker::group(Flags flags, int depth) {
  if (depth > max_depth) throw GiveUp{};
  std::vector<Piece> branches;
  Concatenation branch;
  while (!done()) {
    skip_ignored(flags);
    if (done() || (!quoting_ && text_[at_] == ')')) break;
    if (!quoting_ && text_[at_] == '|') {
      ++at_;
      branches.push_back(branch.finish());
      branch = Concatenation();
      continue;
    }
    const std::optional<Piece> piece = atom(flags, depth);
    if (!piece) continue;
    skip_ignored(flags);
    const std::optional<Repeat> repeat = quoting_ ? std::nullopt : quantifier();
    add_repeated(branch, *piece, repeat.value_or(Repeat{}));
  }
  branches.push_back(branch.finish());
  return alternation(branches);
}

void Walker::add_repeated(Concatenation& run, const Piece& piece, const Repeat& repeat) {
  if (repeat.optional && piece.exact) {
    Piece maybe{*piece.exact, {}};
    maybe.exact->emplace_back();
    simplify(*maybe.exact);
    run.add(maybe);
    return;
  }
  if (repeat.least == 0) {
    run.flush();
    return;
  }
  constexpr std::size_t enough = 16;
  for (std::size_t i = 0; i < std::min(repeat.least, enough); ++i) run.add(piece);
  if (repeat.exactly && repeat.least <= enough) return;
  // Between the first copies and the last one anything may stand; the last one touches what follows.
  run.flush();
  run.add(piece);
}

/// What is read over wherever an item or quantifier may stand: white space and comments under (?x), \E, and an empty
/// \Q\E.
void Walker::skip_ignored(const Flags& flags) {
  while (!done()) {
    if (skip("\\E")) {
      quoting_ = false;
    } else if (quoting_) {
      return;
    } else if (skip("\\Q")) {
      quoting_ = true;
    } else if (flags.extended && std::string_view(" \t\n\v\f\r").find(text_[at_]) != std::string_view::npos) {
      ++at_;
    } else if (flags.extended && text_[at_] == '#') {
      const std::size_t end = text_.find('\n', at_);
      at_ = end == std::string_view::npos ? text_.size() : end + 1;
    } else {
      return;
    }
  }
}

std::optional<Repeat> Walker::quantifier() {
  std::optional<Repeat> repeat;
  if (skip("*"))
    repeat = Repeat{0, false, false};
  else if (skip("+"))
    repeat = Repeat{1, false, false};
  else if (skip("?"))
    repeat = Repeat{0, false, true};
  else if (looking_at("{"))
    repeat = counted();
  if (repeat && !skip("?")) skip("+");
  return repeat;
}

/// `{n}`, `{n,}`, `{n,m}`; anything else is literal text.
std::optional<Repeat> Walker::counted() {
  std::size_t at = at_ + 1;
  const auto number = [&]() -> std::optional<std::size_t> {
    const std::size_t begin = at;
    std::size_t value = 0;
    while (at < text_.size() && text_[at] >= '0' && text_[at] <= '9' && at - begin < 6)
      value = value * 10 + static_cast<std::size_t>(text_[at++] - '0');
    return at == begin ? std::nullopt : std::optional(value);
  };
  const auto least = number();
  if (!least) return std::nullopt;
  std::optional<std::size_t> most = least;
  if (at < text_.size() && text_[at] == ',') {
    ++at;
    most = number();
  }
  if (at >= text_.size() || text_[at] != '}') return std::nullopt;
  at_ = at + 1;
  if (*least == 0) return Repeat{0, false, most && *most == 1};
  return Repeat{*least, most == least, false};
}

/// One item; nothing for a setting such as `(?i)` that is no item.
std::optional<Piece> Walker::atom(Flags& flags, int depth) {
  if (quoting_) return character(flags);
  switch (text_[at_]) {
    case '(': {
      ++at_;
      if (inline_flags(flags)) return std::nullopt;
      return parenthesis(flags, depth);
    }
    case '[':
      ++at_;
      return bracket(flags);
    case '\\':
      ++at_;
      return escape(flags);
    case '.':
      ++at_;
      return unknown();
    case '^':
    case '$':
      ++at_;
      return zero_width();
    default:
      return character(flags);
  }
}

/// `(?i)`, `(?-i)`, `(?s-i)`: taken whole. False where something else follows the parenthesis.
bool Walker::inline_flags(Flags& flags) {
  if (!looking_at("?")) return false;
  const std::size_t end = text_.find_first_not_of("imsxnJU-", at_ + 1);
  if (end == std::string_view::npos || text_[end] != ')') return false;
  const std::string_view letters = text_.substr(at_ + 1, end - at_ - 1);
  bool on = true;
  for (const char c : letters) {
    if (c == '-') on = false;
    if (c == 'i') flags.caseless = on;
    if (c == 'x') flags.extended = on;
  }
  if (letters.find("xx") != std::string_view::npos) throw GiveUp{};
  at_ = end + 1;
  return true;
}

/// A group of any kind, behind its `(`.
Piece Walker::parenthesis(Flags& flags, int depth) {
  Flags inner = flags;
  bool consumes = true;
  if (looking_at("*")) throw GiveUp{};
  if (skip("?")) {
    if (skip("=") || skip("!") || skip("<=") || skip("<!")) {
      consumes = false;
    } else if (skip(":") || skip("|") || skip(">")) {
    } else if (skip("P<") || skip("<")) {
      skip_past('>');
    } else if (skip("'")) {
      skip_past('\'');
    } else {
      // `(?i-s:...)`; recursion, conditions, callouts and comments are left alone.
      const std::size_t colon = text_.find_first_not_of("imsnU-", at_);
      if (colon == std::string_view::npos || text_[colon] != ':') throw GiveUp{};
      bool on = true;
      for (; at_ < colon; ++at_) {
        if (text_[at_] == '-') on = false;
        if (text_[at_] == 'i') inner.caseless = on;
      }
      ++at_;
    }
  }
  Piece piece = group(inner, depth + 1);
  if (done() || take() != ')') throw GiveUp{};
  return consumes ? piece : zero_width();
}

Piece Walker::literal(char c, const Flags& flags) {
  const char lower = ascii_lower(c);
  Strings strings{std::string(1, lower)};
  // Unicode folds the long s to s and the Kelvin sign to k; a search over bytes must know both.
  if (flags.caseless && lower == 's') strings.emplace_back("\xC5\xBF");
  if (flags.caseless && lower == 'k') strings.emplace_back("\xE2\x84\xAA");
  return {std::move(strings), {}};
}

/// A plain character, all bytes of it.
Piece Walker::character(const Flags& flags) {
  const char first = take();
  if (static_cast<unsigned char>(first) < 0x80) return literal(first, flags);
  std::string bytes(1, first);
  while (!done() && (static_cast<unsigned char>(text_[at_]) & 0xC0U) == 0x80U) bytes += take();
  if (flags.caseless) return unknown();
  return {Strings{bytes}, {}};
}

Piece Walker::escape(const Flags& flags) {
  const char c = take();
  if (is_one_of(c, "bBAzZGK")) return zero_width();
  if (is_one_of(c, "dDwWsShHvVRXC")) return unknown();
  if (c == 'N' && !looking_at("{")) return unknown();
  if (is_one_of(c, "pP")) {
    if (take() == '{') skip_past('}');
    return unknown();
  }
  if (is_one_of(c, "gk")) {
    skip_reference();
    return unknown();
  }
  if (c == 'x') return hexadecimal(flags);
  if (const std::optional<char> control = control_character(c)) return literal(*control, flags);
  if (c >= '1' && c <= '9') {  // a back reference, or octal: unknown either way
    while (!done() && is_digit(text_[at_])) ++at_;
    return unknown();
  }
  if (is_letter(c) || c == '0' || static_cast<unsigned char>(c) >= 0x80) throw GiveUp{};
  return literal(c, flags);
}

/// `\xHH` and `\x{H...}` of an ASCII character.
Piece Walker::hexadecimal(const Flags& flags) {
  const bool braced = skip("{");
  std::uint32_t value = 0;
  std::size_t digits = 0;
  for (; !done() && (braced || digits < 2); ++digits, ++at_) {
    const char c = ascii_lower(text_[at_]);
    const bool decimal = c >= '0' && c <= '9';
    if (!decimal && (c < 'a' || c > 'f')) break;
    if (digits > 8) throw GiveUp{};
    value = value * 16 + static_cast<std::uint32_t>(decimal ? c - '0' : c - 'a' + 10);
  }
  if (digits == 0 || (braced && !skip("}"))) throw GiveUp{};
  return value < 0x80 ? literal(static_cast<char>(value), flags) : unknown();
}

/// The rest of `\g{name}`, `\g<name>`, `\g1`, `\k'name'`.
void Walker::skip_reference() {
  if (skip("{")) return skip_past('}');
  if (skip("<")) return skip_past('>');
  if (skip("'")) return skip_past('\'');
  while (!done() && (text_[at_] == '-' || text_[at_] == '+' || (text_[at_] >= '0' && text_[at_] <= '9'))) ++at_;
}

/// One member of a class; `plain` turns false where it stands for more than one ASCII character.
char Walker::bracket_member(bool& plain) {
  const char c = take();
  if (c != '\\') {
    if (static_cast<unsigned char>(c) >= 0x80) plain = false;
    if (c == '[' && (looking_at(":") || looking_at(".") || looking_at("="))) throw GiveUp{};
    return c;
  }
  const char escaped = take();
  if (const std::optional<char> control = control_character(escaped)) return *control;
  if (is_one_of(escaped, "QEcN")) throw GiveUp{};
  if (is_letter(escaped) || is_digit(escaped)) {
    plain = false;  // \d, \xHH, octal, \b: digits that follow are read as further members, which only widens
    if (is_one_of(escaped, "pPxo") && skip("{")) skip_past('}');
  }
  return escaped;
}

/// A class behind its `[`. Named classes end in `]` as well, so they are read over as a pair.
Piece Walker::bracket(const Flags& flags) {
  bool plain = !skip("^");
  std::string members;
  for (bool first = true; first || !looking_at("]"); first = false) {
    if (looking_at("[:")) {
      const std::size_t end = text_.find(":]", at_ + 2);
      if (end == std::string_view::npos || text_.substr(at_ + 2, end - at_ - 2).find(']') != std::string_view::npos)
        throw GiveUp{};
      at_ = end + 2;
      plain = false;
      continue;
    }
    const char low = bracket_member(plain);
    members += low;
    if (!looking_at("-") || text_.substr(at_, 2) == "-]") continue;
    ++at_;
    if (looking_at("[")) plain = false;
    const char high = bracket_member(plain);
    if (!plain || high < low || high - low >= static_cast<int>(max_class)) {
      plain = false;
      continue;
    }
    for (int c = low + 1; c <= high; ++c) members += static_cast<char>(c);
  }
  ++at_;
  if (!plain) return unknown();
  Piece piece{Strings{}, {}};
  for (const char c : members) {
    const Piece one = literal(c, flags);
    piece.exact->insert(piece.exact->end(), one.exact->begin(), one.exact->end());
  }
  simplify(*piece.exact);
  return piece.exact->size() > max_class ? unknown() : piece;
}

}  // namespace

std::vector<std::string> required_literals(std::string_view expression) {
  try {
    return without_supersets(requirement(Walker(expression).walk()));
  } catch (const GiveUp&) {
    return {};
  }
}

}  // namespace tollbar::text
