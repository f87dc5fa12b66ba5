// Looks up and compares the few values that decide a script's exit status.
#include "document/shell_state.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cstddef>
#include <iterator>
#include <utility>

#include "document/shell_arithmetic.h"

namespace tollbar::document {

namespace {

constexpr std::size_t maximum_variables = 256;

ShellValue value_of(ShellStatus status) {
  return {std::to_string(status.code), status.certain};
}

ShellStatus truth(bool holds, bool certain) {
  return {holds ? 0 : 1, certain};
}

constexpr ShellStatus unknown{0, false};

ShellStatus evaluate_binary(const ShellValue& left, const std::string& op, const ShellValue& right) {
  if (!left.text || !right.text) return unknown;
  const bool certain = left.certain && right.certain;
  if (op == "=" || op == "==" || op == "!=") {
    if (right.text->find_first_of("*?[") != std::string::npos) return unknown;
    if (left.at_least && number_of(right)) return compare_numbers(left, op == "!=" ? op : "==", right);
    return truth((*left.text == *right.text) == (op != "!="), certain);
  }
  constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kRelations{
      {{"-eq", "=="}, {"-ne", "!="}, {"-gt", ">"}, {"-ge", ">="}, {"-lt", "<"}, {"-le", "<="}}};
  const auto relation =
      std::find_if(kRelations.begin(), kRelations.end(), [&](const auto& one) { return one.first == op; });
  return relation == kRelations.end() ? unknown : compare_numbers(left, relation->second, right);
}

}  // namespace

std::optional<long> number_of(const ShellValue& value) {
  if (!value.text) return std::nullopt;
  long result = 0;
  const char* end = value.text->data() + value.text->size();
  const auto [stopped, error] = std::from_chars(value.text->data(), end, result);
  if (error != std::errc() || stopped != end) return std::nullopt;
  return result;
}

std::optional<long> least_of(const ShellValue& value) {
  return value.certain ? number_of(value) : value.at_least;
}

std::size_t ShellVariables::place_of(std::string_view name) const {
  const auto place = std::lower_bound(entries_.begin(), entries_.end(), name,
                                      [](const auto& entry, std::string_view wanted) { return entry->name < wanted; });
  return static_cast<std::size_t>(place - entries_.begin());
}

const ShellValue* ShellVariables::find(std::string_view name) const {
  const auto place = place_of(name);
  return place < entries_.size() && entries_[place]->name == name ? &entries_[place]->value : nullptr;
}

void ShellVariables::set(std::string_view name, ShellValue value) {
  const auto place = place_of(name);
  Entry entry{std::string(name), std::move(value)};
  if (place < entries_.size() && entries_[place]->name == name)
    entries_[place] = std::move(entry);
  else
    entries_.emplace(entries_.begin() + static_cast<std::ptrdiff_t>(place), std::move(entry));
}

void ShellVariables::join(const ShellVariables& other) {
  std::vector<util::CopyOnWrite<Entry>> added;
  auto there = other.entries_.begin();
  for (auto& entry : entries_) {
    for (; there != other.entries_.end() && (*there)->name < entry->name; ++there)
      added.emplace_back(Entry{(*there)->name, {}});
    const bool in_both = there != other.entries_.end() && (*there)->name == entry->name;
    if (!in_both || !(*there == entry)) {
      const auto here_least = least_of(entry->value);
      const auto there_least = in_both ? least_of((*there)->value) : std::nullopt;
      auto& value = entry.edit().value;
      value.at_least = here_least && there_least ? std::optional(std::min(*here_least, *there_least)) : std::nullopt;
      value.certain = false;
    }
    if (in_both) ++there;
  }
  for (; there != other.entries_.end(); ++there) added.emplace_back(Entry{(*there)->name, {}});
  if (added.empty()) return;
  const auto own = static_cast<std::ptrdiff_t>(entries_.size());
  std::move(added.begin(), added.end(), std::back_inserter(entries_));
  std::inplace_merge(entries_.begin(), entries_.begin() + own, entries_.end(),
                     [](const auto& a, const auto& b) { return a->name < b->name; });
}

ShellValue ShellState::lookup(std::string_view name) const {
  if (name == "?") return value_of(last);
  if (name.starts_with("PIPESTATUS[")) {
    const std::size_t index = name.size() > 11 && name[11] >= '0' && name[11] <= '9'
                                  ? static_cast<std::size_t>(name[11] - '0')
                                  : stages.size();
    return index < stages.size() ? value_of(stages[index]) : ShellValue{};
  }
  if (const auto* known = variables->find(name)) return *known;
  // Failures are judged in what pipelines run, and there these are set.
  constexpr std::array<std::string_view, 8> told_by_ci{
      "CI", "CONTINUOUS_INTEGRATION", "GITHUB_ACTIONS", "GITLAB_CI", "CIRCLECI", "TRAVIS", "BUILDKITE", "TF_BUILD"};
  const bool told = std::find(told_by_ci.begin(), told_by_ci.end(), name) != told_by_ci.end();
  return told ? ShellValue{"true", true} : ShellValue{};
}

/// The name in `${NAME:-other}`; empty where something else stands between the braces.
static std::string_view name_before_default(std::string_view text) {
  if (!text.starts_with("${")) return {};
  text.remove_prefix(2);
  std::size_t end = 0;
  while (end < text.size() && (std::isalnum(static_cast<unsigned char>(text[end])) != 0 || text[end] == '_')) ++end;
  return text.substr(end).starts_with(":-") ? text.substr(0, end) : std::string_view();
}

ShellValue ShellState::evaluate(const ShellWord& word) const {
  ShellValue value{std::string(), true};
  for (const ShellPiece& piece : word.pieces) {
    if (!piece.expansion) {
      value.text->append(piece.text);
      continue;
    }
    constexpr std::string_view kArithmetic = "$((";
    const bool is_sum = piece.text.starts_with(kArithmetic) && piece.text.size() > kArithmetic.size() + 2;
    const bool plain = !piece.parameter.empty() || is_sum;
    const std::string_view name = plain ? std::string_view(piece.parameter) : name_before_default(piece.text);
    ShellValue part = name.empty() ? ShellValue{} : lookup(name);
    if (is_sum)
      part = evaluate_arithmetic(
          std::string_view(piece.text).substr(kArithmetic.size(), piece.text.size() - kArithmetic.size() - 2), *this);
    if (!plain && part.text && part.text->empty()) return {};
    if (!part.text) return {};
    value.text->append(*part.text);
    value.certain = value.certain && part.certain;
    if (word.pieces.size() == 1) value.at_least = part.at_least;
  }
  return value;
}

void ShellState::store(std::string_view name, ShellValue value) {
  const auto* known = variables->find(name);
  if (known == nullptr && variables->size() >= maximum_variables) return;
  if (known != nullptr && *known == value) return;
  variables.edit().set(name, std::move(value));
}

void ShellState::join(const ShellState& other) {
  if (!variables.shares(other.variables)) variables.edit().join(*other.variables);
  if (!functions.shares(other.functions)) functions.edit().insert(other.functions->begin(), other.functions->end());
}

ShellStatus evaluate_test(const std::vector<ShellValue>& words) {
  const auto is = [&words](std::size_t i, std::string_view text) {
    return i < words.size() && words[i].text && *words[i].text == text;
  };
  const bool compound = std::any_of(words.begin(), words.end(), [](const ShellValue& word) {
    return word.text &&
           (*word.text == "-a" || *word.text == "-o" || *word.text == "&&" || *word.text == "||" || *word.text == "(");
  });
  if (words.empty()) return {1, true};
  if (compound) return unknown;
  if (words.size() > 1 && is(0, "!")) {
    const ShellStatus inner = evaluate_test({words.begin() + 1, words.end()});
    return inner.certain || inner.code != 0 ? truth(!inner.ok(), inner.certain) : unknown;
  }
  if (words.size() == 1) return words[0].text ? truth(!words[0].text->empty(), words[0].certain) : unknown;
  if (words.size() == 2 && words[1].text && (is(0, "-n") || is(0, "-z")))
    return truth(words[1].text->empty() == is(0, "-z"), words[1].certain);
  if (words.size() == 3 && words[1].text) return evaluate_binary(words[0], *words[1].text, words[2]);
  return unknown;
}

ShellStatus status_of(const ShellValue& value) {
  const std::optional<long> code = number_of(value);
  if (code && !value.certain && value.at_least.value_or(0) > 0) return {static_cast<int>(*value.at_least & 255), true};
  return code ? ShellStatus{static_cast<int>(*code & 255), value.certain} : unknown;
}

}  // namespace tollbar::document
