// One pass over the text; good enough for scripts, as nothing here depends on the grammar of one language.
#include "document/program_text.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace tollbar::document {
namespace {

constexpr auto nowhere = std::string_view::npos;

bool is_name(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) { result_.bare = text; }

  ProgramText scan() {
    while (at_ < text_.size()) {
      if (comment()) continue;
      const auto begin = at_;
      if (!string() && !pattern()) ++at_;
      if (std::isspace(static_cast<unsigned char>(text_[begin])) == 0) last_ = at_ - 1;
    }
    return std::move(result_);
  }

 private:
  bool here(std::string_view word) const { return text_.substr(at_).starts_with(word); }

  void blank(std::size_t begin, std::size_t end) {
    for (auto i = begin; i < std::min(end, text_.size()); ++i)
      if (text_[i] != '\n') result_.bare[i] = ' ';
  }

  bool drop_to(std::size_t end) {
    end = std::min(end, text_.size());
    blank(at_, end);
    at_ = end;
    return true;
  }

  bool comment() {
    const bool starts = at_ == 0 || std::isspace(static_cast<unsigned char>(text_[at_ - 1])) != 0;
    if (starts && here("#") && !here("#{")) return drop_to(text_.find('\n', at_));
    if (here("//") && (at_ == 0 || text_[at_ - 1] != ':')) return drop_to(text_.find('\n', at_));
    if (!here("/*")) return false;
    const auto end = text_.find("*/", at_ + 2);
    return drop_to(end == nowhere ? nowhere : end + 2);
  }

  bool string() {
    const char quote = text_[at_];
    if (quote != '"' && quote != '\'' && quote != '`') return false;
    const bool triple = quote != '`' && here(std::string(3, quote));
    ProgramString found;
    found.quote = quote;
    found.interpolates = at_ > 0 && (text_[at_ - 1] == 'f' || text_[at_ - 1] == 'F') &&
                         (at_ == 1 || !is_name(text_[at_ - 2]) || text_[at_ - 2] == 'r');
    found.begin = at_ + (triple ? 3 : 1);
    found.end =
        triple ? std::min(text_.find(std::string(3, quote), found.begin), text_.size()) : closing(quote, found.begin);
    blank(found.begin, found.end);
    at_ = std::min(found.end + (triple ? 3 : 1), text_.size());
    result_.strings.push_back(found);
    return true;
  }

  /// `/["']x/` of JavaScript and Ruby: its quotes open no string, its brackets no block.
  bool pattern() {
    if (!here("/") || !wants_value()) return false;
    bool in_class = false;
    auto end = at_ + 1;
    for (; end < text_.size() && text_[end] != '\n' && (text_[end] != '/' || in_class); ++end) {
      if (text_[end] == '\\')
        ++end;
      else if (text_[end] == '[')
        in_class = true;
      else if (text_[end] == ']')
        in_class = false;
    }
    if (end >= text_.size() || text_[end] != '/') return false;
    constexpr std::string_view marks = "\"'`()[]{}#;";
    for (auto i = at_; i < end; ++i)
      if (marks.find(text_[i]) != nowhere) blank(i, i + 1);
    at_ = end + 1;
    return true;
  }

  /// What stands here is no operator: nothing has been said yet that it could work on.
  bool wants_value() const {
    if (last_ == nowhere) return true;
    const char c = text_[last_];
    if (c == '>') return last_ > 0 && text_[last_ - 1] == '=';
    if (std::string_view("(,=:[!&|?{;").find(c) != nowhere) return true;
    const auto said = text_.substr(0, last_ + 1);
    return std::any_of(kAsking.begin(), kAsking.end(), [&](std::string_view word) {
      return said.ends_with(word) && (said.size() == word.size() || !is_name(said[said.size() - word.size() - 1]));
    });
  }
  static constexpr std::array<std::string_view, 7> kAsking{"return", "typeof", "case", "when", "if", "unless", "in"};

  /// A string in plain quotes that its line leaves open is none: an apostrophe, a pattern.
  std::size_t closing(char quote, std::size_t from) const {
    for (auto at = from; at < text_.size(); ++at) {
      if (text_[at] == '\\') {
        ++at;
      } else if (text_[at] == quote) {
        return at;
      } else if (text_[at] == '\n' && quote == '\'') {
        return from;
      }
    }
    return text_.size();
  }

  std::string_view text_;
  ProgramText result_;
  std::size_t at_ = 0;
  std::size_t last_ = nowhere;  ///< the last byte that is neither blank nor comment
};

/// An interpolated expression as one parameter of a shell.
std::string parameter(std::string_view expression) {
  const auto plain = !expression.empty() && std::all_of(expression.begin(), expression.end(), is_name);
  return plain ? "${" + std::string(expression) + "}" : "${value}";
}

}  // namespace

const ProgramString* ProgramText::string_at(std::size_t at) const {
  const auto found = std::lower_bound(strings.begin(), strings.end(), at + 1,
                                      [](const ProgramString& one, std::size_t place) { return one.begin < place; });
  return found != strings.end() && (found->begin == at + 1 || found->begin == at + 3) ? &*found : nullptr;
}

ProgramText scan_program(std::string_view text) {
  return Scanner(text).scan();
}

std::string shell_text(std::string_view text, const ProgramString& string) {
  const auto content = text.substr(string.begin, string.end - string.begin);
  std::string made;
  for (std::size_t at = 0; at < content.size(); ++at) {
    const char c = content[at];
    if (c == '\\' && at + 1 < content.size()) {
      const char next = content[++at];
      if (next != '\n') made += next == 'n' ? '\n' : next == 't' ? '\t' : next;
      continue;
    }
    const bool opens = (string.interpolates && c == '{') || content.substr(at).starts_with("#{") ||
                       (string.quote == '`' && content.substr(at).starts_with("${"));
    const auto end = opens ? content.find('}', at) : nowhere;
    if (end == nowhere) {
      made += c;
      continue;
    }
    const auto start = at + (c == '{' ? 1 : 2);
    made += parameter(content.substr(start, end - start));
    at = end;
  }
  return made;
}

std::size_t call_end(std::string_view bare, std::size_t at) {
  for (int depth = 1; at < bare.size() && depth > 0; ++at)
    depth += bare[at] == '(' || bare[at] == '{' ? 1 : bare[at] == ')' || bare[at] == '}' ? -1 : 0;
  return at;
}

std::uint32_t line_at(std::string_view text, std::size_t at) {
  return static_cast<std::uint32_t>(std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n')) + 1;
}

}  // namespace tollbar::document
