"""What goes wrong on a server: git refuses, or its own rules hold; nothing is written by halves."""
import os
import shlex
import subprocess
import unittest

from support import BINARY, BLOCKED, NEEDS_APPROVAL, PushTest, Server


class Hooks(PushTest):
    def test_a_binary_that_is_missing(self):
        server = self.server()
        server.install("pre-receive", '#!/bin/sh\nexec /nonexistent/tollbar hook pre-receive "$@"\n')
        work = server.clone()
        work.commit({"src/a.c": "int a;\n"})
        self.assert_refused(work.push("main"), "pre-receive hook declined")

    def test_an_interpreter_that_is_missing(self):
        server = self.server()
        server.install("pre-receive", "#!/nonexistent/sh\nexit 0\n")
        work = server.clone()
        work.commit({"src/a.c": "int a;\n"})
        self.assert_refused(work.push("main"))

    def test_a_lost_run_bit_is_gits_to_forgive(self):
        # git takes the hook for absent: nothing of ours can refuse, so it must be found by `tollbar doctor`.
        server = self.server()
        os.chmod(os.path.join(server.path, "hooks", "pre-receive"), 0o644)
        work = server.clone()
        work.commit({"src/a.c": "int a;\n"})
        self.assert_accepted(work.push("main"))
        done = self.run_command([BINARY, "-C", server.path, "doctor"], check=False)
        self.assertIn("pre-receive", done.stdout)
        self.assertNotEqual(0, done.returncode, done.stdout)

    def test_a_marking_that_fails_leaves_the_push_accepted(self):
        server = self.server()
        os.mkdir(os.path.join(server.path, "refs", "notes"))
        with open(os.path.join(server.path, "refs", "notes", "tollbar.lock"), "w", encoding="utf-8"):
            pass  # left behind by somebody who died
        work = server.clone()
        work.branch("feature")
        work.commit(NEEDS_APPROVAL)
        push = work.push("feature")
        self.assert_accepted(push)
        self.assertIn("refs/notes/tollbar", push.text)


class Owners(PushTest):
    def test_a_repository_whose_files_belong_to_another_user(self):
        if os.geteuid() != 0:
            self.skipTest("needs root, to give files away")
        server = self.server()
        self.run_command(["git", "config", "--global", "safe.directory", "*"])
        self.run_command(["chown", "-R", "65534:65534", server.path])
        work = server.clone()
        work.branch("feature")
        commit = work.commit(NEEDS_APPROVAL)
        self.assert_accepted(work.push("feature"))
        self.assert_marked(server, commit, "needs-approval")
        work.commit(BLOCKED)
        self.assert_refused(work.push("feature"), "checks/neutered")


class Time(PushTest):
    def test_judging_that_takes_too_long_refuses_with_the_reason(self):
        server = self.server()
        server.git("config", "tollbar.deadline", "1")
        # Whoever feeds the hook never ends: no push can be slower.
        hook = subprocess.Popen([BINARY, "hook", "pre-receive"], cwd=server.path, env={**self.environment(), "GIT_DIR": "."},
                                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        hook.stdin.write(f"{server.base} {server.base}")
        hook.stdin.flush()
        text = hook.stdout.read()
        self.assertEqual(4, hook.wait(), text)
        hook.stdin.close()
        hook.stdout.close()
        self.assertIn("longer than the 1 s", text)
        self.assertIn('tollbar-json: {"v":1', text)

    def test_a_push_in_time_is_not_touched_by_the_deadline(self):
        server = self.server()
        server.git("config", "tollbar.deadline", "300")
        work = server.clone()
        work.commit({"src/a.c": "int a;\n"})
        self.assert_accepted(work.push("main"))

    def test_a_deadline_that_is_no_number(self):
        server = self.server()
        server.git("config", "tollbar.deadline", "soon")
        work = server.clone()
        work.commit({"src/a.c": "int a;\n"})
        self.assert_refused(work.push("main"), "tollbar.deadline", "soon")


class Killed(PushTest):
    """The hook is killed at ten points: when it enters a system call of some kind for the first or a later time."""

    POINTS = [("openat", 1), ("openat", 20), ("openat", 60), ("read", 5), ("read", 40), ("mmap", 30), ("brk", 10), ("pipe2", 1),
              ("write", 1), ("exit_group", 1)]

    def setUp(self):
        super().setUp()
        probe = subprocess.run(["strace", "-f", "-o", "/dev/null", "true"], check=False, capture_output=True) if self.has_strace() else None
        if probe is None or probe.returncode:
            self.skipTest("needs strace, allowed to trace")

    @staticmethod
    def has_strace():
        return any(os.access(os.path.join(folder, "strace"), os.X_OK) for folder in os.environ.get("PATH", "").split(":"))

    def killer(self, hook, call, count):
        return (f'#!/bin/sh\nexec strace -o /dev/null -e inject={call}:signal=KILL:when={count} '
                f'{shlex.quote(BINARY)} hook {hook} "$@"\n')

    def test_before_the_push_is_accepted(self):
        for call, count in self.POINTS:
            with self.subTest(call=call, count=count):
                server = self.server(f"server-{call}-{count}.git")
                server.install("pre-receive", self.killer("pre-receive", call, count))
                work = server.clone(f"work-{call}-{count}")
                work.commit({**BLOCKED, "src/a.c": "int a;\n"})
                before = server.state()
                self.assert_refused(work.push("main"))
                self.assertEqual(before, server.state())

    def test_after_it_is_accepted(self):
        for call, count in self.POINTS:
            with self.subTest(call=call, count=count):
                server = self.server(f"server-{call}-{count}.git")
                server.install("post-receive", self.killer("post-receive", call, count))
                work = server.clone(f"work-{call}-{count}")
                work.branch("feature")
                commit = work.commit(NEEDS_APPROVAL)
                self.assert_accepted(work.push("feature"))
                note = server.note(commit)
                self.assertTrue(note is None or note.startswith("Tollbar-Status: needs-approval\n"), note)


class Disk(PushTest):
    def test_a_full_disk(self):
        if os.geteuid() != 0:
            self.skipTest("needs root, to mount a small disk")
        disk = self.path("disk")
        os.mkdir(disk)
        if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", disk], check=False, capture_output=True).returncode:
            self.skipTest("needs to be allowed to mount")
        self.addCleanup(subprocess.run, ["umount", disk], check=True)
        server = self.server()
        self.run_command(["git", "clone", "--quiet", "--bare", server.path, os.path.join(disk, "small.git")])
        small = object.__new__(Server)
        small.test, small.path = self, os.path.join(disk, "small.git")
        small.install("pre-receive")
        small.install("post-receive")
        work = small.clone()
        work.branch("feature")
        commit = work.commit(NEEDS_APPROVAL)
        # With this many blocks free, from none to enough for all, the push is refused or the mark is whole.
        for blocks in range(0, 40, 4):
            with self.subTest(blocks=blocks):
                filler = os.path.join(disk, "filler")
                free = os.statvfs(disk)
                with open(filler, "wb") as file:
                    file.write(b"x" * max(0, (free.f_bavail - blocks) * free.f_frsize))
                work.server = None
                push = work.push("--force", "feature")
                os.remove(filler)
                small.assert_sound()
                note = small.note(commit)
                self.assertTrue(note is None or note.startswith("Tollbar-Status: needs-approval\n"), note)
                if not push.accepted:
                    self.assertNotIn("refs/heads/feature", " ".join(small.refs()))
                small.git("update-ref", "-d", "refs/heads/feature")
                small.git("update-ref", "-d", "refs/notes/tollbar")


if __name__ == "__main__":
    unittest.main()
