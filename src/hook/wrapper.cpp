// Writes POSIX shell, readable by whoever wonders what these hooks are.
#include "hook/wrapper.h"

#include <fmt/format.h>

#include "util/shell_word.h"

namespace tollbar::hook {
namespace {

constexpr std::string_view marker = "# tollbar wrapper";
constexpr std::string_view program_key = "\ntollbar=";
constexpr std::string_view traces_key = "\n# made: ";

/// The reverse of util::shell_quoted(), from the beginning of `text`.
std::string unquoted(std::string_view text) {
  std::string word;
  bool inside = false;
  for (std::size_t at = 0; at < text.size() && text[at] != '\n'; ++at) {
    if (text[at] == '\'') {
      inside = !inside;
    } else if (!inside && text[at] == '\\' && at + 1 < text.size()) {
      word += text[++at];
    } else {
      word += text[at];
    }
  }
  return word;
}

/// Calls the hook that was there before. git looks at the status of a hook only before the fact.
std::string call_before(const Wrapper& wrapper) {
  const bool after_the_fact = wrapper.name.starts_with("post-");
  const std::string_view failing = after_the_fact ? "" : " || exit";
  const std::string_view feed = wrapper.input == Input::lines ? "printf %s \"$input\" 2>/dev/null | " : "";
  const std::string call = fmt::format("{}\"$before\" \"$@\"{}\n", feed, failing);
  if (wrapper.before == Wrapper::Before::kept) {
    return call;
  }
  return fmt::format("if [ -x \"$before\" ]; then\n  {}fi\n", call);
}

std::string find_before(const Wrapper& wrapper) {
  if (wrapper.before == Wrapper::Before::kept) {
    return fmt::format("before=${{0%/*}}/{}{}\n", wrapper.name, kept_suffix);
  }
  std::string text = fmt::format("before=$(git rev-parse --git-common-dir)/hooks/{} || exit\n", wrapper.name);
  if (wrapper.judges) {
    text += fmt::format("if grep -q '^{}' \"$before\" 2>/dev/null; then\n  exec \"$before\" \"$@\"\nfi\n", marker);
  }
  return text;
}

}  // namespace

std::string wrapper_text(const Wrapper& wrapper) {
  std::string text = fmt::format(
      "#!/bin/sh\n"
      "{} 1\n"
      "# Written by `tollbar install`, taken away by `tollbar uninstall`; changes made here are lost.\n",
      marker);
  if (!wrapper.traces.empty()) {
    text += fmt::format("{}{}\n", traces_key.substr(1), wrapper.traces);
  }
  if (wrapper.before != Wrapper::Before::nothing) {
    text += find_before(wrapper);
  }
  if (!wrapper.judges) {
    return text + "[ -x \"$before\" ] || exit 0\nexec \"$before\" \"$@\"\n";
  }
  text += fmt::format("tollbar={}\n", util::shell_quoted(wrapper.program));
  text += fmt::format(
      "if [ ! -x \"$tollbar\" ]; then\n"
      "  echo \"error: the hook {0} needs $tollbar, which is missing: put it back, then run tollbar doctor\" >&2\n"
      "  exit 1\n"
      "fi\n",
      wrapper.name);
  if (wrapper.before == Wrapper::Before::nothing) {
    return text + fmt::format("exec \"$tollbar\" hook {} -- \"$@\"\n", wrapper.name);
  }
  if (wrapper.input == Input::lines) {
    text += "input=$(cat; echo .)\ninput=${input%.}\n";  // the substitution would drop the last line feeds
    text += call_before(wrapper);
    return text + fmt::format("printf %s \"$input\" 2>/dev/null | \"$tollbar\" hook {} -- \"$@\"\n", wrapper.name);
  }
  return text + call_before(wrapper) + fmt::format("exec \"$tollbar\" hook {} -- \"$@\"\n", wrapper.name);
}

bool is_wrapper(std::string_view text) {
  return text.starts_with("#!/bin/sh\n") && text.substr(10).starts_with(marker);
}

std::optional<std::string> program_of(std::string_view text) {
  const std::size_t at = is_wrapper(text) ? text.find(program_key) : std::string_view::npos;
  if (at == std::string_view::npos) {
    return std::nullopt;
  }
  return unquoted(text.substr(at + program_key.size()));
}

std::string traces_of(std::string_view text) {
  const std::size_t at = is_wrapper(text) ? text.find(traces_key) : std::string_view::npos;
  if (at == std::string_view::npos) {
    return {};
  }
  const std::string_view rest = text.substr(at + traces_key.size());
  return std::string(rest.substr(0, rest.find('\n')));
}

}  // namespace tollbar::hook
