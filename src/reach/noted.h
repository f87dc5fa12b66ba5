// What was found out once about a tree, with all that decided it. Internal to src/reach.
#pragma once

#include <map>
#include <utility>

#include "reach/execution.h"

namespace tollbar::reach {

/// Who asks again depends on what decided the answer, too. Answers stay where they are.
template <typename Key, typename Value>
class Noted {
 public:
  /// `find` finds it, and adds what it looks at to `dependence`.
  template <typename Find>
  const Value& of(const Key& key, Dependence& dependence, Find find) {
    const auto known = answers_.find(key);
    if (known != answers_.end()) {
      dependence.add(known->second.dependence);
      return known->second.value;
    }
    Dependence before = std::exchange(dependence, {});
    Answer answer{find(), {}};
    answer.dependence = std::exchange(dependence, std::move(before));
    dependence.add(answer.dependence);
    return answers_.emplace(key, std::move(answer)).first->second.value;
  }

 private:
  struct Answer {
    Value value;
    Dependence dependence;
  };
  std::map<Key, Answer> answers_;
};

}  // namespace tollbar::reach
