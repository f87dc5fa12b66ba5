// Loops of a Jenkinsfile that go through nothing: a list that was emptied takes what it led to out of the pipeline.
#include <algorithm>
#include <array>

#include "pipeline/readers/jenkins.h"

namespace tollbar::pipeline::jenkins {
namespace {

using Kind = Value::Kind;

constexpr std::array<std::string_view, 8> kFilling{"add",  "addAll", "push",    "put",
                                                   "plus", "putAll", "addLast", "leftShift"};
constexpr std::array<std::string_view, 4> kGoingThrough{"each", "eachWithIndex", "collectEntries", "collect"};

template <std::size_t Size>
bool is_one_of(const std::array<std::string_view, Size>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// What stands behind the name of a list puts something into it, or may.
bool fills(const Token& next, const Token& after_next) {
  if (next.is(".")) return after_next.kind == Token::Kind::name && is_one_of(kFilling, after_next.text);
  return next.is("<<") || next.is("<") || next.is("+=") || next.is("+") || next.is("[");
}

}  // namespace

bool is_empty_list(const Value& value, const Program& program) {
  if (value.kind != Kind::list) return false;
  return value.arguments.empty() || (value.last == value.first + 3 && program.tokens.list[value.first + 1].is(":"));
}

void forget_filled(EmptyLists& lists, const Program& program) {
  const auto& tokens = program.tokens.list;
  for (std::size_t i = 0; i + 2 < tokens.size() && !lists.empty(); ++i)
    if (tokens[i].kind == Token::Kind::name && fills(tokens[i + 1], tokens[i + 2])) lists.erase(tokens[i].text);
}

bool goes_through_nothing(const Statement& loop, const Program& program, const EmptyLists& lists) {
  const auto& tokens = program.tokens.list;
  for (std::size_t i = loop.value.first; i + 1 < loop.value.last && i + 2 < tokens.size(); ++i) {
    if (!tokens[i].names("in") && !tokens[i].is(":")) continue;
    const bool named = tokens[i + 1].kind == Token::Kind::name && lists.count(tokens[i + 1].text) > 0;
    const bool literal = tokens[i + 1].is("[") && tokens[i + 2].is("]");
    return (named && (i + 2 >= loop.value.last || tokens[i + 2].is(")"))) || literal;
  }
  return false;
}

bool goes_through_nothing(const Value& call, const EmptyLists& lists) {
  const auto dot = call.text.rfind('.');
  if (!is_one_of(kGoingThrough, std::string_view(call.text).substr(dot == std::string::npos ? 0 : dot + 1)))
    return false;
  if (call.target.size() == 1 && call.target[0].kind == Kind::list) return call.target[0].arguments.empty();
  return dot != std::string::npos && call.target.empty() && lists.count(call.text.substr(0, dot)) > 0;
}

}  // namespace tollbar::pipeline::jenkins
