// The spelling of decisions, triggers, risks and statuses: one table each, read in both directions.
#include "model/decision.h"

#include <array>
#include <cstddef>

namespace tollbar::model {
namespace {

// Each table stands in the order of its enumeration.
constexpr std::array<std::string_view, 3> decisions{"allow", "approve", "block"};
constexpr std::array<std::string_view, 8> triggers{
    "workflow-change", "credentialed-action",   "shared-system-write", "release-target",
    "disabled-check",  "unmanaged-secret-read", "static-key",          "destructive-production",
};
constexpr std::array<std::string_view, 4> risks{"low", "medium", "high", "critical"};
constexpr std::array<std::string_view, 6> statuses{
    "allowed", "needs-approval", "approved", "blocked", "break-glass", "undecided",
};

constexpr std::array<std::string_view, 3> bindings{"fact", "file", "tree"};

template <typename Enum, std::size_t Size>
std::string_view spell(const std::array<std::string_view, Size>& words, Enum value) {
  const auto index = static_cast<std::size_t>(value);
  return index < Size ? words[index] : std::string_view{};
}

template <typename Enum, std::size_t Size>
std::optional<Enum> parse(const std::array<std::string_view, Size>& words, std::string_view word) {
  for (std::size_t index = 0; index < Size; ++index) {
    if (words[index] == word) {
      return static_cast<Enum>(index);
    }
  }
  return std::nullopt;
}

}  // namespace

std::string_view to_string(Decision decision) {
  return spell(decisions, decision);
}
std::string_view to_string(Trigger trigger) {
  return spell(triggers, trigger);
}
std::string_view to_string(Risk risk) {
  return spell(risks, risk);
}
std::string_view to_string(Status status) {
  return spell(statuses, status);
}

std::string_view to_string(Binding binding) {
  return spell(bindings, binding);
}

std::optional<Decision> parse_decision(std::string_view word) {
  return parse<Decision>(decisions, word);
}
std::optional<Trigger> parse_trigger(std::string_view word) {
  return parse<Trigger>(triggers, word);
}
std::optional<Risk> parse_risk(std::string_view word) {
  return parse<Risk>(risks, word);
}
std::optional<Binding> parse_binding(std::string_view word) {
  return parse<Binding>(bindings, word);
}

}  // namespace tollbar::model
