// Structural differences: what is an edit, where it is, and what is none.
#include "document/edit.h"

#include <doctest/doctest.h>

#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

using namespace tollbar::document;

namespace {

Node text(std::string value) {
  Node node;
  node.kind = NodeKind::scalar;
  node.scalar = std::move(value);
  return node;
}

Node list(std::vector<Node> items) {
  Node node;
  node.kind = NodeKind::sequence;
  node.items = std::move(items);
  return node;
}

Node texts(std::initializer_list<const char*> values) {
  std::vector<Node> items;
  for (const char* value : values) items.push_back(text(value));
  return list(std::move(items));
}

using Entries = std::vector<std::pair<std::string, Node>>;

Node map(Entries entries) {
  Node node;
  node.kind = NodeKind::mapping;
  for (auto& [key, value] : entries) node.members.push_back({text(key), std::move(value)});
  return node;
}

Node step(std::string name, std::string command) {
  return map({{"name", text(std::move(name))}, {"run", text(std::move(command))}});
}

std::string describe(const std::vector<Edit>& edits) {
  static const char* const signs[] = {"+", "-", "~", ">"};
  std::string result;
  for (const Edit& edit : edits) {
    CHECK((edit.before == nullptr) == (edit.kind == EditKind::added));
    CHECK((edit.after == nullptr) == (edit.kind == EditKind::removed));
    if (!result.empty()) result += ' ';
    result += signs[static_cast<std::size_t>(edit.kind)] + to_string(edit.path);
  }
  return result;
}

/// `~a.b`: changed, `+`: added, `-`: removed, `>`: moved.
std::string difference(const Node& before, const Node& after) {
  return describe(compare(before, after));
}

}  // namespace

TEST_CASE("what means the same gives no edit") {
  Node before = map({{"a", text("1")}, {"b", texts({"x", "y"})}});
  Node after = map({{"b", texts({"x", "y"})}, {"a", text("1")}});
  after.line = 7;
  after.members[0].value.line = 9;
  CHECK(compare(before, after).empty());
  CHECK(compare(Node(), Node()).empty());
}

TEST_CASE("members are added, removed and changed at the deepest place") {
  const Node before =
      map({{"jobs", map({{"test", map({{"runs-on", text("a")}, {"if", text("x")}})}, {"old", map({})}})}});
  const Node after =
      map({{"jobs", map({{"test", map({{"runs-on", text("b")}, {"needs", text("x")}})}, {"new", map({})}})}});
  CHECK(difference(before, after) == "~jobs.test.runs-on +jobs.test.needs -jobs.test.if +jobs.new -jobs.old");
}

TEST_CASE("null, absent and kinds") {
  CHECK(difference(map({}), map({{"on", Node()}})) == "+on");
  CHECK(difference(map({{"on", Node()}}), map({{"on", text("push")}})) == "~on");
  CHECK(difference(map({{"on", text("push")}}), map({{"on", texts({"push"})}})) == "~on");
  CHECK(difference(text("a"), text("b")) == "~");
  Node tagged = map({{"a", text("b")}});
  tagged.tag = "!custom";
  CHECK(difference(map({{"a", text("b")}}), tagged) == "~");
}

TEST_CASE("the last of duplicate keys counts") {
  const Node single = map({{"a", text("2")}});
  const Node twice = map({{"a", text("1")}, {"a", text("2")}});
  const Node reversed = map({{"a", text("2")}, {"a", text("1")}});
  CHECK(compare(single, twice).empty());
  CHECK(difference(twice, reversed) == "~a");
}

TEST_CASE("list items are matched by identity, not by position") {
  const Node before = list({step("A", "a"), step("B", "b"), step("C", "c")});
  CHECK(difference(before, list({step("A", "a"), step("C", "c")})) == "-[B]");
  CHECK(difference(before, list({step("N", "n"), step("A", "a"), step("B", "b"), step("C", "c")})) == "+[N]");
  CHECK(difference(before, list({step("N", "n"), step("A", "a"), step("B", "x"), step("C", "c")})) == "+[N] ~[B].run");
  CHECK(difference(before, list({step("A", "a"), step("C", "c"), step("B", "b")})) == ">[C]");
  CHECK(difference(before, list({step("C", "x"), step("A", "a"), step("B", "b")})) == ">[C] ~[C].run");
  CHECK(difference(before, list({})) == "-[A] -[B] -[C]");
}

TEST_CASE("a version is no part of an identity") {
  const auto uses = [](const char* what) { return map({{"uses", text(what)}}); };
  CHECK(difference(list({uses("actions/checkout@v3")}), list({uses("actions/checkout@v4")})) ==
        "~[actions/checkout].uses");
  CHECK(difference(texts({"a/b@1", "c"}), texts({"a/b@2", "c"})) == "~[a/b]");
  CHECK(difference(texts({"ruff[x]>=0.4,<1", "b"}), texts({"ruff[x]==0.5", "b"})) == "~[ruff[x]]");
  CHECK(difference(texts({"a >= 1"}), texts({"b >= 1"})) == "+[b] -[a]");
  CHECK(difference(texts({"x = 1"}), texts({"x = 2"})) == "+[x = 2] -[x = 1]");
  CHECK(difference(texts({"me@example.org"}), texts({"me@example.com"})) == "+[me@example.com] -[me@example.org]");
}

TEST_CASE("scalars in lists") {
  CHECK(difference(texts({"main", "dev"}), texts({"dev", "main"})) == ">[dev]");
  CHECK(difference(texts({"npm test"}), texts({"npm test || true"})) == "+[npm test || true] -[npm test]");
}

TEST_CASE("duplicates pair by meaning first, then in order") {
  CHECK(difference(texts({"a", "b", "a"}), texts({"b", "a"})) == "-[a]");
  CHECK(difference(texts({"a"}), texts({"a", "a", "a"})) == "+[a] +[a]");
  CHECK(difference(list({step("X", "1"), step("X", "2")}), list({step("X", "2")})) == "-[X]");
  CHECK(difference(list({step("X", "1"), step("X", "2")}), list({step("X", "3"), step("X", "4")})) ==
        "~[X].run ~[X].run");
}

TEST_CASE("single-key items carry the key in their identity") {
  const auto run = [](const char* name, const char* command) {
    return map({{"run", map({{"name", text(name)}, {"command", text(command)}})}});
  };
  CHECK(difference(list({run("Lint", "a"), run("Test", "b")}), list({run("Test", "c"), run("Lint", "a")})) ==
        ">[run Test] ~[run Test].run.command");
  CHECK(difference(list({run("Lint", "a")}), list({run("Lint all", "a")})) == "~[run Lint all].run.name");
}

TEST_CASE("leftovers among the same neighbours that share half of their members are one changed item") {
  CHECK(difference(list({step("A", "a"), step("Lint", "l"), step("C", "c")}),
                   list({step("A", "a"), step("Lint code", "l"), step("C", "c")})) == "~[Lint code].name");
  CHECK(difference(list({step("A", "a")}), list({step("B", "b")})) == "+[B] -[A]");
  CHECK(difference(list({map({{"uses", text("a/b@1")}})}),
                   list({map({{"name", text("N")}, {"uses", text("a/b@1")}})})) == "+[N].name");
}

TEST_CASE("items without identity go by index") {
  CHECK(difference(list({texts({"a", "b"})}), list({texts({"a", "b"}), texts({"c"})})) == "+[1]");
  CHECK(difference(list({map({{"x", text("1")}, {"y", text("2")}})}),
                   list({map({{"x", text("1")}, {"y", text("3")}})})) == "~[0].y");
}

TEST_CASE("long identities are shortened to one line") {
  CHECK(item_segment(map({{"run", text("\n  npm ci\nnpm test\n")}}), 3) == PathSegment{"npm ci", true});
  CHECK(item_segment(text(std::string(200, 'x')), 0).text == std::string(80, 'x') + "...");
  CHECK(item_segment(text(std::string(79, 'x') + "\xc3\xa4\xc3\xa4"), 0).text == std::string(79, 'x') + "...");
  CHECK(item_segment(map({}), 3) == PathSegment{"3", true});
}

TEST_CASE("documents of a stream without names are matched in order") {
  Document before;
  Document after;
  before.roots = {map({{"a", text("1")}}), map({{"b", text("1")}})};
  after.roots = {map({{"a", text("2")}}), map({{"b", text("1")}}), map({{"c", text("1")}})};
  CHECK(describe(compare(before, after)) == "~a +");
  CHECK(describe(compare(after, before)) == "~a -");
  Document empty;
  Document null;
  null.roots.emplace_back();
  CHECK(compare(empty, null).empty());
  CHECK(describe(compare(empty, before)) == "+ +");
}

TEST_CASE("a document put between others leaves those what they are") {
  const auto named = [](const char* name) { return map({{"name", text(name)}, {"kind", text("pipeline")}}); };
  Document before;
  Document after;
  before.roots = {named("verify"), named("publish"), map({{"kind", text("signature")}})};
  after.roots = {named("verify"), named("scan"), named("publish"), map({{"kind", text("signature")}})};
  CHECK(describe(compare(before, after)) == "+");
  CHECK(describe(compare(after, before)) == "-");
}

TEST_CASE("objects of a cluster stand in any order, other documents do not") {
  const auto object = [](const char* kind) { return map({{"apiVersion", text("v1")}, {"kind", text(kind)}}); };
  Document before;
  Document after;
  before.roots = {object("Service"), object("Secret")};
  after.roots = {object("Secret"), object("Service")};
  CHECK(compare(before, after).empty());
  after.roots.front() = object("ConfigMap");
  CHECK(describe(compare(before, after)) == "~kind");
  before.roots = {map({{"kind", text("a")}}), map({{"kind", text("b")}})};
  after.roots = {map({{"kind", text("b")}}), map({{"kind", text("a")}})};
  CHECK_FALSE(compare(before, after).empty());
}

TEST_CASE("large lists: every item changed, reversed, or all alike") {
  std::vector<Node> before;
  std::vector<Node> changed;
  std::vector<Node> alike;
  for (int i = 0; i < 10000; ++i) {
    before.push_back(step("S" + std::to_string(i), "run"));
    changed.push_back(step("T" + std::to_string(i), "walk"));
    alike.push_back(step("same", std::to_string(i)));
  }
  const std::vector<Node> reversed(before.rbegin(), before.rend());
  CHECK(compare(list(before), list(changed)).size() == 20000);
  CHECK(compare(list(before), list(reversed)).size() == 9999);
  CHECK(compare(list(alike), list(before)).size() == 20000);
}

TEST_CASE("paths for people") {
  CHECK(to_string({{"jobs", false}, {"test", false}, {"steps", false}, {"Lint", true}, {"run", false}}) ==
        "jobs.test.steps[Lint].run");
  CHECK(to_string({}) == "");
  CHECK(to_string({{"a", true}, {"b", false}}) == "[a].b");
}
