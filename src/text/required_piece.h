// What is known of the texts that a part of a regular expression can match, and how parts combine.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace tollbar::text {

using Strings = std::vector<std::string>;

struct Piece {
  std::optional<Strings> exact;  ///< all texts that it can match (lower-cased), where those are few
  Strings required;              ///< every match holds one of them; empty: nothing known
};

/// Sorts and drops duplicates.
void simplify(Strings& strings);

/// Drops strings that hold another one: finding the shorter is enough.
Strings without_supersets(Strings strings);

/// The best literals that a piece alone requires; empty where none is long enough.
Strings requirement(const Piece& piece);

Piece alternation(const std::vector<Piece>& branches);

/// Parts one behind the other: neighbours that are known exactly are multiplied into a run; each run is a candidate.
class Concatenation {
 public:
  void add(const Piece& piece);
  /// Ends the run: what follows does not touch what came before.
  void flush();
  Piece finish();

 private:
  Strings run_ = {""};
  Strings best_;
  bool whole_ = true;
};

}  // namespace tollbar::text
