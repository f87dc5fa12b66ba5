#include "document/tongue.h"

#include <doctest/doctest.h>

using namespace tollbar::document;

TEST_CASE("an ending tells the language, an interpreter where there is none") {
  CHECK(tongue_of("tools/check.py", "") == Tongue::python);
  CHECK(tongue_of("tools/check.mts", "#!/bin/sh\n") == Tongue::javascript);
  CHECK(tongue_of("tools/check", "#!/usr/bin/env python3\nprint(1)\n") == Tongue::python);
  CHECK(tongue_of("tools/check", "#!/bin/bash\n") == Tongue::shell);
  CHECK(tongue_of("tools/check", "#!/usr/bin/env pwsh\n") == Tongue::powershell);
}

TEST_CASE("a language that is not read is none") {
  CHECK(tongue_of("src/check.cpp", "int main() {}\n") == Tongue::none);
  CHECK(tongue_of("tools/check", "python\n") == Tongue::none);
}
