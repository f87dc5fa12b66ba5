// yaml-cpp's event stream behind our own interface, so that no yaml-cpp header is needed elsewhere.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace tollbar::text {

struct YamlMark {
  std::size_t line = 0, column = 0;  ///< 1-based
};

/// Called in document order. Aliases arrive unexpanded. Exceptions thrown here stop the parse and reach the caller.
class YamlHandler {
 public:
  virtual ~YamlHandler() = default;
  virtual void document_start(YamlMark) = 0;
  virtual void document_end() = 0;
  virtual void null(YamlMark, std::size_t anchor) = 0;
  virtual void alias(YamlMark, std::size_t anchor) = 0;
  /// `plain`: written without quotes and not as a block scalar. `tag` empty unless explicit.
  virtual void scalar(YamlMark, std::string_view tag, std::size_t anchor, bool plain, std::string_view value) = 0;
  virtual void sequence_start(YamlMark, std::string_view tag, std::size_t anchor) = 0;
  virtual void sequence_end() = 0;
  virtual void mapping_start(YamlMark, std::string_view tag, std::size_t anchor) = 0;
  virtual void mapping_end() = 0;
};

struct YamlError {
  YamlMark mark;
  std::string message;
  bool failed = false;  ///< false: the whole stream was read
};

/// Reads every document of the stream. A syntax error is returned, not thrown.
YamlError read_yaml(std::string_view text, YamlHandler& handler);

}  // namespace tollbar::text
