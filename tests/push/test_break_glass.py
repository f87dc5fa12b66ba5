"""Emergencies: what a signed record lets pass, what it does not, and the review that it owes."""
import base64
import glob
import hashlib
import json
import os
import shutil
import unittest

from evidence import People
from signing import put
from support import BINARY, BLOCKED


class BreakGlass(People):
    def test_a_record_lets_the_named_rule_pass_and_is_logged_and_reviewed(self):
        server = self.people_server()
        grace, ada = self.person(server, "grace"), self.person(server, "ada")
        commit = ada.commit(BLOCKED, "Let it pass")
        self.assert_refused(ada.push("main"), "checks/neutered")
        self.break_glass(grace)
        self.assert_accepted(grace.push("refs/tollbar/approvals"))
        push = ada.push("main", "-o", "tollbar.break-glass=INC-7")
        self.assert_accepted(push)
        self.assertIn("INC-7 breaks the glass for refs/heads/main", push.text)
        record = next(record for record in self.records(server) if record["object"] == commit and record["outcome"] == "accepted")
        self.assertEqual(("break-glass", "block"), (record["status"], record["decision"]))
        glass = next(fact["breakGlass"] for fact in record["facts"] if fact["rule"] == "checks/neutered")
        self.assertEqual(("INC-7", "grace@example.com", "Shop is down"), (glass["incident"], glass["principal"], glass["reason"]))
        signed = next(record for record in self.records(server) if record["kind"] == "signed")
        self.assertEqual(("grace@example.com", "INC-7"), (signed["signer"], signed["incident"]))
        linus = self.person(server, "linus")
        linus.git("fetch", "--quiet", "origin", "refs/tollbar/approvals:refs/tollbar/approvals")
        self.assertIn("review due by", self.tollbar_as(linus, "break-glass", "list").stdout)
        self.tollbar_as(linus, "break-glass", "review", "INC-7", "--reason", "Tests ran by hand")
        self.assertIn("reviewed by linus", self.tollbar_as(linus, "break-glass", "list").stdout)
        self.assert_accepted(linus.push("refs/tollbar/approvals"))
        self.assertIn("reviews break-glass record", self.records(server)[-1]["note"])
        self.assertEqual(0, self.tollbar(server, "evidence", "verify").returncode)

    def test_record_and_branch_go_in_one_atomic_push(self):
        server = self.people_server()
        grace = self.person(server, "grace")
        grace.commit(BLOCKED)
        self.break_glass(grace)
        self.assert_accepted(grace.push("--atomic", "main", "refs/tollbar/approvals"))

    def test_who_broke_the_glass_does_not_review_it(self):
        server = self.people_server()
        grace = self.person(server, "grace")
        self.break_glass(grace)
        done = self.tollbar_as(grace, "break-glass", "review", "INC-7", "--reason", "Fine", check=False)
        self.assertEqual(2, done.returncode)
        self.assertIn("somebody else reviews it", done.stdout)

    def test_what_does_not_open(self):
        for name, arguments, person, words in (
                ("another rule", {"rules": ["checks/removed", "workflow/changed"]}, "grace", []),
                ("one rule of two", {"rules": ["checks/neutered"]}, "grace", ["workflow/changed"]),
                ("another branch", {"more": ["--ref", "release/1"]}, "grace", ["it is for refs/heads/release/1"]),
                ("the wrong person", {}, "ada", ["ada is in none of the teams that may break the glass: oncall"]),
        ):
            with self.subTest(name):
                shutil.rmtree(self.path("server.git"), ignore_errors=True)
                for clone in glob.glob(self.path("*-work")) + glob.glob(self.path("seed-*")):
                    shutil.rmtree(clone)
                server = self.people_server()
                signer = self.person(server, person)
                more = arguments.pop("more", [])
                self.break_glass(signer, *more, **arguments)
                self.assert_accepted(signer.push("refs/tollbar/approvals"))
                signer.commit(BLOCKED)
                self.assert_refused(signer.push("main"), *words)

    def test_a_record_that_ended_opens_nothing_and_owes_its_review(self):
        server = self.people_server(review_within="1d")
        grace = self.person(server, "grace")
        self.sign_glass(grace, created="2026-01-01T00:00:00Z", expires="2026-01-01T01:00:00Z")
        self.assert_accepted(grace.push("refs/tollbar/approvals"))
        grace.commit(BLOCKED)
        self.assert_refused(grace.push("main"), "it ended at 2026-01-01T01:00:00Z")
        overdue = ("break-glass INC-7 by grace has not been reviewed by anybody else; the review was due by "
                   "2026-01-02T00:00:00Z")
        grace.git("reset", "--quiet", "--hard", "HEAD^")
        grace.commit({"src/main.c": "int main(void) { return 1; }\n"})
        self.assertIn(overdue, grace.push("main").text)
        for command in (["status"], ["scan", "HEAD"]):
            self.assertIn(overdue, self.tollbar_as(grace, *command).stdout)
        linus = self.person(server, "linus")
        linus.git("fetch", "--quiet", "origin", "refs/tollbar/approvals:refs/tollbar/approvals")
        self.tollbar_as(linus, "break-glass", "review", "INC-7", "--reason", "Late, but fine")
        self.assertNotIn("has not been reviewed", self.tollbar_as(linus, "status").stdout)
        self.assert_accepted(linus.push("refs/tollbar/approvals"))
        grace.commit({"src/main.c": "int main(void) { return 2; }\n"})
        self.assertNotIn("has not been reviewed", grace.push("main").text)

    def test_a_record_that_holds_longer_than_the_policy_gives_opens_nothing(self):
        server = self.people_server()
        grace = self.person(server, "grace")
        self.sign_glass(grace, created="2026-01-01T00:00:00Z", expires="2999-01-01T00:00:00Z")
        self.assert_accepted(grace.push("refs/tollbar/approvals"))
        grace.commit(BLOCKED)
        self.assert_refused(grace.push("main"), "it holds longer than the 8h that the policy gives")

    def sign_glass(self, clone, created, expires):
        """A break-glass record as another program would write it: from the formats alone, with ssh-keygen."""
        def canonical(value):
            return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()
        place = hashlib.sha256(canonical({"schema": 1, "kind": "break-glass", "repository": "acme/shop"})).hexdigest()
        payload = canonical({
            "_type": "https://in-toto.io/Statement/v1", "predicateType": "https://tollbar.dev/break-glass/v1",
            "subject": [{"name": "break-glass", "digest": {"sha256": place}}],
            "predicate": {"repository": "acme/shop", "ref": "", "rules": ["checks/neutered"], "incident": "INC-7", "reason": "Down",
                          "principal": "grace@example.com", "tollbarVersion": "0.1.0", "created": created, "expires": expires,
                          "fingerprint": place}})
        kind = "application/vnd.in-toto+json"
        signature = self.run_command(["ssh-keygen", "-q", "-Y", "sign", "-f", self.path("grace"), "-n", "tollbar"],
                                     stdin=f"DSSEv1 {len(kind)} {kind} {len(payload)} ".encode().decode() + payload.decode()).stdout
        signature = signature[signature.index("-----BEGIN"):]
        envelope = canonical({"payload": base64.b64encode(payload).decode(), "payloadType": kind,
                              "signatures": [{"keyid": "", "sig": base64.b64encode(signature.encode()).decode()}]}) + b"\n"
        path = f"{place[:2]}/{place}/{hashlib.sha256(envelope).hexdigest()}.json"
        clone.git("fast-import", "--quiet", stdin="commit refs/tollbar/approvals\ncommitter G <grace@example.com> 1767225600 +0000\n"
                  f"data 1\nx\nM 100644 inline {path}\ndata {len(envelope)}\n{envelope.decode()}\n")

    def test_a_push_option_alone_opens_nothing(self):
        server = self.people_server()
        ada = self.person(server, "ada")
        ada.commit(BLOCKED)
        self.assert_refused(ada.push("main", "-o", "tollbar.break-glass=INC-7"), "there is no break-glass record of the incident INC-7")

    def test_no_emergency_opens_the_policy_or_its_keys(self):
        server = self.people_server()
        grace = self.person(server, "grace")
        for rule in ("gates/policy-removed", "gates/policy-loosened", "gates/policy-changed"):
            done = self.break_glass(grace, rules=[rule], check=False)
            self.assertEqual(2, done.returncode)
            self.assertIn("no emergency opens", done.stdout)
        self.break_glass(grace)
        self.assert_accepted(grace.push("refs/tollbar/approvals"))
        grace.commit({**BLOCKED, ".tollbar.yml": None})
        self.assert_refused(grace.push("main"), "gates/policy")

    def test_no_emergency_takes_approvals_away_and_no_agent_declares_one(self):
        server = self.people_server()
        grace = self.person(server, "grace")
        done = self.break_glass(grace, rules=["ref/approvals-damaged"], check=False)
        self.assertEqual(2, done.returncode)
        self.assertIn("no emergency opens", done.stdout)
        for words in (("--rule", "checks/neutered", "--incident", "INC-7", "--reason", "Down", "--expires", "1h"), ("review", "INC-7", "--reason", "Fine")):
            done = self.run_command([BINARY, "-C", grace.path, "break-glass", *words], check=False, environment=self.environment(CLAUDECODE="1"))
            self.assertEqual(2, done.returncode)
            self.assertIn("ask a person", done.stdout)

    def test_a_record_in_another_envelope_is_the_same_record(self):
        server = self.people_server()
        grace, linus = self.person(server, "grace"), self.person(server, "linus")
        self.break_glass(grace)
        [path] = grace.git("ls-tree", "-r", "--name-only", "refs/tollbar/approvals").splitlines()
        envelope = json.loads(grace.git("cat-file", "blob", "refs/tollbar/approvals:" + path))
        envelope["signatures"][0]["keyid"] = "SHA256:somebody"
        record = json.dumps(envelope, sort_keys=True, separators=(",", ":")).encode() + b"\n"
        put(grace, {os.path.dirname(path) + f"/{hashlib.sha256(record).hexdigest()}.json": record})
        self.assert_accepted(grace.push("refs/tollbar/approvals"))
        linus.git("fetch", "--quiet", "origin", "refs/tollbar/approvals:refs/tollbar/approvals")
        self.assertEqual(1, self.tollbar_as(linus, "break-glass", "list").stdout.count("INC-7  "))
        self.tollbar_as(linus, "break-glass", "review", "INC-7", "--reason", "Fine")
        self.assertNotIn("review due", self.tollbar_as(linus, "break-glass", "list").stdout)

    def test_without_a_record_that_can_be_written_nothing_opens(self):
        server = self.people_server()
        grace = self.person(server, "grace")
        self.break_glass(grace)
        self.assert_accepted(grace.push("refs/tollbar/approvals"))
        server.git("config", "tollbar.spool", self.write_file("no-folder", "a file"))
        grace.commit(BLOCKED)
        self.assert_refused(grace.push("main"), "break-glass leaves a record or does not happen")


if __name__ == "__main__":
    unittest.main()
