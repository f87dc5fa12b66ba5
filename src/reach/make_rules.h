// The rules of a Makefile together with everything it includes, looked up the way make does.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "document/scripts.h"

namespace tollbar::reach {

class MakeRules {
 public:
  struct Source {
    std::string path;
    std::shared_ptr<const document::Makefile> makefile;
    bool early = false;  ///< included before the including file names a target of its own
  };
  /// What making one name means. Points into the sources.
  struct Rule {
    const std::string* path = nullptr;  ///< the file that holds the recipe, or the rule where it has none
    const document::MakeTarget* target = nullptr;
    std::vector<std::string> prerequisites;  ///< of every rule for the name; a pattern's stem is put in
    std::string stem;                        ///< what `%` stands for
  };

  MakeRules() = default;
  /// The Makefile itself first, then what it includes, in the order in which make reads them.
  explicit MakeRules(std::vector<Source> sources);

  /// The rules that name the target, else the pattern rule with the shortest stem that can be made.
  std::optional<Rule> find(std::string_view name) const;
  /// What is made where nothing is asked for; empty where there is no target.
  std::string default_target() const;
  /// A variable of the build says that failures of recipes do not count.
  bool ignores_errors() const;
  /// Some recipe hands on what make was asked for: `$(MAKE) -C web $(MAKECMDGOALS)`.
  bool hands_goals_on() const { return hands_goals_on_; }
  const std::vector<Source>& sources() const { return sources_; }

 private:
  struct Place {
    std::size_t source = 0, target = 0;
  };
  const document::MakeTarget& target(const Place& place) const;
  std::optional<Rule> explicit_rule(std::string_view name) const;
  std::optional<Rule> pattern_rule(std::string_view name) const;

  std::vector<Source> sources_;
  std::map<std::string, std::vector<Place>, std::less<>> named_;
  std::vector<Place> patterns_;
  bool hands_goals_on_ = false;
};

}  // namespace tollbar::reach
