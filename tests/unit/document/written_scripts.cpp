#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "document/shell.h"

using namespace tollbar::document;

namespace {

bool runs(const std::string& script, std::string_view program) {
  const Script parsed = parse_shell(script);
  for (const Command& command : parsed.commands)
    if (command.program() == program) return true;
  return false;
}

}  // namespace

TEST_CASE("a file that a script writes and then runs is read as its own text") {
  CHECK(runs("cat > /tmp/x.sh <<EOF\nterraform destroy\nEOF\nsh /tmp/x.sh", "terraform"));
  CHECK(runs("cat <<'EOF' > x.sh\nterraform destroy\nEOF\nchmod +x x.sh\n./x.sh now", "terraform"));
  CHECK(runs("echo '#!/bin/sh' > x\necho 'terraform destroy' >> x\nbash -eu ./x", "terraform"));
  CHECK(runs("printf '%s' 'terraform destroy' > x.sh && . ./x.sh", "terraform"));
  CHECK(runs("tee /tmp/x.sh <<EOF\nterraform destroy\nEOF\nsh /tmp/x.sh", "terraform"));
  CHECK(runs("printf 'set -e\\nterraform destroy\\n' > x.sh; sh x.sh", "terraform"));
  CHECK_FALSE(runs("cat > x.sh <<EOF\nterraform destroy\nEOF\nscp x.sh host:", "terraform"));
  CHECK_FALSE(runs("cat > x.sh <<EOF\nterraform destroy\nEOF\nmake > x.sh\nsh x.sh", "terraform"));
  CHECK_FALSE(runs("cat > notes.md <<EOF\nterraform destroy\nEOF\nsh y.sh", "terraform"));
  CHECK_FALSE(runs("cat >> \"$GITHUB_STEP_SUMMARY\" <<EOF\nterraform destroy\nEOF\nsh $X", "terraform"));
}
