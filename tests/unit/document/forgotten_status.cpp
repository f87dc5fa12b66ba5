// Programs that start others, and what becomes of how those end.
#include "document/forgotten_status.h"

#include <doctest/doctest.h>

namespace tollbar::document {

TEST_CASE("a program that does nothing with a status forgets it") {
  for (const auto* program : {"spawnSync('npx', ['vitest']);\nprocess.exit(0);\n", "subprocess.run([\"pytest\"])\n",
                              "import os\nos.system('pytest')  # raise nothing\n", "system \"rspec\"\nputs \"done\"\n",
                              "exec('make', (error) => { console.log(error ? 'bad' : 'good'); });\n"}) {
    CAPTURE(program);
    CHECK(starts_and_forgets(program));
  }
}

TEST_CASE("a program that can hand a status on, or starts nothing, forgets none") {
  for (const auto* program :
       {"process.exit(spawnSync('npx', ['vitest']).status);\n", "subprocess.run([\"pytest\"], check=True)\n",
        "sys.exit(os.system('pytest'))\n", "system(\"rspec\") or abort\n", "execSync('make');\n",
        "const found = /a+/.exec(text);\n", "const exec = promisify(cp.exec);\nexec('make');\n", "print('make')\n"}) {
    CAPTURE(program);
    CHECK_FALSE(starts_and_forgets(program));
  }
}

}  // namespace tollbar::document
