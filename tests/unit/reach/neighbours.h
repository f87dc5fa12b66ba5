// Trees that follow one another, as in a history: what is kept of one must say nothing else of the next.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "fixture.h"
#include "reach/execution_cache.h"

namespace tollbar::reach::test {

/// Everything that is said of an execution, as text.
std::string shown(const Execution& execution);

/// How a cache knows the trees it is asked for: not at all, as in memory, or by an identity and by what differs from
/// the tree before, as in a history.
enum class Names : std::uint8_t { none, identities };

/// One cache that is asked for tree after tree.
class Asked {
 public:
  explicit Asked(Names names = Names::none) : names_(names) {}

  std::shared_ptr<const Execution> execution(const Files& files);
  std::string of(const Files& files) { return shown(*execution(files)); }
  ExecutionCache& cache() { return cache_; }

 private:
  Names names_;
  Files last_;
  ExecutionCache cache_;
  pipeline::DocumentCache documents_;
  ScriptCache scripts_;
  util::Profile profile_;
};

/// Trees one after the other: what earlier ones left says nothing else than a fresh look.
void check_alike(const std::vector<Files>& trees);

/// A job of a workflow of GitHub, behind `head`.
std::string job(const std::string& name, const std::string& extra, const std::vector<std::string>& commands);
inline const std::string head = "on: [pull_request]\njobs:\n";

}  // namespace tollbar::reach::test
