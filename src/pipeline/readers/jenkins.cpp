// Jenkins: `Jenkinsfile` and its kin, declarative and scripted, every stage a job.
#include "pipeline/readers/jenkins.h"

#include <algorithm>
#include <array>
#include <optional>
#include <set>

#include "pipeline/credentials.h"
#include "pipeline/readers/containers.h"
#include "pipeline/readers/fields.h"
#include "pipeline/readers/systems.h"
#include "text/decode.h"
#include "text/glob.h"
#include "text/words.h"

namespace tollbar::pipeline::jenkins {
namespace {

using text::directory_of;

constexpr std::array<std::string_view, 2> kShallow{"", "build"};
constexpr std::array<std::string_view, 2> kNamed{"ci", ".ci"};  ///< below these a file counts by its name alone
constexpr std::array<std::string_view, 2> kDeep{".jenkins", "jenkins"};
constexpr std::size_t kDepth = 3;
constexpr std::size_t kMaxLoaded = 16;

/// `Jenkinsfile`, `Jenkinsfile.release`, `release.jenkinsfile`, `release.Jenkinsfile` (folded).
bool is_jenkinsfile(std::string_view name) {
  return name == "jenkinsfile" || name.starts_with("jenkinsfile.") || name.starts_with("jenkinsfile-") ||
         name.starts_with("jenkinsfile_") || name.ends_with(".jenkinsfile");
}

std::optional<std::string> source_of(model::Tree& tree, const std::string& path, Pipeline& pipeline) {
  const auto refuse = [&](document::Problem::Kind kind, const char* message) {
    pipeline.problems.push_back({kind, 0, message});
    return std::nullopt;
  };
  using Kind = document::Problem::Kind;
  const auto entry = tree.find(path);
  if (!entry || entry->mode == model::FileMode::directory || entry->mode == model::FileMode::submodule)
    return refuse(Kind::syntax_error, "there is no file");
  const auto content = tree.read(*entry);
  if (content.state == model::ContentState::missing) return refuse(Kind::syntax_error, "the content is missing");
  if (content.state == model::ContentState::too_large) return refuse(Kind::limit, "the file is too large");
  auto decoded = text::decode(*content.bytes);
  if (decoded.encoding == text::Encoding::binary) return refuse(Kind::syntax_error, "the file is binary");
  return std::move(decoded.text);
}

std::vector<Lexeme> lexemes_of(const Tokens& tokens) {
  std::vector<Lexeme> result;
  for (const auto& token : tokens.list) {
    if (token.kind != Token::Kind::end) result.push_back({spelling(token), token.line});
  }
  // A newline at the very end says nothing.
  if (!result.empty() && result.back().text == ";") result.pop_back();
  return result;
}

/// The order of the sections of a declarative `pipeline`, `stage` or `matrix` means nothing: agent before options or
/// after. That of stages does.
class InOrderOfMeaning {
 public:
  explicit InOrderOfMeaning(const Program& program) : tokens_(program.tokens) {
    ordered_.list.reserve(tokens_.list.size());
    for (const auto& statement : program.statements) {
      if (statement.value.text == "pipeline") emit(statement.value);
    }
    copy(next_, tokens_.list.size());
  }

  std::vector<Lexeme> take() const { return lexemes_of(ordered_); }

 private:
  /// Nothing but calls, as in every declarative part.
  static bool holds_sections(const Value& value) {
    return !value.body.empty() && std::all_of(value.body.begin(), value.body.end(), [](const Statement& statement) {
      return statement.kind == Statement::Kind::expression && statement.value.kind == Value::Kind::call &&
             statement.value.first < statement.value.last;
    });
  }

  void copy(std::size_t first, std::size_t last) {
    for (std::size_t i = first; i < std::min(last, tokens_.list.size()); ++i) ordered_.list.push_back(tokens_.list[i]);
    next_ = std::max(next_, last);
  }

  /// All that stands before the value, then the value.
  void emit(const Value& value) {
    copy(next_, value.first);
    const bool free = value.text == "pipeline" || value.text == "stage" || value.text == "matrix";
    const bool bound = value.text == "stages" || value.text == "parallel";
    if (!value.has_body || !(free || bound) || !holds_sections(value)) return copy(value.first, value.last);
    std::vector<const Value*> sections;
    for (const auto& statement : value.body) sections.push_back(&statement.value);
    const std::size_t begin = sections.front()->first, end = sections.back()->last;
    copy(value.first, begin);
    if (free) {
      std::stable_sort(sections.begin(), sections.end(),
                       [](const Value* a, const Value* b) { return a->text < b->text; });
    }
    for (const Value* section : sections) {
      next_ = section->first;
      emit(*section);
      ordered_.list.push_back({});
      ordered_.list.back().line = section->line;
    }
    next_ = end;
    copy(end, value.last);
  }

  const Tokens& tokens_;
  Tokens ordered_;
  std::size_t next_ = 0;
};

/// Parses a file of the pipeline; what it means goes to the lexemes, what cannot be read to the problems.
std::optional<Program> open(model::Tree& tree, const std::string& path, Pipeline& pipeline) {
  const auto source = source_of(tree, path, pipeline);
  if (!source) return std::nullopt;
  auto program = parse(*source);
  using Kind = document::Problem::Kind;
  const auto& tokens = program.tokens;
  if (!tokens.problem.empty()) pipeline.problems.push_back({Kind::syntax_error, tokens.problem_line, tokens.problem});
  if (program.too_deep) pipeline.problems.push_back({Kind::limit, 0, "nested too deep"});
  for (auto& lexeme : InOrderOfMeaning(program).take()) pipeline.lexemes.push_back(std::move(lexeme));
  if (!tokens.problem.empty() || program.too_deep) return std::nullopt;
  return program;
}

void read_loaded(model::Tree& tree, const Reader& reader, Pipeline& pipeline) {
  std::size_t count = 0;
  for (const auto& written : reader.loaded()) {
    // `${env.WORKSPACE}/ci/x.groovy`: what stands before it can only be the place of the checkout.
    const auto place = written.starts_with("${") ? written.find("}/") : std::string::npos;
    const auto path = join_path({}, place == std::string::npos ? written : written.substr(place + 2));
    if (!path.empty()) pipeline.files.push_back(path);
    if (!tree.find(path) || ++count > kMaxLoaded) continue;
    const auto program = open(tree, path, pipeline);
    if (program) Reader(*program, pipeline).read_functions(path, reader.handed());
  }
}

/// What the steps of the pipeline use that is not among the known; it is then.
std::set<std::string> take_new_names(const Pipeline& pipeline, std::set<std::string>& known) {
  std::set<std::string> names;
  for (const auto& job : pipeline.jobs) {
    for (const auto& step : job.steps) {
      const auto name = step.uses.substr(0, step.uses.find('.'));
      if (!name.empty() && known.insert(name).second) names.insert(name);
    }
  }
  return names;
}

/// Steps that the tree brings itself: `deploy()` and `deploy.all()` of `vars/deploy.groovy`, as a shared library has
/// them, and those that these call in turn.
void read_own_steps(model::Tree& tree, const Reader& reader, Pipeline& pipeline) {
  std::set<std::string> known;
  std::size_t count = 0;
  auto given = reader.handed();
  for (auto names = take_new_names(pipeline, known); !names.empty(); names = take_new_names(pipeline, known)) {
    for (const auto& name : names) {
      const std::string path = "vars/" + name + ".groovy";
      pipeline.files.push_back(path);
      if (!tree.find(path) || ++count > kMaxLoaded) continue;
      const auto program = open(tree, path, pipeline);
      if (!program) continue;
      auto handed = given;
      if (const auto callers = handed.find(name); callers != handed.end()) handed["call"] = callers->second;
      Reader functions(*program, pipeline);
      functions.read_functions(path, handed);
      for (const auto& [called, credentials] : functions.handed()) add_credentials(given[called], credentials);
    }
  }
}

}  // namespace

bool is_live(std::string_view path) {
  const auto directory = directory_of(path);
  const auto name = path.substr(directory.empty() ? 0 : directory.size() + 1);
  const auto stands_below = [&](std::string_view root) {
    return directory == root || (directory.starts_with(root) && directory[root.size()] == '/');
  };
  const bool deep = std::any_of(kDeep.begin(), kDeep.end(), stands_below);
  if (deep && name.ends_with(".groovy")) return true;
  return is_jenkinsfile(name) && (deep || std::any_of(kNamed.begin(), kNamed.end(), stands_below) ||
                                  std::find(kShallow.begin(), kShallow.end(), directory) != kShallow.end());
}

std::vector<std::string> find(model::Tree& tree) {
  std::vector<std::string> found;
  const auto take = [&](std::vector<std::string> paths) {
    for (auto& path : paths) {
      if (is_live(text::fold_path(path))) found.push_back(std::move(path));
    }
  };
  for (const auto directory : kShallow) take(files_below(tree, directory, {""}, 1));
  for (const auto directory : kNamed) take(files_below(tree, directory, {""}, kDepth));
  for (const auto directory : kDeep) take(files_below(tree, directory, {""}, kDepth));
  return found;
}

std::vector<Lexeme> lexemes(std::string_view text) {
  return lexemes_of(tokenize(text));
}

Pipeline read(model::Tree& tree, std::string_view path, DocumentCache&) {
  Pipeline pipeline;
  pipeline.system = System::jenkins;
  pipeline.path = path;
  pipeline.files.push_back(pipeline.path);
  const auto program = open(tree, pipeline.path, pipeline);
  if (!program) {
    pipeline.broken = true;
    return pipeline;
  }
  Reader reader(*program, pipeline);
  reader.read();
  read_loaded(tree, reader, pipeline);
  read_own_steps(tree, reader, pipeline);
  number_twins(pipeline.jobs);
  return pipeline;
}

}  // namespace tollbar::pipeline::jenkins
