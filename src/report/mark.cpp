// Marks as trailers.
#include "report/mark.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "report/escape.h"

namespace tollbar::report {
namespace {

using Records = std::vector<std::string> Mark::*;

struct Key {
  std::string_view name;
  Records records;
};
constexpr std::string_view status_key = "Tollbar-Status";
constexpr std::array<Key, 5> keys{{
    {"Tollbar-Rule", &Mark::rules},
    {"Tollbar-Reason", &Mark::reasons},
    {"Tollbar-Ref", &Mark::refs},
    {"Tollbar-Pusher", &Mark::pushers},
    {"Tollbar-Policy", &Mark::policies},
}};

/// In the order in which they are worth a reader's attention.
constexpr std::array<model::Status, 6> by_weight{
    model::Status::allowed,        model::Status::approved, model::Status::break_glass,
    model::Status::needs_approval, model::Status::blocked,  model::Status::undecided,
};

auto weight(model::Status status) {
  return std::find(by_weight.begin(), by_weight.end(), status);
}

void put(std::vector<std::string>& records, std::string_view text) {
  std::string line = escape(text);
  if (!line.empty() && std::find(records.begin(), records.end(), line) == records.end()) {
    records.push_back(std::move(line));
  }
}

std::string record_of(const model::Finding& finding) {
  const std::size_t line = finding.line != 0 ? finding.line : finding.line_before;
  std::string text =
      fmt::format("{} {} {}", finding.rule, model::to_string(finding.decision), model::to_string(finding.risk));
  text += finding.path.empty() ? "" : ' ' + finding.path;
  text += line == 0 ? "" : fmt::format(":{}", line);
  text += finding.subject.empty() ? "" : ' ' + finding.subject;
  return text;
}

/// Takes the first line off `text`, without its line feed.
std::string_view take_line(std::string_view& text) {
  const std::size_t end = text.find('\n');
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return line;
}

/// The value of a `KEY: value` line of this key.
std::optional<std::string_view> value_of(std::string_view line, std::string_view key) {
  if (!line.starts_with(key) || !line.substr(key.size()).starts_with(": ")) {
    return std::nullopt;
  }
  return line.substr(key.size() + 2);
}

}  // namespace

void add(Mark& mark, const gate::Verdict& verdict) {
  if (weight(verdict.status) > weight(mark.status)) {
    mark.status = verdict.status;
  }
  for (const model::Finding& finding : verdict.findings) {
    if (finding.waived.empty() && finding.decision != model::Decision::allow) {
      put(mark.rules, record_of(finding));
    }
  }
  put(mark.reasons, verdict.undecided);
  put(mark.policies, verdict.policy);
}

void add(Mark& mark, const Mark& other) {
  if (weight(other.status) > weight(mark.status)) {
    mark.status = other.status;
  }
  for (const Key& key : keys) {
    for (const std::string& record : other.*key.records) {
      put(mark.*key.records, record);
    }
  }
}

std::string to_note(const Mark& mark) {
  std::string note = fmt::format("{}: {}\n", status_key, model::to_string(mark.status));
  for (const Key& key : keys) {
    for (const std::string& record : mark.*key.records) {
      note += fmt::format("{}: {}\n", key.name, record);
    }
  }
  return note;
}

std::optional<Mark> parse_note(std::string_view note) {
  std::optional<Mark> mark;
  while (!note.empty()) {
    const std::string_view line = take_line(note);
    if (const auto word = value_of(line, status_key)) {
      mark = mark ? mark : Mark{};
      for (const model::Status status : by_weight) {
        if (model::to_string(status) == *word && weight(status) > weight(mark->status)) {
          mark->status = status;
        }
      }
    }
    for (const Key& key : keys) {
      if (const auto record = value_of(line, key.name)) {
        mark = mark ? mark : Mark{};
        put((*mark).*key.records, *record);
      }
    }
  }
  return mark;
}

std::string foreign_lines(std::string_view note) {
  std::string foreign;
  while (!note.empty()) {
    const std::string_view line = take_line(note);
    const bool ours = value_of(line, status_key) || std::any_of(keys.begin(), keys.end(), [&](const Key& key) {
                        return value_of(line, key.name).has_value();
                      });
    if (!ours && !line.empty()) {
      foreign += std::string(line) + '\n';
    }
  }
  return foreign;
}

}  // namespace tollbar::report
