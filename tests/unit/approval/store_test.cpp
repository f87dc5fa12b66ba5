// The store of approvals: only ever added to, by many at once, merged from several histories.
#include "approval/store.h"

#include <doctest/doctest.h>

#include <set>
#include <thread>

#include "approval/record.h"
#include "attest/envelope.h"
#include "support/repository.h"
#include "util/error.h"
#include "util/sha256.h"

namespace tollbar::approval {
namespace {

/// A record about a fact of its own, as far as the store looks into it.
StoredRecord record_about(const std::string& subject, const std::string& reason = "it is right") {
  Approval approval;
  approval.fact = {"example.org/shop",
                   "refs/heads/main",
                   ".github/workflows/ci.yml",
                   "workflow/runner-changed",
                   subject,
                   "ubuntu",
                   "self-hosted",
                   ""};
  approval.reason = reason;
  approval.created = 1'781'524'800;
  approval.expires = 1'781'611'200;
  approval.approver = "ada@example.org";
  approval.version = "0.1.0";
  approval.policy = std::string(64, '0');
  approval.nonce = std::string(32, '0');
  const attest::Envelope envelope{
      std::string(attest::in_toto_type), attest::write_statement(to_statement(approval)), {{"SHA256:x", "signature"}}};
  return make_stored(fingerprint(approval.fact), attest::write_envelope(envelope));
}

std::set<std::string> paths_of(const Store& store) {
  std::set<std::string> paths;
  store.each([&](const StoredRecord& record) { paths.insert(record.path()); });
  return paths;
}

git::Repository open(const test::GitRepository& directory) {
  return git::Repository::open(directory.path());
}

/// A commit on the store's reference made by hand, with whatever is in it.
model::ObjectId commit_by_hand(const test::GitRepository& directory, const std::map<std::string, std::string>& files,
                               const std::vector<model::ObjectId>& parents = {}, const std::string& mode = "100644") {
  std::string index;
  for (const auto& [path, bytes] : files) {
    index += mode + ' ' + directory.git({"hash-object", "-w", "--stdin"}, bytes) + '\t' + path + '\n';
  }
  directory.git({"read-tree", "--empty"});
  directory.git({"update-index", "--index-info"}, index);
  std::vector<std::string> words{"commit-tree", "-m", "by hand"};
  for (const model::ObjectId& parent : parents) {
    words.insert(words.end(), {"-p", parent.hex()});
  }
  words.push_back(directory.git({"write-tree"}));
  return model::ObjectId::from_hex(directory.git(words)).value();
}

std::map<std::string, std::string> files_of(const std::vector<StoredRecord>& records) {
  std::map<std::string, std::string> files;
  for (const StoredRecord& record : records) {
    files.emplace(record.path(), record.envelope);
  }
  return files;
}

TEST_CASE("records are found by the fact they are about, and stay as they are") {
  const test::GitRepository directory;
  git::Repository repository = open(directory);
  CHECK(Store(repository).empty());
  CHECK(Store(repository).about(record_about("job test").fingerprint).empty());
  const StoredRecord first = record_about("job test");
  const StoredRecord second = record_about("job test", "it still is");
  const StoredRecord other = record_about("job lint");
  add_to_store(repository, {first, other}, "Two\n");
  add_to_store(repository, {second}, "One\n");
  const Store store(repository);
  CHECK(store.about(first.fingerprint).size() == 2);
  REQUIRE(store.about(other.fingerprint).size() == 1);
  CHECK(store.about(other.fingerprint).front().envelope == other.envelope);
  CHECK(store.about(other.fingerprint).front().digest == other.digest);
  CHECK(paths_of(store) == std::set<std::string>{first.path(), second.path(), other.path()});
  const auto tip = repository.reference(store_ref);
  add_to_store(repository, {first, second}, "Nothing new\n");
  CHECK(repository.reference(store_ref) == tip);
}

TEST_CASE("a store can be read where it is being pushed to, and knows nothing of the reference then") {
  const test::GitRepository directory;
  const git::Repository repository = open(directory);
  const StoredRecord record = record_about("job test");
  const model::ObjectId pushed = commit_by_hand(directory, files_of({record}));
  CHECK(Store(repository).empty());
  CHECK(Store(repository, pushed).about(record.fingerprint).size() == 1);
}

TEST_CASE("a file that is no record of its place is told by its path") {
  const test::GitRepository directory;
  const git::Repository repository = open(directory);
  const StoredRecord record = record_about("job test");
  const StoredRecord other = record_about("job lint");
  const auto problem_of = [&](const std::string& path, const std::string& bytes, const std::string& mode = "100644") {
    std::string problem;
    Store(repository, commit_by_hand(directory, {{path, bytes}}, {}, mode))
        .each([](const StoredRecord&) { FAIL("it passed"); },
              [&](const std::string& damaged, const std::string& text) {
                CHECK(damaged == path);
                problem = text;
              });
    return problem;
  };
  const std::string directory_of_other = other.path().substr(0, 68);
  CHECK(problem_of("README", "text").find("not where a record lies") != std::string::npos);
  CHECK(problem_of("zz" + record.path().substr(2), record.envelope).find("not where") != std::string::npos);
  CHECK(problem_of(record.path() + "l", record.envelope).find("not where") != std::string::npos);
  const auto deeper = commit_by_hand(directory, {{record.path() + "/deeper", record.envelope}});
  CHECK_THROWS_AS(Store(repository, deeper).about(record.fingerprint), util::Error);
  CHECK(problem_of(record.path(), record.envelope + ' ').find("not named after") != std::string::npos);
  CHECK(problem_of(record.path(), record.envelope, "100755") == "is no ordinary file");
  CHECK(problem_of(directory_of_other + record.digest + ".json", record.envelope).find("`fingerprint`") !=
        std::string::npos);
  CHECK(problem_of(record.path(), std::string(most_record_bytes + 1, ' ')).find("larger than") != std::string::npos);
  const StoredRecord junk{record.fingerprint, util::sha256_hex("{}\n"), "{}\n"};
  CHECK(problem_of(junk.path(), junk.envelope).find("is no record: ") == 0);
  CHECK_THROWS_AS(Store(repository, commit_by_hand(directory, files_of({junk}))).about(junk.fingerprint), util::Error);
  CHECK_THROWS_AS(make_stored(record.fingerprint, "{}\n"), util::Error);
  CHECK_THROWS_AS(make_stored("short", record.envelope), util::Error);
}

TEST_CASE("eight writers at once lose nothing") {
  const test::GitRepository directory;
  constexpr int writers = 8;
  constexpr int each = 10;
  std::vector<std::thread> threads;
  for (int writer = 0; writer < writers; ++writer) {
    threads.emplace_back([&, writer] {
      git::Repository repository = open(directory);
      for (int number = 0; number < each; ++number) {
        add_to_store(repository, {record_about("job " + std::to_string(writer), std::to_string(number))}, "One\n");
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  const git::Repository repository = open(directory);
  CHECK(paths_of(Store(repository)).size() == writers * each);
  CHECK(Store(repository).about(record_about("job 3").fingerprint).size() == each);
  CHECK_FALSE(problem_of_growth(repository, std::nullopt, repository.reference(store_ref).value()));
}

TEST_CASE("two histories become one that holds the records of both") {
  const test::GitRepository directory;
  git::Repository repository = open(directory);
  const StoredRecord common = record_about("common"), ours = record_about("ours"), theirs = record_about("theirs");
  const model::ObjectId base = commit_by_hand(directory, files_of({common}));
  const model::ObjectId there = commit_by_hand(directory, files_of({common, theirs}), {base});
  CHECK(merge_into_store(repository, base) == 1);
  CHECK(repository.reference(store_ref) == base);
  add_to_store(repository, {ours}, "Ours\n");
  CHECK(merge_into_store(repository, there) == 1);
  CHECK(paths_of(Store(repository)).size() == 3);
  const auto merged = repository.reference(store_ref);
  CHECK(repository.commit(*merged).parents.size() == 2);
  CHECK_FALSE(problem_of_growth(repository, there, *merged));
  CHECK(merge_into_store(repository, there) == 0);
  CHECK(merge_into_store(repository, base) == 0);
  CHECK(repository.reference(store_ref) == merged);

  const StoredRecord foreign = record_about("foreign");
  CHECK(merge_into_store(repository, commit_by_hand(directory, files_of({foreign}))) == 1);
  CHECK(paths_of(Store(repository)).size() == 4);
}

TEST_CASE("histories merged by writers at once lose nothing either") {
  const test::GitRepository directory;
  std::vector<model::ObjectId> histories;
  for (int number = 0; number < 8; ++number) {
    histories.push_back(commit_by_hand(directory, files_of({record_about("job " + std::to_string(number))})));
  }
  std::vector<std::thread> threads;
  for (const model::ObjectId& history : histories) {
    threads.emplace_back([&] {
      git::Repository repository = open(directory);
      merge_into_store(repository, history);
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  const git::Repository repository = open(directory);
  CHECK(paths_of(Store(repository)).size() == histories.size());
}

TEST_CASE("growth takes nothing away, changes nothing and brings records alone") {
  const test::GitRepository directory;
  git::Repository repository = open(directory);
  const StoredRecord first = record_about("first"), second = record_about("second");
  const model::ObjectId before = commit_by_hand(directory, files_of({first}));
  const auto problem_after = [&](const model::ObjectId& after) {
    return problem_of_growth(repository, before, after).value_or("none");
  };
  CHECK(problem_after(before) == "none");
  const model::ObjectId grown = commit_by_hand(directory, files_of({first, second}), {before});
  CHECK(problem_after(grown) == "none");
  const model::ObjectId shrunk = commit_by_hand(directory, files_of({second}), {before});
  CHECK(problem_after(shrunk).find("takes away " + first.path()) != std::string::npos);
  const model::ObjectId regained = commit_by_hand(directory, files_of({first, second}), {shrunk});
  CHECK(problem_after(regained).find("takes away") != std::string::npos);
  const model::ObjectId changed = commit_by_hand(directory, {{first.path(), second.envelope}}, {before});
  CHECK(problem_after(changed).find("changes " + first.path()) != std::string::npos);
  const model::ObjectId unrelated = commit_by_hand(directory, files_of({first, second}));
  CHECK(problem_after(unrelated).find("leaves out records") != std::string::npos);
  const model::ObjectId evil = commit_by_hand(directory, files_of({first}), {before, grown});
  CHECK(problem_after(evil).find("takes away " + second.path()) != std::string::npos);
  std::map<std::string, std::string> with_junk = files_of({first});
  with_junk.emplace("notes.txt", "secret");
  CHECK(problem_after(commit_by_hand(directory, with_junk, {before})).find("notes.txt is not where") == 0);
  CHECK(problem_of_growth(repository, std::nullopt, shrunk).has_value());
  CHECK_FALSE(problem_of_growth(repository, std::nullopt, unrelated));
}

TEST_CASE("an unsound history is not taken in") {
  const test::GitRepository directory;
  git::Repository repository = open(directory);
  CHECK_THROWS_AS(merge_into_store(repository, commit_by_hand(directory, {{"README", "text"}})), util::Error);
  CHECK(Store(repository).empty());
}

TEST_CASE("ten thousand facts cost a lookup what ten do: small directories") {
  const test::GitRepository directory;
  git::Repository repository = open(directory);
  std::vector<StoredRecord> records;
  for (int number = 0; number < 10'000; ++number) {
    records.push_back(record_about("job " + std::to_string(number)));
  }
  add_to_store(repository, records, "Many\n");
  git::RepositoryTree tree(repository, repository.commit(*repository.reference(store_ref)).tree);
  std::size_t read = 0;
  std::string directory_name;
  for (const char* depth : {"", "ab", "fingerprint"}) {
    CAPTURE(std::string(depth));
    const auto entries = tree.list(directory_name);
    read += entries.size();
    directory_name += (directory_name.empty() ? "" : "/") + entries.front().name;
  }
  CHECK(read < 256 + 100 + 2);
  CHECK(Store(repository).about(records.back().fingerprint).size() == 1);
}

}  // namespace
}  // namespace tollbar::approval
