"""The commands of those who approve: keys in agents, gpg, what they are told and what they hand on."""
import base64
import json
import os
import shutil
import subprocess
import tempfile
import time
import unittest

from approving import CI_PATH, ApprovalTest
from signing import STORE
from support import CI, NEEDS_APPROVAL


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

    def test_the_agent_that_holds_a_key(self):
        work = self.changed(self.gated())
        socket = self.path("agent")
        agent = subprocess.Popen(["ssh-agent", "-D", "-a", socket], stdout=subprocess.DEVNULL)
        self.addCleanup(agent.wait)
        self.addCleanup(agent.kill)
        while not os.path.exists(socket):
            time.sleep(0.01)
        holder = {"SSH_AUTH_SOCK": socket}
        self.run_command(["ssh-add", "-q", self.keys["grace"]], environment=self.environment(**holder))
        os.rename(self.keys["grace"], self.keys["grace"] + ".elsewhere")
        with open(self.keys["grace"] + ".pub", encoding="utf-8") as file:
            public = file.read().strip()
        work.git("config", "gpg.format", "ssh")
        for key in (self.keys["grace"] + ".pub", "key::" + public):
            with self.subTest(key[:5]):
                work.git("config", "user.signingkey", key)
                self.tollbar(work, "approve", "HEAD", "--reason", "read", "--yes", "--as", "grace@example.com", **holder)
                self.assertNotIn("refused", self.tollbar(work, "approvals", "verify").stdout)
        self.assert_accepted(self.push(work))

    @unittest.skipIf(shutil.which("gpg") is None, "gpg is missing")
    def test_gpg_where_git_is_set_so(self):
        home = tempfile.mkdtemp(prefix="gpg-")  # short, as it holds sockets
        self.addCleanup(shutil.rmtree, home, ignore_errors=True)
        gpg = ["gpg", "--homedir", home, "--batch", "--quiet"]
        self.addCleanup(self.run_command, ["gpgconf", "--homedir", home, "--kill", "all"], self.folder)
        self.run_command([*gpg, "--passphrase", "", "--quick-generate-key", "grace@example.com", "ed25519", "sign", "1y"])
        listed = self.run_command([*gpg, "--with-colons", "--list-keys"]).stdout
        fingerprint = next(line.split(":")[9] for line in listed.splitlines() if line.startswith("fpr:"))
        armoured = self.run_command([*gpg, "--armor", "--export", "grace@example.com"]).stdout
        key = {"GNUPGHOME": home}

        def approve(work, check=True):
            work.git("config", "user.email", "grace@example.com")
            return self.tollbar(work, "approve", "origin/main..HEAD", "--reason", "read", "--yes", check=check, **key)

        without = self.changed(self.gated(name="without.git"), "without")
        done = approve(without, check=False)
        self.assertEqual(2, done.returncode)
        self.assertIn("no .tollbar/openpgp_keys on the default branch says whose keys count", done.stdout)
        keys = f"grace@example.com {fingerprint}\n{armoured}"
        work = self.changed(self.gated(**{".tollbar/openpgp_keys": keys}))
        approve(work)
        verified = self.tollbar(work, "approvals", "verify").stdout
        self.assertIn(f"good     ", verified)
        self.assertIn(f"key OpenPGP:{fingerprint}", verified)
        self.assert_accepted(self.push(work))
        self.run_command([*gpg, "--passphrase", "", "--quick-generate-key", "eve@example.com", "ed25519", "sign", "1y"])
        work.git("fetch", "--quiet")
        work.commit({CI_PATH: CI}, GIT_AUTHOR_EMAIL="ada@example.com", GIT_COMMITTER_EMAIL="ada@example.com")
        work.git("config", "user.signingkey", "eve@example.com")
        approve(work)
        self.assert_refused(self.push(work), "its key is not among the OpenPGP keys that count here")

    def test_branch_and_approvals_arrive_together_or_not_at_all(self):
        server = self.gated()
        work = self.changed(server)
        before = server.refs()
        self.approve(work, "ada")
        done = self.tollbar(work, "approvals", "push", "--atomic", check=False, REMOTE_USER="ada")
        self.assertEqual(4, done.returncode)
        self.assertIn("ada is the one who pushes", done.stdout)
        self.assertEqual(before, server.refs())
        self.approve(work, "grace")
        other = server.clone("other")
        other.commit({"README.md": "x\n"})
        self.assert_accepted(other.push("HEAD:main", REMOTE_USER="ada"))
        done = self.tollbar(work, "approvals", "push", "--atomic", check=False, REMOTE_USER="ada")
        self.assertIn("Updates were rejected", done.stdout)  # it is git's to say what to do about the branch
        self.assertNotIn(STORE, " ".join(server.refs()))
        work.git("pull", "--quiet", "--rebase", "origin", "main")
        self.approve(other, "alan", "HEAD", check=False)
        done = self.tollbar(work, "approvals", "push", "origin", "--atomic", REMOTE_USER="ada")
        self.assertEqual("origin has all approvals now, and refs/heads/main with them\n", done.stdout)
        self.assertEqual(work.id(), server.id("main"))

    def test_who_approves_reads_at_once_what_is_still_missing(self):
        work = self.changed(self.gated("rules: {workflow/*: {approvers: [{team: platform, count: 2}, {team: security, count: 1}]}}\n"))
        self.assertIn("warning: not enough yet: grace approved it, but 2 of platform and 1 of security must: 1 of platform and 1 of security",
                      self.approve(work, "grace").stdout)
        self.assertIn("ada is the author of commit", self.approve(work, "ada").stdout)
        self.assertIn("is none of .tollbar/allowed_signers", self.approve(work, "stranger").stdout)
        self.approve(work, "edsger")
        self.assertNotIn("warning", self.approve(work, "alan").stdout)

    def test_a_reason_says_something_and_gives_no_secret_away(self):
        work = self.changed(self.gated())
        done = self.tollbar(work, "approve", "HEAD", "--reason", " \t", "--yes", key="grace", check=False)
        self.assertEqual(2, done.returncode)
        self.assertIn("--reason", done.stdout)
        token = "npm" + "_" + "VdD53X83RZJq7f2gEOzdmenCkhvMdgaKjIg8"
        for command in ("approve", "revoke"):
            self.tollbar(work, command, "HEAD", "--reason", f"needs {token}", *(["--yes"] if command == "approve" else []),
                         "--as", "grace@example.com", key="grace")
        kept = work.git("log", "--format=%B", STORE)
        for line in work.git("ls-tree", "-r", STORE).splitlines():
            kept += base64.b64decode(json.loads(work.git("cat-file", "blob", line.split()[2]))["payload"]).decode()
        self.assertIn("needs npm_Vd***", kept)
        self.assertNotIn(token, kept)

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


if __name__ == "__main__":
    unittest.main()
