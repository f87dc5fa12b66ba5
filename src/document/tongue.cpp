// Two tables: an ending says it, an interpreter where there is none.
#include "document/tongue.h"

#include <array>

namespace tollbar::document {
namespace {

struct Mark {
  std::string_view text;
  Tongue tongue;
};

constexpr std::array kEndings{
    Mark{".sh", Tongue::shell},        Mark{".bash", Tongue::shell},     Mark{".zsh", Tongue::shell},
    Mark{".ksh", Tongue::shell},       Mark{".py", Tongue::python},      Mark{".rb", Tongue::ruby},
    Mark{".js", Tongue::javascript},   Mark{".mjs", Tongue::javascript}, Mark{".cjs", Tongue::javascript},
    Mark{".ts", Tongue::javascript},   Mark{".mts", Tongue::javascript}, Mark{".cts", Tongue::javascript},
    Mark{".php", Tongue::php},         Mark{".pl", Tongue::perl},        Mark{".pm", Tongue::perl},
    Mark{".go", Tongue::go},           Mark{".ps1", Tongue::powershell}, Mark{".psm1", Tongue::powershell},
    Mark{".pwsh", Tongue::powershell},
};

/// Looked for anywhere in the `#!` line, in this order: `bash`, `zsh` and `dash` by their `sh`.
constexpr std::array kInterpreters{
    Mark{"python", Tongue::python},   Mark{"ruby", Tongue::ruby},       Mark{"node", Tongue::javascript},
    Mark{"deno", Tongue::javascript}, Mark{"bun", Tongue::javascript},  Mark{"php", Tongue::php},
    Mark{"perl", Tongue::perl},       Mark{"pwsh", Tongue::powershell}, Mark{"sh", Tongue::shell},
};

}  // namespace

Tongue tongue_of(std::string_view path, std::string_view text) {
  for (const auto& ending : kEndings)
    if (path.ends_with(ending.text)) return ending.tongue;
  if (!text.starts_with("#!")) return Tongue::none;
  const auto line = text.substr(0, text.find('\n'));
  for (const auto& interpreter : kInterpreters)
    if (line.find(interpreter.text) != std::string_view::npos) return interpreter.tongue;
  return Tongue::none;
}

}  // namespace tollbar::document
