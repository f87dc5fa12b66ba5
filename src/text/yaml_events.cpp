// The one place that talks to yaml-cpp; what it needs to be told and what it says wrongly is put right here.
#include "text/yaml_events.h"

#include <algorithm>
#include <cstddef>
#include <istream>
#include <streambuf>
#include <string>
#include <string_view>

#include <yaml-cpp/depthguard.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

namespace tollbar::text {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

YamlMark to_mark(const YAML::Mark& mark) {
  const auto natural = [](int value) { return value < 0 ? std::size_t{0} : static_cast<std::size_t>(value); };
  return {natural(mark.line) + 1, natural(mark.column) + 1, natural(mark.pos)};
}

/// yaml-cpp tags untagged plain nodes `?` and quoted ones `!`.
std::string_view explicit_tag(const std::string& tag) {
  return tag == "?" || tag == "!" ? std::string_view{} : std::string_view{tag};
}

class Adapter final : public YAML::EventHandler {
 public:
  explicit Adapter(YamlHandler& handler) : handler_{handler} {}

  void OnDocumentStart(const YAML::Mark& mark) override {
    // A token that can begin no node is never consumed: yaml-cpp would report empty documents for ever.
    if (mark.pos == document_start_) {
      throw YAML::ParserException(mark, "text that begins no document");
    }
    document_start_ = mark.pos;
    handler_.document_start(to_mark(mark));
  }
  void OnDocumentEnd() override { handler_.document_end(); }
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override { handler_.null(to_mark(mark), anchor); }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override { handler_.alias(to_mark(mark), anchor); }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    handler_.scalar(to_mark(mark), explicit_tag(tag), anchor, tag == "?", value);
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value /*style*/) override {
    handler_.sequence_start(to_mark(mark), explicit_tag(tag), anchor);
  }
  void OnSequenceEnd() override { handler_.sequence_end(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value /*style*/) override {
    handler_.mapping_start(to_mark(mark), explicit_tag(tag), anchor);
  }
  void OnMapEnd() override { handler_.mapping_end(); }

 private:
  YamlHandler& handler_;
  int document_start_ = -1;
};

/// A read-only stream over bytes that stay where they are.
class ByteBuffer final : public std::streambuf {
 public:
  explicit ByteBuffer(std::string& bytes) { setg(bytes.data(), bytes.data(), bytes.data() + bytes.size()); }
};

/// yaml-cpp takes EOT for the end of the file and a NUL for a sign of UTF-16.
bool is_forbidden(char byte) {
  return byte == '\x00' || byte == '\x04';
}

YamlError forbidden_byte(std::string_view text) {
  const auto found = std::find_if(text.begin(), text.end(), is_forbidden);
  if (found == text.end()) {
    return {};
  }
  const auto offset = static_cast<std::size_t>(found - text.begin());
  const std::string_view before = text.substr(0, offset);
  const auto line = static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n')) + 1;
  const std::size_t line_start = before.rfind('\n') + 1;  // npos + 1 is 0, the first line
  return {{line, offset - line_start + 1, offset}, "control character in YAML", true, YamlError::Reason::syntax};
}

YamlError to_error(const YAML::Exception& error, YamlError::Reason reason) {
  return {to_mark(error.mark), error.msg, true, reason};
}

}  // namespace

YamlError read_yaml(std::string_view text, YamlHandler& handler) {
  if (text.starts_with(byte_order_mark)) {
    text.remove_prefix(byte_order_mark.size());
  }
  const YamlError forbidden = forbidden_byte(text);
  // With a BOM in front yaml-cpp guesses no other encoding; it does not count the BOM in its marks.
  std::string bytes{byte_order_mark};
  bytes += text;
  if (forbidden.failed) {
    std::replace_if(bytes.begin(), bytes.end(), is_forbidden, '\x1A');
  }
  ByteBuffer buffer{bytes};
  std::istream stream{&buffer};
  Adapter adapter{handler};
  try {
    YAML::Parser parser{stream};
    while (parser.HandleNextDocument(adapter)) {
    }
  } catch (const YAML::DeepRecursion& error) {
    return to_error(error, YamlError::Reason::too_deep);
  } catch (const YAML::Exception& error) {
    const bool unknown_anchor = error.msg.starts_with(YAML::ErrorMsg::UNKNOWN_ANCHOR);
    return to_error(error, unknown_anchor ? YamlError::Reason::unknown_anchor : YamlError::Reason::syntax);
  }
  return forbidden;
}

}  // namespace tollbar::text
