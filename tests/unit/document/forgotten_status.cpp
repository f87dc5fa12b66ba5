// Programs that start others, and what becomes of how those end.
#include "document/forgotten_status.h"

#include <doctest/doctest.h>

#include <string>

namespace tollbar::document {

TEST_CASE("a program that does nothing with a status forgets it") {
  for (const auto* program : {"spawnSync('npx', ['vitest']);\nprocess.exit(0);\n", "subprocess.run([\"pytest\"])\n",
                              "import os\nos.system('pytest')  # raise nothing\n", "system \"rspec\"\nputs \"done\"\n",
                              "exec('make', (error) => { console.log(error ? 'bad' : 'good'); });\n"}) {
    CAPTURE(program);
    CHECK(starts_and_forgets(program, Language::none));
  }
}

TEST_CASE("a program that can hand a status on, or starts nothing, forgets none") {
  for (const auto* program :
       {"process.exit(spawnSync('npx', ['vitest']).status);\n", "subprocess.run([\"pytest\"], check=True)\n",
        "sys.exit(os.system('pytest'))\n", "system(\"rspec\") or abort\n", "execSync('make');\n",
        "const found = /a+/.exec(text);\n", "const exec = promisify(cp.exec);\nexec('make');\n", "print('make')\n"}) {
    CAPTURE(program);
    CHECK_FALSE(starts_and_forgets(program, Language::none));
  }
}

namespace {

struct Case {
  Language language;
  const char* program;
};

}  // namespace

TEST_CASE("a program that catches what it started and only says so forgets it") {
  const Case cases[]{
      {Language::javascript, "const { execSync } = require('child_process');\ntry { execSync('make'); } catch {}\n"},
      {Language::javascript, "try {\n  if (a) { execSync('make'); }\n} catch (e) {\n  console.error(e.message);\n}\n"},
      {Language::python,
       "try:\n    subprocess.run([\"pytest\"], check=True)\nexcept subprocess.CalledProcessError:\n    pass\n"},
      {Language::python, "try:\n    subprocess.check_call([\"pytest\"])\nexcept: pass\n"},
      {Language::python,
       "def main():\n    return subprocess.run([\"pytest\"]).returncode\n\nif __name__ == \"__main__\":\n    main()\n"},
      {Language::python, "if len(sys.argv) < 2:\n    sys.exit(\"usage: t.py TESTS\")\nsubprocess.run([\"pytest\"])\n"},
      {Language::ruby, "begin\n  system(\"rspec\", exception: true)\nrescue => e\n  puts e\nend\n"},
      {Language::go, "package main\nfunc main() {\n\texec.Command(\"go\", \"test\").Run()\n}\n"},
      {Language::go,
       "package main\nfunc main() {\n\tif err := exec.Command(\"go\").Run(); err != nil "
       "{\n\t\tfmt.Println(err)\n\t}\n}\n"},
  };
  for (const auto& one : cases) {
    CAPTURE(std::string(one.program));
    CHECK(starts_and_forgets(one.program, one.language));
  }
}

TEST_CASE("a program whose handlers, functions or callers may tell forgets none") {
  const Case cases[]{
      {Language::javascript, "try { execSync('make'); } catch (e) { process.exit(1); }\n"},
      {Language::javascript, "try { execSync('make'); } catch (e) { process.exitCode = 1; }\n"},
      {Language::javascript, "try { execSync('a'); } finally { b(); }\n"},
      {Language::javascript, "try { a(); } catch (e) { b(); }\nexecSync('make');\n"},
      {Language::javascript, "try { execSync('a'); } catch (e) { report(e); }\n"},
      {Language::javascript, "const r = spawnSync('make');\nfinish(r.status);\n"},
      {Language::javascript, "spawn('make').on('exit', process.exit);\n"},
      {Language::python, "try:\n    a()\nexcept OSError:\n    pass\nsubprocess.check_call([\"pytest\"])\n"},
      {Language::python, "try:\n    subprocess.check_call([\"pytest\"])\nexcept FileNotFoundError:\n    pass\n"},
      {Language::python, "try:\n    subprocess.check_call([\"pytest\"])\nexcept Exception:\n    failed.append(1)\n"},
      {Language::python, "def main():\n    return subprocess.run([\"pytest\"]).returncode\n\nsys.exit(main())\n"},
      {Language::ruby, "begin\n  system(\"rspec\", exception: true)\nrescue Errno::ENOENT\n  puts 1\nend\n"},
      {Language::go,
       "package main\nfunc main() {\n\tif err := exec.Command(\"go\").Run(); err != nil "
       "{\n\t\tlog.Fatal(err)\n\t}\n}\n"},
      {Language::go, "package main\nfunc main() {\n\tmust(exec.Command(\"go\").Run())\n}\n"},
      {Language::go,
       "package main\nfunc run() error {\n\treturn exec.Command(\"go\").Run()\n}\nfunc main() "
       "{\n\tos.Exit(code(run()))\n}\n"},
  };
  for (const auto& one : cases) {
    CAPTURE(std::string(one.program));
    CHECK_FALSE(starts_and_forgets(one.program, one.language));
  }
}

}  // namespace tollbar::document
