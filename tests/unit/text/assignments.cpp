// Names and the literals given to them, in the languages that people write them in.
#include "text/assignments.h"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

using namespace tollbar::text;

namespace {

/// The value given to `api_token`, in brackets where it needs no quotes; empty where none is.
std::string given(std::string_view text) {
  static const Pattern wanted("(?i)api[_-]?token$");
  const auto pairs = assignments(text, wanted);
  if (pairs.empty()) return {};
  const auto value = std::string(pairs.front().value);
  return pairs.front().quoted ? value : "(" + value + ")";
}

}  // namespace

TEST_CASE("a literal is given to a name in every language") {
  for (const std::string_view text : {R"(api_token = "v1")",
                                      R"(const apiToken = 'v1';)",
                                      R"({"apiToken": "v1"})",
                                      R"(api_token: "v1")",
                                      R"("api_token" => "v1")",
                                      R"(apiToken := "v1")",
                                      R"(const API_TOKEN: &str = "v1";)",
                                      R"(val apiToken: String = "v1")",
                                      R"(var apiToken string = "v1")",
                                      R"(os.environ["API_TOKEN"] = "v1")",
                                      R"(os.getenv("API_TOKEN", "v1"))",
                                      R"(process.env.API_TOKEN || "v1")",
                                      R"(process.env.API_TOKEN ?? 'v1')",
                                      R"(c.setApiToken("v1");)",
                                      R"(define('API_TOKEN', 'v1');)",
                                      R"(set(API_TOKEN "v1"))",
                                      R"(<apiToken>v1</apiToken>)",
                                      R"(<add key="API_TOKEN" value="v1" />)",
                                      R"({"name": "API_TOKEN", "value": "v1"})",
                                      R"(api_token = f"v1")",
                                      R"(api_token = """v1""")",
                                      R"("source": ["API_TOKEN = \"v1\"\n"])"})
    CHECK_MESSAGE(given(text) == "v1", text);
}

TEST_CASE("settings need no quotes") {
  for (const std::string_view text :
       {"API_TOKEN=v1", "export API_TOKEN=v1", "api_token: v1", "API_TOKEN ?= v1", "ENV API_TOKEN v1",
        "ENV API_TOKEN=v1", "  - API_TOKEN=v1", "API_TOKEN=v1 ./run", "api_token: |\n  v1", "set API_TOKEN=v1\r\n"})
    CHECK_MESSAGE(given(text) == "(v1)", text);
  CHECK(given("\"Server=a;Api_Token=v1;Encrypt=True\"") == "(v1)");
}

TEST_CASE("a value may stand below its name") {
  CHECK(given("- name: API_TOKEN\n  value: \"v1\"\n") == "v1");
  CHECK(given("- name: API_TOKEN\n  value: v1\n") == "(v1)");
  CHECK(given("<key>API_TOKEN</key>\n<string>v1</string>\n") == "v1");
  CHECK(given("  ApiToken:\n    Type: String\n    Default: \"v1\"\n") == "v1");
  CHECK(given("<apiToken>\n  v1\n</apiToken>\n") == "v1");
  CHECK(given("api_token =\n    \"v1\"\n") == "v1");
}

TEST_CASE("what is no literal is given nothing") {
  CHECK(given("api_token").empty());
  CHECK(given("the api_token is wrong").empty());
  CHECK(given("api_tokenizer = \"v1\"").empty());
  CHECK(given("return api_token;").empty());
  CHECK(given("f(api_token, other)") != "v1");
  CHECK(given("\"api_token\": schema_v2_Token(ref),").empty());
  CHECK(given("api_token = Tokens.make2(now)").empty());
  CHECK(given("api_token: v1(x") == "(v1)");
  CHECK(given("api_token: v1 (x)") == "(v1)");
}

TEST_CASE("names stand on the first line alone") {
  const Pattern wanted("token$");
  CHECK(assignments("a = \"1\"\ntoken = \"2\"\n", wanted).empty());
  CHECK(assignments("token = \"1\"; other_token = \"2\"\n", wanted).size() == 2);
  CHECK(assignments("", wanted).empty());
  CHECK(assignments("token=" + std::string(100'000, 'x'), wanted).size() == 1);
}
