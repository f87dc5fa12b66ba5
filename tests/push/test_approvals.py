"""Approvals with real keys and real pushes: which changes they let through, and every way in which they do not."""
import base64
import glob
import hashlib
import json
import os
import subprocess
import unittest
from random import Random

from support import BASE, BINARY, CI, NEEDS_APPROVAL, PushTest

CI_PATH = ".github/workflows/ci.yml"
PEOPLE = """\
version: 1
people:
  ada: {principals: [ada@example.com, ada-phone@example.com], emails: [ada@example.com, ada@home.example], logins: [ada]}
  grace: {principals: [grace@example.com], emails: [grace@example.com], logins: [grace]}
  alan: {principals: [alan@example.com], emails: [alan@example.com], logins: [alan]}
  edsger: {principals: [edsger@example.com], emails: [edsger@example.com], logins: [edsger]}
  relay: {kind: service, principals: [relay@example.com], relays: true}
  builder: {kind: service, principals: [builder@example.com], emails: [builder@example.com], logins: [builder]}
  helper: {kind: agent, principals: [helper@example.com]}
teams: {platform: [ada, grace, alan], security: [edsger]}
"""
PRINCIPALS = ("ada", "ada-phone", "grace", "alan", "edsger", "relay", "builder", "helper", "stranger")
SELF_HOSTED = NEEDS_APPROVAL[CI_PATH]


def canonical(value):
    """RFC 8785, for what records hold."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


class ApprovalTest(PushTest):
    def setUp(self):
        super().setUp()
        self.keys = {}
        for name in PRINCIPALS:
            self.keys[name] = self.path("keys", name)
            os.makedirs(self.path("keys"), exist_ok=True)
            self.run_command(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", self.keys[name]])

    def signer(self, name, options='namespaces="tollbar"'):
        with open(self.keys[name] + ".pub", encoding="utf-8") as file:
            kind, key = file.read().split()[:2]
        return f"{name}@example.com {options} {kind} {key}\n"

    def gated(self, policy="", name="server.git", signers=None, **files):
        """A server that knows who pushes, with people and their keys in the base."""
        trusted = {".tollbar.yml": PEOPLE + policy,
                   ".tollbar/allowed_signers": "".join(map(self.signer, PRINCIPALS[:-1])) if signers is None else signers}
        server = self.server(name, {**BASE, **trusted, **files})
        server.git("config", "tollbar.provider", "http")
        return server

    def tollbar(self, work, *words, key=None, check=True, **environment):
        more = {}
        if key:
            settings = {"gpg.format": "ssh", "user.signingkey": self.keys[key]}
            more["GIT_CONFIG_COUNT"] = str(len(settings))
            for number, (name, value) in enumerate(settings.items()):
                more[f"GIT_CONFIG_KEY_{number}"], more[f"GIT_CONFIG_VALUE_{number}"] = name, value
        done = self.run_command([BINARY, *words], work.path, False, "", self.environment(**more, **environment))
        if check and done.returncode:
            self.fail(f"tollbar {' '.join(words)}: exit {done.returncode}\n{done.stdout}")
        return done

    def approve(self, work, by, revision="origin/main..HEAD", *words, check=True, **environment):
        return self.tollbar(work, "approve", revision, "--reason", "read and wanted", "--yes", "--as", f"{by}@example.com", *words,
                            key=by, check=check, **environment)

    def signed_anew(self, work, by, **claims):
        """The approval of the runner says something else, and is signed again by ssh-keygen."""
        path, envelope = self.record_of_runner(work)
        statement = json.loads(base64.b64decode(envelope["payload"]))
        statement["predicate"].update(claims)
        payload = canonical(statement)
        kind = envelope["payloadType"].encode()
        encoded = b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(payload), payload)
        signature = subprocess.run(["ssh-keygen", "-q", "-Y", "sign", "-n", "tollbar", "-f", self.keys[by]], input=encoded,
                                   stdout=subprocess.PIPE, check=True).stdout
        envelope["payload"] = base64.b64encode(payload).decode()
        envelope["signatures"][0]["sig"] = base64.b64encode(signature).decode()
        self.replace_record(work, path, canonical(envelope) + b"\n")

    def record_of_runner(self, work):
        """Path and envelope of the approval of a changed runner."""
        for line in work.git("ls-tree", "-r", "refs/tollbar/approvals").splitlines():
            _, _, blob, path = line.split()
            envelope = json.loads(work.git("cat-file", "blob", blob))
            if b"workflow/runner-self-hosted" in base64.b64decode(envelope["payload"]):
                return path, envelope
        return self.fail("there is no approval of a runner")

    def replace_record(self, work, path, record, digest=None):
        """The store holds this record alone."""
        self.write_file("record", record.decode())
        digest = digest or hashlib.sha256(record).hexdigest()
        blob = work.git("hash-object", "-w", self.path("record"))
        index = {"GIT_INDEX_FILE": self.path("record-index")}
        work.git("update-index", "--add", "--cacheinfo", f"100644,{blob},{os.path.dirname(path)}/{digest}.json", **index)
        work.git("update-ref", "refs/tollbar/approvals", work.git("commit-tree", work.git("write-tree", **index), "-m", "Record"))

    def push(self, work, *refs, by="ada"):
        return work.push(*(refs or ("HEAD:main",)), "refs/tollbar/approvals", REMOTE_USER=by)

    def changed(self, server, name="work", files=None):
        """A clone with a change that needs approval."""
        work = server.clone(name)
        work.commit(files or NEEDS_APPROVAL)
        return work


class Survive(ApprovalTest):
    """What leaves the fact as it was leaves the approval in force."""

    def test_what_was_approved_is_accepted_and_the_server_remembers(self):
        server = self.gated()
        work = self.changed(server)
        self.assert_refused(work.push("HEAD:main", REMOTE_USER="ada"), "needs approval")
        shown = self.approve(work, "grace").stdout
        self.assertIn("workflow/runner-self-hosted", shown)
        self.assertIn("self-hosted", shown)
        self.assert_accepted(self.push(work))
        self.assertIn("refs/tollbar/used", "\n".join(server.refs()))

    def test_approvals_may_be_pushed_before(self):
        work = self.changed(self.gated())
        self.approve(work, "grace")
        self.assert_accepted(work.push("refs/tollbar/approvals", REMOTE_USER="grace"))
        self.assert_accepted(work.push("HEAD:main", REMOTE_USER="ada"))

    def test_approving_twice_within_a_second_leaves_two_records_a_fact(self):
        work = self.changed(self.gated())
        for times in (1, 2, 3):
            self.approve(work, "grace")
            self.assertEqual(2 * times, len(work.git("ls-tree", "-r", "refs/tollbar/approvals").splitlines()))

    def test_amend(self):
        work = self.changed(self.gated())
        self.approve(work, "grace")
        work.git("commit", "--quiet", "--amend", "-m", "Better words")
        self.assert_accepted(self.push(work))

    def test_rebase_over_an_edit_nearby(self):
        server = self.gated()
        work = self.changed(server)
        self.approve(work, "grace")
        other = server.clone("other")
        other.commit({CI_PATH: "# who reads this\n" + CI, "README.md": "x\n"})
        self.assert_accepted(other.push("HEAD:main", REMOTE_USER="ada"))
        work.git("pull", "--quiet", "--rebase", "origin", "main")
        self.assert_accepted(self.push(work))

    def test_squash_with_ordinary_work(self):
        work = self.changed(self.gated())
        self.approve(work, "grace")
        work.commit({"src/main.c": "int main(void) { return 2; }\n"})
        work.git("reset", "--quiet", "--soft", "HEAD~2")
        work.git("commit", "--quiet", "-m", "Both")
        self.assert_accepted(self.push(work))

    def test_squash_of_two_approved_changes_of_one_file(self):
        work = self.changed(self.gated())
        work.commit({CI_PATH: SELF_HOSTED.replace("make lint", "make lint style")})
        self.approve(work, "grace")
        work.git("reset", "--quiet", "--soft", "HEAD~2")
        work.git("commit", "--quiet", "-m", "Both")
        self.assert_accepted(self.push(work))

    def test_reordered_and_cherry_picked(self):
        work = self.gated().clone()
        work.branch("feature")
        approved = work.commit(NEEDS_APPROVAL)
        self.approve(work, "grace", "feature")
        work.switch("main")
        work.commit({"src/main.c": "int main(void) { return 3; }\n"})
        work.git("cherry-pick", approved)
        self.assert_accepted(self.push(work))

    def test_a_comment_in_the_same_file(self):
        work = self.changed(self.gated())
        self.approve(work, "grace")
        work.commit({CI_PATH: SELF_HOSTED.replace("  lint:", "  # style\n  lint:")})
        self.assert_accepted(self.push(work))


class Refused(ApprovalTest):
    """Everything else does not, and says why."""

    def refused_with(self, work, *words, by="ada"):
        self.assert_refused(self.push(work, by=by), *words)

    def amended(self, files, *words, before=None, policy=""):
        work = self.changed(self.gated(policy), files=before)
        self.approve(work, "grace")
        work.write(files)
        work.git("commit", "--quiet", "--all", "--amend", "-m", "Other")
        self.refused_with(work, *words)

    def test_the_fact_changed(self):
        self.amended({CI_PATH: CI.replace("ubuntu-24.04", "my-runner", 1)}, "another change of the same place",
                     "after was `self-hosted`, is `my-runner`")

    def test_the_fact_moved_to_another_job(self):
        self.amended({CI_PATH: "lint".join([CI.split("lint", 1)[0], CI.split("lint", 1)[1].replace("ubuntu-24.04", "self-hosted")])},
                     "another place of the file")

    def test_the_fact_moved_to_another_file(self):
        other = ".github/workflows/other.yml"
        work = self.changed(self.gated(**{other: CI}))
        self.approve(work, "grace")
        work.write({CI_PATH: CI, other: SELF_HOSTED})
        work.git("commit", "--quiet", "--all", "--amend", "-m", "Other")
        self.refused_with(work, "another file")

    def test_the_fact_widened_by_another_edit_of_the_pipeline(self):
        self.amended({CI_PATH: SELF_HOSTED.replace("  lint:\n", "  lint:\n    timeout-minutes: 9\n")}, "workflow/changed", "timeout-minutes")

    def test_its_context_changed(self):
        self.amended({CI_PATH: SELF_HOSTED.replace("[push, pull_request]", "[push, pull_request, pull_request_target]")},
                     "other surroundings", "pull_request_target")

    def test_it_expired(self):
        work = self.changed(self.gated())
        self.approve(work, "grace")
        self.signed_anew(work, "grace", created="2026-01-01T00:00:00Z", expires="2026-01-31T00:00:00Z")
        self.refused_with(work, "it expired on 2026-01-31T00:00:00Z")

    def test_it_is_yet_to_come(self):
        work = self.changed(self.gated())
        self.approve(work, "grace")
        self.signed_anew(work, "grace", created="2126-01-01T00:00:00Z", expires="2126-01-02T00:00:00Z")
        self.refused_with(work, "it is dated 2126-01-01T00:00:00Z")

    def test_it_was_revoked(self):
        work = self.changed(self.gated())
        self.approve(work, "grace")
        self.tollbar(work, "revoke", "origin/main..HEAD", "--reason", "the runner was sold", "--as", "alan@example.com", key="alan")
        self.refused_with(work, "alan@example.com revoked it on", "the runner was sold")

    def test_it_was_given_for_another_reference(self):
        server = self.gated()
        server.git("branch", "release/1", "main")
        work = self.changed(server)
        self.approve(work, "grace")
        self.assert_refused(self.push(work, "HEAD:release/1"), "another reference", "refs/heads/release/1")

    def test_it_was_given_for_another_repository(self):
        work = self.changed(self.gated("repository: example/one\n"))
        self.approve(work, "grace")
        other = self.gated("repository: example/two\n", "other.git").clone("other")
        other.commit(NEEDS_APPROVAL)
        other.git("fetch", "--quiet", work.path, "refs/tollbar/approvals:refs/tollbar/approvals")
        self.refused_with(other, "another repository", "example/one")

    def test_a_later_reintroduction(self):
        work = self.changed(self.gated())
        self.approve(work, "grace")
        self.assert_accepted(self.push(work))
        work.git("fetch", "--quiet")
        work.commit({CI_PATH: CI})
        self.approve(work, "grace")
        self.assert_accepted(self.push(work))
        work.git("fetch", "--quiet")
        work.commit(NEEDS_APPROVAL)
        self.refused_with(work, "it was used on")
        self.approve(work, "grace")
        self.assert_accepted(self.push(work))

    def test_the_wrong_namespace(self):
        signers = self.signer("grace", 'namespaces="git"')
        work = self.changed(self.gated(signers=signers))
        self.approve(work, "grace")
        self.refused_with(work, "does not count", "namespace")

    def test_the_wrong_principal(self):
        work = self.changed(self.gated())
        self.tollbar(work, "approve", "origin/main..HEAD", "--reason", "x", "--yes", "--as", "grace@example.com", key="alan")
        self.refused_with(work, "it speaks for grace@example.com, but alan@example.com signed it")

    def test_an_unknown_key(self):
        work = self.changed(self.gated())
        self.approve(work, "stranger")
        self.refused_with(work, "does not count")

    def test_a_principal_that_is_nobody(self):
        signers = self.signer("stranger")
        work = self.changed(self.gated(signers=signers))
        self.approve(work, "stranger")
        self.refused_with(work, "the principal stranger@example.com is mapped to nobody", "people")

    def test_a_malformed_signer_line(self):
        work = self.changed(self.gated(signers=self.signer("grace") + "nonsense\n"))
        self.approve(work, "grace")
        self.refused_with(work, ".tollbar/allowed_signers:2")

    def test_no_signers_at_all(self):
        work = self.changed(self.server(policy=PEOPLE))
        work.server.git("config", "tollbar.provider", "http")
        self.approve(work, "grace")
        self.refused_with(work, "nobody may sign approvals")

    def test_the_list_of_revoked_keys_is_missing(self):
        work = self.changed(self.gated("approvals: {revoked: .tollbar/krl}\n"))
        self.approve(work, "grace")
        self.refused_with(work, "the list of revoked keys .tollbar/krl is missing")

    def test_a_revoked_key(self):
        with open(self.keys["grace"] + ".pub", encoding="utf-8") as file:
            work = self.changed(self.gated(**{".tollbar/revoked": file.read()}))
        self.approve(work, "grace")
        self.refused_with(work, "revoked")

    def test_a_record_that_was_tampered_with(self):
        work = self.changed(self.gated())
        self.approve(work, "grace")
        path, envelope = self.record_of_runner(work)
        statement = base64.b64decode(envelope["payload"])
        envelope["payload"] = base64.b64encode(statement.replace(b"read and wanted", b"read and WANTED")).decode()
        record = canonical(envelope) + b"\n"
        self.replace_record(work, path, record)
        self.refused_with(work, "does not count")
        # Under the name of another record it does not even get into the store.
        self.replace_record(work, path, record, os.path.basename(path)[:-len(".json")])
        self.refused_with(work, "refs/tollbar/approvals")

    def test_the_author_through_a_second_key(self):
        work = self.changed(self.gated())
        self.approve(work, "ada-phone")
        self.refused_with(work, "ada is the one who pushes", "nobody approves a change of their own")
        self.refused_with(work, "ada is the author of commit", by="alan")

    def test_the_author_through_a_second_address(self):
        work = self.gated().clone()
        work.commit(NEEDS_APPROVAL, GIT_AUTHOR_EMAIL="ada@home.example", GIT_COMMITTER_EMAIL="alan@example.com")
        self.approve(work, "ada")
        self.refused_with(work, "ada is the author of commit", "ada@home.example", by="alan")

    def test_the_committer_the_co_author_and_the_pusher(self):
        work = self.gated().clone()
        work.commit(NEEDS_APPROVAL, "Change\n\nCo-authored-by: Edsger <EDSGER@example.com>", GIT_COMMITTER_EMAIL="alan@example.com")
        for name, words in (("alan", "alan is the committer"), ("edsger", "edsger is the co-author"), ("grace", "grace is the one who pushes")):
            work.git("update-ref", "-d", "refs/tollbar/approvals")
            self.approve(work, name)
            self.refused_with(work, words, by="grace")

    def test_a_service_and_an_agent(self):
        work = self.changed(self.gated())
        self.approve(work, "builder")
        self.approve(work, "helper")
        self.refused_with(work, "builder is a service, and only persons approve", "helper is an agent, and only persons approve")

    def test_a_merge_by_another_person(self):
        server = self.gated()
        work = server.clone()
        work.branch("feature")
        work.commit(NEEDS_APPROVAL)
        self.approve(work, "ada", "feature")
        work.switch("main")
        work.git("merge", "--quiet", "--no-ff", "-m", "Merge", "feature", GIT_AUTHOR_EMAIL="grace@example.com",
                 GIT_COMMITTER_EMAIL="grace@example.com")
        self.refused_with(work, "ada is the author of commit", by="grace")

    def test_whoever_is_mapped_to_nobody(self):
        work = self.gated().clone()
        work.commit(NEEDS_APPROVAL, GIT_AUTHOR_EMAIL="someone@example.org")
        self.approve(work, "grace")
        self.refused_with(work, "someone@example.org, is mapped to nobody: add it to the `emails`")
        work.git("commit", "--quiet", "--amend", "--reset-author", "--no-edit")
        self.refused_with(work, "mallory, is mapped to nobody: add it to the `logins`", by="mallory")

    def test_a_server_that_does_not_know_who_pushes(self):
        server = self.gated()
        server.git("config", "--unset", "tollbar.provider")
        work = self.changed(server)
        self.approve(work, "grace")
        self.refused_with(work, "tollbar.provider")
        server.git("config", "tollbar.provider", "none")  # nobody can tell here, and the administrator says so
        self.assert_accepted(self.push(work))

    def test_what_is_blocked_stays_blocked(self):
        work = self.changed(self.gated(), files={CI_PATH: CI.replace("make test", "make test || true")})
        self.approve(work, "grace")  # what else is to be said about it
        self.assert_refused(self.push(work), "is refused: checks/neutered")
        self.assertIn("Nothing in it waits", self.approve(work, "grace", "HEAD", "--only", "checks/*").stdout)


class Quorums(ApprovalTest):
    POLICY = "rules: {workflow/*: {approvers: [{team: platform, count: 2}, {team: security, count: 1}]}}\n"

    def test_two_of_one_team_and_one_of_another(self):
        work = self.changed(self.gated(self.POLICY))
        self.approve(work, "grace")
        self.assert_refused(self.push(work), "grace approved it, but 2 of platform and 1 of security must: 1 of platform and 1 of security")
        self.approve(work, "edsger")
        self.assert_refused(self.push(work), "1 of platform still missing")
        self.approve(work, "grace")  # twice is no two people
        self.assert_refused(self.push(work), "1 of platform still missing")
        self.approve(work, "alan")
        self.assert_accepted(self.push(work))

    def test_code_owners_as_they_were_before(self):
        policy = 'approvals: {also: [{path: ".github/**", ref: main, approvers: [{owners: codeowners}]}]}\n'
        work = self.changed(self.gated(policy, **{"CODEOWNERS": ".github/ @alan\n"}))
        self.approve(work, "grace")
        self.assert_refused(self.push(work), "1 of the owners still missing")
        self.approve(work, "alan")
        self.assert_accepted(self.push(work))

    def test_a_relayed_approval_is_that_of_the_person(self):
        work = self.changed(self.gated())
        self.approve(work, "builder", "origin/main..HEAD", "--relay", "grace")
        self.assert_refused(self.push(work), "builder may not relay")
        self.approve(work, "relay", "origin/main..HEAD", "--relay", "ada")
        self.assert_refused(self.push(work), "ada is the one who pushes")
        self.approve(work, "relay", "origin/main..HEAD", "--relay", "grace")
        self.assert_accepted(self.push(work))

    def test_longer_than_the_policy_grants(self):
        server = self.gated()
        work = self.changed(server)
        self.approve(work, "grace", "origin/main..HEAD", "--expires", "60d")
        strict = self.write_file("strict.yml", PEOPLE + "approvals: {max_expiry: 30d}\n")
        server.git("config", "tollbar.policy", strict)
        self.assert_refused(self.push(work), "60 days, where the policy grants 30")

    def test_a_touch_is_demanded(self):
        work = self.changed(self.gated("approvals: {require_touch: true}\n"))
        self.approve(work, "grace")
        self.assert_refused(self.push(work), "require_touch")

    def test_a_loosened_policy_is_approved_by_its_owners(self):
        policy = PEOPLE + "required_checks: [test]\nrules: {gates/policy-*: {approvers: {teams: [security]}}}\n"
        server = self.gated(policy[len(PEOPLE):])
        work = server.clone()
        work.commit({".tollbar.yml": policy.replace("[test]", "[]")})
        self.approve(work, "grace")
        self.assert_refused(self.push(work), "1 of security still missing")
        self.approve(work, "edsger")
        self.assert_accepted(self.push(work))

    def test_another_key_in_the_same_push_does_not_count(self):
        signers = self.signer("alan")
        work = self.gated(signers=signers).clone()
        work.commit({**NEEDS_APPROVAL, ".tollbar/allowed_signers": signers + self.signer("grace")})
        self.approve(work, "grace")
        self.assert_refused(self.push(work), "does not count")


class Commands(ApprovalTest):
    def test_an_agent_approves_nothing(self):
        work = self.changed(self.gated())
        done = self.approve(work, "grace", check=False, CLAUDECODE="1")
        self.assertEqual(2, done.returncode)
        self.assertIn("ask a person", done.stdout)

    def test_scan_and_explain_tell_what_the_server_would(self):
        work = self.changed(self.gated())
        self.assertEqual(3, self.tollbar(work, "scan", "origin/main..HEAD", check=False).returncode)
        self.approve(work, "grace")
        self.assertEqual(0, self.tollbar(work, "scan", "origin/main..HEAD").returncode)
        self.assertIn("by grace until", self.tollbar(work, "explain", "HEAD").stdout)

    def test_only_what_was_named_is_approved(self):
        work = self.changed(self.gated(), files={**NEEDS_APPROVAL, "scripts/publish.sh": "#!/bin/sh\nnpm publish --access public\n"})
        self.approve(work, "grace", "origin/main..HEAD", "--only", "workflow/*")
        self.assert_refused(self.push(work), "scripts/publish.sh")
        self.approve(work, "grace")
        self.assert_accepted(self.push(work))

    def test_a_reason_and_a_yes_are_wanted(self):
        work = self.changed(self.gated())
        self.assertIn("--reason", self.tollbar(work, "approve", "HEAD", check=False).stdout)
        self.assertIn("--yes", self.tollbar(work, "approve", "HEAD", "--reason", "x", key="grace", check=False).stdout)


class Property(ApprovalTest):
    """Over random edits of workflows as teams write them, an approval survives exactly those that leave its facts alone."""

    def edits(self, text, random):
        """Pairs of an edited text and whether the facts of the change are as they were."""
        lines = text.splitlines(keepends=True)
        top = [number for number, line in enumerate(lines) if line.strip() and not line[0].isspace()]
        steps = [number for number, line in enumerate(lines) if line.strip() == "steps:"]
        runners = [number for number, line in enumerate(lines) if "runs-on: ubuntu" in line]

        def inserted(number, *new):
            return "".join(lines[:number] + list(new) + lines[number:])

        yield inserted(random.choice(top), "# why this is so\n"), True
        yield inserted(random.choice(top), "\n"), True
        yield text.replace("\n", "\r\n"), True
        yield text.replace("runs-on: self-hosted", random.choice(["runs-on: 'self-hosted'", "runs-on: [self-hosted]"])), True
        if steps:
            number = random.choice(steps)
            indent = lines[number][:len(lines[number]) - len(lines[number].lstrip())]
            yield inserted(number + 1, f"{indent}  - run: ./tool-{random.randrange(1000)}\n"), False
        if runners:
            number = random.choice(runners)
            yield "".join(lines[:number]) + lines[number].replace("ubuntu", f"my-{random.randrange(1000)}") + "".join(lines[number + 1:]), False
        yield text.replace("runs-on: self-hosted", "runs-on: [self-hosted, large]"), False
        yield text + f"\n  extra{random.randrange(1000)}:\n    runs-on: ubuntu-latest\n    steps:\n      - run: make\n", False

    def test_random_edits(self):
        random = Random(20261123)
        work = self.gated().clone()
        tried = 0
        for path, text in workflows():
            work.git("reset", "--quiet", "--hard", "origin/main")
            work.commit({CI_PATH: text}, "Base")
            base = work.id()
            runners = [number for number, line in enumerate(text.splitlines()) if "runs-on: ubuntu" in line]
            lines = text.splitlines(keepends=True)
            number = random.choice(runners)
            lines[number] = lines[number].split("runs-on:")[0] + "runs-on: self-hosted\n"
            changed = "".join(lines)
            work.commit({CI_PATH: changed}, "Change")
            self.approve(work, "grace", "HEAD")
            if self.tollbar(work, "scan", "HEAD", check=False).returncode == 1:
                continue  # it loses a check, which nobody can approve
            for edited, same in self.edits(changed, random):
                work.write({CI_PATH: edited})
                work.git("commit", "--quiet", "--all", "--amend", "--allow-empty", "-m", "Edited")
                self.assertEqual(base, work.id("HEAD~1"))
                done = self.tollbar(work, "scan", "HEAD", check=False)
                tried += 1
                with self.subTest(workflow=path, text=edited):
                    self.assertEqual(same, done.returncode == 0, done.stdout)
        self.assertGreater(tried, 50)


def workflows():
    """Workflows of the golden cases whose jobs end the file and run somewhere."""
    golden = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "golden")
    for path in sorted(glob.glob(os.path.join(golden, "*", "before", ".github", "workflows", "*.yml"))):
        with open(path, encoding="utf-8", newline="") as file:
            text = file.read()
        last = [line for line in text.splitlines() if line.strip() and not line[0].isspace() and not line.startswith("#")]
        if "runs-on: ubuntu" in text and last and last[-1].startswith("jobs:") and "\n  " in text and "{|}" not in text and "<<" not in text:
            yield os.path.relpath(path, golden), text if text.endswith("\n") else text + "\n"


if __name__ == "__main__":
    unittest.main()
