"""Ways round the gate, each shown to be refused or marked."""
import unittest

from support import BASE, BLOCKED, CI, NEEDS_APPROVAL, SECRET, PushTest

POLICY = "version: 1\nprotected: [main]\nrequired_checks: [test]\n"
STRICT = "version: 1\nrules: {workflow/runner-self-hosted: block}\n"


class Policy(PushTest):
    def test_a_policy_loosened_in_the_same_push(self):
        work = self.server(policy=STRICT).clone()
        work.branch("feature")
        work.commit({".tollbar.yml": "version: 1\nrules: {workflow/runner-self-hosted: allow, gates/*: allow}\n"})
        work.commit(NEEDS_APPROVAL)
        for target in ("feature", "feature:main"):
            self.assert_refused(work.push(target), "workflow/runner-self-hosted")

    def test_a_policy_loosened_in_the_same_commit(self):
        work = self.server(policy=STRICT).clone()
        work.commit({".tollbar.yml": "version: 1\nrules: {workflow/runner-self-hosted: allow, gates/*: allow}\n", **NEEDS_APPROVAL})
        self.assert_refused(work.push("main"), "workflow/runner-self-hosted")

    def test_a_policy_brought_by_a_first_push(self):
        server = self.server()
        work = server.clone()
        work.git("checkout", "--quiet", "--orphan", "fresh")
        work.commit({".tollbar.yml": "version: 1\nrules: {'*/*': allow}\n", **BLOCKED})
        work.commit({"key": SECRET + "\n"})
        self.assert_refused(work.push("fresh"), "keys/aws")

    def test_an_unprotected_branch_does_not_judge_itself(self):
        server = self.server(policy=STRICT)
        work = server.clone()
        work.branch("feature")
        work.commit({".tollbar.yml": "version: 1\nrules: {'*/*': allow}\n"})
        # Even had it got there, the next push would not be judged by it.
        server.git("fetch", "--quiet", work.path, "feature:feature")
        work.commit(NEEDS_APPROVAL)
        self.assert_refused(work.push("feature"), "workflow/runner-self-hosted")

    def test_a_policy_that_is_deleted_or_broken(self):
        work = self.server(policy=POLICY).clone()
        work.branch("feature")
        work.commit({".tollbar.yml": None})
        self.assert_refused(work.push("feature"), "gates/policy-removed")
        work.git("reset", "--quiet", "--hard", "main")
        work.commit({".tollbar.yml": "version: [1\n"})
        self.assert_refused(work.push("feature"), "gates/policy-removed")

    def test_the_servers_own_policy_outranks_the_repositorys(self):
        server = self.server(policy="version: 1\nrules: {workflow/runner-self-hosted: allow}\n")
        policy = self.write_file("policy.yml", STRICT)
        server.git("config", "tollbar.policy", policy)
        work = server.clone()
        work.branch("feature")
        work.commit(NEEDS_APPROVAL)
        self.assert_refused(work.push("feature"), "workflow/runner-self-hosted")

    def test_a_policy_of_the_server_that_cannot_be_read(self):
        server = self.server()
        server.git("config", "tollbar.policy", self.path("missing.yml"))
        work = server.clone()
        work.commit({"src/a.c": ""})
        self.assert_refused(work.push("main"), "missing.yml")


class History(PushTest):
    def test_an_evil_merge(self):
        work = self.server().clone()
        work.branch("side")
        work.commit({"src/side.c": "int side;\n"})
        work.switch("main")
        work.commit({"src/main.c": "int main(void) { return 1; }\n"})
        work.git("merge", "--quiet", "--no-commit", "--no-ff", "side")
        work.commit(BLOCKED, "Merge side")
        self.assert_refused(work.push("main"), "checks/neutered")
        self.assert_refused(work.push("main:feature"), "checks/neutered")

    def test_an_octopus(self):
        work = self.server().clone()
        for name in ("one", "two", "three"):
            work.branch(name, "main")
            work.commit({f"src/{name}.c": f"int {name};\n"})
        work.switch("main")
        work.git("merge", "--quiet", "--no-ff", "one", "two", "three")
        self.assert_accepted(work.push("main:octopus"))
        work.write(BLOCKED)
        work.git("commit", "--quiet", "--all", "--amend", "--no-edit")
        self.assert_refused(work.push("main:evil"), "checks/neutered")

    def test_strategy_ours_that_drops_a_fix(self):
        server = self.server(files={**BASE, **BLOCKED})
        work = server.clone()
        work.branch("old", "main")
        work.commit({"src/old.c": "int old;\n"})
        work.switch("main")
        work.commit(BASE, "Mend the check")
        self.assert_refused(work.push("main"), "needs approval")
        server.git("fetch", "--quiet", work.path, "main:main")  # approved by other means
        work.switch("old")
        work.git("merge", "--quiet", "-s", "ours", "--no-edit", "main")
        # No commit of it changes the workflow; what main becomes does.
        self.assert_refused(work.push("old:main"), "checks/neutered")

    def test_a_harm_and_its_revert(self):
        server = self.server()
        work = server.clone()
        work.branch("feature")
        harm = work.commit(BLOCKED)
        work.git("revert", "--no-edit", "HEAD")
        push = work.push("feature")
        self.assert_accepted(push)
        self.assert_marked(server, harm, "checks/neutered approve")
        self.assert_refused(work.push("feature:main"), "needs approval")

    def test_a_harm_that_came_with_its_revert_does_not_get_a_name_of_its_own(self):
        server = self.server()
        work = server.clone()
        work.branch("feature")
        harm = work.commit(BLOCKED)
        work.git("revert", "--no-edit", "HEAD")
        self.assert_accepted(work.push("feature"))
        # Every commit is known by now; what they make of a branch is not.
        for target in ("refs/heads/harm", "refs/tags/harm", "refs/heads/feature"):
            self.assert_refused(work.push("--force", f"{harm}:{target}"), "checks/neutered")
        work.git("checkout", "--quiet", "--detach", harm)
        work.commit({"src/a.c": "int a;\n"})
        self.assert_refused(work.push("HEAD:refs/heads/harm"), "checks/neutered")

    def test_a_branch_of_a_release_does_not_answer_for_the_release(self):
        server = self.server()
        work = server.clone()
        work.branch("release/1.0")
        work.commit(BLOCKED)
        server.git("fetch", "--quiet", work.path, "release/1.0:release/1.0")  # accepted by other means
        work.branch("hotfix")
        for target in ("HEAD:refs/tags/seen", "hotfix"):
            push = work.push(target)
            self.assert_accepted(push)
            self.assertEqual([], push.lines())
        work.commit({"src/a.c": "int a;\n"})
        push = work.push("hotfix", "hotfix:another")
        self.assert_accepted(push)
        self.assertEqual([], push.lines())

    def test_a_secret_and_its_revert(self):
        work = self.server().clone()
        work.branch("feature")
        work.commit({"src/config.ini": SECRET + "\n"})
        work.git("revert", "--no-edit", "HEAD")
        self.assert_refused(work.push("feature"), "keys/aws")

    def test_a_harm_hidden_behind_a_revert_of_another(self):
        work = self.server().clone()
        work.branch("feature")
        work.commit(BLOCKED)
        work.commit({**BASE, ".github/workflows/ci.yml": CI.replace("make lint", "make lint || true")})
        self.assert_refused(work.push("feature"), "checks/neutered")

    def test_a_commit_smuggled_over_another_reference(self):
        server = self.server()
        work = server.clone()
        work.branch("feature")
        commit = work.commit(NEEDS_APPROVAL)
        for smuggler in ("refs/tags/harmless", "refs/notes/harmless", "refs/other/harmless", "refs/heads/harmless"):
            with self.subTest(smuggler=smuggler):
                self.assert_accepted(work.push(f"feature:{smuggler}"))
                self.assert_refused(work.push("feature:main"), commit[:12])

    def test_a_blocked_commit_that_is_in_the_repository_already(self):
        server = self.server()
        work = server.clone()
        work.branch("feature")
        work.commit(BLOCKED)
        # Fetched by the server from elsewhere, where nobody judged it.
        server.git("fetch", "--quiet", work.path, "feature:refs/pull/1/head")
        self.assert_refused(work.push("feature"), "checks/neutered")

    def test_replacements_and_grafts_on_the_server(self):
        server = self.server()
        work = server.clone()
        work.branch("feature")
        bad = work.commit(BLOCKED)
        server.git("fetch", "--quiet", work.path, "feature:refs/pull/1/head")
        server.git("replace", bad, server.base)
        self.assert_refused(work.push("feature"), "checks/neutered")


class Trees(PushTest):
    def replaced_by_link(self, work, name, target):
        work.git("rm", "-r", "--quiet", name)
        blob = work.git("hash-object", "-w", "--stdin", stdin=target)
        work.git("update-index", "--add", "--cacheinfo", f"120000,{blob},{name}")
        work.git("commit", "--quiet", "-m", "Link")
        work.git("reset", "--quiet", "--hard")

    def test_a_directory_replaced_by_a_link(self):
        for name in (".github", ".github/workflows"):
            with self.subTest(name=name):
                server = self.server(f"server-{name.count('/')}.git")
                work = server.clone(f"work-{name.count('/')}")
                self.replaced_by_link(work, name, "src")
                self.assert_refused(work.push("main"))

    def test_a_directory_replaced_by_a_submodule(self):
        work = self.server().clone()
        work.git("rm", "-r", "--quiet", ".github")
        work.git("update-index", "--add", "--cacheinfo", f"160000,{work.id()},.github")
        work.git("commit", "--quiet", "-m", "Submodule")
        self.assert_refused(work.push("HEAD:main"))

    def test_a_script_replaced_by_a_link(self):
        work = self.server().clone()
        self.replaced_by_link(work, "scripts/publish.sh", "../src/main.c")
        self.assert_refused(work.push("HEAD:main"), "scripts/publish.sh")

    def test_case_variants(self):
        work = self.server().clone()
        work.branch("feature")
        work.commit({".GitHub/Workflows/ci.yml": BLOCKED[".github/workflows/ci.yml"].replace("test:", "deploy:")})
        push = work.push("HEAD:main")
        self.assert_refused(push, ".GitHub/Workflows/ci.yml")

    def test_renamed_out_of_service(self):
        work = self.server().clone()
        work.git("mv", ".github/workflows/ci.yml", ".github/workflows/ci.yml.disabled")
        work.git("commit", "--quiet", "-m", "Tidy")
        self.assert_refused(work.push("HEAD:feature"), "checks/")

    def test_moved_and_changed_at_once(self):
        work = self.server().clone()
        work.git("mv", ".github/workflows/ci.yml", ".github/workflows/tests.yml")
        work.commit({".github/workflows/tests.yml": BLOCKED[".github/workflows/ci.yml"]}, "Move")
        self.assert_refused(work.push("HEAD:feature"), "checks/neutered")


class Claims(PushTest):
    def test_a_forged_author(self):
        work = self.server().clone()
        for name in ("github-actions[bot]", "Owner", "root"):
            work.commit(NEEDS_APPROVAL, "Change\n\nApproved-by: owner <owner@example.com>\nTollbar-Status: approved\n",
                        GIT_AUTHOR_NAME=name, GIT_AUTHOR_EMAIL="owner@example.com", GIT_COMMITTER_NAME=name)
            self.assert_refused(work.push("main"), "needs approval")
            work.git("reset", "--quiet", "--hard", "origin/main")

    def test_forged_dates(self):
        work = self.server().clone()
        for date in ("@0 +0000", "@4102444800 +0000"):
            work.commit(BLOCKED, "Change", GIT_AUTHOR_DATE=date, GIT_COMMITTER_DATE=date)
            work.commit({"src/a.c": "int a;\n"})
            self.assert_refused(work.push("main"), "checks/neutered")
            work.git("reset", "--quiet", "--hard", "origin/main")

    def test_variables_of_the_environment(self):
        server = self.server()
        work = server.clone()
        work.branch("feature")
        commit = work.commit(NEEDS_APPROVAL)
        loose = self.write_file("loose.yml", "version: 1\nrules: {'*/*': allow}\n")
        spoofed = {"TOLLBAR_POLICY": loose, "GL_USER": "owner", "GITEA_PUSHER_NAME": "owner", "REMOTE_USER": "owner",
                   "GITHUB_USER_LOGIN": "owner", "BB_USER_NAME": "owner"}
        self.assert_refused(work.push("feature:main", **spoofed), "needs approval")
        self.assert_accepted(work.push("feature", **spoofed))
        self.assertNotIn("Pusher", server.note(commit))
        self.assertNotIn("owner", server.note(commit))

    def test_the_configured_provider_names_the_pusher(self):
        server = self.server()
        server.git("config", "tollbar.provider", "gitea")
        work = server.clone()
        work.branch("feature")
        commit = work.commit(NEEDS_APPROVAL)
        self.assert_accepted(work.push("feature", GITEA_PUSHER_NAME="bob\nTollbar-Status: approved", GL_USER="owner"))
        self.assert_marked(server, commit, "Tollbar-Pusher: bob\\nTollbar-Status: approved\n", "Tollbar-Status: needs-approval\n")

    def test_push_options(self):
        server = self.server()
        server.git("config", "receive.advertisePushOptions", "true")
        work = server.clone()
        work.commit(BLOCKED)
        self.assert_refused(work.push("-o", "tollbar.skip", "-o", "ci.skip", "main"), "checks/neutered")

    def test_marks_decide_nothing(self):
        server = self.server()
        work = server.clone()
        work.branch("feature")
        commit = work.commit(NEEDS_APPROVAL)
        self.assert_accepted(work.push("feature"))
        server.git("notes", "--ref=tollbar", "add", "--force", "-m", "Tollbar-Status: approved", commit)
        self.assert_refused(work.push("feature:main"), "needs approval")


class Input(PushTest):
    """What a hook is told, when it is not git that tells it."""

    def hook(self, server, name, stdin="", *arguments):
        environment = {**self.environment(), "GIT_DIR": "."}
        from support import BINARY
        return self.run_command([BINARY, "hook", name, *arguments], server.path, False, stdin, environment)

    def test_lines_that_are_no_updates(self):
        server = self.server()
        zero, base = "0" * 40, server.base
        bad = ("", "\n", "nonsense\n", f"{zero} {base}\n", f"{zero} {base} main\n", f"{zero} {zero} refs/heads/x\n",
               f"{zero} {base} refs/heads/x", f"{zero[1:]} {base} refs/heads/x\n", f"{zero} {base.upper()} refs/heads/x\n",
               f"{zero} {base} refs/heads/x\n\n", f"{zero} {base} refs/heads/x\n{zero} {base} refs/heads/x\n",
               f"{zero}\t{base}\trefs/heads/x\n", f"{zero} {'0' * 64} refs/heads/x\n")
        for text in bad:
            with self.subTest(text=text):
                done = self.hook(server, "pre-receive", text)
                self.assertEqual(4, done.returncode, done.stdout)
                self.assertIn("read what is pushed", done.stdout)
        self.assertEqual(0, self.hook(server, "pre-receive", f"{zero} {base} refs/heads/x\n").returncode)

    def test_objects_that_are_not_there(self):
        server = self.server()
        done = self.hook(server, "pre-receive", f"{'0' * 40} {'12' * 20} refs/heads/x\n")
        self.assertEqual(4, done.returncode, done.stdout)
        self.assertIn("is missing", done.stdout)

    def test_update_judges_its_one_reference(self):
        server = self.server(hooks=("update", "post-receive"))
        work = server.clone()
        work.branch("good")
        work.commit({"src/a.c": "int a;\n"})
        work.branch("bad", "main")
        work.commit(BLOCKED)
        push = work.push("good", "bad")
        self.assert_refused(push, "checks/neutered")
        self.assertIn("refs/heads/good " + work.id("good"), server.refs())
        self.assertNotIn("refs/heads/bad", " ".join(server.refs()))
        work.branch("wanting", "main")
        commit = work.commit(NEEDS_APPROVAL)
        self.assert_accepted(work.push("wanting"))
        self.assert_marked(server, commit, "needs-approval")
        self.assertEqual(2, self.hook(server, "update", "", "refs/heads/x").returncode)

    def test_a_provider_that_does_not_exist(self):
        server = self.server()
        server.git("config", "tollbar.provider", "gitalite")
        work = server.clone()
        work.commit({"src/a.c": ""})
        self.assert_refused(work.push("main"), "gitalite", "gitolite")

    def test_what_a_servers_page_shows(self):
        server = self.server()
        server.git("config", "tollbar.provider", "gitlab")
        work = server.clone()
        work.commit(BLOCKED)
        lines = [line for line in work.push("main").lines() if line]
        self.assertTrue(lines)
        for line in lines:
            self.assertTrue(line.startswith("GL-HOOK-ERR: "), line)

    def test_the_environment_is_not_printed(self):
        server = self.server()
        work = server.clone()
        work.commit(BLOCKED)
        push = work.push("main", HTTP_AUTHORIZATION="Basic c2VjcmV0", TOLLBAR_VERBOSE="1", GIT_TRACE2_EVENT="0")
        self.assertNotIn("c2VjcmV0", push.text)


if __name__ == "__main__":
    unittest.main()
