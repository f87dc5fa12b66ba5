// What tools do because their own configuration says so.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "model/tree.h"
#include "pipeline/readers.h"
#include "reach/execution.h"
#include "reach/knowledge.h"

namespace tollbar::reach {

class ConfiguredActs {
 public:
  ConfiguredActs(model::Tree& tree, pipeline::DocumentCache& documents, const Knowledge& knowledge,
                 Dependence& dependence)
      : tree_(tree), documents_(documents), knowledge_(knowledge), dependence_(dependence) {}

  /// Fills `configured` from the configurations among the files that the step runs, where it really acts with their
  /// tool.
  void add(StepItems& step);

 private:
  /// What a file of this name may say.
  const std::vector<const ConfiguredEffect*>& known_for(std::string_view name);

  model::Tree& tree_;
  pipeline::DocumentCache& documents_;
  const Knowledge& knowledge_;
  Dependence& dependence_;
  std::map<std::string, std::vector<const ConfiguredEffect*>, std::less<>> by_name_;
};

}  // namespace tollbar::reach
