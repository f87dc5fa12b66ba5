// The table of fact producers: C++ for what data cannot say. Adding one is a file in checks/ and a line in the table.
#pragma once

#include <string_view>
#include <vector>

#include "rule/change.h"
#include "rule/fact.h"

namespace tollbar::rule {

struct Producer {
  std::string_view name;
  std::vector<std::string_view> facts;  ///< kinds it may emit; a rule that names any other is rejected at loading
  void (*produce)(Change& change, std::vector<Fact>& facts);
};

const std::vector<Producer>& producers();
bool is_known_fact(std::string_view kind);

}  // namespace tollbar::rule
