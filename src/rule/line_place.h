// Where a line of a file stands, in words that a rule can test.
#pragma once

#include <string>
#include <string_view>

namespace tollbar::rule {

/// `config/secrets.yml: development.secret_key_base`: the path of the file and the keys around the line that holds
/// `at`, told by how deep lines stand, its own last. `text` is that of the file.
std::string place_of_line(std::string_view path, std::string_view text, std::string_view at);

}  // namespace tollbar::rule
