// The action graph of a tree as ways: who starts a job, what it may use, what it does, what that acts on.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "pipeline/model.h"
#include "reach/certainty.h"
#include "reach/execution.h"
#include "reach/knowledge.h"

namespace tollbar::reach {

class ProgramActs;

/// What starts a job: `push to main`, by whoever may push there.
struct Actor {
  std::string event;      ///< with its filters: `push: branches main`
  std::string who;        ///< `who can push`, `anyone who opens a pull request`, `the clock`
  bool stranger = false;  ///< nobody of the project has to do anything
};

/// What a job may use for an action.
struct MapAuthority {
  std::vector<pipeline::CredentialUse> credentials;  ///< by name, each once; the job's own token is left out
  std::vector<std::string> permissions;              ///< what the job's own token may write: `contents: write`
  std::string environment;
  std::vector<std::string> runner;  ///< labels
};

/// An action of another repository that runs where credentials are in reach.
struct ForeignAction {
  std::string uses, version;
  std::string path;
  std::uint32_t line = 0;
  bool pinned = false;  ///< to a full commit id or an image digest
};

/// A file of the tree that runs on a way, or a part of it: a target, a script, a step. What other steps of the job run
/// belongs to it: they leave files behind, and what the job holds as a whole is theirs too.
struct MapFile {
  std::string path, part;
  std::string step;  ///< of the same job that runs it, where that is not the step that acts
};

/// How surely something stands between a change and a deploy.
enum class Before : std::uint8_t { none, maybe, present };

/// One way from an actor to what is acted on.
struct MapPath {
  std::string workflow;  ///< path of the live pipeline
  std::string job;       ///< as the platform reports it: `release / publish`
  std::string step;      ///< its name, action or first command; empty for a job as a whole
  std::string path;      ///< where job or step stands
  std::uint32_t line = 0;
  std::vector<Actor> actors;
  std::vector<std::string> conditions;  ///< of callers, job and step, in normal form
  MapAuthority authority;

  std::string action;  ///< `publishes a package`; what could be done where nothing is known: `can use NPM_TOKEN`
  std::string by;      ///< the command or action that does it
  std::vector<std::string> also;  ///< other commands of the step that do the same
  std::string by_path;            ///< where that stands
  std::uint32_t by_line = 0;
  std::vector<Link> chain;                    ///< from the step to it, nearest to the step first
  Certainty certainty = Certainty::verified;  ///< of the weakest link
  bool release = false;                       ///< publishes, deploys, migrates
  bool known = true;                          ///< false: no effect is known; the credential alone makes it a way
  std::string system;                         ///< acted on: `npm registry`; empty where it cannot be told
  std::string host;                           ///< which of its kind, where it is told: `ghcr.io`
  std::string target_environment;
  std::string elsewhere;  ///< the workflow of another repository that acts: what it does is not in the tree

  std::vector<MapFile> files;  ///< that run on this way, the workflow first
  std::vector<UnknownCall> unknown;
  std::vector<UnknownCall> fetched;    ///< commands that run what they get from the network
  std::vector<ForeignAction> foreign;  ///< in this job
  Before checks = Before::none;        ///< checks that must pass first
  Before gate = Before::none;          ///< a person who must act first
};

struct MappedPipeline {
  std::string path, name;
  std::string system;  ///< `github`, `gitlab`, ...
  std::vector<Actor> actors;
  std::vector<MapPath> paths;         ///< none: it acts on nothing outside and holds nothing to do so with
  std::vector<std::string> problems;  ///< what could not be read or followed
};

/// The ways of everything the pipelines of a tree run, by pipeline and in the order of their jobs. Pipelines that only
/// others call appear where they are called. `programs` tells what programs of the tree do; null: nobody asks.
std::vector<MappedPipeline> map_actions(const Execution& execution, const Knowledge& knowledge,
                                        ProgramActs* programs = nullptr);

}  // namespace tollbar::reach
