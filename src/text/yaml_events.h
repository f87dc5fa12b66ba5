// yaml-cpp's event stream behind our own interface, so that no yaml-cpp header is needed elsewhere.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace tollbar::text {

struct YamlMark {
  std::size_t line = 0, column = 0;  ///< 1-based; columns count bytes
  std::size_t offset = 0;            ///< in bytes, from the start of the text without its BOM
};

/// Called in document order. A mark is where the node's tag or anchor starts, if it has one; that of an absent value is
/// the next token's. Aliases arrive unexpanded. Exceptions thrown here stop the parse and reach the caller.
class YamlHandler {
 public:
  virtual ~YamlHandler() = default;
  virtual void document_start(YamlMark) = 0;
  virtual void document_end() = 0;
  virtual void null(YamlMark, std::size_t anchor) = 0;
  virtual void alias(YamlMark, std::size_t anchor) = 0;
  /// `plain`: written without quotes, not as a block scalar and without a tag. `tag` empty unless explicit.
  virtual void scalar(YamlMark, std::string_view tag, std::size_t anchor, bool plain, std::string_view value) = 0;
  virtual void sequence_start(YamlMark, std::string_view tag, std::size_t anchor) = 0;
  virtual void sequence_end() = 0;
  virtual void mapping_start(YamlMark, std::string_view tag, std::size_t anchor) = 0;
  virtual void mapping_end() = 0;
};

struct YamlError {
  enum class Reason { syntax, unknown_anchor, too_deep };
  YamlMark mark;
  std::string message;
  bool failed = false;  ///< false: the whole stream was read and is well-formed
  Reason reason = Reason::syntax;
};

/// Reads every document of the stream, which is UTF-8 with or without a BOM. A syntax error is returned, not thrown.
/// NUL and EOT, which YAML forbids, are read on as U+001A and returned as an error where nothing worse follows.
YamlError read_yaml(std::string_view text, YamlHandler& handler);

}  // namespace tollbar::text
