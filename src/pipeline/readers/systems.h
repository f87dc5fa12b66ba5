// What each reader offers to the table in readers.cpp: one namespace per CI system.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/tree.h"
#include "pipeline/model.h"
#include "pipeline/readers.h"

namespace tollbar::pipeline::github {

bool is_workflow(std::string_view path);
std::vector<std::string> find_workflows(model::Tree& tree);
Pipeline read_workflow(model::Tree& tree, std::string_view path, DocumentCache& documents);
/// As one that is called finds it; `handed` may be null.
Pipeline read_workflow(model::Tree& tree, std::string_view path, DocumentCache& documents, const HandedInputs* handed);
/// What the workflow does hangs on its inputs.
bool heeds_inputs(const Pipeline& workflow);

bool is_action(std::string_view path);
/// Those of the root and of `.github/actions/*/`; others are found through the `uses` of a step.
std::vector<std::string> find_actions(model::Tree& tree);
Pipeline read_action_file(model::Tree& tree, std::string_view path, DocumentCache& documents);
Pipeline read_action_file(model::Tree& tree, std::string_view path, DocumentCache& documents,
                          const HandedInputs* handed);

}  // namespace tollbar::pipeline::github

namespace tollbar::pipeline::gitlab {

bool is_live(std::string_view path);
std::vector<std::string> find(model::Tree& tree);
Pipeline read(model::Tree& tree, std::string_view path, DocumentCache& documents);

}  // namespace tollbar::pipeline::gitlab

namespace tollbar::pipeline::travis {

bool is_live(std::string_view path);
std::vector<std::string> find(model::Tree& tree);
Pipeline read(model::Tree& tree, std::string_view path, DocumentCache& documents);

}  // namespace tollbar::pipeline::travis

namespace tollbar::pipeline::circleci {

bool is_live(std::string_view path);
std::vector<std::string> find(model::Tree& tree);
Pipeline read(model::Tree& tree, std::string_view path, DocumentCache& documents);

}  // namespace tollbar::pipeline::circleci

namespace tollbar::pipeline::azure {

bool is_live(std::string_view path);
std::vector<std::string> find(model::Tree& tree);
Pipeline read(model::Tree& tree, std::string_view path, DocumentCache& documents);

}  // namespace tollbar::pipeline::azure

namespace tollbar::pipeline::appveyor {

bool is_live(std::string_view path);
std::vector<std::string> find(model::Tree& tree);
Pipeline read(model::Tree& tree, std::string_view path, DocumentCache& documents);

}  // namespace tollbar::pipeline::appveyor

namespace tollbar::pipeline::bitbucket {

bool is_live(std::string_view path);
std::vector<std::string> find(model::Tree& tree);
Pipeline read(model::Tree& tree, std::string_view path, DocumentCache& documents);

}  // namespace tollbar::pipeline::bitbucket

namespace tollbar::pipeline::cirrus {

bool is_live(std::string_view path);
std::vector<std::string> find(model::Tree& tree);
Pipeline read(model::Tree& tree, std::string_view path, DocumentCache& documents);

}  // namespace tollbar::pipeline::cirrus

namespace tollbar::pipeline::buildkite {

bool is_live(std::string_view path);
std::vector<std::string> find(model::Tree& tree);
Pipeline read(model::Tree& tree, std::string_view path, DocumentCache& documents);

}  // namespace tollbar::pipeline::buildkite

namespace tollbar::pipeline::drone {

bool is_live(std::string_view path);
std::vector<std::string> find(model::Tree& tree);
Pipeline read(model::Tree& tree, std::string_view path, DocumentCache& documents);

}  // namespace tollbar::pipeline::drone

namespace tollbar::pipeline::woodpecker {

bool is_live(std::string_view path);
std::vector<std::string> find(model::Tree& tree);
Pipeline read(model::Tree& tree, std::string_view path, DocumentCache& documents);

}  // namespace tollbar::pipeline::woodpecker

namespace tollbar::pipeline::tekton {

bool is_live(std::string_view path);
std::vector<std::string> find(model::Tree& tree);
Pipeline read(model::Tree& tree, std::string_view path, DocumentCache& documents);

}  // namespace tollbar::pipeline::tekton

namespace tollbar::pipeline::argo {

bool is_live(std::string_view path);
std::vector<std::string> find(model::Tree& tree);
Pipeline read(model::Tree& tree, std::string_view path, DocumentCache& documents);

}  // namespace tollbar::pipeline::argo

namespace tollbar::pipeline::cloud_build {

bool is_live(std::string_view path);
std::vector<std::string> find(model::Tree& tree);
Pipeline read(model::Tree& tree, std::string_view path, DocumentCache& documents);

}  // namespace tollbar::pipeline::cloud_build

namespace tollbar::pipeline::jenkins {

bool is_live(std::string_view path);
std::vector<std::string> find(model::Tree& tree);
Pipeline read(model::Tree& tree, std::string_view path, DocumentCache& documents);
/// What of a Jenkinsfile's text means something; up to where it can be read.
std::vector<Lexeme> lexemes(std::string_view text);

}  // namespace tollbar::pipeline::jenkins
