#include "document/failing_ends.h"

#include <doctest/doctest.h>

using namespace tollbar::document;

namespace {

constexpr int kNothing = -1;

int loss(std::string_view before, std::string_view after, Language language) {
  const auto lost = lost_verdict(before, after, language);
  return lost ? static_cast<int>(lost->loss) : kNothing;
}

int of(VerdictLoss what) {
  return static_cast<int>(what);
}

/// `text` with the first `old` in it replaced.
std::string with(std::string text, std::string_view old, std::string_view now) {
  const auto at = text.find(old);
  REQUIRE(at != std::string::npos);
  return text.replace(at, old.size(), now);
}

const std::string kShell = R"(set -e
die() {
  echo "$*"
  exit 1
}
bad=0
for file in src/*; do
  if grep -q TODO "$file"; then
    bad=1
  fi
done
[ -e README ] || die "no README"
if [ "$bad" = 1 ]; then
  echo bad
  exit 1
fi
)";

const std::string kPython = R"(import sys

def check(path):
    found = False
    for line in open(path):
        if "TODO" in line:
            found = True
    return found

def main(paths):
    if not paths:
        print("usage: todo PATH...")
        return 2
    worst = 0
    for path in paths:
        if check(path):
            worst = 1
    return worst

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
)";

const std::string kNode = R"(const bad = find();
if (bad.length > 0) {
  console.error(bad);
  process.exit(1);
} else {
  console.log('fine');
}
main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
)";

}  // namespace

TEST_CASE("a branch that stays and fails no more is defused") {
  CHECK(loss(kShell, with(kShell, "echo bad\n  exit 1", "echo bad\n  exit 0"), Language::shell) ==
        of(VerdictLoss::defused));
  CHECK(loss(kShell, with(kShell, "echo bad\n  exit 1", "echo bad"), Language::shell) == of(VerdictLoss::defused));
  CHECK(loss(kNode, with(kNode, "process.exit(1)", "process.exit( 0 )"), Language::javascript) ==
        of(VerdictLoss::defused));
  CHECK(loss(kNode, with(kNode, "  process.exitCode = 1;\n", ""), Language::javascript) == of(VerdictLoss::defused));
}

TEST_CASE("a script that stops at failures need not end with the command that fails") {
  const std::string script = "set -e\nmake docs\necho \"===\"\ndiff -Naur made docs\n";
  const std::string now = "set -e\nmake docs\ndiff -Naur made docs\necho \"===\"\necho \"run make docs\"\n";
  CHECK(loss(script, now, Language::shell) == kNothing);
  CHECK(loss(script, with(now, "set -e\n", ""), Language::shell) != kNothing);
  CHECK(loss(script, with(now, "diff -Naur made docs\n", ""), Language::shell) != kNothing);
}

TEST_CASE("so is a call of what fails that only prints now") {
  CHECK(loss(kShell, with(kShell, "die \"no", "echo \"no"), Language::shell) == of(VerdictLoss::defused));
}

TEST_CASE("a note of the failure that is not taken any more defuses its branch") {
  CHECK(loss(kShell, with(kShell, "    bad=1\n", "    bad=0\n"), Language::shell) == of(VerdictLoss::defused));
  CHECK(loss(kShell, with(kShell, "    bad=1\n", "    echo found\n"), Language::shell) == of(VerdictLoss::defused));
  CHECK(loss(kPython, with(kPython, "worst = 1", "pass"), Language::python) == of(VerdictLoss::defused));
  CHECK(loss(kPython, with(kPython, "found = True", "found = False"), Language::python) == of(VerdictLoss::defused));
}

TEST_CASE("the value that a program ends with is followed to where it is given") {
  CHECK(loss(kPython, with(kPython, "return worst", "return 0"), Language::python) == of(VerdictLoss::defused));
  CHECK(loss(kPython, with(kPython, "return found", "return False"), Language::python) == of(VerdictLoss::defused));
  CHECK(loss(kPython, with(kPython, "sys.exit(main(sys.argv[1:]))", "main(sys.argv[1:])"), Language::python) ==
        of(VerdictLoss::defused));
}

TEST_CASE("a flag is followed to the function that gives it") {
  const std::string text =
      "function check(name) {\n  if (!known(name)) {\n    return false;\n  }\n  return true;\n}\n"
      "const ok = names.map(check).every(Boolean);\nprocess.exit(ok ? 0 : 1);\n";
  CHECK(loss(text, with(text, "return false", "return true"), Language::javascript) == of(VerdictLoss::defused));
  CHECK(loss(text, with(text, "process.exit(ok ? 0 : 1)", "if (!ok) process.exit(1)"), Language::javascript) ==
        kNothing);
  const std::string ruby = "class Checker\n  def run\n    judge\n  end\nend\nexit(Checker.new.run)\n";
  CHECK(loss(ruby, with(ruby, "exit(Checker.new.run)", "Checker.new.run"), Language::ruby) == of(VerdictLoss::defused));
}

TEST_CASE("a function that notes the failure is as good as the note") {
  const std::string text =
      "let failed = false;\nfunction fail(why) {\n  console.error(why);\n  failed = true;\n}\n"
      "if (!a) fail('a');\nif (failed) process.exit(1);\n";
  CHECK(loss(text, with(text, "  failed = true;\n", ""), Language::javascript) == of(VerdictLoss::defused));
  CHECK(loss(text, with(text, "fail('a');", "console.warn('a');"), Language::javascript) == of(VerdictLoss::defused));
  CHECK(loss(text, with(text, "fail('a');", "fail('no a');"), Language::javascript) == kNothing);
}

TEST_CASE("what can no longer be reached fails no more") {
  CHECK(loss(kShell, with(kShell, "bad=0\n", "bad=0\nexit 0\n"), Language::shell) == of(VerdictLoss::defused));
  CHECK(loss(kShell, with(kShell, "if [ \"$bad\" = 1 ]; then", "if false; then"), Language::shell) ==
        of(VerdictLoss::defused));
  CHECK(loss(kPython, with(kPython, "        if check(path):", "        if False and check(path):"),
             Language::python) != kNothing);
}

TEST_CASE("a handler that says nothing swallows the verdict") {
  CHECK(loss(kPython,
             with(kPython, "    sys.exit(main(sys.argv[1:]))\n",
                  "    try:\n        sys.exit(main(sys.argv[1:]))\n    except SystemExit:\n        pass\n"),
             Language::python) == of(VerdictLoss::defused));
}

TEST_CASE("the same failure written otherwise is none lost") {
  CHECK(loss(kShell, with(kShell, "echo bad\n  exit 1", "die bad"), Language::shell) == kNothing);
  CHECK(loss(kShell, with(kShell, "echo bad\n  exit 1", "echo bad\n  exit 3"), Language::shell) == kNothing);
  CHECK(loss(kShell, with(kShell, "echo bad\n  exit 1\nfi", "echo bad\nelse\n  exit 0\nfi\nexit 1"), Language::shell) ==
        kNothing);
  CHECK(loss(kNode, with(kNode, "process.exit(1)", "throw new Error('bad')"), Language::javascript) == kNothing);
  CHECK(loss(kPython, with(kPython, "    return worst", "    if worst:\n        raise SystemExit(1)"),
             Language::python) == kNothing);
  CHECK(loss(kShell, with(with(with(kShell, "bad=0", "worst=0"), "bad=1", "worst=1"), "$bad", "$worst"),
             Language::shell) == kNothing);
}

TEST_CASE("how the program was called is no verdict") {
  CHECK(loss(kPython, with(kPython, "return 2", "return 0"), Language::python) == kNothing);
  const std::string usage = "if [ $# -lt 1 ]; then\n  exit 1\nfi\nif [ -n \"$1\" ]; then\n  exit 1\nfi\n";
  CHECK(loss(usage, with(usage, "exit 1", "exit 0"), Language::shell) == kNothing);
}

TEST_CASE("what went with its branch, or moved a limit, only judges less") {
  CHECK(loss(kShell, with(kShell, "[ -e README ] || die \"no README\"\n", ""), Language::shell) ==
        of(VerdictLoss::fewer));
  CHECK(loss(kNode, with(kNode, "length > 0", "length > 100"), Language::javascript) == of(VerdictLoss::fewer));
  CHECK(loss(kNode, with(kNode, "length > 0", "length >= 0"), Language::javascript) == kNothing);
}

TEST_CASE("a call that went from a branch is one thing less that is looked at") {
  const std::string text =
      "check() {\n  grep -q x a || { echo no; exit 1; }\n}\nall() {\n  check\n  make\n}\nall\ncheck\necho fine\n";
  CHECK(loss(text, with(text, "  check\n  make", "  make"), Language::shell) == of(VerdictLoss::fewer));
}

TEST_CASE("the last command of a script speaks for it") {
  const std::string text = "set +e\nmake test\nstatus=$?\nexit $status\n";
  CHECK(loss(text, "make test\n", Language::shell) == kNothing);
  CHECK(loss(text, "set +e\nmake test\nstatus=$?\necho $status\n", Language::shell) != kNothing);
}

TEST_CASE("a new early end counts where the environment asks for it") {
  CHECK(loss(kShell, with(kShell, "bad=0\n", "bad=0\n[ -z \"$SKIP\" ] || exit 0\n"), Language::shell) ==
        of(VerdictLoss::skipped));
  CHECK(loss(kShell, with(kShell, "bad=0\n", "bad=0\n[ -e src ] || exit 0\n"), Language::shell) == kNothing);
}

TEST_CASE("a new early end counts fully where every pipeline asks for it") {
  const std::string questions[] = {"[ -n \"${CI:-}\" ] && exit 0\n",
                                   "if [ \"$GITHUB_ACTIONS\" = true ]; then exit 0; fi\n"};
  for (const auto& question : questions) {
    CAPTURE(question);
    CHECK(loss(kShell, with(kShell, "bad=0\n", "bad=0\n" + question), Language::shell) == of(VerdictLoss::avoided));
  }
  CHECK(loss(kNode, "if (process.env.CI) process.exit();\n" + kNode, Language::javascript) == of(VerdictLoss::avoided));
  CHECK(loss(kNode, "if (!process.env.CI) process.exit();\n" + kNode, Language::javascript) ==
        of(VerdictLoss::skipped));
  CHECK(loss(kNode, "if (process.env.CI && process.env.QUICK) process.exit();\n" + kNode, Language::javascript) ==
        of(VerdictLoss::skipped));
  CHECK(loss(kShell, with(kShell, "bad=0\n", "bad=0\n[ -z \"$CI\" ] && exit 0\n"), Language::shell) ==
        of(VerdictLoss::skipped));
}

TEST_CASE("errors that PowerShell lets pass are seen no more") {
  const std::string script = "$ErrorActionPreference = 'Stop'\nImport-Lists\nif ($bad) { exit 1 }\n";
  CHECK(loss(script, with(script, "'Stop'", "'SilentlyContinue'"), Language::powershell) == of(VerdictLoss::fewer));
  CHECK(loss(script, with(script, "'Stop'", "\"stop\""), Language::powershell) == kNothing);
}

TEST_CASE("nothing left that fails empties a program, something new in its place does not") {
  const std::string text = "if (bad) {\n  throw new Error('bad');\n}\nconsole.log('fine');\n";
  CHECK(loss(text, "console.log('fine');\n", Language::javascript) == of(VerdictLoss::emptied));
  CHECK(loss(text, "judge(bad);\n", Language::javascript) == of(VerdictLoss::fewer));
}

TEST_CASE("words of other languages") {
  const std::string ruby = "bad = find\nbad.each do |name|\n  puts name\nend\nabort 'bad' unless bad.empty?\n";
  CHECK(loss(ruby, with(ruby, "abort", "warn"), Language::ruby) == of(VerdictLoss::defused));
  CHECK(loss(ruby, with(ruby, "abort 'bad' unless bad.empty?", "exit(1) if bad.any?"), Language::ruby) == kNothing);
  const std::string powershell = "if ($bad)\n{\n  Write-Host 'bad'\n  exit 1\n}\n";
  CHECK(loss(powershell, with(powershell, "exit 1", "Write-Warning 'please'"), Language::powershell) ==
        of(VerdictLoss::defused));
  CHECK(loss(powershell, with(powershell, "exit 1", "throw 'bad'"), Language::powershell) == kNothing);
  const std::string go = "func main() {\n\tif len(bad) > 0 {\n\t\tos.Exit(1)\n\t}\n}\n";
  CHECK(loss(go, with(go, "os.Exit(1)", "fmt.Println(bad)"), Language::go) == of(VerdictLoss::defused));
  const std::string perl = "exit 1 if $bad;\n";
  CHECK(loss(perl, "print 1 if $bad;\n", Language::perl) == of(VerdictLoss::defused));
  const std::string checked = "my $bad = run();\nexit($bad);\n";
  CHECK(loss(checked, with(checked, "exit($bad)", "exit(0)"), Language::perl) == of(VerdictLoss::defused));
  CHECK(loss("bad = run\nexit(bad)\n", "bad = run\nexit(0)\n", Language::ruby) == of(VerdictLoss::defused));
  const std::string php = "<?php\nif ($bad) {\n  exit(1);\n}\n";
  CHECK(loss(php, with(php, "exit(1)", "exit(0)"), Language::php) == of(VerdictLoss::defused));
}

TEST_CASE("a check that a program starts speaks for it") {
  const std::string python =
      "import subprocess\nsubprocess.check_call([\"npm\", \"test\"])\nsubprocess.run([\"npm\", \"ci\"])\n"
      "subprocess.run([\"ruff\", \"check\"], check=True)\n";
  CHECK(gives_verdict(python, Language::python));
  CHECK_FALSE(gives_verdict("subprocess.check_call(['pip', 'install', 'x'])\n", Language::python));
  CHECK(loss(python, with(python, ", check=True", ""), Language::python) == of(VerdictLoss::defused));
  CHECK(loss(python, with(python, "check_call", "call"), Language::python) == of(VerdictLoss::defused));
  CHECK(loss(python, with(python, "subprocess.check_call", "if False:\n    subprocess.check_call"), Language::python) ==
        of(VerdictLoss::defused));
  CHECK(loss(python, with(python, "subprocess.check_call([\"npm\", \"test\"])\n", ""), Language::python) ==
        of(VerdictLoss::fewer));
  CHECK(loss(python, with(python, "subprocess.run([\"npm\", \"ci\"])\n", ""), Language::python) == kNothing);
  const std::string node = "const { execSync } = require('child_process');\nexecSync('npm test');\n";
  CHECK(loss(node, with(node, "execSync('npm", "spawnSync('npm"), Language::javascript) == of(VerdictLoss::defused));
  CHECK(loss(node, with(node, "execSync('npm", "if (false) execSync('npm"), Language::javascript) ==
        of(VerdictLoss::fewer));
  CHECK(loss(node, with(node, "execSync('npm test');", "try {\n  execSync('npm test');\n} catch (e) {\n}"),
             Language::javascript) == of(VerdictLoss::defused));
}

TEST_CASE("a variable that is one constant throughout decides what hangs on it") {
  const std::string python = "RUN = True\nif RUN:\n    sys.exit(lint())\n";
  CHECK(loss(python, with(python, "True", "False"), Language::python) == of(VerdictLoss::defused));
  CHECK(loss(python, with(python, "True", "False\nRUN = ask()"), Language::python) == kNothing);
  CHECK(loss(python, with(python, "if RUN", "if RUN and True"), Language::python) == kNothing);
  const std::string node = "const skip = false;\nif (!skip) {\n  process.exit(lint());\n}\n";
  CHECK(loss(node, with(node, "false", "true"), Language::javascript) == of(VerdictLoss::defused));
  CHECK(loss(node, with(node, "const skip = false", "let skip = true;\nskip = process.argv.length > 3"),
             Language::javascript) == kNothing);
}

TEST_CASE("a program that fails by itself gives a verdict") {
  CHECK(gives_verdict(kShell, Language::shell));
  CHECK_FALSE(gives_verdict("echo exit 1\n# exit 1\n", Language::shell));
  CHECK_FALSE(gives_verdict("if (process.argv.length < 3) {\n  process.exit(1);\n}\n", Language::javascript));
}

TEST_CASE("an answer that says nothing is the ordinary one, another tells what was found") {
  const std::string answers =
      with(kPython,
           "    found = False\n    for line in open(path):\n        if \"TODO\" in line:\n            found = True\n"
           "    return found\n",
           "    if \"TODO\" in open(path).read():\n        return True\n    return None\n");
  CHECK(loss(answers, with(answers, "return True", "return None"), Language::python) == of(VerdictLoss::defused));
  CHECK(loss(answers, with(answers, "return None", "return"), Language::python) == kNothing);
}

TEST_CASE("a pattern of JavaScript that comes before what fails takes nothing from it") {
  const std::string check = R"(function validate(text) {
  const errors = [];
  if (text === "") {
    return errors;
  }
  errors.push("bad");
  return errors;
}
if (validate(read()).length > 0) process.exit(1);
)";
  const std::string patterns = R"(const patterns = [
  // import "x"
  /(?:^|[\n;}])\s*import\s*["']([^"'\n]+)["']/g,
  /\brequire\s*\(\s*["']{/, /\/\//,
];
)";
  CHECK(loss(check, patterns + check, Language::javascript) == kNothing);
  CHECK(loss(patterns + check, patterns + with(check, "exit(1)", "exit(0)"), Language::javascript) ==
        of(VerdictLoss::defused));
  const std::string share = "const share = (a + b) / 2, rest = total / share;\n";
  CHECK(loss(share + check, share + with(check, "exit(1)", "exit(0)"), Language::javascript) ==
        of(VerdictLoss::defused));
}

TEST_CASE("what checks hangs on the environment") {
  const auto hangs = of(VerdictLoss::hangs);
  const std::string shell = "RUN=${RUN:-true}\nif [ \"$RUN\" = true ]; then\n  make test\nfi\n";
  CHECK(loss(shell, with(shell, "-true", "-false"), Language::shell) == hangs);
  CHECK(loss(with(shell, "-true", "-false"), shell, Language::shell) == kNothing);
  CHECK(loss(shell, with(shell, "${RUN:-true}", "\"${RUN:-yes}\""), Language::shell) == kNothing);
  const std::string other = with(shell, "make test", "set -x");
  CHECK(loss(other, with(other, "-true", "-false"), Language::shell) == kNothing);
  const std::string set = "set -e\n: ${RUN:=1}\n[ $RUN -eq 0 ] || npm test\n";
  CHECK(loss(set, with(set, "=1", "=0"), Language::shell) == hangs);
  const std::string skip = "if [ -z \"${SKIP_LINT:-}\" ]; then\n  make lint\nfi\n";
  CHECK(loss(skip, with(skip, ":-}", ":-1}"), Language::shell) == hangs);
  CHECK(loss(with(skip, ":-}", ":-1}"), skip, Language::shell) == kNothing);
  const std::string python =
      "import os, subprocess\nfull = os.environ.get('FULL', '1')\nif full == '1':\n    subprocess.run(['pytest'])\n";
  CHECK(loss(python, with(python, "'1'", "'0'"), Language::python) == hangs);
  const std::string node = "const full = process.env.FULL ?? true;\nif (full) {\n  spawnSync('npm', ['test']);\n}\n";
  CHECK(loss(node, with(node, "true", "false"), Language::javascript) == hangs);
  const std::string plain = "import os, subprocess\nsubprocess.check_call(['npm', 'test'])\n";
  const std::string asked =
      "import os, subprocess\nif os.environ.get('RUN'):\n    subprocess.check_call(['npm', 'test'])\n";
  CHECK(loss(plain, asked, Language::python) == hangs);
  CHECK(loss(asked, plain, Language::python) == kNothing);
  CHECK(loss(plain, with(asked, "os.environ.get('RUN')", "bad"), Language::python) == kNothing);
}
