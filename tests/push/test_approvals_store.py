"""The store of approvals: what a push may do to it, how clones exchange it, and what other programs make of a record."""
import base64
import hashlib
import json
import os
import shutil
import subprocess
import threading
import unittest

from signing import PAYLOAD_TYPE, STORE, Record, SigningTest, approval, fact, pre_authentication_encoding, put, put_records
from support import BINARY, CI, NEEDS_APPROVAL

ADA, BOB = "ada@example.com", "bob@example.com"


class StoreTest(SigningTest):
    """A server whose main branch names Ada and Bob as signers."""

    def setUp(self):
        super().setUp()
        self.signers = self.signer_line(ADA, "ada") + self.signer_line(BOB, "bob")

    def trusting_server(self, **more):
        return self.server(files={"src/main.c": "int main(void) { return 0; }\n", ".tollbar/allowed_signers": self.signers, **more})

    def about(self, subject, approver=ADA, key="ada", **more):
        return self.record(approval(fact(subject=subject), approver, **more), key)

    def tollbar(self, clone, *words, check=True, **environment):
        return self.run_command([BINARY, *words], clone.path, check, "", self.environment(**environment))

    def stored(self, server):
        return set(server.git("ls-tree", "-r", "--name-only", STORE).split())


class Pushes(StoreTest):
    def test_records_are_added(self):
        server = self.trusting_server()
        work = server.clone()
        first, second = self.about("job test"), self.about("job lint")
        put_records(work, first)
        push = work.push(STORE)
        self.assert_accepted(push)
        self.assertEqual([], push.lines())
        put_records(work, second)
        self.assert_accepted(work.push(STORE))
        self.assertEqual({first.path, second.path}, self.stored(server))

    def test_with_the_branch_in_one_push(self):
        server = self.trusting_server()
        work = server.clone()
        work.commit({"src/a.c": "int a;\n"})
        put_records(work, self.about("job test"))
        self.assert_accepted(work.push("--atomic", "main", STORE))
        work.commit({"src/b.c": "int b;\n"})
        put(work, {"README": b"no record"})
        before = server.refs()
        self.assert_refused(work.push("--atomic", "main", STORE), "ref/approvals-damaged")
        self.assertEqual(before, server.refs())

    def test_a_merge_of_two_histories_is_a_union(self):
        server = self.trusting_server()
        ada, bob = server.clone("ada"), server.clone("bob")
        ours, theirs = self.about("job test"), self.about("job lint", BOB, "bob")
        put_records(ada, ours)
        put_records(bob, theirs)
        self.assert_accepted(ada.push(STORE))
        self.assertFalse(bob.push(STORE).accepted)
        self.assert_refused(bob.push("--force", STORE), "leaves out records that are there")
        bob.git("fetch", "--quiet", "origin", STORE)
        put(bob, {ours.path: ours.bytes}, parents=[bob.id(STORE), bob.id("FETCH_HEAD")])
        self.assert_accepted(bob.push(STORE))
        self.assertEqual({ours.path, theirs.path}, self.stored(server))

    def test_nothing_is_taken_away(self):
        server = self.trusting_server()
        work = server.clone()
        first, second = self.about("job test"), self.about("job lint")
        start = put_records(work, first, second)
        self.assert_accepted(work.push(STORE))
        refused = {
            "a record taken away": lambda: put(work, {first.path: None}),
            "taken away and put back": lambda: (put(work, {first.path: None}), put(work, {first.path: first.bytes})),
            "a record changed": lambda: put(work, {first.path: second.bytes}),
            "a mode changed": lambda: put(work, {first.path: first.bytes}, mode="100755"),
            "a merge that drops": lambda: put(work, {second.path: None}, parents=[start, put_records(work, self.about("x"))]),
        }
        for name, change in refused.items():
            with self.subTest(name):
                work.git("update-ref", STORE, start)
                change()
                self.assert_refused(work.push(STORE), "ref/approvals-damaged", "records are only ever added")
        work.git("update-ref", STORE, start)
        self.assert_refused(work.push("--delete", STORE), "ref/approvals-damaged", "kept for good")
        self.assertEqual({first.path, second.path}, self.stored(server))

    def test_only_records_are_added(self):
        server = self.trusting_server()
        work = server.clone()
        record, other = self.about("job test"), self.about("job lint")
        statement = approval(fact(), ADA)
        statement["predicate"]["more"] = "unknown"
        foreign = {**approval(fact(), ADA), "predicateType": "https://example.org/other/v1"}
        elsewhere = f"{other.path[:68]}{record.digest}.json"
        spaced = record.bytes.replace(b',"payloadType"', b', "payloadType"')
        refused = {
            "any file": ({"README": b"text"}, "not where a record lies"),
            "another name": ({record.path.replace(record.digest, "0" * 64): record.bytes}, "not named after its digest"),
            "under another fact": ({elsewhere: record.bytes}, "another `fingerprint`"),
            "another spelling": (self.named(record, spaced), "written by another program"),
            "no JSON": (self.named(record, b"text\n"), "no JSON object"),
            "no statement": (self.named(record, self.record_of(b"{}")), "is no record"),
            "unknown members": ({self.record(statement, "ada").path: self.record(statement, "ada").bytes}, "does not know"),
            "a foreign type": ({self.record(foreign, "ada").path: self.record(foreign, "ada").bytes}, "have no place here"),
            "too large": (self.named(record, b" " * 70_000), "larger than"),
        }
        for name, (files, why) in refused.items():
            with self.subTest(name):
                work.git("update-ref", "-d", STORE)
                put(work, files)
                self.assert_refused(work.push(STORE), "ref/approvals-damaged", why)
        self.assert_refused(work.push(f"main:{STORE}"), "ref/approvals-damaged")
        work.git("tag", "-a", "-m", "Tag", "store", put(work, {record.path: record.bytes}))
        self.assert_refused(work.push(f"refs/tags/store:{STORE}"), "ref/approvals-damaged")
        self.assertNotIn(STORE, " ".join(server.refs()))

    @staticmethod
    def named(record, content):
        """Under its digest, beside a record."""
        return {f"{record.path[:68]}{hashlib.sha256(content).hexdigest()}.json": content}

    def record_of(self, payload):
        made = object.__new__(Record)
        envelope = {"payload": base64.b64encode(payload).decode(), "payloadType": PAYLOAD_TYPE,
                    "signatures": [{"keyid": "", "sig": ""}]}
        made.bytes = json.dumps(envelope, separators=(",", ":")).encode() + b"\n"
        return made.bytes

    def test_the_log_stays_the_servers_own(self):
        server = self.trusting_server()
        work = server.clone()
        put_records(work, self.about("job test"))
        for name in ("refs/tollbar/log", "refs/tollbar/approvals/more", "refs/tollbar/Approvals"):
            self.assert_refused(work.push(f"{STORE}:{name}"), "ref/record-written")

    def test_what_people_sign_is_not_taken_for_code(self):
        """A reason that looks like a secret stays a record; code stays code, whatever reference brings it."""
        server = self.trusting_server()
        work = server.clone()
        put_records(work, self.about("job test", reason="replaces AKIA" + "Q3EGR7XKZ5WVLM2N"))
        self.assert_accepted(work.push(STORE))
        work.commit(NEEDS_APPROVAL)
        work.git("update-ref", STORE, put(work, {}, parents=[work.id(STORE), work.id()]))
        self.assert_refused(work.push(STORE), "ref/approvals-damaged")
        work.git("update-ref", STORE, "HEAD")
        self.assert_refused(work.push("--force", STORE), "ref/approvals-damaged")


class Exchange(StoreTest):
    def test_clones_exchange_what_people_signed(self):
        server = self.trusting_server()
        ada, bob = server.clone("ada"), server.clone("bob")
        ours, theirs = self.about("job test"), self.about("job lint", BOB, "bob")
        put_records(ada, ours)
        put_records(bob, theirs)
        self.assertIn("0 new records from origin", self.tollbar(ada, "approvals", "fetch").stdout)
        self.assertIn("origin has all approvals now", self.tollbar(ada, "approvals", "push").stdout)
        self.assertIn("origin has all approvals now; 1 new record came from there", self.tollbar(bob, "approvals", "push").stdout)
        self.assertIn("had all approvals already", self.tollbar(bob, "approvals", "push", "origin").stdout)
        self.assertEqual({ours.path, theirs.path}, self.stored(server))
        self.assertIn("1 new record from origin", self.tollbar(ada, "approvals", "fetch").stdout)
        self.assertEqual(server.id(STORE), ada.id(STORE))
        server.assert_sound()

    def test_many_push_at_once_and_nothing_is_lost(self):
        server = self.trusting_server()
        clones = [server.clone(f"clone{number}") for number in range(6)]
        records = [[self.about(f"job {number} {each}") for each in range(3)] for number in range(6)]
        failed = []

        def work(clone, own):
            for record in own:
                put_records(clone, record)
                done = subprocess.run([BINARY, "approvals", "push"], cwd=clone.path, env=self.environment(), text=True,
                                      stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
                if done.returncode:
                    failed.append(done.stdout)

        threads = [threading.Thread(target=work, args=pair) for pair in zip(clones, records)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual([], failed)
        self.assertEqual({record.path for own in records for record in own}, self.stored(server))
        server.assert_sound()

    def test_what_the_server_says_is_told(self):
        server = self.trusting_server()
        work = server.clone()
        put(work, {"README": b"text"})
        done = self.tollbar(work, "approvals", "push", check=False)
        self.assertEqual(4, done.returncode)
        self.assertIn("ref/approvals-damaged", done.stdout)
        done = self.tollbar(work, "approvals", "fetch", "nowhere", check=False)
        self.assertEqual(4, done.returncode)
        self.assertIn("nowhere", done.stdout)

    def test_an_unsound_store_of_another_is_not_taken_in(self):
        server = self.server(hooks=())
        work = server.clone()
        put(work, {"README": b"text"})
        self.assert_accepted(work.push(STORE))
        work.git("update-ref", "-d", STORE)
        done = self.tollbar(work, "approvals", "fetch", check=False)
        self.assertEqual(4, done.returncode)
        self.assertIn("not where a record lies", done.stdout)
        self.assertEqual("", work.git("for-each-ref", STORE))


class Reading(StoreTest):
    def test_good_records_and_bad_ones_are_told_apart(self):
        server = self.trusting_server()
        work = server.clone()
        good = self.about("job test")
        bob = self.about("job lint", BOB, "bob")
        other_person = self.about("job docs", ADA, "bob")
        wrong_namespace = self.record(approval(fact(subject="job a"), ADA), "ada", "git")
        statement = approval(fact(subject="job b"), ADA)
        tampered = Record({**statement, "predicate": {**statement["predicate"], "reason": "changed"}},
                          self.sign(pre_authentication_encoding(PAYLOAD_TYPE, self.record(statement, "ada").payload), "ada"))
        self.key("stranger")
        stranger = self.about("job c", ADA, "stranger")
        put_records(work, good, bob)
        done = self.tollbar(work, "approvals", "verify")
        self.assertIn("2 of 2 records are good", done.stdout)
        self.assertIn(f"good     {good.digest[:12]}  approval of {ADA}, key SHA256:", done.stdout)
        put_records(work, other_person, wrong_namespace, tampered, stranger)
        put(work, {"README": b"text"})
        done = self.tollbar(work, "approvals", "verify", check=False)
        self.assertEqual(1, done.returncode)
        for record, why in ((other_person, f"it claims to be signed by {ADA}, but is by {BOB}"),
                            (wrong_namespace, "signed in the namespace `git`, not in `tollbar`"),
                            (tampered, "the signature does not fit what it stands under"),
                            (stranger, "is none of")):
            line = next(line for line in done.stdout.splitlines() if record.digest[:12] in line)
            self.assertTrue(line.startswith("refused  "), line)
            self.assertIn(why, line)
        self.assertIn("refused  README is not where a record lies", done.stdout)
        self.assertIn("2 of 7 records are good", done.stdout)

    def test_lists_say_what_became_of_each(self):
        server = self.trusting_server()
        work = server.clone()
        standing = self.about("job test")
        expired = self.about("job lint", expires="2026-01-02T00:00:00Z")
        taken_back = self.about("job docs")
        revocation = self.record(
            {"_type": "https://in-toto.io/Statement/v1",
             "subject": [{"name": "approval", "digest": {"sha256": taken_back.digest}}],
             "predicateType": "https://tollbar.dev/revocation/v1",
             "predicate": {"approval": taken_back.digest, "fingerprint": taken_back.fingerprint, "reason": "a mistake",
                           "created": "2026-01-03T00:00:00Z", "revoker": BOB}}, "bob")
        put_records(work, standing, expired, taken_back, revocation)
        text = self.tollbar(work, "approvals", "list").stdout
        self.assertIn(f"{standing.digest[:12]}  approval    in force until 2100-01-01T00:00:00Z by {ADA}\n"
                      "  workflow/runner-changed: .github/workflows/ci.yml (job test) for refs/heads/main\n"
                      "  the new runner is ours\n", text)
        self.assertIn(f"{expired.digest[:12]}  approval    expired until 2026-01-02T00:00:00Z by {ADA}", text)
        self.assertIn(f"{taken_back.digest[:12]}  approval    revoked until", text)
        self.assertIn(f"  takes back {taken_back.digest[:12]}\n  a mistake\n", text)
        listed = json.loads(self.tollbar(work, "approvals", "list", "-o", "json").stdout)["records"]
        self.assertEqual({standing.digest: "in force", expired.digest: "expired", taken_back.digest: "revoked",
                          revocation.digest: "in force"}, {each["digest"]: each["standing"] for each in listed})
        shown = self.tollbar(work, "approvals", "show", taken_back.digest[:8]).stdout
        for words in (taken_back.digest, f"revoked by   {revocation.digest}", "after        self-hosted", "binds to     fact"):
            self.assertIn(words, shown)
        self.assertEqual(fact(subject="job test"), json.loads(
            self.tollbar(work, "approvals", "show", "-o", "json", standing.digest).stdout)["records"][0]["fact"])
        self.assertEqual(2, self.tollbar(work, "approvals", "show", "ffffffffffff", check=False).returncode)

    def test_a_list_can_be_about_a_change(self):
        server = self.trusting_server(**{".github/workflows/ci.yml": CI})
        work = server.clone()
        work.branch("feature")
        work.commit(NEEDS_APPROVAL)
        about_it = self.record(approval(fact(rule="workflow/runner-self-hosted"), ADA), "ada")
        put_records(work, about_it, self.record(approval(fact(path="other.yml"), ADA), "ada"), self.about("job lint"))
        for words in (("feature",), ("main..feature",), ("HEAD",)):
            listed = json.loads(self.tollbar(work, "approvals", "list", *words, "-o", "json").stdout)["records"]
            self.assertEqual([about_it.digest], [each["digest"] for each in listed])
        self.assertEqual("", self.tollbar(work, "approvals", "list", "main").stdout)

    def test_a_revocation_that_nobody_signed_revokes_nothing(self):
        server = self.trusting_server()
        work = server.clone()
        record = self.about("job test")
        self.key("stranger")
        forged = self.record(
            {"_type": "https://in-toto.io/Statement/v1",
             "subject": [{"name": "approval", "digest": {"sha256": record.digest}}],
             "predicateType": "https://tollbar.dev/revocation/v1",
             "predicate": {"approval": record.digest, "fingerprint": record.fingerprint, "reason": "a mistake",
                           "created": "2026-01-03T00:00:00Z", "revoker": BOB}}, "stranger")
        put_records(work, record, forged)
        listed = json.loads(self.tollbar(work, "approvals", "list", "-o", "json").stdout)["records"]
        self.assertEqual({record.digest: "in force", forged.digest: "refused"}, {each["digest"]: each["standing"] for each in listed})

    def test_the_signers_are_those_of_the_default_branch(self):
        server = self.trusting_server()
        work = server.clone()
        self.key("eve")
        put_records(work, self.about("job test", ADA, "eve"))
        work.branch("feature")
        with open(self.path("keys", "eve.pub"), encoding="utf-8") as file:
            line = f'{ADA} namespaces="tollbar" {file.read()}'
        work.commit({".tollbar/allowed_signers": line})
        self.assertEqual(1, self.tollbar(work, "approvals", "verify", check=False).returncode)

    def test_files_of_signers_that_cannot_be_trusted_stop_it(self):
        good = self.about("job test")
        with open(self.path("keys", "ada.pub"), encoding="utf-8") as file:
            bare = f"{ADA} {file.read()}"
        cases = {
            "malformed": ({".tollbar/allowed_signers": self.signers + "nonsense\n"}, "allowed_signers:3: there is no key"),
            "any purpose": ({".tollbar/allowed_signers": bare}, "allowed_signers:1: the key of ada@example.com signs for every purpose"),
            "no signers": ({".tollbar/allowed_signers": None, "src/a.c": "int a;\n"}, "nobody may sign approvals"),
            "revocations missing": ({".tollbar.yml": "version: 1\napprovals: {revoked: keys.krl}\n"}, "keys.krl is missing: no signature can be trusted"),
            "revocations damaged": ({".tollbar/revoked": "SSHKRL\n"}, ".tollbar/revoked: line 1 is neither"),
        }
        for number, (name, (files, why)) in enumerate(cases.items()):
            with self.subTest(name):
                kept = {path: text for path, text in files.items() if text is not None}
                base = {"src/main.c": "int main(void) { return 0; }\n", ".tollbar/allowed_signers": self.signers}
                server = self.server(f"server{number}.git", {**{path: text for path, text in base.items() if path not in files}, **kept})
                work = server.clone(f"work{number}")
                put_records(work, good)
                done = self.tollbar(work, "approvals", "verify", check=False)
                self.assertEqual(2, done.returncode, done.stdout)
                self.assertIn(why, done.stdout)

    def test_a_revoked_key_and_a_missing_ssh_keygen(self):
        self.signers += self.key_line("rsa", "cleo@example.com")
        record, by_rsa = self.about("job test"), self.about("job lint", "cleo@example.com", "rsa")
        with open(self.path("keys", "ada.pub"), encoding="utf-8") as file:
            server = self.trusting_server(**{".tollbar/revoked": file.read()})
        work = server.clone()
        put_records(work, record, by_rsa)
        done = self.tollbar(work, "approvals", "verify", check=False)
        self.assertIn("is revoked by", done.stdout)
        self.assertIn("good     " + by_rsa.digest[:12], done.stdout)
        programs = self.path("programs")
        os.makedirs(programs)
        os.symlink(shutil.which("git"), os.path.join(programs, "git"))
        done = self.tollbar(work, "approvals", "verify", check=False, PATH=programs)
        self.assertIn("a signature by an RSA key cannot be verified here without ssh-keygen", done.stdout)

    def key_line(self, kind, principal):
        return f'{principal} namespaces="tollbar" {self.key(kind, kind)}\n'


class OtherPrograms(StoreTest):
    """What tollbar stores is what others read: DSSE by its specification, SSHSIG by ssh-keygen, Ed25519 by OpenSSL."""

    def test_a_record_is_taken_apart_and_verified_without_tollbar(self):
        server = self.trusting_server()
        work = server.clone()
        record = self.about("job test")
        put_records(work, record)
        self.assert_accepted(work.push(STORE))
        self.assertIn("1 of 1 record is good", self.tollbar(work, "approvals", "verify").stdout)
        envelope = json.loads(server.git("show", f"{STORE}:{record.path}"))
        decoded = self.run_command(["base64", "-d"], stdin=envelope["payload"]).stdout
        message = pre_authentication_encoding(envelope["payloadType"], decoded.encode())
        signature = base64.b64decode(envelope["signatures"][0]["sig"])
        self.verify_with_ssh_keygen(message, signature)
        self.verify_with_openssl(message, signature)

    def verify_with_ssh_keygen(self, message, signature, principal=ADA):
        self.write_file("signers", self.signers)
        self.write_file("record.sig", signature.decode())
        words = ["ssh-keygen", "-Y", "verify", "-f", "signers", "-I", principal, "-n", "tollbar", "-s", "record.sig"]
        self.assertIn("Good", self.run_command(words, stdin=message.decode()).stdout)
        self.assertNotEqual(0, self.run_command(words, check=False, stdin=message.decode() + " ").returncode)

    def verify_with_openssl(self, message, signature):
        """SSHSIG by hand: the key, the digest and the signature in it, put to OpenSSL."""
        if shutil.which("openssl") is None:
            return
        raw = base64.b64decode("".join(signature.decode().splitlines()[1:-1]))
        self.assertEqual(b"SSHSIG\0\0\0\1", raw[:10])
        fields, rest = [], raw[10:]
        while rest:
            size = int.from_bytes(rest[:4], "big")
            fields.append(rest[4:4 + size])
            rest = rest[4 + size:]
        key, namespace, reserved, digest_name, inner = fields
        self.assertEqual((b"tollbar", b""), (namespace, reserved))
        digest = hashlib.new(digest_name.decode(), message).digest()
        signed = b"SSHSIG" + b"".join(len(part).to_bytes(4, "big") + part for part in (namespace, b"", digest_name, digest))
        self.write_bytes("signed", signed)
        self.write_bytes("signature", inner[-64:])
        # The frame of X.509 around an Ed25519 key (RFC 8410).
        self.write_bytes("key.der", bytes.fromhex("302a300506032b6570032100") + key[-32:])
        self.run_command(["openssl", "pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-inkey", "key.der", "-rawin", "-in", "signed",
                          "-sigfile", "signature"])

    def write_bytes(self, name, content):
        with open(self.path(name), "wb") as file:
            file.write(content)


if __name__ == "__main__":
    unittest.main()
