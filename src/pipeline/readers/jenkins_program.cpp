// What readers ask of the tree of a Jenkinsfile.
#include "pipeline/readers/jenkins_program.h"

namespace tollbar::pipeline::jenkins {

const Value* Value::argument(std::string_view name) const {
  for (const auto& candidate : arguments) {
    if (candidate.name == name) return &candidate.value;
  }
  return nullptr;
}

const Value* Value::positional(std::size_t index) const {
  for (const auto& candidate : arguments) {
    if (candidate.name.empty() && index-- == 0) return &candidate.value;
  }
  return nullptr;
}

std::string spelling(const Token& token) {
  if (token.kind == Token::Kind::newline) return ";";
  if (token.kind != Token::Kind::string) return token.text;
  return token.interpolated ? token.written : "'" + token.text + "'";
}

std::string Program::text(const Value& value) const {
  std::string result;
  for (auto i = value.first; i < value.last && i < tokens.list.size(); ++i) {
    if (!result.empty()) result += ' ';
    result += spelling(tokens.list[i]);
  }
  return result;
}

}  // namespace tollbar::pipeline::jenkins
