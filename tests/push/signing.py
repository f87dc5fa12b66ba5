"""Keys of people and records that they sign, made without tollbar: DSSE and in-toto as their specifications have them."""
import base64
import hashlib
import json
import os

from support import PushTest

PAYLOAD_TYPE = "application/vnd.in-toto+json"
STORE = "refs/tollbar/approvals"


def canonical(value):
    """RFC 8785 for what records hold: texts of ASCII, lists, objects, small numbers."""
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()


def pre_authentication_encoding(payload_type, payload):
    return b"DSSEv1 %d %s %d %s" % (len(payload_type), payload_type.encode(), len(payload), payload)


def fact(**more):
    return {"repository": "example.org/shop", "ref": "refs/heads/main", "path": ".github/workflows/ci.yml",
            "rule": "workflow/runner-changed", "subject": "job test", "before": "ubuntu-24.04", "after": "self-hosted",
            "context": "", **more}


def fingerprint(of):
    return hashlib.sha256(canonical({**of, "schema": 1})).hexdigest()


def approval(of, approver, **more):
    digest = fingerprint(of)
    return {"_type": "https://in-toto.io/Statement/v1",
            "subject": [{"name": f"{of['rule']} {of['path']}", "digest": {"sha256": digest}}],
            "predicateType": "https://tollbar.dev/approval/v1",
            "predicate": {"fact": of, "fingerprint": digest, "binding": "fact", "reason": "the new runner is ours",
                          "created": "2026-01-01T00:00:00Z", "expires": "2100-01-01T00:00:00Z", "approver": approver,
                          "relayedFor": "", "tollbarVersion": "0.1.0", "policyDigest": "0" * 64, "nonce": os.urandom(16).hex(), **more}}


class Record:
    """A statement with its signature, under the name that the store gives it."""

    def __init__(self, statement, signature, keyid="SHA256:unknown"):
        self.payload = canonical(statement)
        envelope = {"payload": base64.b64encode(self.payload).decode(), "payloadType": PAYLOAD_TYPE,
                    "signatures": [{"keyid": keyid, "sig": base64.b64encode(signature.encode()).decode()}]}
        self.bytes = canonical(envelope) + b"\n"
        self.fingerprint = statement["predicate"]["fingerprint"]
        self.digest = hashlib.sha256(self.bytes).hexdigest()
        self.path = f"{self.fingerprint[:2]}/{self.fingerprint}/{self.digest}.json"


class SigningTest(PushTest):
    """People with keys."""

    def key(self, name, kind="ed25519"):
        """Makes a key; the words of its public half."""
        path = self.path("keys", name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        self.run_command(["ssh-keygen", "-q", "-t", kind, "-N", "", "-C", "", "-f", path])
        with open(path + ".pub", encoding="utf-8") as file:
            return " ".join(file.read().split()[:2])

    def signer_line(self, principal, name, options='namespaces="tollbar"'):
        return f"{principal} {options} {self.key(name)}\n"

    def sign(self, message, name, namespace="tollbar"):
        path = self.write_file("keys/message", "")
        with open(path, "wb") as file:
            file.write(message)
        self.run_command(["ssh-keygen", "-q", "-Y", "sign", "-n", namespace, "-f", self.path("keys", name), path])
        with open(path + ".sig", encoding="utf-8") as file:
            signature = file.read()
        os.remove(path + ".sig")
        return signature

    def record(self, statement, name, namespace="tollbar"):
        return Record(statement, self.sign(pre_authentication_encoding(PAYLOAD_TYPE, canonical(statement)), name, namespace))


def put(clone, files, parents=None, ref=STORE, mode="100644"):
    """Commits `files` (path -> bytes, None takes it away) on top of what the reference holds, by git's plumbing alone."""
    tip = clone.git("rev-parse", "--verify", "--quiet", ref, check=False)
    if parents is None:
        parents = [tip] if tip else []
    index = os.path.join(clone.path, ".git", "store-index")
    environment = {"GIT_INDEX_FILE": index}
    clone.git("read-tree", parents[0] if parents else "--empty", **environment)
    for path, content in files.items():
        if content is None:
            clone.git("update-index", "--force-remove", path, **environment)
            continue
        blob = os.path.join(clone.path, ".git", "store-blob")
        with open(blob, "wb") as file:
            file.write(content)
        name = clone.git("hash-object", "-w", blob)
        clone.git("update-index", "--add", "--cacheinfo", f"{mode},{name},{path}", **environment)
    tree = clone.git("write-tree", **environment)
    words = [word for parent in parents for word in ("-p", parent)]
    commit = clone.git("commit-tree", "-m", "Records", *words, tree)
    clone.git("update-ref", ref, commit)
    os.remove(index)
    return commit


def put_records(clone, *records):
    return put(clone, {record.path: record.bytes for record in records})
