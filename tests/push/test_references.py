"""What a push does to references themselves: protected branches, tags of every shape, notes, replacements."""
import unittest

from support import BLOCKED, NEEDS_APPROVAL, SECRET, PushTest

POLICY = 'version: 1\nprotected: [main, "release/*", "refs/tags/signed/*"]\n'


class Branches(PushTest):
    def test_a_protected_branch_is_neither_forced_nor_deleted(self):
        server = self.server(policy=POLICY)
        server.git("config", "receive.denyDeleteCurrent", "ignore")
        work = server.clone()
        work.commit({"src/a.c": "int a;\n"})
        self.assert_accepted(work.push("main", "main:release/1.0"))
        self.assert_refused(work.push("--force", "HEAD~1:main"), "ref/protected-forced")
        self.assert_refused(work.push("--force", "HEAD~1:release/1.0"), "ref/protected-forced")
        self.assert_refused(work.push("--delete", "main"), "ref/protected-deleted")
        self.assert_refused(work.push("--delete", "release/1.0"), "ref/protected-deleted")

    def test_the_default_branch_is_protected_whatever_the_policy_says(self):
        server = self.server(policy="version: 1\nprotected: []\n")
        server.git("config", "receive.denyDeleteCurrent", "ignore")
        work = server.clone()
        self.assert_refused(work.push("--delete", "main"), "ref/protected-deleted")
        work.commit(NEEDS_APPROVAL)
        self.assert_refused(work.push("main"), "needs approval")
        self.assert_accepted(work.push("main:master"))

    def test_a_default_branch_of_another_name(self):
        server = self.server(policy="version: 1\nprotected: []\n")
        server.git("branch", "-m", "main", "develop")
        server.git("symbolic-ref", "HEAD", "refs/heads/develop")
        work = server.clone()
        work.commit(NEEDS_APPROVAL)
        self.assert_refused(work.push("HEAD:develop"), "needs approval")
        self.assert_accepted(work.push("HEAD:main"))

    def test_a_name_that_differs_in_case_is_the_same_name(self):
        work = self.server(policy=POLICY).clone()
        work.commit(NEEDS_APPROVAL)
        self.assert_refused(work.push("HEAD:MAIN"), "needs approval")
        self.assert_refused(work.push("HEAD:Release/1.0"), "needs approval")
        self.assert_accepted(work.push("HEAD:feature/main"))

    def test_a_commit_of_an_unprotected_branch_is_new_to_a_protected_one(self):
        server = self.server(policy=POLICY)
        work = server.clone()
        work.branch("feature")
        work.commit(NEEDS_APPROVAL)
        work.commit({"src/a.c": "int a;\n"})
        self.assert_accepted(work.push("feature"))
        self.assert_refused(work.push("feature:main"), "workflow/runner-self-hosted")
        self.assert_refused(work.push("feature:release/1.0"), "workflow/runner-self-hosted")
        # Another protected branch that has it already vouches for it.
        server.git("update-ref", "refs/heads/release/0.9", "feature")
        self.assert_accepted(work.push("feature:release/1.0"))

    def test_a_deleted_and_remade_branch_is_judged_as_a_whole(self):
        server = self.server()
        work = server.clone()
        work.branch("feature")
        commit = work.commit(NEEDS_APPROVAL)
        self.assert_accepted(work.push("feature"))
        server.git("update-ref", "-d", "refs/notes/tollbar")
        self.assert_accepted(work.push("--delete", "feature"))
        self.assert_accepted(work.push("feature"))
        self.assert_marked(server, commit, "needs-approval")

    def test_a_branch_that_takes_in_main_does_not_answer_for_main(self):
        server = self.server()
        work = server.clone()
        work.branch("feature")
        work.commit({"src/a.c": "int a;\n"})
        self.assert_accepted(work.push("feature"))
        work.switch("main")
        work.commit(BLOCKED)
        server.git("fetch", "--quiet", work.path, "main:main")  # accepted by other means
        work.switch("feature")
        work.git("merge", "--quiet", "--no-edit", "main")
        merge = work.id()
        push = work.push("feature")
        self.assert_accepted(push)
        self.assertIsNone(server.note(merge), push.text)
        work.git("reset", "--quiet", "--hard", "HEAD~1")
        work.git("rebase", "--quiet", "main")
        push = work.push("--force", "feature")
        self.assert_accepted(push)
        self.assertIsNone(server.note(work.id()), push.text)


class Tags(PushTest):
    def test_a_release_tag_is_marked_and_stays_where_it_is(self):
        server = self.server()
        work = server.clone()
        for options, name in (((), "v1.0"), (("-a", "-m", "Release"), "v1.1")):
            with self.subTest(name=name):
                work.git("tag", *options, name)
                self.assert_accepted(work.push(name))
                self.assert_marked(server, work.id(), "ref/tag-release approve medium refs/tags/" + name)
                work.commit({"src/a.c": f"int a{name[-1]};\n"})
                self.assert_accepted(work.push("main"))
                work.git("tag", "--force", *options, name)
                self.assert_refused(work.push("--force", name), "ref/tag-moved")
                self.assert_refused(work.push("--delete", name), "ref/tag-deleted")

    def test_an_annotated_tag_cannot_be_made_anew(self):
        work = self.server().clone()
        work.git("tag", "-a", "-m", "One", "tested")
        self.assert_accepted(work.push("tested"))
        work.git("tag", "--force", "-a", "-m", "Two", "tested")
        self.assert_refused(work.push("--force", "tested"), "ref/tag-moved")

    def test_ordinary_tags_come_and_go(self):
        server = self.server()
        work = server.clone()
        work.git("tag", "before-the-rebase")
        push = work.push("before-the-rebase")
        self.assert_accepted(push)
        self.assertEqual([], push.lines())
        self.assert_accepted(work.push("--delete", "before-the-rebase"))

    def test_a_protected_tag_needs_its_approval_first(self):
        work = self.server(policy=POLICY).clone()
        work.git("tag", "signed/v1.0")
        self.assert_refused(work.push("signed/v1.0"), "ref/tag-release", "needs approval")

    def test_a_release_of_a_commit_that_no_branch_has(self):
        server = self.server()
        work = server.clone()
        work.commit({"src/a.c": "int a;\n"})
        work.git("tag", "v1.0")
        self.assert_refused(work.push("v1.0"), "ref/tag-unreachable")
        self.assert_accepted(work.push("v1.0", "main"))

    def test_a_tag_smuggles_nothing_in(self):
        work = self.server().clone()
        work.commit(BLOCKED)
        work.git("tag", "-a", "-m", "Tag", "harmless")
        work.git("tag", "-a", "-m", "Tag", "nested", "harmless")
        self.assert_refused(work.push("harmless"), "checks/neutered")
        self.assert_refused(work.push("nested"), "checks/neutered")

    def test_tags_of_trees_blobs_and_tags(self):
        work = self.server().clone()
        work.git("tag", "-a", "-m", "Tag", "inner")
        work.git("tag", "-a", "-m", "Tag", "outer", "inner")
        work.git("tag", "tree", "HEAD^{tree}")
        work.git("tag", "-a", "-m", "Tag", "annotated-tree", "HEAD^{tree}")
        work.git("tag", "blob", "HEAD:Makefile")
        work.git("tag", "-a", "-m", "Tag", "annotated-blob", "HEAD:Makefile")
        self.assert_accepted(work.push("inner"))
        for name in ("outer", "tree", "annotated-tree", "blob", "annotated-blob"):
            push = work.push(name)
            self.assert_accepted(push)
            self.assertIn("needing approval", push.text)

    def test_what_is_marked_for_several_reasons_keeps_them_all(self):
        server = self.server()
        work = server.clone()
        work.branch("feature")
        commit = work.commit(NEEDS_APPROVAL)
        work.git("tag", "v1.0")
        self.assert_accepted(work.push("feature"))
        self.assert_accepted(work.push("v1.0"))
        self.assert_marked(server, commit, "workflow/runner-self-hosted", "ref/tag-release", "Tollbar-Ref: refs/heads/feature\n",
                           "Tollbar-Ref: refs/tags/v1.0\n")

    def test_a_secret_in_a_tagged_blob_or_tree(self):
        work = self.server().clone()
        work.write({"key": SECRET + "\n"})
        blob = work.git("hash-object", "-w", "key")
        tree = work.git("mktree", stdin=f"100644 blob {blob}\tkey\n")
        work.git("tag", "blob", blob)
        work.git("tag", "-a", "-m", "Tag", "tree", tree)
        self.assert_refused(work.push("blob"), "keys/aws")
        self.assert_refused(work.push("tree"), "keys/aws")


class OtherNamespaces(PushTest):
    def test_notes_are_accepted_and_read(self):
        work = self.server().clone()
        work.git("notes", "add", "-m", "Reviewed")
        push = work.push("refs/notes/commits")
        self.assert_accepted(push)
        self.assertEqual([], push.lines())
        work.git("notes", "append", "-m", SECRET)
        self.assert_refused(work.push("refs/notes/commits"), "keys/aws")

    def test_the_gates_own_records_are_not_pushed(self):
        server = self.server()
        work = server.clone()
        work.git("notes", "--ref=tollbar", "add", "-m", "Tollbar-Status: allowed")
        self.assert_refused(work.push("refs/notes/tollbar"), "ref/record-written")
        self.assert_refused(work.push("main:refs/tollbar/log"), "ref/record-written")

    def test_nothing_is_replaced(self):
        work = self.server().clone()
        first = work.id()
        work.commit({"src/a.c": "int a;\n"})
        work.git("replace", first, "HEAD")
        self.assert_refused(work.push(f"refs/replace/{first}"), "ref/replaced")

    def test_unknown_namespaces_are_marked(self):
        push = self.server().clone().push("main:refs/meta/config")
        self.assert_accepted(push)
        self.assertIn("needing approval", push.text)


if __name__ == "__main__":
    unittest.main()
