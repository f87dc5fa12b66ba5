"""What the evidence log says of people: who approved, who attached what became of a change."""
import unittest

from evidence import People
from support import NEEDS_APPROVAL


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


if __name__ == "__main__":
    unittest.main()
