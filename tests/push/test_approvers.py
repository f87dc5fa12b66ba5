"""Who may approve, how many of them, and that nobody makes two approvals of one."""
import base64
import hashlib
import json
import os
import unittest

from approving import CI_PATH, PEOPLE, ApprovalTest, canonical
from signing import STORE, put
from support import NEEDS_APPROVAL


class Disguised(ApprovalTest):
    """An approval is what was signed. Another envelope around it, or the other of two signatures that ECDSA has for it, is none more."""

    def disguise(self, work, change):
        """Adds every approval once more, its envelope changed."""
        files = {}
        for line in work.git("ls-tree", "-r", STORE).splitlines():
            _, _, blob, path = line.split()
            envelope = json.loads(work.git("cat-file", "blob", blob))
            if b"tollbar.dev/approval/v1" in base64.b64decode(envelope["payload"]):
                change(envelope["signatures"][0])
                record = canonical(envelope) + b"\n"
                files[f"{os.path.dirname(path)}/{hashlib.sha256(record).hexdigest()}.json"] = record
        put(work, files)

    @staticmethod
    def other_hint(signature):
        signature["keyid"] = "SHA256:somebody"

    @staticmethod
    def other_half(signature):
        """(r, n - s) fits what (r, s) fits."""
        lines = base64.b64decode(signature["sig"]).decode().splitlines()
        raw = base64.b64decode("".join(lines[1:-1]))
        order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551

        def take(data):
            size = int.from_bytes(data[:4], "big")
            return data[4:4 + size], data[4 + size:]

        def with_size(data):
            return len(data).to_bytes(4, "big") + data

        head, rest = raw[:10], raw[10:]
        fields = []
        while rest:
            field, rest = take(rest)
            fields.append(field)
        kind, inner = take(fields[-1])
        r, s = take(take(inner)[0])
        other = order - int.from_bytes(take(s)[0], "big")
        fields[-1] = with_size(kind) + with_size(with_size(r) + with_size(other.to_bytes(other.bit_length() // 8 + 1, "big")))
        text = base64.b64encode(head + b"".join(map(with_size, fields))).decode()
        body = [text[at:at + 70] for at in range(0, len(text), 70)]
        signature["sig"] = base64.b64encode("\n".join([lines[0], *body, lines[-1], ""]).encode()).decode()

    def test_what_was_used_stays_used(self):
        work = self.reintroduced()
        self.disguise(work, self.other_hint)
        self.assert_refused(self.push(work), "it was used on")

    def test_what_was_revoked_stays_revoked(self):
        os.remove(self.keys["grace"])
        self.run_command(["ssh-keygen", "-q", "-t", "ecdsa", "-N", "", "-C", "grace", "-f", self.keys["grace"]])
        work = self.changed(self.gated())
        self.approve(work, "grace")
        self.tollbar(work, "revoke", "origin/main..HEAD", "--reason", "the runner was sold", "--as", "alan@example.com", key="alan")
        self.disguise(work, self.other_hint)
        self.disguise(work, self.other_half)
        self.assertNotIn("refused", self.tollbar(work, "approvals", "verify").stdout)  # so each signature fits
        self.assertNotIn("in force until", "".join(
            line for line in self.tollbar(work, "approvals", "list").stdout.splitlines() if "  approval  " in line))
        self.assert_refused(self.push(work), "alan@example.com revoked it on")

    def test_nobody_is_two_people(self):
        work = self.changed(self.gated("rules: {workflow/*: {approvers: [{team: platform, count: 2}]}}\n"))
        self.approve(work, "grace")
        self.disguise(work, self.other_hint)
        self.assert_refused(self.push(work), "1 of platform still missing")


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

    def test_one_of_a_team_for_a_trigger_on_a_path_of_a_reference(self):
        policy = ('protected: [main, "release/*"]\ntriggers: {workflow-change: {approvers: {teams: [security]}}}\n'
                  'approvals: {also: [{path: ".github/**", ref: "release/*", approvers: [{team: platform}]}]}\n')
        server = self.gated(policy)
        server.git("branch", "release/1", "main")
        work = self.changed(server)
        self.approve(work, "grace")
        self.assert_refused(self.push(work), "grace approved it, but 1 of security must")
        self.approve(work, "edsger", "origin/main..HEAD")
        self.approve(work, "edsger", "origin/main..HEAD", "--ref", "release/1")
        self.assert_refused(self.push(work, "HEAD:release/1"), "edsger approved it, but 1 of security and 1 of platform must: 1 of platform still missing")
        self.assert_accepted(self.push(work))
        self.approve(work, "grace", "HEAD~1..HEAD", "--ref", "release/1")
        self.assert_accepted(self.push(work, "HEAD:release/1"))

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


if __name__ == "__main__":
    unittest.main()
