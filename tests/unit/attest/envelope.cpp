// Envelopes against the examples of RFC 4648, RFC 8785 and the DSSE protocol.
#include "attest/envelope.h"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "attest/base64.h"
#include "attest/canonical_json.h"
#include "util/error.h"

namespace tollbar::attest {
namespace {

TEST_CASE("base64 as RFC 4648 has it, and nothing beside it") {
  const std::pair<const char*, const char*> vectors[] = {{"", ""},
                                                         {"f", "Zg=="},
                                                         {"fo", "Zm8="},
                                                         {"foo", "Zm9v"},
                                                         {"foob", "Zm9vYg=="},
                                                         {"fooba", "Zm9vYmE="},
                                                         {"foobar", "Zm9vYmFy"}};
  for (const auto& [bytes, text] : vectors) {
    CHECK(to_base64(bytes) == text);
    CHECK(from_base64(text) == bytes);
  }
  for (const char* wrong : {"Zg=", "Zg", "Zh==", "Zm9=", "Z===", "====", "Zg==Zg==", "Zm 9", "-_-_", "Zm9v\n"}) {
    CAPTURE(wrong);
    CHECK_FALSE(from_base64(wrong));
  }
}

TEST_CASE("canonical JSON sorts keys by UTF-16 units and escapes as little as possible") {
  const auto value = nlohmann::json::parse(
      R"({"\u20ac":"Euro","\r":"CR","\ufb33":"Dalet","1":"One","\ud83d\ude00":"Smile","\u0080":"Control","\u00f6":"o"})");
  CHECK(canonical_json(value) ==
        "{\"\\r\":\"CR\",\"1\":\"One\",\"\xc2\x80\":\"Control\",\"\xc3\xb6\":\"o\","
        "\"\xe2\x82\xac\":\"Euro\",\"\xf0\x9f\x98\x80\":\"Smile\",\"\xef\xac\xb3\":\"Dalet\"}");
  CHECK(canonical_json({1, -2, true, nullptr, "\x01\"\\/", nlohmann::json::array(), nlohmann::json::object()}) ==
        R"([1,-2,true,null,"\u0001\"\\/",[],{}])");
  CHECK_THROWS_AS(canonical_json(1.5), util::Error);
  CHECK_THROWS_AS(canonical_json(std::uint64_t{1} << 53), util::Error);
}

TEST_CASE("what is signed, as the DSSE protocol shows it") {
  CHECK(pre_authentication_encoding("http://example.com/HelloWorld", "hello world") ==
        "DSSEv1 29 http://example.com/HelloWorld 11 hello world");
}

TEST_CASE("an envelope is read as it was written, and every changed byte is seen") {
  const Envelope envelope{std::string(in_toto_type), "{\"a\":1}", {{"SHA256:x", "bytes\0\xff"}, {"", "b"}}};
  const std::string text = write_envelope(envelope);
  const Envelope read = read_envelope(text, "here");
  CHECK(read.payload == envelope.payload);
  CHECK(read.payload_type == envelope.payload_type);
  REQUIRE(read.signatures.size() == 2);
  CHECK(read.signatures[0].bytes == envelope.signatures[0].bytes);
  CHECK(read.signatures[0].keyid == "SHA256:x");
  for (const std::string& wrong :
       {std::string("[]"), std::string("{"), text + " ", ' ' + text, text.substr(0, text.size() - 1),
        std::string(R"({"payload":"YQ==","payloadType":"t"})"),
        std::string(R"({"payload":"Y","payloadType":"t","signatures":[]})"),
        std::string("{\"a\":1,\"payload\":\"YQ==\",\"payloadType\":\"t\",\"signatures\":[]}\n")}) {
    CAPTURE(wrong);
    CHECK_THROWS_AS(read_envelope(wrong, "here"), util::Error);
  }
}

}  // namespace
}  // namespace tollbar::attest
