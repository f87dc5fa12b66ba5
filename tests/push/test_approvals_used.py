"""An approval lets a change through once, whatever becomes of the hook that writes it down."""
import glob
import os
import unittest

from approving import CI_PATH, ApprovalTest
from support import CI, NEEDS_APPROVAL

NOTHING = "#!/bin/sh\nexit 0\n"
REFUSING = "#!/bin/sh\nexit 1\n"


class Interrupted(ApprovalTest):
    def waiting(self, server):
        """What pushes were about to use up, as far as nobody has written it yet."""
        return glob.glob(os.path.join(server.path, "tollbar/spool/*.uses"))

    def used(self, server):
        return [line.split("/")[-1] for line in server.git("ls-tree", "-r", "--name-only", "refs/tollbar/used", check=False).splitlines()
                if not line.startswith("fatal")]

    def test_a_post_receive_that_was_ended_gives_no_second_use(self):
        server = self.gated()
        server.install("post-receive", NOTHING)
        work = self.changed(server)
        for files in ({CI_PATH: CI}, NEEDS_APPROVAL):
            self.approve(work, "grace")
            self.assert_accepted(self.push(work))
            work.git("fetch", "--quiet")
            work.commit(files)
        self.assertEqual([], self.used(server))
        self.assert_refused(self.push(work), "does not count: it was used when commit", "the same change needs a new one")
        self.approve(work, "grace")
        self.assert_accepted(self.push(work))

    def test_the_next_post_receive_writes_what_the_ended_one_left(self):
        server = self.gated()
        server.install("post-receive", NOTHING)
        work = self.changed(server)
        self.approve(work, "grace")
        self.assert_accepted(self.push(work))
        self.assertEqual(1, len(self.waiting(server)))
        server.install("post-receive")
        work.commit({"src/main.c": "int main(void) { return 1; }\n"})
        self.assert_accepted(self.push(work))
        self.assertEqual(2, len(self.used(server)))
        self.assertEqual([], self.waiting(server))

    def test_where_post_receive_runs_nothing_is_left(self):
        server = self.gated()
        work = self.changed(server)
        self.approve(work, "grace")
        self.assert_accepted(self.push(work))
        self.assertEqual(2, len(self.used(server)))
        self.assertEqual([], self.waiting(server))

    def test_a_push_that_came_to_nothing_uses_up_nothing(self):
        server = self.gated()
        server.install("update", REFUSING)
        work = self.changed(server)
        self.approve(work, "grace")
        self.assertFalse(self.push(work).accepted)
        self.assertEqual(1, len(self.waiting(server)))
        server.install("update", NOTHING)
        self.assert_accepted(self.push(work))
        self.assertEqual(2, len(self.used(server)))

    def test_what_lands_in_two_steps_after_it_failed_in_one_is_approved_in_both_hooks(self):
        """The step before the approved commit moves the branch in between, so that the second push is another move to the same commit."""
        server = self.gated()
        server.install("update", REFUSING)
        work = server.clone()
        first = work.commit({"src/main.c": "int main(void) { return 1; }\n"})
        work.commit(NEEDS_APPROVAL)
        self.approve(work, "grace")
        self.assertFalse(self.push(work).accepted)
        server.install("update", NOTHING)
        self.assert_accepted(self.push(work, f"{first}:main"))
        self.assert_accepted(self.push(work))
        self.assertEqual(2, len(self.used(server)))
        self.assert_marked(server, work.id(), "Tollbar-Status: approved")  # post-receive judged as pre-receive did

    def test_where_it_cannot_be_written_down_the_approval_lets_nothing_through(self):
        server = self.gated()
        server.git("config", "tollbar.spool", self.write_file("no-folder", "a file"))
        work = self.changed(server)
        self.approve(work, "grace")
        self.assert_refused(self.push(work), "an approval lets a change through once, and that it did cannot be written down",
                            "tell the server's administrator")
        work.git("reset", "--quiet", "--hard", "HEAD~1")
        work.commit({"src/main.c": "int main(void) { return 1; }\n"})
        self.assert_accepted(self.push(work))

    def test_what_is_damaged_lets_nothing_through(self):
        server = self.gated()
        os.makedirs(os.path.join(server.path, "tollbar/spool"))
        self.write_file("server.git/tollbar/spool/0123.uses", "half a li")
        work = self.changed(server)
        self.approve(work, "grace")
        self.assert_refused(self.push(work), "0123.uses: it is damaged")


if __name__ == "__main__":
    unittest.main()
