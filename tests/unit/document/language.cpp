#include "document/language.h"

#include <doctest/doctest.h>

using namespace tollbar::document;

TEST_CASE("an ending tells the language, an interpreter where there is none") {
  CHECK(language_of("tools/check.py", "") == Language::python);
  CHECK(language_of("tools/check.mts", "#!/bin/sh\n") == Language::javascript);
  CHECK(language_of("tools/check", "#!/usr/bin/env python3\nprint(1)\n") == Language::python);
  CHECK(language_of("tools/check", "#!/bin/bash\n") == Language::shell);
  CHECK(language_of("tools/check", "#!/usr/bin/env pwsh\n") == Language::powershell);
}

TEST_CASE("a language that is not read is none") {
  CHECK(language_of("src/check.cpp", "int main() {}\n") == Language::none);
  CHECK(language_of("tools/check", "python\n") == Language::none);
}
