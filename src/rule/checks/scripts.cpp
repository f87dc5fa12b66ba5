// Facts about scripts whose place says that CI or a release runs them, whether or not a pipeline was seen to.
#include <algorithm>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "document/shell.h"
#include "rule/checks/producers.h"
#include "rule/matching.h"
#include "text/pattern.h"
#include "text/replaced.h"
#include "text/words.h"

namespace tollbar::rule {
namespace {

using text::trimmed;

/// Lines that can carry meaning: not blank, no comment of a script language.
bool counts(const text::Line& line) {
  const auto content = trimmed(line.text);
  return !content.empty() && !(content.front() == '#' && !content.starts_with("#!")) && !content.starts_with("//") &&
         !content.starts_with("* ") && content != "*" && !content.starts_with("/*");
}

const text::Line* first_that_counts(const std::vector<text::Line>& lines) {
  const auto found = std::find_if(lines.begin(), lines.end(), counts);
  return found == lines.end() ? nullptr : &*found;
}

/// Kinds of files that no reader takes apart, or whose every line may run.
KindSet script_kinds(const Kinds& kinds) {
  KindSet set;
  for (const auto name : {"ci-script", "jenkinsfile", "justfile", "taskfile", "maven-manifest", "dockerfile", "husky",
                          "sql", "shell-script", "script", "infrastructure-text", "operations-program"})
    if (const auto index = kinds.index(name)) set.set(*index);
  return set;
}

std::string mode_text(model::FileMode mode) {
  return fmt::format("mode {:06o}", static_cast<unsigned>(mode));
}

/// The text of a template without what its engine leaves out: `{{- /* ... */ -}}`, `{# ... #}`.
std::string without_template_comments(std::string_view text) {
  static const text::Pattern comment(R"((?s)[ \t]*(?:\{\{-?\s*/\*.*?\*/\s*-?\}\}|\{#.*?#\})[ \t]*)");
  return text::replaced(text, comment, "");
}

/// Templates whose comments run over several lines: compared without them.
bool only_template_comments_differ(FileChange& file) {
  if (file.before_text().find("{{") == std::string_view::npos &&
      file.before_text().find("{#") == std::string_view::npos)
    return false;
  const auto before = without_template_comments(file.before_text());
  const auto after = without_template_comments(file.after_text());
  return same_but_for_space(text::diff_lines(before, after));
}

}  // namespace

bool only_comments_differ(const text::LineDiff& diff) {
  return first_that_counts(diff.added) == nullptr && first_that_counts(diff.removed) == nullptr;
}

bool same_but_for_space(const text::LineDiff& diff) {
  std::string before, after;
  const auto squeeze = [](const std::vector<text::Line>& lines, std::string& into) {
    for (const auto& line : lines)
      if (counts(line))
        for (const char c : line.text)
          if (c != ' ' && c != '\t' && c != '\r') into += c;
  };
  squeeze(diff.removed, before);
  squeeze(diff.added, after);
  return before == after;
}

bool same_but_for_line_ends(const text::LineDiff& diff) {
  const auto contents = [](const std::vector<text::Line>& lines) {
    std::string all;
    for (const auto& line : lines) {
      const auto end = line.text.find_last_not_of(" \t\r");
      if (end != std::string_view::npos) all.append(line.text.substr(0, end + 1)).append("\n");
    }
    return all;
  };
  return contents(diff.removed) == contents(diff.added);
}

void script_facts(Change& change, std::vector<Fact>& facts) {
  const auto& kinds = change.rules().kinds;
  const auto wanted = script_kinds(kinds);
  const auto template_kind = kinds.index("infrastructure-text");
  for (auto& file : change.files()) {
    if ((file.kinds() & wanted).none() || !file.unreadable(wanted).empty() || file.binary()) continue;
    const auto& delta = file.delta();
    const auto& lines = file.lines();
    const bool mode = delta.before && delta.after && delta.before->mode != delta.after->mode;
    const auto* added = first_that_counts(lines.added);
    const auto* removed = first_that_counts(lines.removed);
    if (!mode && (same_but_for_space(lines) || (added == nullptr && removed == nullptr))) continue;
    if (!mode && template_kind && file.kinds()[*template_kind] && only_template_comments_differ(file)) continue;
    if (!mode && file.format() == document::Format::shell && delta.before && delta.after &&
        document::same_script(file.before_text(), file.after_text()))
      continue;
    Fact fact;
    fact.kind = "script-changed";
    fact.path = file.path();
    fact.subject = "script";
    if (added != nullptr) fact.line = static_cast<std::uint32_t>(added->number);
    if (removed != nullptr) fact.line_before = static_cast<std::uint32_t>(removed->number);
    if (fact.line == 0 && delta.after) fact.line = 1;
    fact.before = removed != nullptr ? shortened(trimmed(removed->text)) : "";
    fact.after = added != nullptr ? shortened(trimmed(added->text)) : "";
    if (mode && fact.before.empty() && fact.after.empty()) {
      fact.before = mode_text(delta.before->mode);
      fact.after = mode_text(delta.after->mode);
    }
    fact.attributes["place"] = "line " + std::to_string(std::max(fact.line, fact.line_before));
    const bool only_mode = mode && added == nullptr && removed == nullptr;
    fact.attributes["happened"] = delta.added()     ? "added"
                                  : delta.removed() ? "removed"
                                  : only_mode       ? "given another mode"
                                                    : "modified";
    for (std::size_t i = 0; i < kinds.size(); ++i)
      if (file.kinds()[i]) fact.attributes["kind_" + kinds[i].name] = "true";
    facts.push_back(std::move(fact));
  }
}

}  // namespace tollbar::rule
