// Two tables: an ending says it, an interpreter where there is none.
#include "document/language.h"

#include <array>

namespace tollbar::document {
namespace {

struct Mark {
  std::string_view text;
  Language language;
};

constexpr std::array kEndings{
    Mark{".sh", Language::shell},        Mark{".bash", Language::shell},     Mark{".zsh", Language::shell},
    Mark{".ksh", Language::shell},       Mark{".py", Language::python},      Mark{".rb", Language::ruby},
    Mark{".js", Language::javascript},   Mark{".mjs", Language::javascript}, Mark{".cjs", Language::javascript},
    Mark{".ts", Language::javascript},   Mark{".mts", Language::javascript}, Mark{".cts", Language::javascript},
    Mark{".php", Language::php},         Mark{".pl", Language::perl},        Mark{".pm", Language::perl},
    Mark{".go", Language::go},           Mark{".ps1", Language::powershell}, Mark{".psm1", Language::powershell},
    Mark{".pwsh", Language::powershell},
};

/// Looked for anywhere in the `#!` line, in this order: `bash`, `zsh` and `dash` by their `sh`.
constexpr std::array kInterpreters{
    Mark{"python", Language::python},   Mark{"ruby", Language::ruby},       Mark{"node", Language::javascript},
    Mark{"deno", Language::javascript}, Mark{"bun", Language::javascript},  Mark{"php", Language::php},
    Mark{"perl", Language::perl},       Mark{"pwsh", Language::powershell}, Mark{"sh", Language::shell},
};

}  // namespace

Language language_of(std::string_view path, std::string_view text) {
  for (const auto& ending : kEndings)
    if (path.ends_with(ending.text)) return ending.language;
  if (!text.starts_with("#!")) return Language::none;
  const auto line = text.substr(0, text.find('\n'));
  for (const auto& interpreter : kInterpreters)
    if (line.find(interpreter.text) != std::string_view::npos) return interpreter.language;
  return Language::none;
}

}  // namespace tollbar::document
