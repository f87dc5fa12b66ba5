// What can be told from a commit's message alone.
#include "model/commit.h"

namespace tollbar::model {

std::string Commit::subject() const {
  // Like git, skip the empty lines that some tools put before the subject.
  const std::size_t begin = message.find_first_not_of("\r\n");
  if (begin == std::string::npos) {
    return {};
  }
  const std::size_t end = message.find_first_of("\r\n", begin);
  return message.substr(begin, end == std::string::npos ? end : end - begin);
}

}  // namespace tollbar::model
