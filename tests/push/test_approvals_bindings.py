"""What an approval binds to: a fact, a file with every byte of it, or all that guards the gate."""
import base64
import json
import os
import stat
import unittest

from approving import CI_PATH, PEOPLE, ApprovalTest
from signing import PAYLOAD_TYPE, STORE, Record, canonical, pre_authentication_encoding, put_records
from support import CI

SCRIPT = "scripts/publish.sh"
CHANGED = {SCRIPT: "#!/bin/sh\nnpm publish --access public\n"}


class Files(ApprovalTest):
    """A script that a job with a credential executes is approved as it stands."""

    def approved(self):
        work = self.changed(self.gated(), files=CHANGED)
        self.assertIn("binds to file", self.approve(work, "grace").stdout)
        return work

    def amended(self, work, files):
        work.write(files)
        work.git("commit", "--quiet", "--all", "--amend", "-m", "Other")

    def test_edits_of_other_files_leave_it_in_force(self):
        work = self.approved()
        self.amended(work, {CI_PATH: "# who reads this\n" + CI})
        work.commit({"src/main.c": "int main(void) { return 1; }\n"})
        self.assert_accepted(self.push(work))

    def test_another_byte_of_the_file_ends_it(self):
        work = self.approved()
        self.amended(work, {SCRIPT: CHANGED[SCRIPT] + "# done\n"})
        self.assert_refused(self.push(work), "was given for other surroundings: context file was `100755")

    def test_another_mode_of_the_file_ends_it(self):
        work = self.approved()
        path = os.path.join(work.path, SCRIPT)
        os.chmod(path, os.stat(path).st_mode & ~(stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH))
        self.amended(work, {})
        self.assert_refused(self.push(work), "was given for", "100644")

    def test_another_file_before_it_ends_it(self):
        server = self.gated()
        work = self.changed(server, files=CHANGED)
        self.approve(work, "grace")
        other = server.clone("other")
        other.commit({SCRIPT: "#!/bin/sh\n# release\nnpm publish\n"})
        self.assert_accepted(other.push("HEAD:main", REMOTE_USER="ada"))
        work.git("fetch", "--quiet")
        work.git("reset", "--quiet", "--soft", "origin/main")
        work.git("commit", "--quiet", "--message", "On top of it")
        self.assert_refused(self.push(work, by="ada"), "was given for other surroundings: context file was `100755")


class Guards(ApprovalTest):
    """A policy is approved together with everything else that says who may do what."""
    POLICY = "required_checks: [test]\nrules: {gates/policy-*: {approvers: {teams: [platform]}}}\n"

    def approved(self, name="server"):
        work = self.gated(self.POLICY, name + ".git").clone("work-of-" + name)
        work.commit({".tollbar.yml": PEOPLE + self.POLICY.replace("[test]", "[]")})
        self.assertIn("binds to tree", self.approve(work, "grace").stdout)
        return work

    def test_ordinary_work_leaves_it_in_force(self):
        work = self.approved()
        work.commit({"src/main.c": "int main(void) { return 1; }\n"})
        self.assert_accepted(self.push(work))

    def test_another_guard_in_the_same_commit_ends_it(self):
        for path, text in (("CODEOWNERS", "* @ada\n"), (".tollbar/revoked", "")):
            with self.subTest(path):
                work = self.approved(os.path.basename(path))
                work.write({path: text})
                work.git("add", "--all")
                work.git("commit", "--quiet", "--amend", "-m", "And more")
                self.assert_refused(self.push(work), "was given for other surroundings")


class Purposes(ApprovalTest):
    def test_a_signature_that_was_made_for_something_else(self):
        """Whoever gets somebody to sign a file for git has no approval of theirs."""
        work = self.changed(self.gated())
        self.approve(work, "grace")
        records = []
        for line in work.git("ls-tree", "-r", STORE).splitlines():
            statement = json.loads(base64.b64decode(json.loads(work.git("cat-file", "blob", line.split()[2]))["payload"]))
            message = self.path("message")
            with open(message, "wb") as file:
                file.write(pre_authentication_encoding(PAYLOAD_TYPE, canonical(statement)))
            self.run_command(["ssh-keygen", "-q", "-Y", "sign", "-n", "git", "-f", self.keys["grace"], message])
            with open(message + ".sig", encoding="utf-8") as file:
                records.append(Record(statement, file.read()))
            os.remove(message + ".sig")
        work.git("update-ref", "-d", STORE)
        put_records(work, *records)
        self.assert_refused(self.push(work), "does not count: it was signed in the namespace `git`, not in `tollbar`")


if __name__ == "__main__":
    unittest.main()
