"""Real servers on loopback: git-http-backend behind lighttpd, and gitolite behind sshd.

Each server is started here on a port of its own and ended by its own process id.
"""
import os
import shlex
import shutil
import signal
import socket
import subprocess
import time
import unittest
import urllib.parse

from support import BASE, BINARY, BLOCKED, NEEDS_APPROVAL, Clone, PushTest, Server

HTTP_BACKEND = os.path.join(subprocess.run(["git", "--exec-path"], stdout=subprocess.PIPE, text=True, check=True).stdout.strip(),
                            "git-http-backend")


def program(name):
    return shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class ServerTest(PushTest):
    def need(self, *names):
        for name in names:
            if not program(name):
                self.skipTest(f"needs {name}: scripts/install test")

    def start(self, words, port, **more):
        """Starts a server and waits until it listens."""
        log = open(self.path("server.log"), "ab")
        self.addCleanup(log.close)
        process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=log, stderr=log, **more)
        self.addCleanup(self.end, process)
        while True:
            if process.poll() is not None:
                with open(self.path("server.log"), encoding="utf-8", errors="replace") as text:
                    self.fail(f"{shlex.join(words)}: exit {process.returncode}\n{text.read()}")
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    return
            time.sleep(0.05)

    @staticmethod
    def end(process):
        process.send_signal(signal.SIGTERM)
        process.wait()

    def check_pushes(self, server, work, pusher):
        """What every server must do, whatever lies between it and the pusher."""
        work.commit({"src/a.c": "int a;\n"})
        push = work.push("HEAD:main")
        self.assert_accepted(push)
        self.assertEqual([], push.lines())
        work.branch("feature")
        commit = work.commit({**NEEDS_APPROVAL, **{f"src/{i}.c": f"int a{i};\n" for i in range(200)}})
        self.assert_refused(work.push("feature:main"), "workflow/runner-self-hosted", "tollbar-json: ")
        self.assert_accepted(work.push("feature"))
        self.assert_marked(server, commit, "Tollbar-Status: needs-approval\n", f"Tollbar-Pusher: {pusher}\n")
        work.commit(BLOCKED)
        self.assert_refused(work.push("feature"), "checks/neutered")
        self.assert_refused(work.push("--atomic", "feature", "feature~1:refs/heads/other"), "checks/neutered")
        self.assert_refused(work.push("--force", f"{server.base}:main", "feature~1:refs/tags/v1"), "ref/protected-forced")
        self.assert_accepted(work.push("--delete", "feature"))
        # The marks come to whoever asks for them.
        work.git("fetch", "--quiet", "origin", "refs/notes/tollbar:refs/notes/tollbar")
        self.assertIn("Tollbar-Status: needs-approval", work.git("log", "-1", "--notes=tollbar", commit))


class Http(ServerTest):
    def test_git_http_backend(self):
        self.need("lighttpd")
        server = self.server("project.git")
        server.git("config", "http.receivepack", "true")
        server.git("config", "tollbar.provider", "http")
        port = free_port()
        self.write_file("users", "alice:secret-of-alice\n")
        config = self.write_file("lighttpd.conf", f"""\
server.modules = ("mod_auth", "mod_authn_file", "mod_alias", "mod_setenv", "mod_cgi")
server.document-root = "{self.path('home')}"
server.bind = "127.0.0.1"
server.port = {port}
alias.url = ("/git" => "{HTTP_BACKEND}")
auth.backend = "plain"
auth.backend.plain.userfile = "{self.path('users')}"
auth.require = ("/git/" => ("method" => "basic", "realm" => "git", "require" => "valid-user"))
setenv.set-environment = ("GIT_PROJECT_ROOT" => "{self.folder}", "GIT_HTTP_EXPORT_ALL" => "1", "PATH" => "{os.environ['PATH']}",
                          "HOME" => "{self.path('home')}", "GIT_CONFIG_NOSYSTEM" => "1")
cgi.assign = ("" => "")
""")
        self.start([program("lighttpd"), "-D", "-f", config], port)
        url = f"http://alice:{urllib.parse.quote('secret-of-alice')}@127.0.0.1:{port}/git/project.git"
        self.check_pushes(server, Clone(self, url, "work", server), "alice")


class Gitolite(ServerTest):
    USER = "tollbar-test-git"

    def as_git(self, *words):
        """Runs a command as the server's user."""
        return self.run_command(["runuser", "-u", self.USER, "--", "env", "-i", f"HOME={self.git_home}", f"PATH={os.environ['PATH']}", *words],
                                self.git_home)

    def make_user(self):
        self.git_home = self.path("git")
        os.chmod(self.folder, 0o755)
        if subprocess.run(["id", self.USER], check=False, capture_output=True).returncode == 0:
            self.skipTest(f"needs the name {self.USER}, which somebody has")
        # A locked account is refused by sshd; one whose password nothing matches is not.
        self.run_command([program("useradd"), "--system", "--shell", "/bin/sh", "--password", "*", "--home-dir", self.git_home,
                          "--create-home", self.USER])
        self.addCleanup(self.remove_user)

    def remove_user(self):
        """What the last session left running may take a moment to end."""
        for _ in range(100):
            done = subprocess.run([program("userdel"), self.USER], check=False, capture_output=True, text=True)
            if done.returncode == 0:
                return
            time.sleep(0.1)
        self.fail(done.stderr)

    def make_key(self, name):
        self.run_command(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", self.path(name)])
        os.chmod(self.path(name + ".pub"), 0o644)

    def start_sshd(self):
        port = free_port()
        self.make_key("host")
        os.makedirs("/run/sshd", exist_ok=True)
        config = self.write_file("sshd_config", f"""\
Port {port}
ListenAddress 127.0.0.1
HostKey {self.path('host')}
PidFile none
StrictModes no
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
AuthorizedKeysFile {self.git_home}/.ssh/authorized_keys
""")
        self.start([program("sshd"), "-D", "-e", "-f", config], port)
        return port

    def clone_as(self, person, repository, name, server=None):
        ssh = self.write_file(f"ssh-{name}", "#!/bin/sh\n" + shlex.join([
            "exec", "ssh", "-p", str(self.port), "-i", self.path(person), "-o", "IdentitiesOnly=yes", "-o", "StrictHostKeyChecking=no", "-o",
            "UserKnownHostsFile=/dev/null", "-o", "LogLevel=ERROR", "-F", "none"]) + ' "$@"\n', 0o755)
        work = object.__new__(Clone)
        work.test, work.server, work.path = self, server, self.path(name)
        self.run_command(["git", "clone", "--quiet", "-c", f"core.sshCommand={ssh}", f"{self.USER}@127.0.0.1:{repository}", work.path])
        return work

    def test_gitolite(self):
        self.need("gitolite", "sshd", "ssh", "runuser", "useradd", "userdel")
        if os.geteuid() != 0:
            self.skipTest("needs root, to make gitolite's user")
        self.make_user()
        for person in ("admin", "bob"):
            self.make_key(person)
        self.as_git("gitolite", "setup", "-pk", self.path("admin.pub"))
        self.port = self.start_sshd()

        admin = self.clone_as("admin", "gitolite-admin", "admin-work")
        with open(self.path("bob.pub"), encoding="utf-8") as key:
            admin.commit({"conf/gitolite.conf": "repo gitolite-admin\n    RW+ = admin\nrepo project\n    RW+ = bob\n", "keydir/bob.pub": key.read()})
        self.assert_accepted(admin.push("HEAD"))
        seed = self.clone_as("bob", "project", "seed")
        seed.commit(BASE)
        self.assert_accepted(seed.push("HEAD:main"))
        server = self.install_hooks()
        server.base = seed.id()

        self.check_pushes(server, self.clone_as("bob", "project", "work", server), "bob")
        # The administrator's own repository goes on working, its `update` hook included.
        admin.commit({"conf/gitolite.conf": "repo gitolite-admin\n    RW+ = admin\nrepo project\n    RW+ = bob\nrepo other\n    RW+ = bob\n"})
        self.assert_accepted(admin.push("HEAD"))
        self.assertTrue(os.path.isdir(os.path.join(self.git_home, "repositories", "other.git")))

    def install_hooks(self):
        """As hooks/README.md says for gitolite."""
        binary = self.path("git", "tollbar")
        shutil.copy(BINARY, binary)
        os.chmod(binary, 0o755)
        for hook in ("pre-receive", "post-receive"):
            path = self.write_file(f"git/local/hooks/common/{hook}", f'#!/bin/sh\nexec {shlex.quote(binary)} hook {hook} "$@"\n', 0o755)
            os.chmod(os.path.dirname(path), 0o755)
        settings = os.path.join(self.git_home, ".gitolite.rc")
        with open(settings, encoding="utf-8") as file:
            text = file.read()
        with open(settings, "w", encoding="utf-8") as file:
            file.write(text.replace("%RC = (", '%RC = (\n    LOCAL_CODE => "$ENV{HOME}/local",', 1))
        self.as_git("git", "config", "--global", "tollbar.provider", "gitolite")
        self.as_git("gitolite", "setup")
        self.as_git("git", "-C", self.path("git", "repositories", "project.git"), "symbolic-ref", "HEAD", "refs/heads/main")
        server = object.__new__(Server)
        server.test, server.path = self, os.path.join(self.git_home, "repositories", "project.git")
        self.run_command(["git", "config", "--global", "--add", "safe.directory", "*"])
        return server


if __name__ == "__main__":
    unittest.main()
