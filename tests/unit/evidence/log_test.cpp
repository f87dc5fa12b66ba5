// The chain: appended to by many, and changed by nobody unseen.
#include "evidence/log.h"

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <set>
#include <sstream>

#include "evidence/verify.h"
#include "fixtures.h"
#include "support/repository.h"
#include "util/error.h"
#include "util/sha256.h"

using namespace tollbar;
using namespace tollbar::evidence;
using test::GitRepository;

namespace {

/// A log of a few records, one commit each.
struct SmallLog {
  GitRepository git;
  git::Repository repository;
  std::vector<Link> heads;

  explicit SmallLog(int records = 4) : repository(git::Repository::open(git.path())) {
    for (int i = 0; i < records; ++i) {
      heads.push_back(append(repository, {decision("Change " + std::to_string(i))}, {}));
    }
  }

  std::string commit() const { return git.git({"rev-parse", std::string(log_ref)}); }
  std::string bytes(std::uint64_t number) const { return Log(repository).bytes(number).value(); }

  /// Makes the last commit anew, with the message that it had and these files (by path; empty text: removed).
  void tamper(const std::vector<std::pair<std::string, std::string>>& files) const {
    const std::string message = git.git({"log", "-1", "--format=%B", commit()});
    const std::uint64_t last = Log(repository).size();
    std::string stream = "commit refs/tampered\ncommitter Eve <eve@example.com> 1767225600 +0000\n";
    stream += "data " + std::to_string(message.size()) + "\n" + message + "\nfrom " + commit() + "^\n";
    stream += blob(path_of(last), bytes(last));
    for (const auto& [path, text] : files) {
      stream += text.empty() ? "D " + path + "\n" : blob(path, text);
    }
    git.git({"fast-import", "--quiet", "--force"}, stream);
    git.git({"update-ref", std::string(log_ref), "refs/tampered"});
  }

  static std::string blob(const std::string& path, const std::string& text) {
    return "M 100644 inline " + path + "\ndata " + std::to_string(text.size()) + "\n" + text + "\n";
  }

  std::vector<std::string> problems(const std::vector<Link>& seen = {}) const {
    return verify_log(repository, {seen, nullptr, ""}).problems;
  }
};

}  // namespace

TEST_CASE("numbers are paths of a fan-out tree") {
  CHECK(path_of(1) == "00/00/00/01.intoto.jsonl");
  CHECK(path_of(100'000) == "00/10/00/00.intoto.jsonl");
  CHECK(path_of(99'999'999) == "99/99/99/99.intoto.jsonl");
  CHECK_THROWS_AS(path_of(0), util::Error);
  CHECK_THROWS_AS(path_of(100'000'000), util::Error);
}

TEST_CASE("a head is written in one way") {
  const Link head{12, std::string(64, 'a')};
  CHECK(parse_head(to_text(head)) == head);
  for (const std::string& wrong : {std::string("12"), "12:" + std::string(63, 'a'), "0:" + std::string(64, 'a'),
                                   "12:" + std::string(64, 'A'), "x:" + std::string(64, 'a'), std::string()}) {
    CHECK_FALSE(parse_head(wrong));
  }
}

TEST_CASE("each record names the one before") {
  const SmallLog log;
  CHECK(log.problems() == std::vector<std::string>{});
  CHECK(log.problems(log.heads) == std::vector<std::string>{});
  const Log now(log.repository);
  CHECK(now.size() == 4);
  CHECK(now.head() == log.heads.back());
  CHECK_FALSE(now.bundle(1).record.previous);
  CHECK(now.bundle(4).record.previous == log.heads[2]);
  CHECK(log.heads[3].digest == util::sha256_hex(log.bytes(4)));
  CHECK(verify_log(log.repository, {}).unsigned_records == 4);
}

TEST_CASE("an empty log is whole, and nothing has been seen of it") {
  const SmallLog log(0);
  CHECK(log.problems() == std::vector<std::string>{});
  CHECK(log.problems({Link{1, std::string(64, 'a')}}).size() == 1);
  CHECK_THROWS_AS(Log(log.repository).bundle(1), util::UsageError);
}

TEST_CASE("several records are one commit") {
  SmallLog log(1);
  const Link head = append(log.repository, {decision("a"), decision("b"), decision("c")}, {});
  CHECK(head.number == 4);
  CHECK(log.git.git({"rev-list", "--count", std::string(log_ref)}) == "2");
  CHECK(log.problems({head}) == std::vector<std::string>{});
}

TEST_CASE("a hundred and more records cross into the next directory") {
  SmallLog log(0);
  const Link first = append(log.repository, std::vector<Record>(99, decision()), {});
  const Link second = append(log.repository, std::vector<Record>(3, decision()), {});
  CHECK(second.number == 102);
  CHECK(log.git.git({"ls-tree", "-r", "--name-only", std::string(log_ref), "00/00/01/"}) ==
        "00/00/01/00.intoto.jsonl\n00/00/01/01.intoto.jsonl\n00/00/01/02.intoto.jsonl");
  CHECK(log.problems({first, second}) == std::vector<std::string>{});
}

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define TOLLBAR_SANITIZED 1
#endif
#endif
#if defined(TOLLBAR_SANITIZED) || defined(__SANITIZE_ADDRESS__)
constexpr std::size_t step = 29;  // each byte takes many times as long
#else
constexpr std::size_t step = 1;
#endif

TEST_CASE("any changed byte of the last record is seen against a head, and of others without one") {
  const SmallLog log(2);
  const std::string tip = log.commit();
  for (const std::uint64_t number : {std::uint64_t{1}, std::uint64_t{2}}) {
    // All changed files in one stream, each in a commit of its own.
    const std::string bytes = log.bytes(number);
    const std::string message = log.git.git({"log", "-1", "--format=%B", tip});
    std::string stream;
    for (std::size_t at = 0; at < bytes.size(); at += step) {
      std::string changed = bytes;
      changed[at] = static_cast<char>(changed[at] ^ 1);
      stream += "commit refs/changed\nmark :" + std::to_string(at + 1) +
                "\ncommitter Eve <eve@example.com> 1767225600 +0000\ndata " + std::to_string(message.size()) + "\n" +
                message + "\nfrom " + tip + "\n" + SmallLog::blob(path_of(number), changed);
    }
    log.git.git({"fast-import", "--quiet", "--force", "--export-marks=" + log.git.beside("marks")}, stream);
    std::istringstream marks(test::read_file(log.git.beside("marks")));
    std::size_t seen = 0, unseen = 0, unseen_without_head = 0;
    for (std::string mark, id; marks >> mark >> id; ++seen) {
      test::write_file(log.git.file(".git/refs/tollbar/log"), id + "\n");
      unseen += log.problems({log.heads.back()}).empty() ? 1U : 0U;
      unseen_without_head += log.problems().empty() ? 1U : 0U;
    }
    CHECK(seen == (bytes.size() + step - 1) / step);
    CHECK(unseen == 0);
    CHECK(unseen_without_head == 0);
    test::write_file(log.git.file(".git/refs/tollbar/log"), tip + "\n");
  }
}

TEST_CASE("a record that is dropped, moved or added is seen") {
  SUBCASE("dropped in the middle") {
    const SmallLog log;
    log.tamper({{path_of(2), ""}});
    CHECK_FALSE(log.problems().empty());
  }
  SUBCASE("dropped at the end") {
    const SmallLog log;
    log.tamper({{path_of(4), ""}});
    CHECK_FALSE(log.problems({log.heads.back()}).empty());
    CHECK_FALSE(log.problems().empty());
  }
  SUBCASE("reordered") {
    const SmallLog log;
    log.tamper({{path_of(2), log.bytes(3)}, {path_of(3), log.bytes(2)}});
    CHECK_FALSE(log.problems().empty());
  }
  SUBCASE("repeated") {
    const SmallLog log;
    log.tamper({{path_of(5), log.bytes(4)}});
    CHECK_FALSE(log.problems().empty());
  }
  SUBCASE("beside the records") {
    const SmallLog log;
    log.tamper({{"00/00/00/notes.txt", "x"}});
    CHECK_FALSE(log.problems().empty());
  }
}

TEST_CASE("a log that is set back is seen against a head that was printed") {
  const SmallLog log;
  log.git.git({"update-ref", std::string(log_ref), std::string(log_ref) + "~2"});
  CHECK(log.problems() == std::vector<std::string>{});  // nothing in what is left tells of more
  CHECK(log.problems({log.heads[1]}) == std::vector<std::string>{});
  CHECK(log.problems({log.heads[2]}).size() == 1);
  CHECK(log.problems({log.heads[3]}).size() == 1);
}

TEST_CASE("a log that is written anew is seen against any head that was printed") {
  SmallLog log;
  const std::vector<Link> heads = log.heads;
  log.git.git({"update-ref", "-d", std::string(log_ref)});
  for (int i = 0; i < 5; ++i) {
    append(log.repository, {decision("Forged " + std::to_string(i))}, {});
  }
  CHECK(log.problems() == std::vector<std::string>{});
  for (const Link& head : heads) {
    CHECK(log.problems({head}).size() == 1);
  }
}

TEST_CASE("what speaks of an earlier record must name it by its digest") {
  SmallLog log(2);
  Record attachment = decision();
  attachment.kind = Record::Kind::attachment;
  attachment.envelope = std::string(64, 'd');
  attachment.refers_to = log.heads[0];
  append(log.repository, {attachment}, {});
  CHECK(log.problems() == std::vector<std::string>{});
  attachment.refers_to = Link{1, std::string(64, '0')};
  append(log.repository, {attachment}, {});
  CHECK(log.problems().size() == 1);
}

TEST_CASE("eight writers at once lose nothing") {
  constexpr int writers = 8, rounds = 20, batch = 10;
  const SmallLog log(0);
  std::vector<pid_t> children;
  for (int writer = 0; writer < writers; ++writer) {
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
      int status = 0;
      try {
        git::Repository own = git::Repository::open(log.git.path());
        for (int round = 0; round < rounds; ++round) {
          std::vector<Record> records;
          for (int i = 0; i < batch; ++i) {
            records.push_back(decision(std::to_string(writer) + '/' + std::to_string(round * batch + i)));
          }
          append(own, std::move(records), {});
        }
      } catch (const std::exception&) {
        status = 1;
      }
      ::_exit(status);
    }
    children.push_back(child);
  }
  for (const pid_t child : children) {
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    CHECK(status == 0);
  }
  const LogVerification found = verify_log(log.repository, {});
  CHECK(found.problems == std::vector<std::string>{});
  CHECK(found.records == writers * rounds * batch);
  std::set<std::string> titles;
  const Log whole(log.repository);
  for (std::uint64_t number = 1; number <= whole.size(); ++number) {
    titles.insert(whole.bundle(number).record.title);
  }
  CHECK(titles.size() == writers * rounds * batch);
}
