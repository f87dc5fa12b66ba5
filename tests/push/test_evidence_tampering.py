"""Whoever can write the server's files changes its log: `evidence verify` tells, given a head that was printed before."""
import base64
import hashlib
import json
import threading
import unittest

from evidence import People
from signing import canonical
from support import NEEDS_APPROVAL

LOG = "refs/tollbar/log"
EVERY = 29  # bytes; every single one is changed by the unit test of the log


class Tampering(People):
    def setUp(self):
        super().setUp()
        self.log_server = self.people_server()
        self.run_command(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "server", "-f", self.path("server-key")])
        self.log_server.git("config", "tollbar.evidenceKey", self.path("server-key"))
        grace = self.person(self.log_server, "grace")
        grace.branch("feature")
        grace.commit(NEEDS_APPROVAL)
        self.assert_accepted(grace.push("feature"))
        self.break_glass(grace)
        self.assert_accepted(grace.push("refs/tollbar/approvals"))
        self.tollbar(self.log_server, "evidence", "attach", "1", "--outcome", "deployed")
        grace.commit({"src/main.c": "int main(void) { return 1; }\n"})
        self.head = ":".join(self.heads(grace.push("feature"))[-1])
        self.tip = self.log_server.id(LOG)
        self.content = {path: self.blob(path) for path in self.files(self.log_server)}
        self.message = self.log_server.git("log", "-1", "--format=%B", LOG)

    def blob(self, path):
        return self.log_server.git("rev-parse", f"{LOG}:{path}"), self.raw(self.log_server, path).encode()

    def written(self, content):
        with open(self.path("tampered"), "wb") as file:
            file.write(content)
        return self.log_server.git("hash-object", "-w", self.path("tampered"))

    def set_log(self, files):
        """The last commit of the log, made anew with these files (path -> blob): what git itself would never notice."""
        index = {"GIT_INDEX_FILE": self.path("log-index")}
        environment = self.environment(**index)
        git = ["git", "-C", self.log_server.path]
        self.run_command([*git, "read-tree", "--empty"], environment=environment)
        self.run_command([*git, "update-index", "--index-info"], environment=environment,
                         stdin="".join(f"100644 {blob}\t{path}\n" for path, blob in files.items()))
        tree = self.run_command([*git, "write-tree"], environment=environment).stdout.strip()
        commit = self.log_server.git("commit-tree", "-p", self.tip + "^", "-m", self.message, tree)
        self.log_server.git("update-ref", LOG, commit)

    def verify(self, head=None):
        return self.tollbar(self.log_server, "evidence", "verify", "--head", head or self.head, check=False)

    def assert_detected(self, *words):
        done = self.verify()
        self.assertEqual(1, done.returncode, done.stdout)
        for word in ("problem: ", *words):
            self.assertIn(word, done.stdout)

    def untouched(self):
        return {path: blob for path, (blob, _) in self.content.items()}

    def test_untouched_it_is_whole(self):
        self.assertEqual(0, self.verify().returncode)
        self.set_log(self.untouched())
        self.assertEqual(0, self.verify().returncode)  # what follows is detected for what it changes
        self.assertEqual(3, len(self.content))
        self.assertEqual({"decision", "signed", "attachment"}, {record["kind"] for record in self.records(self.log_server)})

    def test_changed_bytes_of_every_record(self):
        for path, (_, content) in self.content.items():
            for at in range(0, len(content), EVERY):
                with self.subTest(path=path, at=at):
                    changed = bytearray(content)
                    changed[at] ^= 1 << (at // EVERY % 7)
                    self.set_log({**self.untouched(), path: self.written(bytes(changed))})
                    self.assert_detected()

    def test_a_record_dropped_cut_or_in_the_place_of_another(self):
        whole = self.untouched()
        for path, (_, content) in self.content.items():
            with self.subTest(dropped=path):
                self.set_log({other: blob for other, blob in whole.items() if other != path})
                self.assert_detected()
            for kept in (0, 1, len(content) // 2, len(content) - 1):
                with self.subTest(cut=path, kept=kept):
                    self.set_log({**whole, path: self.written(content[:kept])})
                    self.assert_detected()
            for other in whole:
                if other > path:
                    with self.subTest(exchanged=(path, other)):
                        self.set_log({**whole, path: whole[other], other: whole[path]})
                        self.assert_detected()

    def test_the_end_cut_off_at_every_record(self):
        commits = self.log_server.git("rev-list", LOG).split()
        self.assertGreater(len(commits), 2)
        for commit in commits[1:]:
            self.log_server.git("update-ref", LOG, commit)
            self.assert_detected("the log ends at record", "but record 3 has been seen")
        self.log_server.git("update-ref", "-d", LOG)
        self.assert_detected("the log ends at record 0")

    def test_all_of_it_written_anew_with_a_sound_chain(self):
        """Somebody else's decision in the first record, and every digest after it made to fit."""
        number, digest, files = 0, None, {}
        for path, (_, content) in self.content.items():
            lines = []
            for line in content.decode().splitlines():
                envelope = json.loads(line)
                statement = json.loads(base64.b64decode(envelope["payload"]))
                if "chain" in statement["predicate"]:
                    statement["predicate"]["chain"]["previous"] = {"number": number, "sha256": digest} if digest else None
                    statement["predicate"]["actor"] = "somebody else"
                envelope["payload"] = base64.b64encode(canonical(statement)).decode()
                lines.append(canonical(envelope) + b"\n")
            new = b"".join(lines)
            number, digest = number + 1, hashlib.sha256(new).hexdigest()
            files[path] = self.written(new)
        self.set_log(files)
        self.assert_detected("is not the one that has been seen")


class AtOnce(People):
    WRITERS, EACH = 6, 3

    def test_pushes_at_once_lose_no_decision(self):
        server = self.people_server()
        clones = [self.person(server, "grace") if number == 0 else server.clone(f"clone-{number}") for number in range(self.WRITERS)]

        def work(number, clone):
            for each in range(self.EACH):
                clone.commit({**NEEDS_APPROVAL, f"file-{number}": f"{each}\n"}, f"Change {number}-{each}")
                self.run_command(["git", "push", "--quiet", "origin", f"HEAD:refs/heads/branch-{number}-{each}"], clone.path)

        threads = [threading.Thread(target=work, args=pair) for pair in enumerate(clones)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        # A hook that could not write left its decision for the next.
        clones[0].commit({"src/main.c": "int main(void) { return 1; }\n"})
        self.assert_accepted(clones[0].push("HEAD:refs/heads/last"))
        branches = {record["branch"] for record in self.records(server)}
        self.assertLessEqual({f"branch-{number}-{each}" for number in range(self.WRITERS) for each in range(self.EACH)}, branches)
        self.assertEqual(0, self.tollbar(server, "evidence", "verify").returncode)
        self.assertEqual([], self.spool(server))


if __name__ == "__main__":
    unittest.main()
