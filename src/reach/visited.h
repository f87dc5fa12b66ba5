// What a step has entered so far, and what a part of its way asked about that. Internal to src/reach.
#pragma once

#include <algorithm>
#include <set>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

namespace tollbar::reach {

/// Nothing is entered twice, so that what runs depends on what was entered before: on just what it asks.
class Visited {
 public:
  /// The answers that a part of the way got about what came before it, and what it entered itself.
  struct Asked {
    std::set<std::string> there, absent, entered;
  };

  void clear() { names_.clear(); }

  bool holds(const std::string& name) {
    const bool is_there = names_.count(name) != 0;
    for (auto& part : parts_)
      if (part.entered.count(name) == 0) (is_there ? part.there : part.absent).insert(name);
    return is_there;
  }
  void add(const std::string& name) {
    names_.insert(name);
    for (auto& part : parts_) part.entered.insert(name);
  }

  /// A part of the way begins; it may have parts of its own.
  void begin() { parts_.emplace_back(); }
  Asked end() {
    Asked asked = std::move(parts_.back());
    parts_.pop_back();
    return asked;
  }

  /// The part would get the same answers now.
  bool fits(const Asked& part) const {
    const auto is_there = [&](const std::string& name) { return names_.count(name) != 0; };
    return std::all_of(part.there.begin(), part.there.end(), is_there) &&
           std::none_of(part.absent.begin(), part.absent.end(), is_there);
  }
  /// Goes on as behind the part, which fits.
  void take(const Asked& part) {
    for (const auto* names : {&part.there, &part.absent})
      for (const auto& name : *names) holds(name);
    for (const auto& name : part.entered) add(name);
  }

 private:
  std::unordered_set<std::string> names_;
  std::vector<Asked> parts_;  // that have begun, outer ones first
};

}  // namespace tollbar::reach
