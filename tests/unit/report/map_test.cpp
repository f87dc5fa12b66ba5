// The action map in every format, letter by letter where people read it.
#include "report/map.h"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <sstream>
#include <string>

namespace tollbar::report {
namespace {

gate::JudgedPath publish() {
  gate::JudgedPath path;
  auto& way = path.way;
  way.workflow = way.path = ".github/workflows/release.yml";
  way.job = "publish";
  way.step = "Release";
  way.line = 9;
  way.actors = {{"push: tags v*", "who can push", false}};
  way.conditions = {"github.repository == 'acme/mill'"};
  way.authority.credentials = {{pipeline::CredentialUse::Kind::secret, "NPM_TOKEN", "github-secrets", "", "", 11}};
  way.authority.permissions = {"contents: write"};
  way.action = "publishes a package";
  way.by = "npm publish";
  way.by_path = "tools/send.sh";
  way.by_line = 4;
  way.chain = {{"package.json", "release", 10, reach::Certainty::verified},
               {"tools/send.sh", "", 3, reach::Certainty::inferred}};
  way.certainty = reach::Certainty::inferred;
  way.release = true;
  way.system = "npm registry";
  way.files = {{".github/workflows/release.yml", "", ""}, {"package.json", "release", ""}, {"tools/send.sh", "", ""}};
  path.approval.trigger = model::Trigger::release_target;
  path.approval.owners = {"@acme/release"};
  path.gaps = {{gate::GapKind::standing_key, "NPM_TOKEN is stored; npm registry takes the job's identity",
                ".github/workflows/release.yml", 11}};
  return path;
}

gate::ActionMap small_map() {
  gate::ActionMap map;
  map.of = "1a2b3c4d5e6f";
  map.policy = "built-in";
  gate::JudgedPipeline release{
      ".github/workflows/release.yml", "Release", "github", {}, {publish()}, {}, gate::MapSide::same};
  gate::JudgedPipeline ci{".github/workflows/ci.yml", "CI", "github", {}, {}, {}, gate::MapSide::same};
  map.pipelines = {release, ci};
  return map;
}

/// Everything that a repository can write is hostile.
gate::ActionMap hostile_map() {
  const std::string evil = "\x1b[31m<script>alert(1)</script>\"'`]|})&\n--> w0b";
  auto map = small_map();
  map.of = map.policy = evil;
  auto& pipeline = map.pipelines.front();
  pipeline.path = pipeline.name = evil;
  pipeline.problems = {evil};
  auto& path = pipeline.paths.front();
  auto& way = path.way;
  way.job = way.step = way.path = way.action = way.by = way.by_path = way.system = way.target_environment = evil;
  way.actors = {{evil, evil, true}};
  way.conditions = way.authority.permissions = way.authority.runner = {evil};
  way.authority.environment = way.authority.credentials.front().name = evil;
  way.chain.front().path = way.chain.front().part = evil;
  path.approval.owners = {evil};
  path.approval.quorum = evil;
  path.gaps.front().what = evil;
  path.differences = {"+ " + evil};
  map.pipelines.back().path = evil;
  return map;
}

std::string written(std::string_view format, const gate::ActionMap& map, const Style& style = {}) {
  std::ostringstream out;
  const auto* found = find_map_format(format);
  REQUIRE(found != nullptr);
  found->write(out, map, style);
  return out.str();
}

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

TEST_CASE("the map for people") {
  CHECK(written("text", small_map()) == R"(Action map of 1a2b3c4d5e6f (policy: built-in)

.github/workflows/release.yml  Release

  job publish
    who       who can push (push: tags v*)
    if        github.repository == 'acme/mill'
    with      NPM_TOKEN, token (contents: write)
    approval  @acme/release; recorded in refs/tollbar/log
    gap       standing-key: NPM_TOKEN is stored; npm registry takes the job's
              identity

    publishes a package -> npm registry  line 9, release-target
      step      Release
      does      npm publish (tools/send.sh:4)
      through   package.json: release -> tools/send.sh (inferred)

No way to act outside is known; changes to what these run need no approval:
  .github/workflows/ci.yml

2 workflows: 1 needs approval, 1 acts on nothing outside; 1 way.
Gaps, and what closes them:
     1  standing-key  log in by workload identity (OIDC) and delete the key
)");
}

TEST_CASE("one line a way where little is asked for") {
  Style style;
  style.detail = Detail::quiet;
  CHECK(written("text", small_map(), style) ==
        ".github/workflows/release.yml  publish / Release  publishes a package -> npm registry  1 gap\n");
}

TEST_CASE("a difference marks its sides and says what became of a way") {
  auto map = small_map();
  map.difference = true;
  map.of = "aaaaaaaaaaaa..bbbbbbbbbbbb";
  map.pipelines.pop_back();
  map.pipelines.front().side = gate::MapSide::changed;
  auto& path = map.pipelines.front().paths.front();
  path.side = gate::MapSide::changed;
  path.differences = {"- environment npm", "+ credential NPM_TOKEN"};
  path.opened = path.gaps;
  path.closed = {{gate::GapKind::no_owner, "nobody owns tools/send.sh", "tools/send.sh", 0}};
  CHECK(written("text", map) == R"(What changed in the action map, aaaaaaaaaaaa..bbbbbbbbbbbb (policy: built-in)

~ .github/workflows/release.yml  Release

  job publish

    ~ publishes a package -> npm registry  line 9, release-target
                - environment npm
                + credential NPM_TOKEN

1 workflow: 1 needs approval, 0 act on nothing outside; 1 way.
New gaps:
     1  standing-key  log in by workload identity (OIDC) and delete the key
Gaps that are gone: 1 no-owner.
)");
  gate::ActionMap none;
  none.difference = true;
  CHECK(has(written("text", none), "Nothing changed in what can be done.\n"));
}

TEST_CASE("the map for programs keeps its shape") {
  const auto json = nlohmann::json::parse(written("json", small_map()));
  CHECK(json["version"] == 1);
  CHECK(json["summary"]["gaps"]["standing-key"] == 1);
  const auto& path = json["workflows"][0]["paths"][0];
  CHECK(path["actors"][0] == nlohmann::json{{"event", "push: tags v*"}, {"who", "who can push"}, {"stranger", false}});
  CHECK(path["authority"]["credentials"][0]["kind"] == "secret");
  CHECK(path["action"]["chain"][1] ==
        nlohmann::json{{"path", "tools/send.sh"}, {"part", ""}, {"line", 3}, {"certainty", "inferred"}});
  CHECK(path["target"]["system"] == "npm registry");
  CHECK(path["approval"]["owners"] == nlohmann::json::array({"@acme/release"}));
  CHECK(path["evidence"] == "refs/tollbar/log");
  CHECK(path["gaps"][0]["kind"] == "standing-key");
  CHECK(json["workflows"][1]["needs_approval"] == false);
}

TEST_CASE("the map as a graph") {
  const auto dot = written("dot", small_map());
  CHECK(has(dot, "subgraph cluster_0 {\n    label=\".github/workflows/release.yml\";\n"));
  CHECK(has(dot, "way0 [label=\"publish / Release\\npublishes a package\\ngap: standing-key\", style=dashed];"));
  CHECK(has(dot, "way0_0 -> way0_1 [label=\"inferred\"];"));
  const auto mermaid = written("mermaid", small_map());
  CHECK(mermaid.starts_with("flowchart LR\n"));
  CHECK(has(mermaid, "w0c -- verified --> w0l0[\"package.json: release\"]"));
  CHECK(has(mermaid, "w0l1 -- \"@acme/release\" --> w0d[(\"npm registry\")]"));
}

TEST_CASE("the page is whole in itself and says in words what it shows in colour") {
  auto html = written("html", small_map());
  const std::string_view may_break = "<wbr>";
  CHECK(has(html, may_break));
  for (auto at = html.find(may_break); at != std::string::npos; at = html.find(may_break)) html.erase(at, 5);
  for (const std::string_view part :
       {"<svg ", "<title id=\"picture\">", "<desc id=\"words\">", "prefers-color-scheme:dark", "default-src 'none'",
        "gap: standing-key: NPM_TOKEN is stored", "href=\"#way-0\"", "id=\"way-0\""})
    CHECK_MESSAGE(has(html, part), part);
  for (const std::string_view part : {"<script", "http://", "https://", "src=", "@import", "url("})
    CHECK_MESSAGE(!has(html, part), part);
}

TEST_CASE("nothing that a repository says drives a terminal, a page or a graph") {
  const auto map = hostile_map();
  for (const auto& format : map_formats()) {
    const auto text = written(format.name, map);
    CHECK_MESSAGE(!has(text, "\x1b"), format.name);
  }
  CHECK(!has(written("html", map), "<script"));
  CHECK(!has(written("mermaid", map), "<script"));
  CHECK(!has(written("mermaid", map), "\"'`"));
  CHECK(has(written("dot", map), "\\\""));
  CHECK(nlohmann::json::parse(written("json", map))["of"] == map.of);
}

}  // namespace
}  // namespace tollbar::report
