"""Where the policy asks for a touch: signatures of security keys in real pushes, with and without somebody present."""
import base64
import json
import unittest

from approving import PRINCIPALS, ApprovalTest
from security_keys import MISSING, PRESENT, SecurityKey
from signing import PAYLOAD_TYPE, STORE, Record, pre_authentication_encoding, put_records


@unittest.skipIf(MISSING, "openssl is missing")
class Touch(ApprovalTest):
    KINDS = ("ed25519", "ecdsa")

    def server_with(self, key, policy):
        signers = f'grace@example.com namespaces="tollbar" {key.public_key()}\n' + "".join(
            self.signer(name) for name in PRINCIPALS[:-1] if name != "grace")
        return self.gated(policy, f"{key.kind}.git", signers)

    def approve_with(self, work, key, **how):
        """What Grace approves, signed by a security key instead of the key of a file."""
        work.git("update-ref", "-d", STORE)
        self.approve(work, "grace")
        records = []
        for line in work.git("ls-tree", "-r", STORE).splitlines():
            statement = json.loads(base64.b64decode(json.loads(work.git("cat-file", "blob", line.split()[2]))["payload"]))
            record = Record(statement, "")
            records.append(Record(statement, key.sign(pre_authentication_encoding(PAYLOAD_TYPE, record.payload), **how)))
        work.git("update-ref", "-d", STORE)
        put_records(work, *records)

    def each(self, policy="approvals: {require_touch: true}\n"):
        for kind in self.KINDS:
            with self.subTest(kind):
                key = SecurityKey(kind, self.path("security", kind))
                server = self.server_with(key, policy)
                yield key, server, self.changed(server, f"work-{kind}")

    def test_a_touch_is_accepted_and_its_absence_refused(self):
        for key, _, work in self.each():
            self.approve_with(work, key, flags=0)
            self.assert_refused(self.push(work), "it was not signed by touching a security key, which the policy asks for (require_touch)")
            self.approve_with(work, key, flags=PRESENT)
            self.assertIn("2 of 2 records are good", self.tollbar(work, "approvals", "verify").stdout)
            self.assert_accepted(self.push(work))

    def test_a_key_in_a_file_is_no_touch(self):
        for _, _, work in self.each():
            self.approve(work, "alan")
            self.assert_refused(self.push(work), "require_touch")

    def test_a_touch_cannot_be_claimed_afterwards(self):
        for key, _, work in self.each():
            self.approve_with(work, key, flags=0, claimed_flags=PRESENT)
            self.assert_refused(self.push(work), "the signature does not fit what it stands under")

    def test_where_no_touch_is_asked_for_the_key_counts_without(self):
        for key, _, work in self.each(policy=""):
            self.approve_with(work, key, flags=0)
            self.assert_accepted(self.push(work))

    def test_ssh_keygen_takes_these_signatures_too(self):
        for kind in self.KINDS:
            key = SecurityKey(kind, self.path("security", kind))
            signers = self.write_file("signers", f'grace@example.com namespaces="tollbar" {key.public_key()}\n')
            signature = self.write_file("signature", key.sign(b"words", PRESENT))
            done = self.run_command(["ssh-keygen", "-Y", "verify", "-f", signers, "-I", "grace@example.com", "-n", "tollbar", "-s", signature],
                                    stdin="words")
            self.assertIn("Good", done.stdout)


if __name__ == "__main__":
    unittest.main()
