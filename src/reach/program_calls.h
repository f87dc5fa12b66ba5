// Commands that programs of other languages hand to a shell or start themselves.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "reach/script_cache.h"

namespace tollbar::reach {

/// By its name the file is a program in a language whose calls are known.
bool may_call_scripts(std::string_view path);

/// Texts for a shell, one a line, each on the line where it begins: `subprocess.run(["./x.sh", "a"])` as `./x.sh a`,
/// `execSync("npm run build")`, `system "make"`. Empty where there are none.
ScriptCache::Line called_texts(const std::string& program);

/// The strings that `require(...)` and `import(...)` of a text are given.
std::vector<std::string> loaded_modules(std::string_view program);

}  // namespace tollbar::reach
