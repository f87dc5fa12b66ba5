"""No secret is kept: not in the log, not in marks, not in what people sign."""
import base64
import glob
import json
import os
import unittest

from evidence import People
from support import BLOCKED, CI, NEEDS_APPROVAL


class Secrets(People):
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

    def test_what_somebody_names_a_secret_is_not_kept_whatever_it_looks_like(self):
        """No rule knows `hunter2`: what says that it is a password is the sentence around it."""
        typed = "the shop's password=" + "hunter2-shop and its token: " + "'plain words of mine'"
        parts = ("hunter2-shop", "plain words of mine")
        server = self.people_server()
        grace, linus = self.person(server, "grace"), self.person(server, "linus")
        grace.branch("feature")
        grace.commit(NEEDS_APPROVAL, typed)
        self.assert_accepted(grace.push("feature"))
        self.tollbar_as(linus, "approvals", "fetch")
        linus.git("fetch", "--quiet", "origin", "feature", "refs/tollbar/log:refs/tollbar/log")
        self.tollbar_as(linus, "approve", "origin/main..origin/feature", "--reason", typed, "--yes")
        self.tollbar_as(linus, "revoke", "origin/main..origin/feature", "--reason", typed)
        self.tollbar_as(linus, "evidence", "attach", "1", "--outcome", typed, "--validation", typed, "--note", typed,
                        "--location", "https://ci.example.net/?token=" + parts[0])
        self.tollbar_as(linus, "break-glass", "--rule", "checks/neutered", "--rule", "workflow/changed", "--incident", "INC-7",
                        "--reason", typed, "--expires", "1h")
        linus.commit(BLOCKED, typed)
        self.assert_accepted(linus.push("main", "refs/tollbar/approvals"))
        grace.git("fetch", "--quiet", "origin", "refs/tollbar/approvals:refs/tollbar/approvals")
        self.tollbar_as(grace, "break-glass", "review", "INC-7", "--reason", typed)
        self.assert_accepted(grace.push("refs/tollbar/approvals"))
        self.tollbar(server, "evidence", "attach", "1", "--outcome", typed, "--note", typed)
        kept = self.everything_kept(server)
        self.assertTrue("the shop's password=***(12 characters) and its token: '***" in kept)
        for part in parts:
            self.assertFalse(part in kept, f"{part} is kept")

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


if __name__ == "__main__":
    unittest.main()
