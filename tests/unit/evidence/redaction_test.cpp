// No key reaches a record: neither by way of a finding nor by way of what people type.
#include "rule/redaction.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>
#include <sstream>
#include <string>
#include <variant>

#include "attest/statement.h"
#include "evidence/bundle.h"
#include "evidence/decision.h"
#include "fixtures.h"
#include "gate/push.h"
#include "rule/engine.h"
#include "rule/line_proofs.h"
#include "rule/matching.h"
#include "rule/policy_view.h"
#include "support/repository.h"

using namespace tollbar;
using namespace tollbar::evidence;

namespace {

const rule::RuleSet& all_rules() {
  static const rule::RuleSet rules = rule::load_builtin_full();
  return rules;
}

std::vector<const rule::Rule*> key_rules() {
  std::vector<const rule::Rule*> rules;
  for (const rule::Rule& rule : all_rules().rules) {
    if (rule.id.starts_with("keys/")) {
      rules.push_back(&rule);
    }
  }
  return rules;
}

/// Words that look like chance made them: what the made-up keys of examples consist of.
std::set<std::string> random_words(std::string_view text) {
  constexpr std::size_t shortest = 16;
  constexpr double least_entropy = 3.8;
  std::set<std::string> words;
  std::string word;
  const auto end_word = [&] {
    const auto has = [&](auto test) { return std::any_of(word.begin(), word.end(), test); };
    const bool mixed = has([](char c) { return c >= '0' && c <= '9'; }) &&
                       has([](char c) { return c >= 'A' && c <= 'Z'; }) &&
                       has([](char c) { return c >= 'a' && c <= 'z'; });
    if (word.size() >= shortest && mixed && rule::entropy(word) >= least_entropy) {
      words.insert(word);
    }
    word.clear();
  };
  for (const char c : text) {
    if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '+' || c == '_') {
      word += c;
    } else {
      end_word();
    }
  }
  end_word();
  return words;
}

std::vector<model::Finding> judge(const rule::Engine& engine, const rule::Example& example) {
  auto before = example.before;
  auto after = example.after;
  const auto deltas = model::diff(before, after);
  auto view = rule::read_policy_view(example.policy, engine.rules().default_policy);
  view.knowledge = rule::knowledge_under(engine.rules(), view);
  model::Commit commit;
  commit.message = example.message;
  rule::Caches caches;
  rule::Change change(engine.rules(), view, caches, before, after, deltas, &commit);
  return engine.judge(change);
}

}  // namespace

TEST_CASE("no key example shows up in the record of its finding") {
  test::GitRepository git;
  const model::ObjectId commit = git.commit({{"a", "a"}});
  const git::Repository repository = git::Repository::open(git.path());
  const rule::Engine engine(all_rules());
  const rule::Redactor redactor(all_rules());
  std::size_t looked_at = 0;
  for (const rule::Rule* rule : key_rules()) {
    for (const rule::Example& example : rule->examples) {
      if (!example.hit || example.push) {
        continue;
      }
      gate::Verdict verdict;
      verdict.commit = repository.commit(commit);
      verdict.findings = judge(engine, example);
      verdict.decision = model::Decision::block;
      verdict.status = model::Status::blocked;
      gate::RefVerdict ref;
      ref.update = {"refs/heads/main", model::ObjectId{}, commit};
      ref.verdicts = {verdict};
      const std::string bytes = attest::write_statement(to_statement(records_of(repository, ref, {}, redactor).at(0)));
      for (const auto& [path, file] : example.after.files()) {
        for (const std::string& word : random_words(file.bytes)) {
          CAPTURE(rule->id);
          CAPTURE(example.name);
          CAPTURE(word.substr(0, 6));
          const std::size_t place = bytes.find(word);
          CAPTURE((place == std::string::npos ? "" : bytes.substr(place < 120 ? 0 : place - 120, 120)));
          CHECK((place == std::string::npos));
          ++looked_at;
        }
      }
    }
  }
  CHECK(looked_at > 50);
}

TEST_CASE("no finding shows what a Secret holds, whichever rule quotes the manifest") {
  const auto findings_of = [](const std::string& password) {
    const rule::Engine engine(all_rules());
    rule::Example example;
    example.after = model::MemoryTree(
        {{"k8s/db.yml",
          {"apiVersion: v1\nkind: Secret\nmetadata: {name: db}\nstringData: {password: " + password + "}\n"}}});
    return judge(engine, example);
  };
  const auto first = findings_of("Xk29fjQwmZ81pLr4tVb7");
  REQUIRE(first.size() > 1);
  for (const model::Finding& finding : first) {
    CAPTURE(finding.rule);
    for (const std::string& text : {finding.before, finding.after, finding.subject, finding.message, finding.context}) {
      CHECK(text.find("Xk29fjQwmZ81pLr4tVb7") == std::string::npos);
    }
  }
  // Another value is another fact all the same.
  const auto second = findings_of("Xk29fHwTq281pLr4tVb7");
  REQUIRE(second.size() == first.size());
  for (std::size_t i = 0; i < first.size(); ++i) {
    if (first[i].rule == "release/infrastructure-changed") {
      CHECK(first[i].after == second[i].after);
      CHECK(first[i].context != second[i].context);
    }
  }
}

TEST_CASE("a line with a key loses it, wherever the line stands") {
  const rule::Redactor redactor(all_rules());
  std::size_t looked_at = 0;
  for (const rule::Rule* rule : key_rules()) {
    for (const auto& matcher : rule->match) {
      const auto* secret = std::get_if<rule::LineMatch>(&matcher);
      if (secret == nullptr || !secret->secret) {
        continue;
      }
      for (const rule::Example& example : rule->examples) {
        for (const auto& [path, file] : example.after.files()) {
          std::istringstream lines(file.bytes);
          for (std::string line; std::getline(lines, line);) {
            for (const auto found : rule::found_in_line(*secret, line)) {
              Record record = decision("Subject: " + line);
              record.note = "first line\n" + line;
              record.facts.front().after = "echo x ; " + line + " ; echo y";
              record.facts.front().approvers.front().reason = line;
              redact(record, redactor);
              const std::string bytes = write_bundle(record, {});
              const std::string payload = attest::read_envelope(bytes.substr(0, bytes.find('\n') + 1), "test").payload;
              CAPTURE(rule->id);
              CAPTURE(std::string(found.substr(0, 6)));
              CHECK((payload.find(found) == std::string::npos));
              ++looked_at;
            }
          }
        }
      }
    }
  }
  CHECK(looked_at > 50);
}

TEST_CASE("a private key goes with all of its lines, and a word that was cut off with its beginning") {
  const rule::Redactor redactor(all_rules());
  const std::string dashes(5, '-');
  const std::string key = dashes + "BEGIN OPENSSH PRIVATE KEY" + dashes + "\nAAAAsecretline1\nBBBBsecretline2\n" +
                          dashes + "END OPENSSH PRIVATE KEY" + dashes;
  const std::string kept = redactor.redact("before\n" + key + "\nafter");
  CHECK(kept.find("secretline") == std::string::npos);
  CHECK(kept.starts_with("before\n"));
  CHECK(kept.ends_with("\nafter"));
  CHECK(redactor.redact(key.substr(0, 60)).find("secretline") == std::string::npos);
  CHECK(redactor.redact("curl -H abc9DEF8ghi7JKL6...") == "curl -H ***...");
}

TEST_CASE("what people call a secret themselves goes, whatever it looks like") {
  for (const auto& [typed, kept] : std::vector<std::pair<std::string, std::string>>{
           {"the password=hunter2 was leaked", "the password=***(7 characters) was leaked"},
           {"new token: abcd-1234, rotate it", "new token: ***(9 characters), rotate it"},
           {"DB_PASSWORD = 'two words' in the log", "DB_PASSWORD = '***(9 characters)' in the log"},
           {"{\"apiKey\": \"k-12345\"}", "{\"apiKey\": \"***(7 characters)\"}"},
           {"Authorization: Bearer abcd.efgh", "Authorization: Bearer ***(9 characters)"},
           {"https://ci.example.com/?a=b&token=abcd1234&c=d",
            "https://ci.example.com/?a=b&token=***(8 characters)&c=d"},
           {"password=first1 and passwd: second2", "password=***(6 characters) and passwd: ***(7 characters)"}}) {
    CHECK(rule::without_named_secrets(typed) == kept);
    CHECK(rule::without_named_secrets(kept) == kept);
    CHECK(rule::Redactor(all_rules()).redact_prose(typed) == kept);
    Record record = decision("Subject: " + typed);
    record.note = record.validation = record.final_outcome = record.location = record.incident = typed;
    record.facts.front().approvers.front().reason = typed;
    record.facts.front().emergency.emplace().reason = typed;
    redact(record, rule::Redactor(all_rules()));
    CHECK(record.title == "Subject: " + kept);
    for (const std::string& text :
         {record.note, record.validation, record.final_outcome, record.location, record.incident,
          record.facts.front().approvers.front().reason, record.facts.front().emergency->reason}) {
      CHECK(text == kept);
    }
  }
  for (const std::string text :
       {"id-token: write is wanted by the registry", "permissions: contents=read; token=read",
        "passes ${{ secrets.NPM_TOKEN }}", "NPM_TOKEN: ${{ secrets.NPM_TOKEN }}", "token: secrets.NPM_TOKEN",
        "PASSWORD=$DB_PASSWORD", "the secret was rotated", "a token: it is new",
        "tokens and passwords are in the vault", "https://example.com/password/reset"}) {
    CHECK(rule::without_named_secrets(text) == text);
  }
}

TEST_CASE("what is no key stays as it is") {
  const rule::Redactor redactor(all_rules());
  for (const std::string text :
       {"Job test now runs on self-hosted, before on ubuntu-24.04.", "secrets.NPM_TOKEN", "npm publish --access public",
        ".github/workflows/release.yml: publish, step 4", "@acme/platform", "Ada <ada@example.com>", "refs/heads/main",
        "actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683", "a line\nand another", ""}) {
    CHECK(redactor.redact(text) == text);
  }
  Record record = decision();
  record.previous = Link{1, std::string(64, 'c')};
  Record redacted = record;
  redact(redacted, redactor);
  CHECK(redacted == record);
}
