"""Ten thousand approvals in the store: a push costs no more than beside ten, whether it is let through or refused."""
import base64
import resource
import unittest

from approving import CI_PATH, ApprovalTest
from signing import Record, approval, fact
from support import CI, NEEDS_APPROVAL

FEW, MANY = 10, 10_000
COMMITS = 20
TIMES = 5


class Many(ApprovalTest):
    def setUp(self):
        super().setUp()
        # No signature fits: only those are looked at that a push is about, or that are near to it.
        signature = "-----BEGIN SSH SIGNATURE-----\n" + base64.b64encode(b"SSHSIG" + bytes(120)).decode() + "\n-----END SSH SIGNATURE-----\n"
        self.records = []
        for number in range(MANY):
            # Every tenth is about the place that the push changes.
            place = {"path": CI_PATH, "subject": "job test"} if number % 10 == 0 else {"path": f".github/workflows/w{number}.yml", "subject": f"job {number}"}
            of = fact(repository="example/app", rule="workflow/runner-self-hosted", after=f"runner-{number}", context="events: push", **place)
            self.records.append(Record(approval(of, "grace@example.com"), signature))

    def store(self, server, number, a_commit):
        """As if people had approved one change after the other, `a_commit` facts each."""
        stream = []
        for at in range(0, number, a_commit):
            stream.append(b"commit refs/tollbar/approvals\ncommitter Grace <grace@example.com> %d +0000\ndata 8\nApprove\n" % (1767225600 + at))
            for record in self.records[at:at + a_commit]:
                stream.append(b"M 100644 inline %s\ndata %d\n%s" % (record.path.encode(), len(record.bytes), record.bytes))
        path = self.path("stream")
        with open(path, "wb") as file:
            file.write(b"\n".join(stream) + b"\n")
        with open(path, "rb") as file:
            self.run_command(["sh", "-c", f"git -C {server.path} fast-import --quiet < {path}"])
        server.git("repack", "-adq")

    def prepared(self, name, number, a_commit):
        """A server with so many approvals, and a clone with 20 commits of which one needs an approval."""
        server = self.gated("repository: example/app\n", name)
        self.store(server, number, a_commit)
        work = server.clone("work-" + name)
        for each in range(COMMITS - 1):
            work.commit({"src/main.c": f"int main(void) {{ return {each}; }}\n"})
        work.commit(NEEDS_APPROVAL)
        return server, work

    @staticmethod
    def spent():
        """Seconds that the processors have worked for processes that this one started: what else the machine does is not in them."""
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        return used.ru_utime + used.ru_stime

    def cost(self, server, work):
        """Of one push, with its outcome; the next begins where this one did."""
        environment = self.environment(REMOTE_USER="ada")
        before = self.spent()
        pushed = self.run_command(["git", "push", "origin", "HEAD:main"], work.path, check=False, environment=environment)
        taken = self.spent() - before
        if pushed.returncode == 0:
            server.git("update-ref", "refs/heads/main", server.base)
            server.git("update-ref", "-d", "refs/tollbar/used")
        return taken, pushed

    def ratio(self, a_commit, approved):
        sides = []
        for number in (FEW, MANY):
            server, work = self.prepared(f"{number}-{a_commit}-{approved}.git", number, a_commit)
            if approved:
                self.tollbar(work, "approvals", "fetch")
                self.approve(work, "grace")
                self.assert_accepted(work.push("refs/tollbar/approvals", REMOTE_USER="grace"))
            sides.append((server, work))
        # Turn by turn, and of each side the push that cost least: what disturbs one disturbs both.
        best = [None, None]
        for _ in range(TIMES):
            for side, (server, work) in enumerate(sides):
                taken, pushed = self.cost(server, work)
                self.assertEqual(approved, pushed.returncode == 0, pushed.stdout)
                best[side] = taken if best[side] is None else min(best[side], taken)
        return best[1] / best[0], best

    def check(self, a_commit, approved):
        ratio, taken = self.ratio(a_commit, approved)
        print(f"{'approved' if approved else 'refused'}, {a_commit} records a commit: {taken[0]:.3f} s beside {FEW}, {taken[1]:.3f} s beside {MANY:,}, "
              f"{ratio:.2f} times as much", flush=True)
        self.assertLess(ratio, 2)

    def test_an_approved_push_of_twenty_commits(self):
        self.check(2, True)

    def test_a_refused_one(self):
        self.check(2, False)

    def test_a_refused_one_where_one_commit_brought_them_all(self):
        self.check(MANY, False)

    def test_what_was_approved_last_is_still_shown_as_near(self):
        server, work = self.prepared("near.git", MANY, 2)
        self.tollbar(work, "approvals", "fetch")
        self.approve(work, "grace")
        work.write({CI_PATH: CI.replace("ubuntu-24.04", "my-runner", 1)})
        work.git("commit", "--quiet", "--all", "--amend", "-m", "Other")
        self.assert_refused(self.push(work), "another change of the same place", "after was `self-hosted`, is `my-runner`")


if __name__ == "__main__":
    unittest.main()
