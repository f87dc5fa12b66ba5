"""Approvals with real keys and real pushes: which changes they let through, and every way in which they do not."""
import base64
import os
import shutil
import unittest

from approving import CI_PATH, PEOPLE, SELF_HOSTED, ApprovalTest, canonical
from support import BINARY, CI, NEEDS_APPROVAL


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
        self.amended({CI_PATH: SELF_HOSTED.replace("  lint:\n", "  lint:\n    timeout-minutes: 9\n")}, "workflow/changed",
                     "what it does elsewhere is approved, but not this: jobs.lint.timeout-minutes was nothing, is `9`")

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
        work = self.reintroduced()
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

    def test_no_ssh_keygen_where_an_rsa_key_is_to_be_verified(self):
        for name in ("grace", "alan"):
            os.remove(self.keys[name])
            self.run_command(["ssh-keygen", "-q", "-t", "rsa" if name == "grace" else "ecdsa", "-N", "", "-C", name, "-f", self.keys[name]])
        server = self.gated()
        programs = self.path("programs")
        os.makedirs(programs)
        for name in ("git", "sh"):
            os.symlink(shutil.which(name), os.path.join(programs, name))
        server.install("pre-receive", f"#!/bin/sh\nPATH={programs} exec {BINARY} hook pre-receive\n")
        work = self.changed(server)
        self.approve(work, "grace")
        self.refused_with(work, "a signature by an RSA key cannot be verified here without ssh-keygen")
        self.approve(work, "alan")  # ECDSA is verified by tollbar itself
        self.assert_accepted(self.push(work))

    def test_whoever_runs_the_agent(self):
        server = self.gated()
        work = server.clone()
        work.commit(NEEDS_APPROVAL, "Change\n", GIT_AUTHOR_EMAIL="noreply@anthropic.com", GIT_COMMITTER_EMAIL="noreply@anthropic.com")
        self.approve(work, "grace")
        self.refused_with(work, "grace is the one who pushes", by="grace")
        server.git("config", "tollbar.provider", "none")
        self.refused_with(work, "whoever runs the agent that made commit", by="alan")
        server.git("config", "tollbar.provider", "http")
        self.assert_accepted(self.push(work, by="alan"))

    def test_what_is_blocked_stays_blocked(self):
        work = self.changed(self.gated(), files={CI_PATH: CI.replace("make test", "make test || true")})
        self.approve(work, "grace")  # what else is to be said about it
        self.assert_refused(self.push(work), "is refused: checks/neutered")
        done = self.approve(work, "grace", "HEAD", "--only", "checks/*", check=False)
        self.assertEqual(2, done.returncode)
        self.assertIn("nothing in it that --only names waits for an approval", done.stdout)


if __name__ == "__main__":
    unittest.main()
