"""What pushes leave in the evidence log: accepted ones, refused ones, and those whose hooks were ended."""
import base64
import glob
import hashlib
import json
import os
import re
import shutil
import time

from signing import put
from support import BASE, BLOCKED, CI, NEEDS_APPROVAL, SECRET, BINARY, PushTest

HEAD = re.compile(r"tollbar: evidence log at (\d+) ([0-9a-f]{64})$")


class EvidenceTest(PushTest):
    """Reads the log as a stranger would: with git, and the public formats of DSSE and in-toto."""

    def files(self, server):
        names = server.git("ls-tree", "-r", "--name-only", "refs/tollbar/log", check=False)
        return [] if names.startswith("fatal") else names.splitlines()

    def raw(self, server, path):
        return self.run_command(["git", "-C", server.path, "cat-file", "blob", "refs/tollbar/log:" + path]).stdout

    def statements(self, server):
        """The statements of every record, first the record's own."""
        return [[json.loads(base64.b64decode(json.loads(line)["payload"])) for line in self.raw(server, path).splitlines()]
                for path in self.files(server)]

    def records(self, server):
        return [statements[0]["predicate"] for statements in self.statements(server)]

    def heads(self, push):
        return [HEAD.search(line).groups() for line in push.lines() if HEAD.search(line)]

    def spool(self, server):
        return sorted(glob.glob(os.path.join(server.path, "tollbar/spool/*.jsonl")))

    def tollbar(self, server, *words, check=True):
        return self.run_command([BINARY, "-C", server.path, *words], check=check)


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


class People(EvidenceTest):
    """A team of people with keys: Grace and Linus may break the glass, Ada may not."""

    POLICY = """\
version: 1
extends: default
repository: acme/shop
people:
  ada: {principals: [ada@example.com], emails: [ada@example.com]}
  grace: {principals: [grace@example.com], emails: [grace@example.com]}
  linus: {principals: [linus@example.com], emails: [linus@example.com]}
teams: {oncall: [grace, linus]}
break_glass: {teams: [oncall], review_within: %s, max_expiry: 8h}
rules: {ref/record-written: allow}
"""

    def setUp(self):
        super().setUp()
        signers = ""
        for person in ("ada", "grace", "linus"):
            self.run_command(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", person, "-f", self.path(person)])
            key = " ".join(open(self.path(person + ".pub"), encoding="utf-8").read().split()[:2])
            signers += f'{person}@example.com namespaces="tollbar" {key}\n'
        self.signers = signers

    def people_server(self, review_within="3d", policy=None):
        server = self.server(files={**BASE, ".tollbar.yml": policy or self.POLICY % review_within, ".tollbar/allowed_signers": self.signers})
        server.git("config", "receive.advertisePushOptions", "true")
        return server

    def person(self, server, name):
        clone = server.clone(name + "-work")
        for key, value in {"user.email": name + "@example.com", "user.name": name, "user.signingkey": self.path(name + ".pub"),
                           "gpg.format": "ssh"}.items():
            clone.git("config", key, value)
        return clone

    def tollbar_as(self, clone, *words, check=True):
        return self.run_command([BINARY, "-C", clone.path, *words], check=check)

    def break_glass(self, clone, *more, rules=("checks/neutered", "workflow/changed"), incident="INC-7", expires="1h", check=True):
        named = [word for rule in rules for word in ("--rule", rule)]
        return self.tollbar_as(clone, "break-glass", *named, "--incident", incident, "--reason", "Shop is down", "--expires",
                               expires, *more, check=check)


class Approved(People):
    def setUp(self):
        super().setUp()
        for name in ("relay", "edsger"):
            self.run_command(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", self.path(name)])
            key = " ".join(self.read(name + ".pub").split()[:2])
            self.signers += f'{name}@example.com namespaces="tollbar" {key}\n'

    POLICY = People.POLICY.replace("teams: {", '''  relay: {kind: service, principals: [relay@example.com], relays: true}
  edsger: {principals: [edsger@example.com], emails: [edsger@example.com]}
teams: {security: [edsger], ''') + '''triggers: {workflow-change: {approvers: [{team: oncall}, {team: security}]}}
'''

    def read(self, name):
        with open(self.path(name), encoding="utf-8") as file:
            return file.read()

    def approve(self, clone, name, *more):
        self.tollbar_as(clone, "-C", clone.path, "approve", "origin/main..HEAD", "--reason", f"{name} read it", "--yes", *more)

    def test_the_record_names_who_approved_with_which_key_for_whom(self):
        server = self.people_server()
        server.git("config", "tollbar.provider", "none")
        ada = self.person(server, "ada")
        commit = ada.commit(NEEDS_APPROVAL, "Our own runner")
        for name, more in (("edsger", ()), ("relay", ("--relay", "grace"))):
            ada.git("config", "user.email", name + "@example.com")
            ada.git("config", "user.signingkey", self.path(name + ".pub"))
            self.approve(ada, name, *more)
        self.assert_accepted(ada.push("main", "refs/tollbar/approvals"))
        [record] = [each for each in self.records(server) if each["kind"] == "decision"]
        self.assertEqual(("approved", "accepted", commit, "acme/shop"),
                         tuple(record[key] for key in ("status", "outcome", "object", "repository")))
        # What was approved along with the runner, and used up with it, is there, too.
        self.assertEqual({"workflow/runner-self-hosted", "workflow/changed"}, {fact["rule"] for fact in record["facts"]})
        keys = {name: self.run_command(["ssh-keygen", "-l", "-f", self.path(name + ".pub")]).stdout.split()[1] for name in ("edsger", "relay")}
        for fact in record["facts"]:
            said = {each["principal"]: (each["team"], each["key"], each["relayedFor"], each["reason"]) for each in fact["approvers"]}
            self.assertEqual({"edsger@example.com": ("security", keys["edsger"], "unknown", "edsger read it"),
                              "relay@example.com": ("oncall", keys["relay"], "grace", "relay read it")}, said)
        packet = self.tollbar(server, "evidence", "export", "-o", "markdown", commit).stdout
        self.assertIn(f"**relay@example.com** for oncall, relayed for grace, key `{keys['relay']}`", packet)
        self.assertIn("relay@example.com for grace", self.tollbar(server, "evidence", "export", "-o", "csv", commit).stdout)
        for fact in record["facts"]:  # each approval is in the store under the digest that the record gives
            for each in fact["approvers"]:
                self.assertIn(each["approval"], server.git("ls-tree", "-r", "--name-only", "refs/tollbar/approvals"))

    def test_no_kind_of_secret_stays_in_what_is_kept_wherever_it_stood(self):
        tokens = {"aws": "AKIA" + "Q3EGR7XKZ5WVLM2N", "npm": "npm" + "_VdD53X83RZJq7f2gEOzdmenCkhvMdgaKjIg8",
                  "slack": "xoxb" + "-497465075291-7034236671276-Jr4i0B3JrTAwR4y9ojfljoQo",
                  "gitlab": "glpat" + "-xNbe3nNyjOq9wMxEhh2F", "stripe": "sk_" + "live_aF1LlqsajAIxNKu8iS2G8NPR"}
        server = self.people_server()
        server.git("config", "tollbar.provider", "http")
        for name, token in tokens.items():
            with self.subTest(name):
                ada = self.person(server, f"ada-{name}")
                ada.branch(f"feature-{token}")
                ada.commit(NEEDS_APPROVAL, f"Use {token}\n\nIt is {token}", GIT_AUTHOR_NAME=f"Ada {token}")
                self.assert_accepted(ada.push("HEAD", REMOTE_USER=f"ada-{token}"))
                ada.switch("main")
                ada.commit({".github/workflows/ci.yml": CI.replace("make test", f"curl -H 'Authorization: Bearer {token}' https://x.example.net")})
                self.assertFalse(ada.push("main", REMOTE_USER="ada").accepted)
                ada.git("tag", "-a", f"v1-{token}", "-m", token, "origin/main")
                self.assertTrue(ada.push(f"v1-{token}", REMOTE_USER="ada").accepted)
                self.assertFalse(ada.push("--force", f"HEAD:refs/tags/v1-{token}", REMOTE_USER="ada").accepted)
                grace = self.person(server, f"grace-{name}")
                for key, value in {"user.email": "grace@example.com", "user.signingkey": self.path("grace.pub")}.items():
                    grace.git("config", key, value)
                self.tollbar_as(grace, "approvals", "fetch")
                self.tollbar_as(grace, "break-glass", "--rule", "checks/neutered", "--incident", f"INC-{token}", "--reason",
                                f"down, {token}", "--expires", "1h")
                grace.commit(BLOCKED)
                self.assertFalse(grace.push("main", "-o", f"tollbar.break-glass=INC-{token}", REMOTE_USER="grace").accepted)
                self.tollbar_as(grace, "approvals", "push")
                self.tollbar(server, "evidence", "attach", "1", "--outcome", f"done {token}", "--validation", token, "--location",
                             f"https://ci.example.net/?key={token}", "--note", f"see {token}")
                self.assertNotIn(token, self.everything_kept(server))

    def everything_kept(self, server):
        """Names, messages, contents and payloads below the references of tollbar, and the spool."""
        text = ""
        for ref in server.git("for-each-ref", "--format=%(refname)", "refs/tollbar", "refs/notes").split():
            text += server.git("log", "--format=%B", ref)
            for line in server.git("ls-tree", "-r", ref).splitlines():
                content = server.git("cat-file", "blob", line.split()[2])
                text += line + content
                if not ref.startswith("refs/notes") and content.startswith("{"):
                    text += "".join(base64.b64decode(json.loads(each)["payload"]).decode() for each in content.splitlines())
        for path in glob.glob(os.path.join(server.path, "tollbar/**/*"), recursive=True):
            if os.path.isfile(path):
                text += path + self.read(path)
        return text


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


class Attached(People):
    def test_what_became_of_a_change_is_signed_pushed_and_logged(self):
        server = self.people_server()
        grace = self.person(server, "grace")
        grace.branch("feature")
        commit = grace.commit(NEEDS_APPROVAL)
        self.assert_accepted(grace.push("feature"))
        grace.git("fetch", "--quiet", "origin", "refs/tollbar/log:refs/tollbar/log")
        self.tollbar_as(grace, "evidence", "attach", commit, "--outcome", "deployed", "--validation", "12 tests passed",
                        "--location", "https://ci.example.com/1")
        push = grace.push("refs/tollbar/approvals")
        self.assert_accepted(push)
        attached = self.records(server)[-1]
        self.assertEqual(("attachment", "deployed", "12 tests passed", "https://ci.example.com/1", "grace@example.com", commit),
                         (attached["kind"], attached["finalOutcome"], attached["validationResult"], attached["evidenceLocation"],
                          attached["signer"], attached["object"]))
        self.assertEqual(1, attached["refersTo"]["number"])
        self.assertTrue(attached["signerKey"].startswith("SHA256:"))
        packet = self.tollbar(server, "evidence", "export", "-o", "markdown", commit).stdout
        for part in ("## What changed", "## Why it was not simply allowed", "## Who approved it", "## Under which policy",
                     "## What happened after", "## How to verify this yourself", "12 tests passed", "deployed"):
            self.assertIn(part, packet)

    def test_a_statement_of_a_stranger_is_not_taken_in(self):
        server = self.people_server()
        grace = self.person(server, "grace")
        grace.branch("feature")
        grace.commit(NEEDS_APPROVAL)
        self.assert_accepted(grace.push("feature"))
        self.run_command(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "eve", "-f", self.path("eve")])
        grace.git("config", "user.signingkey", self.path("eve.pub"))
        grace.git("fetch", "--quiet", "origin", "refs/tollbar/log:refs/tollbar/log")
        self.tollbar_as(grace, "evidence", "attach", "1", "--outcome", "deployed")
        push = grace.push("refs/tollbar/approvals")
        self.assertIn("a signed statement is not taken into the evidence log", push.text)
        self.assertEqual(["decision"], [record["kind"] for record in self.records(server)])

    def test_the_server_attaches_by_itself(self):
        server = self.people_server()
        grace = self.person(server, "grace")
        grace.branch("feature")
        grace.commit(NEEDS_APPROVAL)
        self.assert_accepted(grace.push("feature"))
        self.tollbar(server, "evidence", "attach", "1", "--validation", "passed")
        self.assertEqual(["decision", "attachment"], [record["kind"] for record in self.records(server)])
        self.assertEqual(0, self.tollbar(server, "evidence", "verify").returncode)
