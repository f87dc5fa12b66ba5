"""What pushes leave in the evidence log: accepted ones, refused ones, and those whose hooks were ended."""
import base64
import glob
import hashlib
import json
import os
import time
import unittest

from evidence import EvidenceTest
from support import BASE, BLOCKED, NEEDS_APPROVAL, SECRET


class Accepted(EvidenceTest):
    def test_a_change_that_needs_approval_is_logged_with_every_field(self):
        policy = "version: 1\nextends: default\n"
        server = self.server(policy=policy, files={**BASE, "CODEOWNERS": "/.github/ @acme/platform\n"})
        server.git("config", "tollbar.provider", "gitea")
        work = server.clone()
        work.branch("feature")
        commit = work.commit(NEEDS_APPROVAL, "Use our own runner\n\nCo-Authored-By: Claude <noreply@anthropic.com>\n")
        push = work.push("feature", GITEA_PUSHER_NAME="ada", GITEA_REPO_USER_NAME="acme", GITEA_REPO_NAME="shop", GITEA_PR_INDEX="7")
        self.assert_accepted(push)
        [statements] = self.statements(server)
        self.assertEqual([{"name": "refs/heads/feature", "digest": {"gitCommit": commit}}], statements[0]["subject"])
        record = statements[0]["predicate"]
        for key, value in {"repository": "acme/shop", "branch": "feature", "pullRequest": "7", "actor": "ada", "decision": "approve",
                           "status": "needs-approval", "outcome": "accepted", "object": commit, "title": "Use our own runner",
                           "claimedAgents": ["claude-code"], "kind": "decision", "tollbarVersion": "0.1.0",
                           "policyDigest": hashlib.sha256(policy.encode()).hexdigest(), "validationResult": "unknown",
                           "finalOutcome": "unknown", "evidenceLocation": "unknown", "chain": {"number": 1, "previous": None},
                           "author": "Ada <ada@example.com>"}.items():
            self.assertEqual(value, record[key], key)
        self.assertEqual(server.base[:12] + ":.tollbar.yml", record["policy"])
        fact = next(fact for fact in record["facts"] if fact["rule"].startswith("workflow/runner"))
        self.assertEqual(["@acme/platform"], fact["owners"])
        self.assertEqual("CODEOWNERS at " + server.base[:12], fact["ownerSource"])
        self.assertEqual(".github/workflows/ci.yml", fact["workflow"])
        self.assertEqual([], fact["approvers"])
        self.assertIn(fact["riskTier"], ("low", "medium", "high", "critical"))
        summary = statements[1]
        self.assertEqual("https://slsa.dev/verification_summary/v1", summary["predicateType"])
        self.assertEqual("FAILED", summary["predicate"]["verificationResult"])
        line = self.raw(server, self.files(server)[0]).splitlines(keepends=True)[0]
        self.assertEqual(hashlib.sha256(line.encode()).hexdigest(), summary["predicate"]["inputAttestations"][0]["digest"]["sha256"])

    def test_the_head_that_is_printed_is_the_digest_of_the_last_record(self):
        server = self.server()
        work = server.clone()
        work.branch("feature")
        work.commit(NEEDS_APPROVAL)
        [(number, digest)] = self.heads(work.push("feature"))
        self.assertEqual("1", number)
        self.assertEqual(digest, hashlib.sha256(self.raw(server, "00/00/00/01.intoto.jsonl").encode()).hexdigest())
        work.commit({"src/main.c": "int main(void) { return 1; }\n"})
        self.assertEqual([(number, digest)], self.heads(work.push("feature")))  # printed again, whatever is pushed
        self.assertEqual([], self.spool(server))

    def test_nothing_is_logged_or_printed_where_everything_is_allowed(self):
        server = self.server()
        work = server.clone()
        work.commit({"src/main.c": "int main(void) { return 1; }\n"})
        push = work.push("main")
        self.assert_accepted(push)
        self.assertEqual([], push.lines())
        self.assertEqual([], self.files(server))
        self.assertFalse(os.path.exists(os.path.join(server.path, "tollbar")))

    def test_no_change_names_its_own_owners(self):
        server = self.server(files={**BASE, "CODEOWNERS": "/.github/ @acme/platform\n"})
        work = server.clone()
        work.branch("feature")
        work.commit({"CODEOWNERS": "/.github/ @mallory\n"})
        work.push("feature")
        work.commit({**NEEDS_APPROVAL, "CODEOWNERS": "/.github/ @mallory\n"})
        work.branch("other", "main")
        work.commit({**NEEDS_APPROVAL, "CODEOWNERS": "/.github/ @mallory\n"})
        work.push("other")
        facts = [fact for record in self.records(server) if record["branch"] == "other" for fact in record["facts"]]
        owners = {owner for fact in facts for owner in fact["owners"]}
        self.assertIn("@acme/platform", owners)
        self.assertNotIn("@mallory", owners)

    def test_the_log_is_signed_with_the_servers_key(self):
        server = self.server()
        self.run_command(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "server", "-f", self.path("server-key")])
        server.git("config", "tollbar.evidenceKey", self.path("server-key"))
        work = server.clone()
        work.branch("feature")
        work.commit(NEEDS_APPROVAL)
        self.assert_accepted(work.push("feature"))
        key = " ".join(open(self.path("server-key.pub"), encoding="utf-8").read().split()[:2])
        signers = self.write_file("signers", f'tollbar@git.example.com namespaces="tollbar" {key}\n')
        for line in self.raw(server, self.files(server)[0]).splitlines():
            envelope = json.loads(line)
            payload = base64.b64decode(envelope["payload"])
            kind = envelope["payloadType"]
            signed = f"DSSEv1 {len(kind)} {kind} {len(payload)} ".encode() + payload
            signature = self.write_file("signature", base64.b64decode(envelope["signatures"][0]["sig"]).decode())
            self.run_command(["ssh-keygen", "-Y", "verify", "-f", signers, "-I", "tollbar@git.example.com", "-n", "tollbar", "-s", signature],
                             stdin=signed.decode())


class Refused(EvidenceTest):
    def test_a_refused_push_waits_in_the_spool_and_is_logged_with_the_next(self):
        server = self.server()
        work = server.clone()
        refused = work.commit(BLOCKED, "Let it pass")
        self.assert_refused(work.push("main"))
        self.assertEqual([], self.files(server))
        self.assertEqual(1, len(self.spool(server)))
        work.git("reset", "--quiet", "--hard", "HEAD^")
        work.commit({"src/main.c": "int main(void) { return 1; }\n"})
        push = work.push("main")
        self.assert_accepted(push)
        self.assertEqual("1", self.heads(push)[0][0])
        [record] = self.records(server)
        self.assertEqual(("refused", "blocked", refused, "Let it pass"),
                         (record["outcome"], record["status"], record["object"], record["title"]))
        self.assertEqual([], self.spool(server))

    def test_refusals_are_logged_in_the_order_in_which_they_were_spoken(self):
        server = self.server()
        work = server.clone()
        titles = [f"Let it pass, {number}" for number in range(5)]
        for title in titles:
            work.commit(BLOCKED, title)
            self.assert_refused(work.push("main"))
            work.git("reset", "--quiet", "--hard", "HEAD^")
        work.commit({"src/main.c": "int main(void) { return 1; }\n"})
        self.assert_accepted(work.push("main"))
        self.assertEqual(titles, [record["title"] for record in self.records(server)])

    def test_the_spool_can_be_elsewhere(self):
        server = self.server()
        server.git("config", "tollbar.spool", self.path("elsewhere"))
        work = server.clone()
        work.commit(BLOCKED)
        self.assert_refused(work.push("main"))
        self.assertEqual(1, len(glob.glob(self.path("elsewhere/refused-*.jsonl"))))
        self.assertFalse(os.path.exists(os.path.join(server.path, "tollbar")))

    def test_a_spool_that_cannot_be_written_is_said_and_the_push_still_refused(self):
        server = self.server()
        server.git("config", "tollbar.spool", self.write_file("no-folder", "a file"))
        work = server.clone()
        work.commit(BLOCKED)
        push = work.push("main")
        self.assert_refused(push, "this decision is not kept as evidence", "checks/neutered")

    def test_no_secret_reaches_spool_or_log(self):
        server = self.server()
        work = server.clone()
        token = SECRET.split()[-1]
        work.commit({"config.ini": SECRET + "\n"}, "Use " + token)
        self.assert_refused(work.push("main"))
        text = "".join(open(path, encoding="utf-8").read() for path in self.spool(server))
        self.assertIn("static-key", text)
        self.assertNotIn(token, text)
        work.git("reset", "--quiet", "--hard", "HEAD^")
        work.commit({"a": "a"})
        self.assert_accepted(work.push("main"))
        for statements in self.statements(server):
            self.assertNotIn(token, json.dumps(statements))
            self.assertIn("AKIA", json.dumps(statements))


class Interrupted(EvidenceTest):
    def marked_push(self, server):
        work = server.clone()
        work.branch("feature")
        work.commit(NEEDS_APPROVAL)
        push = work.push("feature")
        self.assert_accepted(push)
        return work, push

    def test_a_post_receive_that_never_runs_loses_nothing(self):
        server = self.server()
        server.install("post-receive", "#!/bin/sh\nexit 0\n")
        work, _ = self.marked_push(server)
        [pending] = self.spool(server)
        server.install("post-receive")
        self.assert_accepted(work.push("feature:other"))
        self.assertIn(pending, self.spool(server))  # its hook may still be at work
        an_hour_ago = time.time() - 3600
        os.utime(pending, (an_hour_ago, an_hour_ago))
        self.assert_accepted(work.push("feature:third"))
        late = [record for record in self.records(server) if record["branch"] == "feature"]
        self.assertEqual(["accepted"], [record["outcome"] for record in late])
        self.assertIn("written late", late[0]["note"])
        self.assertEqual([], self.spool(server))

    def test_a_log_that_cannot_be_written_is_said_and_made_up_for(self):
        server = self.server()
        server.git("config", "tollbar.evidenceKey", self.path("no-key"))
        work, push = self.marked_push(server)
        self.assertIn("the evidence log cannot be written", push.text)
        self.assert_marked(server, work.id())
        self.assertEqual(["late"], [os.path.basename(path).split("-")[0] for path in self.spool(server)])
        server.git("config", "--unset", "tollbar.evidenceKey")
        work.commit({"src/main.c": "int main(void) { return 1; }\n"})
        self.assertEqual("1", self.heads(work.push("feature"))[0][0])
        self.assertEqual("feature", self.records(server)[0]["branch"])
        self.assertEqual([], self.spool(server))


if __name__ == "__main__":
    unittest.main()
