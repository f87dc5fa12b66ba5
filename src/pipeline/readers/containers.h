// What systems that run containers have in common: images, commands with arguments, secrets in environments.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "document/node.h"
#include "model/tree.h"
#include "pipeline/model.h"

namespace tollbar::pipeline {

/// `registry:5000/owner/name:tag@sha256:...` split into the name and what follows it.
void split_image(std::string_view written, std::string& name, std::string& version);

/// Appends `image` where it is not listed yet.
void add_image(std::vector<std::string>& images, std::string image);

/// What a Kubernetes container runs, into step: `script`, or `command` followed by `args`; where that calls a shell
/// with `-c`, the script behind it.
void read_container_command(const document::Node& container, Step& step);

/// `env` and `envFrom` of a Kubernetes container: literals into the step's environment, references to secrets as its
/// credentials.
void read_container_env(const document::Node& container, std::string_view source, Step& step);

/// Secrets that volumes or workspaces bring in: every `secretName` (`secret: {secretName: x}`) below the node.
void read_secret_volumes(const document::Node* volumes, std::string_view source, std::vector<CredentialUse>& found);

/// A service account: what the cluster lets it do, the job can do.
CredentialUse service_account(const document::Node& name, std::string_view source);

/// `securityContext: {privileged: true}` of a container or pod, as a container option of the job.
void read_security_context(const document::Node& container, Job& job);

/// The files below a directory, at most `depth` directories deep (1: those directly in it), whose name ends in one of
/// `endings`.
std::vector<std::string> files_below(model::Tree& tree, std::string_view directory,
                                     const std::vector<std::string_view>& endings, std::size_t depth);

/// Where order alone says that a job waits for those before it: all of them that can run.
std::vector<std::string> needs_of_all(const std::vector<Job>& before);

/// Makes the ids of jobs unique: `test`, `test (2)`.
void number_twins(std::vector<Job>& jobs);

}  // namespace tollbar::pipeline
