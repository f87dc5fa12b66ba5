// Quorums as JSON.
#include "report/approvers.h"

#include <nlohmann/json.hpp>

namespace tollbar::report {

std::string approvers_json(const approval::Quorum& quorum) {
  using Json = nlohmann::ordered_json;
  Json all = Json::array();
  for (const approval::Seats& seats : quorum) {
    Json json{{"teams", seats.teams}, {"count", seats.count}};
    if (seats.owners) {
      json = {{"owners", "codeowners"}, {"count", seats.count}};
    }
    all.push_back(std::move(json));
  }
  return (all.size() == 1 ? all.front() : all).dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace tollbar::report
