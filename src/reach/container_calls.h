// What docker, podman and compose run or build from the tree.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "reach/calls.h"

namespace tollbar::reach {

/// `docker build .`, `docker buildx bake`, `docker compose up`, `docker run -v "$PWD:/src" IMAGE /src/x.sh`
std::vector<Call> container_calls(const std::vector<std::string>& argv);
/// `docker compose -f x.yml build api`, `docker-compose push`: what builds images or runs what was built. The words of
/// compose begin at `from`.
std::vector<Call> compose_call(const std::vector<std::string>& argv, std::size_t from);

}  // namespace tollbar::reach
