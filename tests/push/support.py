"""Servers and clones for tests of real pushes: bare repositories with tollbar's hooks, and people who push to them.

Every test has a folder of its own, an empty home and fixed dates; nothing of the caller's environment is passed on.
"""
import dataclasses
import os
import re
import shlex
import shutil
import subprocess
import tempfile
import unittest

BINARY = os.path.abspath(os.environ.get("TOLLBAR", "tollbar"))
PASSED_ON = ("PATH", "ASAN_OPTIONS", "LSAN_OPTIONS", "UBSAN_OPTIONS", "LD_LIBRARY_PATH")
SECONDS = 300  # after which a command hangs

CI = """\
on: [push, pull_request]
permissions: {contents: read}
jobs:
  test:
    runs-on: ubuntu-24.04
    steps:
      - uses: actions/checkout@v4
      - run: make test
  lint:
    runs-on: ubuntu-24.04
    steps:
      - uses: actions/checkout@v4
      - run: make lint
"""
RELEASE = """\
on: {push: {tags: ["v*"]}}
permissions: {contents: read}
jobs:
  publish:
    runs-on: ubuntu-24.04
    steps:
      - uses: actions/checkout@v4
      - run: scripts/publish.sh
        env: {NPM_TOKEN: "${{ secrets.NPM_TOKEN }}"}
"""
BASE = {
    ".github/workflows/ci.yml": CI,
    ".github/workflows/release.yml": RELEASE,
    "Makefile": "test:\n\t./run-tests\nlint:\n\t./run-lint\n",
    "scripts/publish.sh": "#!/bin/sh\nnpm publish\n",
    "src/main.c": "int main(void) { return 0; }\n",
}
# What each of these does to the base needs approval, or is blocked.
NEEDS_APPROVAL = {".github/workflows/ci.yml": CI.replace("ubuntu-24.04", "self-hosted", 1)}
BLOCKED = {".github/workflows/ci.yml": CI.replace("make test", "make test || true")}
SECRET = "aws_access_key_id = AKIA" + "Q3EGR7XKZ5WVLM2N"


@dataclasses.dataclass
class Push:
    """What a push came to: whether git accepted it, and all that the pusher saw."""
    accepted: bool
    text: str

    def lines(self):
        """The lines of the server, without git's decoration."""
        return [re.sub(r"\s+$", "", line[len("remote: "):]) for line in self.text.splitlines() if line.startswith("remote: ")]


class PushTest(unittest.TestCase):
    """A folder, an environment and the checks that every push has to stand."""

    maxDiff = None

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="tollbar-push-")
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.minute = 0
        self.write_file("home/.gitconfig", "[user]\n\tname = Ada\n\temail = ada@example.com\n[init]\n\tdefaultBranch = main\n"
                        "[advice]\n\tdetachedHead = false\n[gc]\n\tauto = 0\n[protocol \"file\"]\n\tallow = always\n"
                        "[maintenance]\n\tauto = false\n")

    def path(self, *names):
        return os.path.join(self.folder, *names)

    def write_file(self, name, text, mode=None):
        path = self.path(name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        if mode is not None:
            os.chmod(path, mode)
        return path

    def environment(self, **more):
        self.minute += 1
        date = f"{1767225600 + 60 * self.minute} +0000"
        kept = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
        return {**kept, "HOME": self.path("home"), "XDG_CONFIG_HOME": self.path("home"), "GIT_CONFIG_NOSYSTEM": "1",
                "GIT_AUTHOR_DATE": date, "GIT_COMMITTER_DATE": date, "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C.UTF-8", "TZ": "UTC",
                **more}

    def run_command(self, words, folder=None, check=True, stdin="", environment=None):
        done = subprocess.run(words, cwd=folder or self.folder, env=environment or self.environment(), input=stdin, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=SECONDS, errors="surrogateescape", check=False)
        if check and done.returncode:
            self.fail(f"{shlex.join(words)}: exit {done.returncode}\n{done.stdout}")
        return done

    def server(self, name="server.git", files=None, policy=None, hooks=("pre-receive", "post-receive"), options=()):
        """A bare repository with the base on main, and hooks from then on."""
        return Server(self, name, {**(BASE if files is None else files), **({".tollbar.yml": policy} if policy else {})}, hooks, options)

    def assert_accepted(self, push):
        self.assertTrue(push.accepted, push.text)

    def assert_refused(self, push, *words):
        self.assertFalse(push.accepted, push.text)
        for word in words:
            self.assertIn(word, push.text)

    def assert_marked(self, server, commit, *words):
        note = server.note(commit)
        self.assertIsNotNone(note, f"{commit} is not marked")
        for word in words:
            self.assertIn(word, note)


class Server:
    def __init__(self, test, name, files, hooks, options):
        self.test, self.path = test, test.path(name)
        test.run_command(["git", "init", "--quiet", "--bare", *options, self.path])
        seed = object.__new__(Clone)
        seed.test, seed.server, seed.path = test, None, test.path("seed-of-" + name)
        test.run_command(["git", "init", "--quiet", *options, seed.path])
        seed.commit(files, "Base")
        seed.git("push", "--quiet", "file://" + self.path, "HEAD:refs/heads/main")
        self.base = seed.id()
        for hook in hooks:
            self.install(hook)

    def git(self, *words, check=True):
        return self.test.run_command(["git", "-C", self.path, *words], check=check).stdout.strip()

    def install(self, hook, body=None):
        path = os.path.join(self.path, "hooks", hook)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(body or f'#!/bin/sh\nexec {shlex.quote(BINARY)} hook {hook} "$@"\n')
        os.chmod(path, 0o755)

    def refs(self):
        return self.git("for-each-ref", "--format=%(refname) %(objectname)").splitlines()

    def id(self, name):
        return self.git("rev-parse", "--verify", name)

    def note(self, commit):
        shown = self.test.run_command(["git", "-C", self.path, "notes", "--ref=tollbar", "show", commit], check=False)
        return shown.stdout if shown.returncode == 0 else None

    def clone(self, name="work"):
        return Clone(self.test, self.path, name, self)

    def state(self):
        """The references, and how many objects there are."""
        return self.refs(), self.git("count-objects", "-v")

    def assert_sound(self):
        """Every reference and object is whole, and nothing is left of a quarantine."""
        self.test.assertEqual("", self.git("fsck", "--full", "--no-progress", "--no-dangling"))
        left = [name for name in os.listdir(os.path.join(self.path, "objects")) if name.startswith("tmp_objdir")]
        self.test.assertEqual([], left)


class Clone:
    """A work tree of somebody who pushes."""

    def __init__(self, test, url, name, server=None):
        self.test, self.server, self.path = test, server, test.path(name)
        test.run_command(["git", "clone", "--quiet", url if "://" in url else "file://" + url, self.path])

    def git(self, *words, check=True, stdin="", **environment):
        done = self.test.run_command(["git", *words], self.path, check, stdin, self.test.environment(**environment))
        return done.stdout.strip()

    def id(self, name="HEAD"):
        return self.git("rev-parse", "--verify", name)

    def write(self, files):
        for name, text in files.items():
            path = os.path.join(self.path, name)
            if text is None:
                os.remove(path)
                continue
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
            if text.startswith("#!"):
                os.chmod(path, 0o755)

    def commit(self, files, message="Change", **environment):
        self.write(files)
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "-m", message, **environment)
        return self.id()

    def branch(self, name, start="HEAD"):
        self.git("switch", "--quiet", "-c", name, start)

    def switch(self, name):
        self.git("switch", "--quiet", name)

    def push(self, *words, **environment):
        """Pushes to origin; where git refuses all of it, the server must be as it was, down to the number of objects."""
        before = self.server.state() if self.server else None
        done = self.test.run_command(["git", "push", "origin", *words], self.path, False, "", self.test.environment(**environment))
        push = Push(done.returncode == 0, done.stdout)
        if self.server:
            if not push.accepted and "pre-receive hook declined" in push.text:
                self.test.assertEqual(before, self.server.state())
            self.server.assert_sound()
        return push
