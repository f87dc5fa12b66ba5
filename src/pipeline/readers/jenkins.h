// Parts of the Jenkins reader: declarative sections, steps of both styles, conditions.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/model.h"
#include "pipeline/readers/jenkins_program.h"

namespace tollbar::pipeline::jenkins {

/// Where stages run, as `agent`, `node` and `environment` around them say.
struct Place {
  Runner runner;
  std::string image;
  std::vector<std::string> services, options;
  std::map<std::string, std::string> env;
  std::vector<CredentialUse> credentials;
  std::string timeout, concurrency;
};

/// What surrounds a step inside its stage.
struct Scope {
  Condition condition;
  bool may_fail = false, may_fail_sometimes = false, cleanup = false;
  bool after_failure = false;  ///< in a `post` section that runs where something has failed, under no further condition
  std::string directory;
  std::map<std::string, std::string> env;
  std::vector<CredentialUse> credentials;
  std::set<std::string> bound;          ///< variables that credentials are bound to
  std::optional<std::string> registry;  ///< of `docker.withRegistry` round it; empty where its address is computed
  int depth = 0;                        ///< of function calls
};

/// Both hold.
Condition both(const Condition& outer, const Condition& inner);
/// Variables of the program, or of its environment, that have one literal value.
using Constants = std::map<std::string, Value, std::less<>>;
/// A text that Groovy does not fill in, `true` or `false`.
bool is_literal(const Value& value);
using Texts = std::vector<std::string>;
/// A list of plain texts, or a map of them: then with their keys.
struct PlainList {
  Texts keys, items;
};
/// Variables of the program that are one such list, and that nothing is put into.
using Lists = std::map<std::string, PlainList, std::less<>>;
std::optional<PlainList> plain_list(const Value& value, const Program& program);
void forget_filled(Lists& lists, const Program& program);

/// What a loop goes through, one after the other: nothing given, no round.
struct Rounds {
  Texts variables;
  std::vector<Texts> given;  ///< for each round what its variables bear
};
/// `for (x in ['a', 'b'])`, `for (String x : NAME)`; nothing where the list is not known.
std::optional<Rounds> rounds_of(const Statement& loop, const Program& program, const Lists& lists);
/// `['a', 'b'].each { x -> }`, `NAME.each {}`, `[a: 'x'].each { key, value -> }`.
std::optional<Rounds> rounds_of(const Value& call, const Program& program, const Lists& lists);
/// What a condition written in Groovy amounts to.
Truth fold(const Value& value, const Constants& constants);
/// The body of `when`.
Condition read_when(const std::vector<Statement>& body, const Program& program, const Constants& constants,
                    std::uint32_t line);

/// The source of what a step of a library gives its body by its name: `infra.withDockerCredentials {}`.
inline constexpr std::string_view kLibrarySource = "jenkins-library";

/// The credentials that a call is given by its arguments, and the variables they are bound to.
void read_credentials(const Value& call, std::vector<CredentialUse>& found, std::set<std::string>& bound);

/// A value as the text a shell gets: strings put together, what only a run can tell as `${...}`.
std::string shell_text(const Value& value, const Program& program);

/// Something in these statements makes the build fail: `throw`, `error`, a bad result.
bool raises(const std::vector<Statement>& statements);

/// Reads one program into the jobs of a pipeline: one for every stage that has steps.
class Reader {
 public:
  Reader(const Program& program, Pipeline& pipeline);
  /// The whole pipeline, in either style.
  void read();
  /// Credentials by the name of what is called with them and is no function of the program.
  using Handed = std::map<std::string, std::vector<CredentialUse>>;
  /// Every function of a loaded file as a job of its own, with what its callers hold.
  void read_functions(const std::string& path, const Handed& handed);
  /// Paths given to `load` as plain texts.
  const std::set<std::string>& loaded() const { return loaded_; }
  const Handed& handed() const { return handed_; }

 private:
  // Declarative sections (jenkins_stages.cpp).
  void read_declarative(const std::vector<Statement>& sections);
  void read_stage(const Value& stage, const Place& outer, const Condition& condition);
  void read_stages(const std::vector<Statement>& body, const Place& place, const Condition& condition);
  void read_parallel(const std::vector<Statement>& body, const Place& place, const Condition& condition);
  void read_matrix(const std::vector<Statement>& body, const Value& stage, const Place& place,
                   const Condition& condition);
  void read_agent(const Value& agent, Place& place) const;
  void read_environment(const std::vector<Statement>& body, Place& place) const;
  void read_options(const std::vector<Statement>& body, Place& place);
  void read_post(const std::vector<Statement>& body, Job& job);
  void read_triggers(const Value& value);

  // Jobs and their order (jenkins_stages.cpp).
  Job start(const std::string& name, std::uint32_t line, const Place& place, const Condition& condition) const;
  void finish(Job job);
  void apply(const Place& place, Job& job) const;

  // Steps (jenkins_steps.cpp).
  void read_steps(const std::vector<Statement>& statements, const Scope& scope, const Place& place, Job& job);
  void read_rounds(const Rounds& rounds, const std::vector<Statement>& body, const Scope& scope, const Place& place,
                   Job& job);
  void read_cases(const std::vector<Statement>& body, const Scope& scope, const Place& place, Job& job);
  void end_after(const Statement& statement, Scope& scope) const;
  void read_statement(const Statement& statement, const std::vector<Statement>& siblings, const Scope& scope,
                      const Place& place, Job& job);
  void read_value(const Value& value, const Scope& scope, const Place& place, Job& job);
  void read_call(const Value& call, Scope scope, const Place& place, Job& job);
  bool read_structure(const Value& call, const Scope& scope, const Place& place, Job& job);
  void read_branches(const Value& call, const Scope& scope, const Place& place, Job& job);
  void read_wrapper(const Value& call, Scope scope, const Place& place, Job& job);
  void add_shell(const Value& call, const Scope& scope, Job& job);
  void add_use(const Value& call, const Scope& scope, Job& job);
  void add_push(const Value& call, const Scope& scope, Job& job);
  void add_step(Step step, const Scope& scope, Job& job);
  void assign(const Statement& statement, const Scope& scope, Job& job);
  std::string filled(const Value& value) const;
  std::string interpolated(std::string text) const;

  const Program& program_;
  Pipeline& pipeline_;
  std::map<std::string, const Statement*> functions_;
  Constants constants_;
  Lists lists_;
  std::set<std::string> loaded_;
  Handed handed_;
  std::set<std::string> judged_statuses_;  ///< variables whose value decides about a failure
  std::vector<std::string> needs_;         ///< of the next stage
  std::vector<Condition> gates_;           ///< under which conditions a person has been asked so far
  std::size_t steps_ = 0, rounds_ = 0;
  bool forced_ = false;  ///< the build's result is set to a success
};

}  // namespace tollbar::pipeline::jenkins
