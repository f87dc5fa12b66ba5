// What the legs of a matrix give to names: `node=18,env=TARGET=check` sets `node`, and `TARGET` in its environment.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "document/shell.h"

namespace tollbar::reach {

/// The legs of one job, read once however many words ask. Not thread-safe.
class Legs {
 public:
  /// Names and what follows them in the canonical text of a leg, whatever stands between them.
  using Pairs = std::vector<std::pair<std::string, std::string>>;

  Legs() = default;
  explicit Legs(std::vector<std::string> texts) : texts_(std::move(texts)) {}

  std::size_t size() const { return texts_.size(); }
  bool empty() const { return texts_.empty(); }
  const std::vector<std::string>& texts() const { return texts_; }
  const std::string& text(std::size_t leg) const { return texts_[leg]; }
  const Pairs& pairs(std::size_t leg) const;

  /// The word with each value, each once, that it has in the legs: `$TARGET`, `tools/${TARGET}.sh` where the legs or
  /// the variables @p env (which name parts of the matrix) say it, or `${{ matrix.target }}`. Empty where they do not.
  std::vector<document::Word> words(const document::Word& word, const std::map<std::string, std::string>& env) const;
  /// The same in one leg.
  std::vector<document::Word> words_in(std::size_t leg, const document::Word& word,
                                       const std::map<std::string, std::string>& env) const;

  /// What answers depended on: the names that words asked for, or all of the legs.
  struct Asked {
    std::set<std::string> names;
    bool all = false;
  };
  const Asked& asked() const { return asked_; }
  void ask(const Asked& more) const;
  /// The same as asked(), and forgets it.
  Asked take_asked() { return std::exchange(asked_, {}); }
  /// What these legs say to that; equal where words become the same.
  std::string said_to(const Asked& asked) const;

 private:
  /// The values that a leg gives to a name, or to a part of a map of that name: `web.script` of
  /// `web={script: ./x.sh}`.
  const std::vector<std::string>& values(std::size_t leg, const std::string& name) const;
  /// The same, and nobody asked.
  const std::vector<std::string>& known_values(std::size_t leg, const std::string& name) const;
  /// The texts of the word with the values of a leg, added to `texts`.
  void fill_in(std::size_t leg, const std::string& word, const std::map<std::string, std::string>& env,
               std::vector<std::string>& texts) const;

  std::vector<std::string> texts_;
  mutable Asked asked_;
  mutable std::vector<std::optional<Pairs>> pairs_;                                                          // by leg
  mutable std::map<std::string, std::vector<std::optional<std::vector<std::string>>>, std::less<>> values_;  // by leg
};

}  // namespace tollbar::reach
