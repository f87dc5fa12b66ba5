"""Over random edits of real workflows: what an approval survives."""
import glob
import os
import unittest
from random import Random

from approving import CI_PATH, ApprovalTest


class Property(ApprovalTest):
    """Over random edits of workflows as teams write them, an approval survives exactly those that leave its facts alone."""

    def edits(self, text, random):
        """Pairs of an edited text and whether the facts of the change are as they were."""
        lines = text.splitlines(keepends=True)
        top = [number for number, line in enumerate(lines) if line.strip() and not line[0].isspace()]
        steps = [number for number, line in enumerate(lines) if line.strip() == "steps:"]
        runners = [number for number, line in enumerate(lines) if "runs-on: ubuntu" in line]

        def inserted(number, *new):
            return "".join(lines[:number] + list(new) + lines[number:])

        yield inserted(random.choice(top), "# why this is so\n"), True
        yield inserted(random.choice(top), "\n"), True
        yield text.replace("\n", "\r\n"), True
        yield text.replace("runs-on: self-hosted", random.choice(["runs-on: 'self-hosted'", "runs-on: [self-hosted]"])), True
        if steps:
            number = random.choice(steps)
            indent = lines[number][:len(lines[number]) - len(lines[number].lstrip())]
            yield inserted(number + 1, f"{indent}  - run: ./tool-{random.randrange(1000)}\n"), False
        if runners:
            number = random.choice(runners)
            yield "".join(lines[:number]) + lines[number].replace("ubuntu", f"my-{random.randrange(1000)}") + "".join(lines[number + 1:]), False
        yield text.replace("runs-on: self-hosted", "runs-on: [self-hosted, large]"), False
        yield text + f"\n  extra{random.randrange(1000)}:\n    runs-on: ubuntu-latest\n    steps:\n      - run: make\n", False

    def test_random_edits(self):
        random = Random(20261123)
        work = self.gated().clone()
        tried = 0
        for path, text in workflows():
            work.git("reset", "--quiet", "--hard", "origin/main")
            work.commit({CI_PATH: text}, "Base")
            base = work.id()
            runners = [number for number, line in enumerate(text.splitlines()) if "runs-on: ubuntu" in line]
            lines = text.splitlines(keepends=True)
            number = random.choice(runners)
            lines[number] = lines[number].split("runs-on:")[0] + "runs-on: self-hosted\n"
            changed = "".join(lines)
            work.commit({CI_PATH: changed}, "Change")
            self.approve(work, "grace", "HEAD")
            if self.tollbar(work, "scan", "HEAD", check=False).returncode == 1:
                continue  # it loses a check, which nobody can approve
            for edited, same in self.edits(changed, random):
                work.write({CI_PATH: edited})
                work.git("commit", "--quiet", "--all", "--amend", "--allow-empty", "-m", "Edited")
                self.assertEqual(base, work.id("HEAD~1"))
                done = self.tollbar(work, "scan", "HEAD", check=False)
                tried += 1
                with self.subTest(workflow=path, text=edited):
                    self.assertEqual(same, done.returncode == 0, done.stdout)
        self.assertGreater(tried, 50)


def workflows():
    """Workflows of the golden cases whose jobs end the file and run somewhere."""
    golden = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "golden")
    for path in sorted(glob.glob(os.path.join(golden, "*", "before", ".github", "workflows", "*.yml"))):
        with open(path, encoding="utf-8", newline="") as file:
            text = file.read()
        last = [line for line in text.splitlines() if line.strip() and not line[0].isspace() and not line.startswith("#")]
        if "runs-on: ubuntu" in text and last and last[-1].startswith("jobs:") and "\n  " in text and "{|}" not in text and "<<" not in text:
            yield os.path.relpath(path, golden), text if text.endswith("\n") else text + "\n"


if __name__ == "__main__":
    unittest.main()
