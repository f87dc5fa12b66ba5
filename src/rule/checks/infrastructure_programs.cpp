// Facts about programs that declare infrastructure: that they declare something else now, whom they let do everything,
// and which stores they declare no longer.
#include "rule/checks/infrastructure_programs.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <set>
#include <utility>
#include <vector>

#include "document/program_text.h"
#include "rule/checks/producers.h"
#include "rule/matching.h"
#include "text/pattern.h"
#include "text/words.h"

namespace tollbar::rule {
namespace {

bool is_program(std::string_view folded) {
  static constexpr std::string_view endings[] = {".ts", ".mts", ".js", ".mjs", ".py", ".go", ".java", ".kt", ".cs"};
  return std::any_of(std::begin(endings), std::end(endings),
                     [&](std::string_view ending) { return folded.ends_with(ending); });
}

bool imports_library(std::string_view text) {
  if (text.find("ulumi") == std::string_view::npos && text.find("cdk") == std::string_view::npos &&
      text.find("Amazon.CDK") == std::string_view::npos)
    return false;
  static const text::Pattern library(
      R"re((?m)["'](?:@pulumi/|aws-cdk-lib|@aws-cdk/|cdktf\b|@cdktf/)|^\s*(?:import|from)\s+(?:pulumi\w*|aws_cdk|cdktf)\b|"github\.com/(?:pulumi/pulumi|aws/aws-cdk-go|hashicorp/terraform-cdk)|\busing\s+(?:Pulumi|Amazon\.CDK)\b|\bimport\s+(?:static\s+)?(?:com\.pulumi|software\.amazon\.awscdk)\b)re");
  return library.matches(text);
}

/// Some folder around the file is a project of such a tool: libraries of constructs deploy nothing.
bool in_project(model::Tree& tree, std::string_view path) {
  static constexpr std::string_view projects[] = {"Pulumi.yaml", "Pulumi.yml", "cdk.json", "cdktf.json"};
  for (auto folder = text::directory_of(path);; folder = text::directory_of(folder)) {
    const auto prefix = folder.empty() ? std::string() : folder + "/";
    for (const auto name : projects)
      if (tree.find(prefix + std::string(name))) return true;
    if (folder.empty()) return false;
  }
}

bool in_a_program(FileChange& file, Change& change) {
  if (!is_program(file.folded_path())) return false;
  auto left_out = left_out_by_default(change.rules().kinds);
  if (const auto documentation = change.rules().kinds.index("documentation")) left_out.set(*documentation);
  if ((file.kinds() & left_out).any() || !file.unreadable({}).empty() || file.binary()) return false;
  if (is_whole_project(file.folded_path())) return true;
  const auto kind = change.rules().kinds.index("infrastructure-program");
  return (imports_library(file.before_text()) || imports_library(file.after_text())) &&
         ((kind && file.kinds()[*kind] && file.path().find('/') != std::string::npos) ||
          in_project(change.after(), file.path()) || in_project(change.before(), file.path()));
}

/// What the program says, however it is laid out: without imports, which declare nothing.
std::string said(std::string_view text) {
  static const text::Pattern import(
      R"re((?m)^[ \t]*(?:import\s[^;"'(]*(?:["'][^"'\n]*["'];?|$)|from\s+[\w.]+\s+import\s+(?:\([^)]*\)|[^\n]*)|using\s[\w.]+;))re");
  auto code = infrastructure_code(text);
  each_match(import, std::string(code), [&](const text::Match& match) {
    std::fill(code.begin() + static_cast<std::ptrdiff_t>(match.begin),
              code.begin() + static_cast<std::ptrdiff_t>(match.end), ' ');
  });
  std::string squeezed;
  for (const char c : code) {
    if (std::isspace(static_cast<unsigned char>(c)) != 0) continue;
    const bool closes = c == ')' || c == '}' || c == ']';
    if (closes && !squeezed.empty() && squeezed.back() == ',') squeezed.pop_back();
    squeezed += c;
  }
  return squeezed;
}

void add_changed(FileChange& file, std::vector<Fact>& facts) {
  if (said(file.before_text()) == said(file.after_text())) return;
  const auto& lines = file.lines();
  Fact fact;
  fact.kind = "infrastructure-program-changed";
  fact.path = file.path();
  fact.subject = "program";
  if (!lines.added.empty()) {
    fact.line = static_cast<std::uint32_t>(lines.added.front().number);
    fact.after = shortened(text::trimmed(lines.added.front().text));
  }
  if (!lines.removed.empty()) {
    fact.line_before = static_cast<std::uint32_t>(lines.removed.front().number);
    fact.before = shortened(text::trimmed(lines.removed.front().text));
  }
  fact.attributes["place"] = "line " + std::to_string(std::max(fact.line, fact.line_before));
  facts.push_back(std::move(fact));
}

std::vector<text::Match> matches_of(const text::Pattern& pattern, std::string_view text) {
  std::vector<text::Match> found;
  each_match(pattern, text, [&](const text::Match& match) { found.push_back(match); });
  return found;
}

void add_widened(FileChange& file, std::vector<Fact>& facts) {
  static const text::Pattern wide(
      R"re((?i)\b(?:not_?)?actions?"?\s*[:=(]\s*(?:\[\s*|List\.of\(\s*)?"(?:\*|[\w-]+:\*)"|\b(?:not_?)?resources?"?\s*[:=(]\s*(?:\[\s*|List\.of\(\s*)?"\*"|"[^"\n]*(?:AdministratorAccess|PowerUserAccess|IAMFullAccess)"|\.grant_?(?:FullAccess|full_access|Admin)\s*\(|\b(?:AnyPrincipal|StarPrincipal)\s*\(|"roles/(?:owner|editor)")re");
  const auto before = infrastructure_code(file.before_text()), after = infrastructure_code(file.after_text());
  std::multiset<std::string> known;
  for (const auto& match : matches_of(wide, before)) known.emplace(*match.groups[0]);
  for (const auto& match : matches_of(wide, after)) {
    const auto found = known.find(std::string(*match.groups[0]));
    if (found != known.end()) {
      known.erase(found);
      continue;
    }
    Fact fact;
    fact.kind = "program-access-widened";
    fact.path = file.path();
    fact.line = document::line_at(after, match.begin);
    fact.subject = "program";
    fact.after = shortened(*match.groups[0]);
    fact.attributes["place"] = "line " + std::to_string(fact.line);
    facts.push_back(std::move(fact));
  }
}

struct Declared {
  std::string type, name;
  std::uint32_t line = 0;
};

/// `new aws.rds.Instance("main", ...)`, `new s3.Bucket(this, "Files", ...)`, `aws.s3.Bucket("files")`: `rds.Instance`.
std::vector<Declared> declared_in(std::string_view text) {
  static const text::Pattern resource(
      R"re((?<![\w.])(?:new\s+)?(?:\w+\.)*?((?:\w+\.)?[A-Z]\w*)\s*(?:<[^>]*>)?\(\s*(?:(?:this|self|scope|stack|ctx)\s*,\s*)?(?:jsii\.String\()?"([^"\n]+)")re");
  const auto code = infrastructure_code(text);
  std::vector<Declared> declared;
  each_match(resource, code, [&](const text::Match& match) {
    std::string type(*match.groups[1]);
    if (const auto made = type.find(".New"); made != std::string::npos) type.erase(made + 1, 3);  // of Go
    declared.push_back({std::move(type), std::string(*match.groups[2]), document::line_at(code, match.begin)});
  });
  return declared;
}

void add_removed(const std::vector<FileChange*>& files, std::vector<Fact>& facts) {
  std::string kept;
  for (auto* const file : files) kept += infrastructure_code(file->after_text()) + "\n";
  for (auto* const file : files)
    for (const auto& resource : declared_in(file->before_text())) {
      if (kept.find('"' + resource.name + '"') != std::string::npos) continue;  // also an alias of the old name
      Fact fact;
      fact.kind = "resource-removed";
      fact.path = file->path();
      fact.line_before = resource.line;
      fact.subject = resource.type + " " + resource.name;
      fact.before = fact.subject;
      fact.target.name = resource.name;
      fact.attributes["type"] = resource.type;
      facts.push_back(std::move(fact));
    }
}

}  // namespace

bool is_whole_project(std::string_view folded) {
  const auto name = text::base_name(folded);
  return name == "sst.config.ts" || name == "sst.config.js";
}

bool declares_infrastructure(FileChange& file, Change& change) {
  const auto kind = change.rules().kinds.index("infrastructure-program");
  return (kind && file.kinds()[*kind]) || in_a_program(file, change);
}

std::string infrastructure_code(std::string_view text) {
  const auto program = document::scan_program(text);
  auto code = program.bare;
  for (const auto& string : program.strings) {
    for (auto at = string.begin; at < string.end; ++at) code[at] = text[at];
    if (string.begin > 0) code[string.begin - 1] = '"';
    if (string.end < code.size()) code[string.end] = '"';
  }
  return code;
}

void infrastructure_program_facts(Change& change, std::vector<Fact>& facts) {
  std::vector<FileChange*> files;
  for (auto& file : change.files())
    if (!file.delta().mode_only() && in_a_program(file, change)) files.push_back(&file);
  for (auto* const file : files) {
    add_changed(*file, facts);
    add_widened(*file, facts);
  }
  add_removed(files, facts);
}

}  // namespace tollbar::rule
