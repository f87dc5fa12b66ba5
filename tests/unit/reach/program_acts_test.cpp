// What programs of the tree do outside, as the map tells it, and what only looks like it.
#include "reach/program_acts.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "fixture.h"
#include "reach/action_map.h"

using namespace tollbar::reach;
using namespace tollbar::reach::test;

namespace {

using Texts = std::vector<std::string>;

Texts acts(const std::string& path, const Files& files) {
  auto tree = tree_of(files);
  ProgramActs programs(tree, shipped());
  Texts texts;
  for (const auto& act : programs.of(path))
    texts.push_back((act.path == path ? "" : act.path + " ") + act.effect->system + " " + std::to_string(act.line) +
                    ": " + act.by);
  return texts;
}

Texts acts(const std::string& path, const std::string& program) {
  return acts(path, Files{{path, program}});
}

}  // namespace

TEST_CASE("commands that programs start act like those of a script") {
  const Texts crate{"crates.io 2: cargo publish"};
  CHECK(acts("x.rs", "fn main() {\n  Command::new(\"cargo\").args([\"publish\"]).status();\n}\n") == crate);
  CHECK(acts("x.rs", "\n  Command::new(\"cargo\")\n    .current_dir(root(\"x\"))\n    .arg(\"publish\");\n") == crate);
  CHECK(acts("x.rs", "\n  cmd!(sh, \"cargo publish\").run()?;\n") == crate);
  CHECK(acts("x.go", "\nexec.CommandContext(ctx, \"git\", \"push\", \"origin\", \"v1\")\n") ==
        Texts{"git remote 2: git push origin v1"});
  CHECK(acts("x.mjs", "\nawait $`npm publish`\n") == Texts{"npm registry 2: npm publish"});
  CHECK(acts("x.py", "\nsubprocess.run([\"twine\", \"upload\", \"x\"])\n") ==
        Texts{"python package index 2: twine upload x"});
}

TEST_CASE("what a program takes in from the tree acts as well") {
  const std::string push = "subprocess.run([\"git\", \"push\"])\n";
  const auto python = [&](const std::string& statement, const std::string& module) {
    return acts("tools/x.py", Files{{"tools/x.py", statement + "\n"}, {module, push}});
  };
  CHECK(python("import ship", "tools/ship.py") == Texts{"tools/ship.py git remote 1: git push"});
  CHECK(python("from mill.ship import go", "mill/ship.py").size() == 1);
  CHECK(python("from mill import other, ship", "src/mill/ship.py").size() == 1);
  CHECK(python("from . import ship", "tools/ship.py").size() == 1);
  CHECK(python("from .ship import go", "tools/ship/__init__.py").size() == 1);
  CHECK(python("import ships", "tools/ship.py").empty());
  CHECK(python("# import ship", "tools/ship.py").empty());
  const auto node = [](const std::string& statement, const std::string& module) {
    return acts("tools/x.js", Files{{"tools/x.js", statement + "\n"}, {module, "execSync('git push')\n"}});
  };
  CHECK(node("const ship = require('./lib/ship');", "tools/lib/ship.js").size() == 1);
  CHECK(node("import { go } from '../ship.js'", "ship.ts").size() == 1);
  CHECK(node("await import(\"./ship\")", "tools/ship/index.js").size() == 1);
  CHECK(node("const ship = require('ship');", "tools/ship.js").empty());
  const auto go = [](const std::string& import, const std::string& file) {
    return acts("cmd/x/main.go", Files{{"go.mod", "module example.org/mill\n"},
                                       {"cmd/x/main.go", "package main\n\nimport (\n\t\"os\"\n\t" + import + "\n)\n"},
                                       {file, "package ship\n\nexec.Command(\"git\", \"push\")\n"}});
  };
  CHECK(go("\"example.org/mill/ship\"", "ship/ship.go").size() == 1);
  CHECK(go("s \"example.org/mill/ship\"", "ship/other.go").size() == 1);
  CHECK(go("\"example.org/mill/ship\"", "ship/ship_test.go").empty());
  CHECK(go("\"example.org/other/ship\"", "ship/ship.go").empty());
}

TEST_CASE("a command that a name holds is the one it was given last before the call") {
  const Texts crate{"crates.io 3: cargo publish"};
  CHECK(acts("x.py", "\ncmd = [\"cargo\", \"publish\"]\nsubprocess.run(cmd, check=True)\n") == crate);
  CHECK(acts("x.py", "\ncmd: list[str] = [\"cargo\", \"publish\"]\nsubprocess.run(cmd)\n") == crate);
  CHECK(acts("x.js", "\nconst cmd = 'cargo publish';\nexecSync(cmd, { stdio: 'inherit' });\n") == crate);
  CHECK(acts("x.py", "cmd = [\"cargo\", \"publish\"]\ncmd = [\"cargo\", \"test\"]\nsubprocess.run(cmd)\n").empty());
  CHECK(acts("x.py", "cmd = [\"cargo\", \"publish\"]\ncmd = other()\nsubprocess.run(cmd)\n").empty());
  CHECK(acts("x.js", "const cargo = 'cargo';\n\nspawnSync(cargo, ['publish']);\n") == crate);
  CHECK(acts("x.js", "const old_cmd = 'cargo publish';\nexecSync(cmd);\n").empty());
}

TEST_CASE("programs in PowerShell act, on several lines and by texts that a name holds") {
  CHECK(acts("x.ps1", "if ($a) {\n  docker push x\n}\n") == Texts{"container registry 2: docker push x"});
  CHECK(acts("x.ps1", "gh api `\n  --method PUT `\n  /repos/x\n") == Texts{"github 1: gh api --method PUT /repos/x"});
  CHECK(acts("x.ps1", "$base = 'docker-compose --file={0}' -f $file\nInvoke-Expression \"$base push\"\n") ==
        Texts{"container registry 2: docker-compose --file=$x push"});
  CHECK(acts("x.ps1", "$base = 'docker'\n$base = Get-Tool\nInvoke-Expression \"$base push\"\n").empty());
  CHECK(acts("x.ps1", "# docker push x\nWrite-Host 'docker push x'\n").empty());
}

TEST_CASE("comments, texts and commands that only look act on nothing") {
  CHECK(acts("x.rs", "// Command::new(\"cargo\").args([\"publish\"])\nprintln!(\"cargo publish\");\n").empty());
  CHECK(acts("x.mjs", "// await $`npm publish`\nconst a = tag`npm publish`\nawait $`npm view x`\n").empty());
  CHECK(acts("x.rs", "Command::new(\"cargo\").spawn(); let a = args(\"publish\");\n").empty());
  CHECK(acts("x.txt", "$`npm publish`\n").empty());
}

TEST_CASE("a way through a program is inferred, and there is none where the step holds nothing") {
  const auto ways = [](const std::string& extra) {
    auto ran = run({{kCi,
                     "on: push\npermissions: {contents: read}\njobs:\n  send:\n    runs-on: ubuntu-24.04\n    steps:\n"
                     "      - {run: cargo xtask send" +
                         extra + "}\n"},
                    {".cargo/config.toml", "[alias]\nxtask = \"run -p xtask --\"\n"},
                    {"Cargo.toml", "[workspace]\nmembers = [\"xtask\"]\n"},
                    {"xtask/Cargo.toml", "[package]\nname = \"xtask\"\n"},
                    {"xtask/src/main.rs", "mod send;\nfn main() { send::run() }\n"},
                    {"xtask/src/send.rs", "fn run() { cmd!(sh, \"cargo publish\").run()?; }\n"}});
    ProgramActs programs(ran.tree, shipped());
    return map_actions(ran.execution, shipped(), &programs).front().paths;
  };
  const auto with_key = ways(", env: {KEY: \"${{ secrets.KEY }}\"}");
  REQUIRE(with_key.size() == 1);
  CHECK(with_key.front().system == "crates.io");
  CHECK(with_key.front().by_path == "xtask/src/send.rs");
  CHECK(with_key.front().certainty == Certainty::inferred);
  CHECK(ways("").empty());
}
