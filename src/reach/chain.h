// The way from a job to something that runs, shared by all that stands at its end.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "reach/certainty.h"

namespace tollbar::reach {

/// A link of the chain from a job to a file: `scripts/publish.sh <- Makefile: release <- release.yml: publish, step 4`.
struct Link {
  std::string path;        ///< file that is executed
  std::string part;        ///< make target, npm script, composite step; empty for a whole file
  std::uint32_t line = 0;  ///< of the call, in the file above
  Certainty certainty = Certainty::verified;
};

/// Links, nearest to the job first. Never changes once made, so that copies share it.
class Chain {
 public:
  using Links = std::vector<Link>;

  Chain() = default;
  Chain(Links links)  // NOLINT: a chain is its links
      : links_(links.empty() ? nullptr : std::make_shared<const Links>(std::move(links))) {}
  Chain(std::initializer_list<Link> links) : Chain(Links(links)) {}
  operator const Links&() const { return links(); }  // NOLINT

  const Links& links() const {
    static const Links none;
    return links_ ? *links_ : none;
  }
  auto begin() const { return links().begin(); }
  auto end() const { return links().end(); }
  std::size_t size() const { return links().size(); }
  bool empty() const { return links().empty(); }
  const Link& operator[](std::size_t i) const { return links()[i]; }
  const Link& front() const { return links().front(); }
  const Link& back() const { return links().back(); }
  /// Both are one and the same, as the chains of commands of one script are.
  bool shares(const Chain& other) const { return links_ == other.links_; }

  /// The chain one link further.
  Chain with(Link link) const {
    Links longer = links();
    longer.push_back(std::move(link));
    return longer;
  }

 private:
  std::shared_ptr<const Links> links_;  ///< null for none
};

}  // namespace tollbar::reach
