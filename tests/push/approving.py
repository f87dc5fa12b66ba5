"""People with keys and a server that knows who pushes: what tests of approvals share."""
import base64
import hashlib
import json
import os
import subprocess

from support import BASE, BINARY, CI, NEEDS_APPROVAL, PushTest

CI_PATH = ".github/workflows/ci.yml"
PEOPLE = """\
version: 1
people:
  ada: {principals: [ada@example.com, ada-phone@example.com], emails: [ada@example.com, ada@home.example], logins: [ada]}
  grace: {principals: [grace@example.com], emails: [grace@example.com], logins: [grace]}
  alan: {principals: [alan@example.com], emails: [alan@example.com], logins: [alan]}
  edsger: {principals: [edsger@example.com], emails: [edsger@example.com], logins: [edsger]}
  relay: {kind: service, principals: [relay@example.com], relays: true}
  builder: {kind: service, principals: [builder@example.com], emails: [builder@example.com], logins: [builder]}
  helper: {kind: agent, principals: [helper@example.com]}
teams: {platform: [ada, grace, alan], security: [edsger]}
"""
PRINCIPALS = ("ada", "ada-phone", "grace", "alan", "edsger", "relay", "builder", "helper", "stranger")
SELF_HOSTED = NEEDS_APPROVAL[CI_PATH]


def canonical(value):
    """RFC 8785, for what records hold."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


class ApprovalTest(PushTest):
    def setUp(self):
        super().setUp()
        self.keys = {}
        for name in PRINCIPALS:
            self.keys[name] = self.path("keys", name)
            os.makedirs(self.path("keys"), exist_ok=True)
            self.run_command(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", self.keys[name]])

    def signer(self, name, options='namespaces="tollbar"'):
        with open(self.keys[name] + ".pub", encoding="utf-8") as file:
            kind, key = file.read().split()[:2]
        return f"{name}@example.com {options} {kind} {key}\n"

    def gated(self, policy="", name="server.git", signers=None, **files):
        """A server that knows who pushes, with people and their keys in the base."""
        trusted = {".tollbar.yml": PEOPLE + policy,
                   ".tollbar/allowed_signers": "".join(map(self.signer, PRINCIPALS[:-1])) if signers is None else signers}
        server = self.server(name, {**BASE, **trusted, **files})
        server.git("config", "tollbar.provider", "http")
        return server

    def tollbar(self, work, *words, key=None, check=True, **environment):
        more = {}
        if key:
            settings = {"gpg.format": "ssh", "user.signingkey": self.keys[key]}
            more["GIT_CONFIG_COUNT"] = str(len(settings))
            for number, (name, value) in enumerate(settings.items()):
                more[f"GIT_CONFIG_KEY_{number}"], more[f"GIT_CONFIG_VALUE_{number}"] = name, value
        done = self.run_command([BINARY, *words], work.path, False, "", self.environment(**more, **environment))
        if check and done.returncode:
            self.fail(f"tollbar {' '.join(words)}: exit {done.returncode}\n{done.stdout}")
        return done

    def approve(self, work, by, revision="origin/main..HEAD", *words, check=True, **environment):
        return self.tollbar(work, "approve", revision, "--reason", "read and wanted", "--yes", "--as", f"{by}@example.com", *words,
                            key=by, check=check, **environment)

    def signed_anew(self, work, by, **claims):
        """The approval of the runner says something else, and is signed again by ssh-keygen."""
        path, envelope = self.record_of_runner(work)
        statement = json.loads(base64.b64decode(envelope["payload"]))
        statement["predicate"].update(claims)
        payload = canonical(statement)
        kind = envelope["payloadType"].encode()
        encoded = b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(payload), payload)
        signature = subprocess.run(["ssh-keygen", "-q", "-Y", "sign", "-n", "tollbar", "-f", self.keys[by]], input=encoded,
                                   stdout=subprocess.PIPE, check=True).stdout
        envelope["payload"] = base64.b64encode(payload).decode()
        envelope["signatures"][0]["sig"] = base64.b64encode(signature).decode()
        self.replace_record(work, path, canonical(envelope) + b"\n")

    def record_of_runner(self, work):
        """Path and envelope of the approval of a changed runner."""
        for line in work.git("ls-tree", "-r", "refs/tollbar/approvals").splitlines():
            _, _, blob, path = line.split()
            envelope = json.loads(work.git("cat-file", "blob", blob))
            if b"workflow/runner-self-hosted" in base64.b64decode(envelope["payload"]):
                return path, envelope
        return self.fail("there is no approval of a runner")

    def replace_record(self, work, path, record, digest=None):
        """The store holds this record alone."""
        self.write_file("record", record.decode())
        digest = digest or hashlib.sha256(record).hexdigest()
        blob = work.git("hash-object", "-w", self.path("record"))
        index = {"GIT_INDEX_FILE": self.path("record-index")}
        work.git("update-index", "--add", "--cacheinfo", f"100644,{blob},{os.path.dirname(path)}/{digest}.json", **index)
        work.git("update-ref", "refs/tollbar/approvals", work.git("commit-tree", work.git("write-tree", **index), "-m", "Record"))

    def push(self, work, *refs, by="ada"):
        return work.push(*(refs or ("HEAD:main",)), "refs/tollbar/approvals", REMOTE_USER=by)

    def changed(self, server, name="work", files=None):
        """A clone with a change that needs approval."""
        work = server.clone(name)
        work.commit(files or NEEDS_APPROVAL)
        return work

    def reintroduced(self):
        """A clone whose change was approved and pushed, taken back the same way, and is made again."""
        work = self.changed(self.gated())
        for files in ({CI_PATH: CI}, NEEDS_APPROVAL):
            self.approve(work, "grace")
            self.assert_accepted(self.push(work))
            work.git("fetch", "--quiet")
            work.commit(files)
        return work
