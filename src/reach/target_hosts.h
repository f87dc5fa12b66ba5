// Which of its kind an action acts on: the registry that an image goes to, the host that data is sent to.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "reach/execution.h"
#include "reach/knowledge.h"

namespace tollbar::reach {

/// Told from what the steps of one job say and from where those before logged in.
class TargetHosts {
 public:
  /// Keeps logins of the step and images that it gives a name.
  void note(const ExecutedStep& step);

  /// Hosts, each once; empty where they cannot be told or the system is one place.
  std::vector<std::string> of(const Effect& effect, const ExecutedStep& step, const ExecutedAction& action) const;
  std::vector<std::string> of(const Effect& effect, const ExecutedCommand& command) const;
  /// Of what a configuration says.
  std::vector<std::string> of(const Effect& effect) const;

 private:
  std::vector<std::string> only_one(const std::string& image) const;

  std::vector<std::string> logins_;
  std::map<std::string, std::string> conditions_;  ///< of the steps that logged in, by host
  std::vector<std::string> named_;                 ///< of images that a step composed tags for
};

/// What a tool calls so is the store of images of the machine that builds: nothing is pushed anywhere.
bool is_own_registry(std::string_view host);

/// The registry of an image's name as it is written, that of Docker where it names none; empty where it is computed or
/// no name of an image.
std::string registry_of(std::string_view image);

}  // namespace tollbar::reach
