// Style and policy as flags and environment say.
#include "cli/console.h"

#include "cli/arguments.h"

namespace tollbar::cli {
namespace {

bool is_set(const Console& console, const char* name) {
  const std::optional<std::string> value = console.environment(name);
  return value && !value->empty();
}

report::Colour colour_of(const Arguments& arguments, const Console& console) {
  const std::string when = arguments.value("--color").value_or("auto");
  if (when != "auto") {
    return when == "always" ? report::Colour::on : report::Colour::off;
  }
  if (is_set(console, "NO_COLOR")) {
    return report::Colour::off;
  }
  const bool forced = is_set(console, "CLICOLOR_FORCE") && console.environment("CLICOLOR_FORCE") != "0";
  const bool dumb = console.environment("TERM") == "dumb";
  return forced || (console.out_is_terminal && !dumb) ? report::Colour::on : report::Colour::off;
}

}  // namespace

report::Style style_of(const Arguments& arguments, const Console& console) {
  report::Style style{colour_of(arguments, console), console.width, report::Detail::normal};
  if (arguments.has("--verbose")) {
    style.detail = report::Detail::verbose;
  } else if (arguments.has("--quiet")) {
    style.detail = report::Detail::quiet;
  }
  return style;
}

std::optional<std::string> policy_file(const Arguments& arguments, const Console& console) {
  if (const auto file = arguments.value("--policy")) {
    return file;
  }
  const auto file = console.environment("TOLLBAR_POLICY");
  return file && !file->empty() ? file : std::nullopt;
}

}  // namespace tollbar::cli
