// Loops of a Jenkinsfile through lists of texts: each text leads to steps of its own, and an emptied list to none.
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

/// What the closure of a call names what it is given: `{ name, String value -> ...`, else `it`.
Texts parameters_of(const Value& call, const Program& program) {
  const auto& tokens = program.tokens.list;
  auto at = call.first;
  while (at < call.last && !tokens[at].is("{")) ++at;
  Texts names;
  std::string last;
  for (++at; at < call.last && !tokens[at].is("->"); ++at) {
    if (tokens[at].is(",")) names.push_back(last);
    if (tokens[at].kind == Token::Kind::name) last = tokens[at].text;
    if (tokens[at].kind != Token::Kind::name && !tokens[at].is(",")) return {"it"};
  }
  if (at >= call.last) return {"it"};
  names.push_back(last);
  return names;
}

/// What a closure is given of a list or a map; nothing where one name stands for a whole entry.
std::optional<Rounds> rounds_with(const Texts& names, const PlainList& list) {
  Rounds rounds;
  if (list.items.empty()) return rounds;
  if (list.keys.empty()) {
    rounds.variables = {names.front()};
    for (const auto& item : list.items) rounds.given.push_back({item});
    return rounds;
  }
  if (names.size() != 2) return std::nullopt;
  rounds.variables = names;
  for (std::size_t i = 0; i < list.items.size(); ++i) rounds.given.push_back({list.keys[i], list.items[i]});
  return rounds;
}

/// The texts of the list that begins with the bracket at `open`, where nothing but the end of the loop's head follows
/// it.
std::optional<Rounds> literal_rounds(const std::string& variable, std::size_t open, std::size_t end,
                                     const Program& program) {
  const auto& tokens = program.tokens.list;
  PlainList list;
  auto i = open + 1;
  for (; i < end && !tokens[i].is("]"); ++i) {
    if (tokens[i].is(",") || tokens[i].kind == Token::Kind::newline) continue;
    if (tokens[i].kind != Token::Kind::string || tokens[i].interpolated) return std::nullopt;
    list.items.push_back(tokens[i].text);
  }
  const bool alone = i + 1 >= end || tokens[i + 1].is(")");
  return i < end && alone ? rounds_with({variable}, list) : std::nullopt;
}

}  // namespace

std::optional<PlainList> plain_list(const Value& value, const Program& program) {
  if (value.kind != Kind::list) return std::nullopt;
  PlainList list;
  if (value.last == value.first + 3 && program.tokens.list[value.first + 1].is(":")) return list;  // an empty map
  for (const auto& argument : value.arguments) {
    const auto& item = argument.value;
    if (item.kind != Kind::text || item.interpolated) return std::nullopt;
    if (!argument.name.empty()) list.keys.push_back(argument.name);
    list.items.push_back(item.text);
  }
  return list.keys.empty() || list.keys.size() == list.items.size() ? std::optional(list) : std::nullopt;
}

void forget_filled(Lists& lists, const Program& program) {
  const auto& tokens = program.tokens.list;
  for (std::size_t i = 0; i + 2 < tokens.size() && !lists.empty(); ++i)
    if (tokens[i].kind == Token::Kind::name && fills(tokens[i + 1], tokens[i + 2])) lists.erase(tokens[i].text);
}

std::optional<Rounds> rounds_of(const Statement& loop, const Program& program, const Lists& lists) {
  const auto& tokens = program.tokens.list;
  for (std::size_t i = loop.value.first; i + 1 < loop.value.last && i + 2 < tokens.size(); ++i) {
    if (!tokens[i].names("in") && !tokens[i].is(":")) continue;
    const std::string variable = i > loop.value.first ? tokens[i - 1].text : "";
    if (tokens[i + 1].is("[")) return literal_rounds(variable, i + 1, loop.value.last, program);
    const auto known = lists.find(tokens[i + 1].text);
    const bool alone = i + 2 >= loop.value.last || tokens[i + 2].is(")");
    if (tokens[i + 1].kind != Token::Kind::name || known == lists.end() || !alone) return std::nullopt;
    return rounds_with({variable}, known->second);
  }
  return std::nullopt;
}

std::optional<Rounds> rounds_of(const Value& call, const Program& program, const Lists& lists) {
  const auto dot = call.text.rfind('.');
  const auto method = std::string_view(call.text).substr(dot == std::string::npos ? 0 : dot + 1);
  if (!is_one_of(kGoingThrough, method)) return std::nullopt;
  auto names = parameters_of(call, program);
  if (method == "eachWithIndex") names.resize(1);  // the other one counts
  if (call.target.size() == 1) {
    const auto list = plain_list(call.target[0], program);
    return list ? rounds_with(names, *list) : std::nullopt;
  }
  const auto known = lists.find(dot == std::string::npos ? std::string() : call.text.substr(0, dot));
  return known == lists.end() ? std::nullopt : rounds_with(names, known->second);
}

}  // namespace tollbar::pipeline::jenkins
