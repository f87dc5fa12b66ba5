"""Over random edits of real workflows: an approval survives exactly those that leave its facts alone."""
import glob
import json
import os
import unittest
from collections import Counter
from random import Random

from approving import CI_PATH, ApprovalTest

try:
    import yaml

    from workflow_edits import Editor, jobs_of, meaning, plain, power
except ImportError:
    yaml = None

WORKFLOWS, EDITS = 32, 18  # so many of the golden cases, so many edits of each
RUNNER = "workflow/runner-self-hosted"


@unittest.skipIf(yaml is None, "python3-yaml is missing")
class Property(ApprovalTest):
    """A job of a workflow moves to a machine of its own, which somebody approves; then the commit is made otherwise."""

    def made(self, work, parent, text):
        """A commit of the workflow on top of `parent`."""
        with open(self.path("text"), "wb") as file:
            file.write(text.encode())
        blob = work.git("hash-object", "-w", "--no-filters", self.path("text"))
        index = {"GIT_INDEX_FILE": self.path("index")}
        work.git("read-tree", parent, **index)
        work.git("update-index", "--add", "--cacheinfo", f"100644,{blob},{CI_PATH}", **index)
        return work.git("commit-tree", "-p", parent, "-m", "Change", work.git("write-tree", **index))

    def scanned(self, work, commit):
        done = self.tollbar(work, "scan", commit, "-o", "jsonl", check=False)
        return done.returncode, json.loads(done.stdout.splitlines()[0])

    def runner_of(self, verdict, job):
        """Whether the finding about the runner of this job is approved; None where there is none."""
        found = [finding for finding in verdict["findings"] if finding["rule"] == RUNNER and finding["subject"] == f"job {job}"]
        return bool(found[0].get("approved")) if found else None

    def check(self, work, base, texts, edited, job):
        """`texts` before and after what was approved."""
        before, after = texts
        code, verdict = self.scanned(work, self.made(work, base, edited))
        try:
            survives = meaning(edited) in (meaning(before), meaning(after))
        except yaml.YAMLError:
            survives = False
        self.assertEqual(survives, code == 0, json.dumps(verdict, indent=1))
        # The fact itself, whatever else the edit does.
        approved = self.runner_of(verdict, job)
        if approved is not None and job in jobs_of(edited):
            self.assertEqual(power(edited, job) == power(after, job), approved, json.dumps(verdict, indent=1))
        return survives, approved

    def test_random_edits(self):
        random = Random(20261123)
        work = self.gated().clone()
        tried = Counter()
        for path, before in random.sample(list(workflows()), WORKFLOWS):
            job = random.choice([name for name, body in jobs_of(before).items() if str(body.get("runs-on")).startswith("ubuntu")])
            after = on_a_machine_of_its_own(before, job)
            base = self.made(work, "origin/main", before)
            commit = self.made(work, base, after)
            if self.scanned(work, commit)[0] != 3:
                continue  # it loses a check, which nobody can approve
            work.git("update-ref", "-d", "refs/tollbar/approvals")  # those of other workflows may fit here, too
            self.approve(work, "grace", commit)
            self.assertEqual(0, self.scanned(work, commit)[0])
            editor = Editor(after, job, random)
            for kind in random.sample(editor.kinds(), EDITS):
                edited = editor.apply(kind)
                if edited is None:
                    continue
                with self.subTest(workflow=path, kind=kind, text=edited):
                    tried[(kind, *self.check(work, base, (before, after), edited, job))] += 1
        kinds = {kind for kind, _, _ in tried}
        if os.environ.get("TOLLBAR_TALLY"):
            print(tried)
        self.assertEqual(set(Editor("", "", random).kinds()), kinds)
        self.assertGreater(sum(number for (_, survives, _), number in tried.items() if survives), 100)
        self.assertGreater(sum(number for (_, survives, _), number in tried.items() if not survives), 100)


def on_a_machine_of_its_own(text, job):
    """Changed where it stands, so that all the rest is as people wrote it."""
    lines = text.splitlines(keepends=True)
    begin = next(number for number, line in enumerate(lines) if line.strip().rstrip(":").strip("\"'") == job and line.startswith(" "))
    at = next(number for number in range(begin, len(lines)) if "runs-on: ubuntu" in lines[number])
    lines[at] = lines[at].split("runs-on:")[0] + "runs-on: self-hosted\n"
    return "".join(lines)


def is_ordinary(text):
    """A workflow of jobs that stand line by line, at least one of them on a hosted machine."""
    try:
        document = plain(text)
        meaning(text)
    except (yaml.YAMLError, AttributeError, TypeError):
        return False
    jobs = document.get("jobs") if isinstance(document, dict) else None
    if not isinstance(jobs, dict) or "on" not in document or not all(isinstance(body, dict) for body in jobs.values()):
        return False
    hosted = [name for name, body in jobs.items() if str(body.get("runs-on")).startswith("ubuntu")]
    try:
        return bool(hosted) and all(plain(on_a_machine_of_its_own(text, name))["jobs"][name]["runs-on"] == "self-hosted" for name in hosted)
    except (StopIteration, yaml.YAMLError):
        return False


def workflows():
    """Those of the golden cases."""
    golden = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "golden")
    for path in sorted(glob.glob(os.path.join(golden, "*", "before", ".github", "workflows", "*.yml"))):
        with open(path, encoding="utf-8", newline="") as file:
            text = file.read()
        if "{|}" not in text and "<<" not in text and is_ordinary(text):
            yield os.path.relpath(path, golden), text if text.endswith("\n") else text + "\n"


if __name__ == "__main__":
    unittest.main()
