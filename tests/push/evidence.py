"""The evidence log as a stranger reads it, and a server whose people have keys: what tests of evidence share."""
import base64
import glob
import json
import os
import re

from support import BASE, BINARY, PushTest

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
            key = " ".join(self.read(person + ".pub").split()[:2])
            signers += f'{person}@example.com namespaces="tollbar" {key}\n'
        self.signers = signers

    def read(self, name):
        with open(self.path(name), encoding="utf-8") as file:
            return file.read()

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
