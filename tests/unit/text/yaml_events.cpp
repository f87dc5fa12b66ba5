// The event stream: marks, tags, quoting and every way a stream can end badly.
#include "text/yaml_events.h"

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

using namespace tollbar;
using text::YamlError;
using text::YamlMark;

namespace {

/// Writes each event as a word, such as `scalar@2:4:value`.
class Recorder final : public text::YamlHandler {
 public:
  std::string events;

  void document_start(YamlMark) override { events += "doc "; }
  void document_end() override { events += "/doc "; }
  void null(YamlMark mark, std::size_t) override { add("null", mark, {}); }
  void alias(YamlMark mark, std::size_t anchor) override { add("alias", mark, std::to_string(anchor)); }
  void scalar(YamlMark mark, std::string_view tag, std::size_t, bool plain, std::string_view value) override {
    add((plain ? "plain" : "quoted") + std::string{tag}, mark, value);
  }
  void sequence_start(YamlMark mark, std::string_view tag, std::size_t) override { add("[", mark, tag); }
  void sequence_end() override { events += "] "; }
  void mapping_start(YamlMark mark, std::string_view tag, std::size_t) override { add("{", mark, tag); }
  void mapping_end() override { events += "} "; }

 private:
  void add(const std::string& what, YamlMark mark, std::string_view value) {
    events +=
        what + "@" + std::to_string(mark.line) + ":" + std::to_string(mark.column) + ":" + std::string{value} + " ";
  }
};

std::string events(std::string_view yaml) {
  Recorder recorder;
  text::read_yaml(yaml, recorder);
  return recorder.events;
}

YamlError error(std::string_view yaml) {
  Recorder recorder;
  return text::read_yaml(yaml, recorder);
}

}  // namespace

TEST_CASE("events carry lines and columns from 1") {
  CHECK(events("a: 1\nb:\n  - 'x'\n") ==
        "doc {@1:1: plain@1:1:a plain@1:4:1 plain@2:1:b [@3:3: quoted@3:5:x ] } /doc ");
}

TEST_CASE("a byte order mark moves nothing") {
  CHECK(events("\xEF\xBB\xBF"
               "a: b") == events("a: b"));
}

TEST_CASE("quoted, block and tagged scalars are not plain") {
  CHECK(events("- a\n- \"a\"\n- |\n  a\n- !x a\n") ==
        "doc [@1:1: plain@1:3:a quoted@2:3:a quoted@3:3:a\n quoted!x@5:3:a ] /doc ");
}

TEST_CASE("explicit tags arrive, the implied ones do not") {
  CHECK(events("!a [!b {}, []]") == "doc [@1:1:!a {@1:5:!b } [@1:12: ] ] /doc ");
}

TEST_CASE("aliases arrive unexpanded") {
  CHECK(events("- &x [1]\n- *x\n") == "doc [@1:1: [@1:3: plain@1:7:1 ] alias@2:3:1 ] /doc ");
}

TEST_CASE("every document of the stream is read") {
  CHECK(events("a\n---\nb\n...\n---\nc\n") == "doc plain@1:1:a /doc doc plain@3:1:b /doc doc plain@6:1:c /doc ");
}

TEST_CASE("an empty stream has no events and no error") {
  CHECK(events("").empty());
  CHECK(events("# only a comment\n").empty());
  CHECK_FALSE(error("").failed);
}

TEST_CASE("a syntax error has its line and keeps what came before") {
  const YamlError found = error("a: 1\n---\nb: [1\nc: }\n");
  CHECK(found.failed);
  CHECK(found.reason == YamlError::Reason::syntax);
  CHECK(found.mark.line >= 3);
  CHECK(events("a\n---\n}").starts_with("doc plain@1:1:a /doc "));
}

TEST_CASE("an unknown anchor is told apart") {
  CHECK(error("a: *nowhere").reason == YamlError::Reason::unknown_anchor);
}

TEST_CASE("deep nesting ends the parse and not the process") {
  for (const char* opening : {"[", "{a: ", "- ", "? "}) {
    std::string deep;
    for (int i = 0; i < 20'000; ++i) {
      deep += opening;
    }
    CHECK(error(deep).failed);
  }
  CHECK(error(std::string(2'000, '[')).reason == YamlError::Reason::too_deep);
}

TEST_CASE("control characters that yaml-cpp takes for the end of the text hide nothing") {
  const std::string yaml = std::string{"a: x\nb: 1"} + '\x04' + "2\nc: 3" + '\0' + "\nd: 4\n";
  CHECK(events(yaml).find("plain@4:1:d") != std::string::npos);
  const YamlError found = error(yaml);
  CHECK(found.failed);
  CHECK(found.mark.line == 2);
  CHECK(found.mark.column == 5);
}

TEST_CASE("zero bytes at the start do not make it UTF-16") {
  CHECK(error(std::string_view{"a\0b\0", 4}).failed);
  CHECK(events(std::string_view{"a\0b\0", 4}).find('b') != std::string::npos);
}

TEST_CASE("text that begins no document ends the parse") {
  for (const char* yaml : {"[\n---\n,\n}", "a\n---\n,", "---\n}", "x: {\n---\n]"}) {
    CAPTURE(yaml);
    CHECK(error(yaml).failed);
  }
}

TEST_CASE("what a handler throws reaches the caller") {
  class Thrower final : public text::YamlHandler {
    void document_start(YamlMark) override { throw std::runtime_error{"enough"}; }
    void document_end() override {}
    void null(YamlMark, std::size_t) override {}
    void alias(YamlMark, std::size_t) override {}
    void scalar(YamlMark, std::string_view, std::size_t, bool, std::string_view) override {}
    void sequence_start(YamlMark, std::string_view, std::size_t) override {}
    void sequence_end() override {}
    void mapping_start(YamlMark, std::string_view, std::size_t) override {}
    void mapping_end() override {}
  } thrower;
  CHECK_THROWS_AS(text::read_yaml("a", thrower), std::runtime_error);
}
