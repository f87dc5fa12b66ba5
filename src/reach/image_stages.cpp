// Stages are cut at each FROM; what a stage names among the stages above it is built before it.
#include "reach/image_stages.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <sstream>
#include <string_view>

#include "text/ascii.h"

namespace tollbar::reach {
namespace {

using document::Instruction;

struct Stage {
  std::string name;  ///< upper case; empty where it has none
  std::vector<const Instruction*> instructions;
};

/// The words of a FROM after its flags: the image, and the name that stands behind `AS`.
std::vector<std::string> words(const std::string& text) {
  std::istringstream in(text);
  return {std::istream_iterator<std::string>(in), {}};
}

std::vector<Stage> stages_of(const document::Dockerfile& file) {
  std::vector<Stage> stages;
  for (const auto& instruction : file.instructions) {
    if (instruction.name == "FROM") {
      const auto from = words(instruction.value);
      const bool named = from.size() == 3 && text::ascii_upper(from[1]) == "AS";
      stages.push_back({named ? text::ascii_upper(from[2]) : std::string(), {}});
    }
    if (!stages.empty()) stages.back().instructions.push_back(&instruction);
  }
  return stages;
}

/// The value of `from` in `--from=x` or `--mount=type=bind,from=x`.
std::string source_in(const std::string& flag) {
  const std::size_t value = flag.find('=');
  if (value == std::string::npos) return {};
  if (flag.starts_with("--from=")) return flag.substr(value + 1);
  if (!flag.starts_with("--mount=")) return {};
  const std::string options = "," + flag.substr(value + 1);
  const std::size_t from = options.find(",from=");
  if (from == std::string::npos) return {};
  return options.substr(from + 6, options.find(',', from + 6) - from - 6);
}

std::vector<std::string> sources_of(const Stage& stage) {
  std::vector<std::string> sources;
  for (const Instruction* instruction : stage.instructions) {
    if (instruction->name == "FROM") {
      if (const auto from = words(instruction->value); !from.empty()) sources.push_back(from.front());
    }
    for (const auto& flag : instruction->flags) sources.push_back(source_in(flag));
  }
  return sources;
}

/// A variable could put the name of a stage here: no registry, tag or digest stands beside it.
bool may_be_any_stage(std::string_view source) {
  bool variable = false, inside = false;
  for (const char byte : source) {
    variable = variable || byte == '$';
    inside = (inside || byte == '{') && byte != '}';
    if (!inside && (byte == ':' || byte == '/' || byte == '@')) return false;
  }
  return variable;
}

/// By name or number, among the first `count` stages.
std::optional<std::size_t> find_stage(const std::vector<Stage>& stages, std::string_view name, std::size_t count) {
  const std::string wanted = text::ascii_upper(name);
  for (std::size_t i = count; i > 0; --i) {
    if (!wanted.empty() && (stages[i - 1].name == wanted || std::to_string(i - 1) == wanted)) return i - 1;
  }
  return std::nullopt;
}

}  // namespace

std::vector<const Instruction*> instructions_of(const document::Dockerfile& file, const std::string& target) {
  std::vector<const Instruction*> all;
  for (const auto& instruction : file.instructions) all.push_back(&instruction);
  const auto stages = stages_of(file);
  const auto last = find_stage(stages, target, stages.size());
  if (!last) return all;
  std::vector<std::uint8_t> needed(stages.size(), 0);
  needed[*last] = 1;
  // A stage takes only from those above it, so one walk upwards meets all that is needed.
  for (std::size_t i = *last + 1; i > 0; --i) {
    if (needed[i - 1] == 0) continue;
    for (const auto& source : sources_of(stages[i - 1])) {
      if (may_be_any_stage(source)) return all;
      if (const auto stage = find_stage(stages, source, i - 1)) needed[*stage] = 1;
    }
  }
  std::vector<const Instruction*> result;
  for (std::size_t i = 0; i < stages.size(); ++i) {
    if (needed[i] != 0) result.insert(result.end(), stages[i].instructions.begin(), stages[i].instructions.end());
  }
  return result;
}

}  // namespace tollbar::reach
