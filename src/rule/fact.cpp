// Facts and the texts that rules ask about.
#include "rule/fact.h"

namespace tollbar::rule {

std::string_view Fact::attribute(std::string_view name) const {
  if (const auto found = attributes.find(name); found != attributes.end()) return found->second;
  if (name == "path") return path;
  if (name == "subject") return subject;
  if (name == "place") return subject.empty() ? path : subject;
  if (name == "before") return before;
  if (name == "after") return after;
  if (name == "action") return action;
  if (name == "credential") return authority.credential;
  if (name == "source") return authority.source;
  if (name == "scope") return authority.scope;
  if (name == "system") return target.system;
  if (name == "environment") return target.environment;
  if (name == "name") return target.name;
  return {};
}

}  // namespace tollbar::rule
