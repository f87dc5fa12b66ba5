"""What is accepted, what is refused, and that a refused push leaves nothing behind."""
import concurrent.futures
import unittest

from support import BLOCKED, NEEDS_APPROVAL, Clone, PushTest, Server


class Decisions(PushTest):
    def test_ordinary_work_is_accepted_without_a_word(self):
        work = self.server().clone()
        work.commit({"src/main.c": "int main(void) { return 1; }\n"})
        push = work.push("main")
        self.assert_accepted(push)
        self.assertEqual([], push.lines())

    def test_what_needs_approval_is_refused_on_a_protected_branch_and_marked_elsewhere(self):
        server = self.server()
        work = server.clone()
        work.branch("feature")
        commit = work.commit(NEEDS_APPROVAL)
        self.assert_refused(work.push("feature:main"), "workflow/runner-self-hosted", "needs approval", "tollbar-json: ")
        self.assert_accepted(work.push("feature"))
        self.assert_marked(server, commit, "Tollbar-Status: needs-approval\n", "Tollbar-Rule: workflow/runner-self-hosted approve ",
                           "Tollbar-Ref: refs/heads/feature\n")
        # That it is on a branch already makes it no more welcome on the protected one.
        self.assert_refused(work.push("feature:main"), commit[:12])

    def test_what_is_blocked_is_refused_everywhere(self):
        work = self.server().clone()
        work.branch("feature")
        work.commit(BLOCKED)
        for target in ("feature", "feature:main", "feature:refs/tags/x", "feature:refs/other/x", "feature:refs/for/main"):
            self.assert_refused(work.push(target), "checks/neutered")

    def test_what_cannot_be_decided_is_refused(self):
        work = self.server(policy="version: [1\n").clone()
        work.commit({"src/main.c": ""})
        self.assert_refused(work.push("main"), ".tollbar.yml", "could not be decided")

    def test_the_words_are_no_way_round(self):
        work = self.server().clone()
        work.commit(BLOCKED)
        text = work.push("main").text
        for word in ("--no-verify", "hooksPath", "tollbar.policy", "receive."):
            self.assertNotIn(word, text)

    def test_names_of_strangers_cannot_drive_a_terminal(self):
        work = self.server().clone()
        work.commit({".github/workflows/\x1b[2Jx.yml": "on: push\njobs: {a: {runs-on: self-hosted, steps: [{run: make}]}}\n"}, "\x1b[31mred")
        push = work.push("main")
        self.assert_refused(push)
        self.assertNotIn("\x1b", "".join(push.lines()))


class Shapes(PushTest):
    def test_several_refs_stand_or_fall_together(self):
        for options in ((), ("--atomic",)):
            with self.subTest(options=options):
                server = self.server(f"server{len(options)}.git")
                work = server.clone(f"work{len(options)}")
                work.branch("good")
                work.commit({"src/a.c": "int a;\n"})
                work.branch("bad", "main")
                work.commit(BLOCKED)
                self.assert_refused(work.push(*options, "good", "bad"), "refs/heads/bad")
                self.assert_accepted(work.push(*options, "good", "good:better"))

    def test_new_branches_and_their_end(self):
        server = self.server()
        work = server.clone()
        work.branch("feature")
        work.commit({"src/a.c": "int a;\n"})
        self.assert_accepted(work.push("feature"))
        self.assert_accepted(work.push("feature:empty-news"))
        self.assert_accepted(work.push("--delete", "feature", "empty-news"))
        self.assertEqual([f"refs/heads/main {server.base}"], server.refs())

    def test_a_feature_branch_may_be_forced_and_is_judged_again(self):
        server = self.server()
        work = server.clone()
        work.branch("feature")
        work.commit({"src/a.c": "int a;\n"})
        work.commit({"src/a.c": "int b;\n"})
        self.assert_accepted(work.push("feature"))
        self.assert_accepted(work.push("--force", "HEAD~1:feature"))
        work.git("reset", "--quiet", "--hard", "main")
        work.commit(BLOCKED)
        self.assert_refused(work.push("--force", "feature"), "checks/neutered")

    def test_few_and_many_objects(self):
        # Up to receive.unpackLimit (100) objects lie loose in quarantine, more of them in a pack.
        for count in (3, 400):
            with self.subTest(count=count):
                server = self.server(f"server{count}.git")
                work = server.clone(f"work{count}")
                files = {f"src/{i}.c": f"int a{i};\n" for i in range(count)}
                work.commit({**files, **BLOCKED})
                self.assert_refused(work.push("main"), "checks/neutered")
                work.git("reset", "--quiet", "--hard", "origin/main")
                work.commit(files)
                self.assert_accepted(work.push("main"))

    def test_objects_of_alternates_are_found(self):
        far = self.server("far.git")
        self.run_command(["git", "clone", "--quiet", "--bare", "--shared", far.path, self.path("near.git")])
        self.run_command(["git", "clone", "--quiet", "--bare", "--shared", self.path("near.git"), self.path("nearest.git")])
        self.check_server_at("nearest.git")

    def test_paths_that_git_quotes(self):
        self.server("plain.git")
        for name in ("with:colon.git", 'with"quote.git', "with space.git", "mit-ümlaut.git"):
            with self.subTest(name=name):
                self.run_command(["git", "clone", "--quiet", "--bare", self.path("plain.git"), self.path(name)])
                self.check_server_at(name)

    def check_server_at(self, name):
        """A repository that was made by other means: accepts and refuses."""
        server = object.__new__(Server)
        server.test, server.path = self, self.path(name)
        for hook in ("pre-receive", "post-receive"):
            server.install(hook)
        work = Clone(self, self.path(name), "work-of-" + name, server)
        work.commit(BLOCKED)
        self.assert_refused(work.push("HEAD:main"), "checks/neutered")
        work.git("reset", "--quiet", "--hard", "HEAD~1")
        work.branch("feature")
        commit = work.commit(NEEDS_APPROVAL)
        self.assert_accepted(work.push("feature"))
        self.assert_marked(server, commit, "needs-approval")

    def test_a_mirror_brings_everything_at_once(self):
        server = self.server()
        work = server.clone()
        work.git("config", "remote.origin.mirror", "true")
        work.branch("feature")
        work.commit({"src/a.c": "int a;\n"})
        work.git("tag", "before-the-rebase")
        self.assert_accepted(work.push("--mirror"))
        self.assertIn("refs/heads/feature " + work.id(), server.refs())
        work.commit(BLOCKED)
        self.assert_refused(work.push("--mirror"), "refs/heads/feature", "checks/neutered")

    def test_many_branches_of_one_push(self):
        server = self.server()
        work = server.clone()
        start = work.id()
        for number in range(30):
            work.git("checkout", "--quiet", "--detach", start)
            work.commit({"src/a.c": f"int a{number};\n"})
            work.git("branch", f"topic/{number}")
        self.assert_accepted(work.push("--all"))
        work.commit(BLOCKED)
        work.git("branch", "topic/bad")
        self.assert_refused(work.push("--all"), "refs/heads/topic/bad")

    def test_sha256(self):
        server = self.server(options=("--object-format=sha256",))
        work = server.clone()
        work.branch("feature")
        commit = work.commit(NEEDS_APPROVAL)
        self.assert_accepted(work.push("feature"))
        self.assert_marked(server, commit, "needs-approval")
        self.assert_refused(work.push("feature:main"), "needs approval")
        work.commit(BLOCKED)
        self.assert_refused(work.push("feature"), "checks/neutered")

    def test_the_first_push_of_all(self):
        self.run_command(["git", "init", "--quiet", "--bare", self.path("empty.git")])
        server = object.__new__(Server)
        server.test, server.path = self, self.path("empty.git")
        server.install("pre-receive")
        work = Clone(self, server.path, "work", server)
        work.commit({"src/main.c": "int main(void) { return 0; }\n"})
        work.commit({"src/main.c": "int main(void) { return 1; }\n"})
        self.assert_accepted(work.push("HEAD:main"))

    def test_a_push_from_a_shallow_clone(self):
        server = self.server()
        seed = server.clone("deep")
        for number in range(3):
            seed.commit({"src/a.c": f"int a{number};\n"})
        seed.push("main")
        self.run_command(["git", "clone", "--quiet", "--depth=1", "file://" + server.path, self.path("shallow")])
        work = Clone(self, server.path, "work", server)
        work.path = self.path("shallow")
        work.commit({"src/b.c": "int b;\n"})
        self.assert_accepted(work.push("main"))


class Concurrency(PushTest):
    def test_pushes_at_the_same_time_are_all_marked(self):
        server = self.server()
        clones = [server.clone(f"work{i}") for i in range(8)]
        commits = []
        for number, work in enumerate(clones):
            work.server = None  # the server is only sound again when all are through
            work.branch(f"feature{number}")
            commits.append(work.commit({**NEEDS_APPROVAL, "src/main.c": f"int a{number};\n"}))
        with concurrent.futures.ThreadPoolExecutor(len(clones)) as pool:
            pushes = list(pool.map(lambda pair: pair[1].push(f"feature{pair[0]}"), enumerate(clones)))
        for push, commit in zip(pushes, commits):
            self.assert_accepted(push)
            self.assert_marked(server, commit, "needs-approval")
        server.assert_sound()

    def test_pushes_to_one_ref_at_the_same_time(self):
        server = self.server()
        clones = [server.clone(f"work{i}") for i in range(4)]
        for number, work in enumerate(clones):
            work.server = None
            work.commit({f"src/{number}.c": "int a;\n"})
        with concurrent.futures.ThreadPoolExecutor(len(clones)) as pool:
            pushes = list(pool.map(lambda work: work.push("main"), clones))
        self.assertEqual(1, sum(push.accepted for push in pushes))
        server.assert_sound()


if __name__ == "__main__":
    unittest.main()
