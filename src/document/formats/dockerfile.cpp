// Reads Dockerfiles: instructions with their continuation lines and here-documents, and the commands they run.
#include <algorithm>
#include <array>

#include "document/formats.h"
#include "document/scripts.h"
#include "text/ascii.h"
#include "util/shell_word.h"

namespace tollbar::document {

namespace {

constexpr std::string_view blanks = " \t\r";

std::string_view trimmed(std::string_view text) {
  const std::size_t start = text.find_first_not_of(blanks);
  if (start == std::string_view::npos) return {};
  return text.substr(start, text.find_last_not_of(blanks) + 1 - start);
}

/// `["sh", "-c", "x"]` as shell words; empty where the value is no exec form.
std::string exec_form(std::string_view value) {
  if (!value.starts_with('[')) return {};
  const Document document = read_json(value);
  if (document.broken() || !document.root().is_sequence()) return {};
  std::string words;
  for (const Node& item : document.root().items) {
    if (!item.is_scalar()) return {};
    if (!words.empty()) words += ' ';
    words += util::shell_quoted(item.scalar);
  }
  return words;
}

class DockerfileReader {
 public:
  DockerfileReader(std::string_view text, Failures failures) : text_(text), failures_(failures) {}

  Dockerfile read() {
    if (text_.starts_with("\xef\xbb\xbf")) text_.remove_prefix(3);
    read_directives();
    while (position_ < text_.size()) {
      const std::string_view row = trimmed(current_row());
      if (row.empty() || row.starts_with('#')) {
        next_row();
      } else {
        read_instruction();
      }
    }
    return std::move(file_);
  }

 private:
  std::string_view current_row() const {
    return text_.substr(position_, std::min(text_.find('\n', position_), text_.size()) - position_);
  }

  std::string_view next_row() {
    const std::string_view row = current_row();
    position_ = std::min(position_ + row.size() + 1, text_.size());
    ++line_;
    return row;
  }

  void read_directives() {
    while (position_ < text_.size()) {
      std::string_view row = trimmed(current_row());
      if (!row.starts_with('#')) return;
      row = trimmed(row.substr(1));
      const std::size_t equals = row.find('=');
      if (equals == std::string_view::npos) return;
      const std::string_view name = trimmed(row.substr(0, equals));
      const std::string_view value = trimmed(row.substr(equals + 1));
      const std::string key = text::ascii_upper(name);
      if (key != "SYNTAX" && key != "ESCAPE" && key != "CHECK") return;
      file_.directives.push_back(std::string(name) + "=" + std::string(value));
      if (key == "ESCAPE" && value.size() == 1) escape_ = value[0];
      next_row();
    }
  }

  /// One logical line: continuation lines joined by a newline after `\`, so that lines stay countable.
  std::string read_logical_line() {
    std::string joined;
    for (bool open = true; open && position_ < text_.size();) {
      const std::string_view row = trimmed(next_row());
      if (!joined.empty() && (row.empty() || row.starts_with('#'))) {
        joined += "\\\n";
        continue;
      }
      open = row.ends_with(escape_);
      joined += open ? row.substr(0, row.size() - 1) : row;
      if (open) joined += "\\\n";
    }
    while (joined.ends_with("\\\n")) joined.resize(joined.size() - 2);
    return joined;
  }

  static std::string on_one_line(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text.substr(i).starts_with("\\\n")) {
        ++i;
      } else {
        out += text[i];
      }
    }
    return out;
  }

  /// Delimiters of here-documents in an instruction: `<<EOF`, `<<-"EOF"`.
  static std::vector<std::string> heredoc_delimiters(std::string_view value) {
    std::vector<std::string> found;
    for (std::size_t at = value.find("<<"); at != std::string_view::npos; at = value.find("<<", at + 2)) {
      std::size_t i = at + 2;
      if (i < value.size() && value[i] == '<') {
        ++at;
        continue;
      }
      if (i < value.size() && value[i] == '-') ++i;
      const bool quote = i < value.size() && (value[i] == '"' || value[i] == '\'');
      if (quote) ++i;
      const std::size_t end = std::min(value.find_first_of(" \t\"'|;&<>()\\\n", i), value.size());
      const std::string_view name = value.substr(i, end - i);
      const bool is_name = !name.empty() && (name[0] < '0' || name[0] > '9');
      if (is_name) found.emplace_back(name);
    }
    return found;
  }

  std::string read_heredocs(const std::vector<std::string>& delimiters) {
    std::string body;
    for (const std::string& delimiter : delimiters) {
      bool closed = false;
      while (!closed && position_ < text_.size()) {
        const std::string_view row = next_row();
        closed = trimmed(row) == delimiter;
        body.append(row).append("\n");
      }
    }
    return body;
  }

  static std::string_view take_flags(std::string_view rest, std::vector<std::string>& flags) {
    const auto skip = [&rest] {
      while (!rest.empty() && (blanks.find(rest[0]) != std::string_view::npos || rest.starts_with("\\\n")))
        rest.remove_prefix(rest[0] == '\\' ? 2 : 1);
    };
    for (skip(); rest.starts_with("--"); skip()) {
      const std::size_t end = std::min(rest.find_first_of(" \t\\"), rest.size());
      flags.emplace_back(rest.substr(0, end));
      rest.remove_prefix(end);
    }
    return rest;
  }

  void read_instruction() {
    Instruction instruction;
    instruction.line = line_;
    const std::string logical = read_logical_line();
    const std::size_t length = std::min(logical.find_first_of(" \t\\"), logical.size());
    instruction.name = text::ascii_upper(std::string_view(logical).substr(0, length));
    const std::string_view rest = take_flags(std::string_view(logical).substr(length), instruction.flags);
    instruction.value = on_one_line(rest);
    const auto offset = static_cast<std::uint32_t>(
        std::count(logical.begin(), logical.end() - static_cast<std::ptrdiff_t>(rest.size()), '\n'));
    std::vector<std::string> delimiters;
    if (instruction.name == "RUN" || instruction.name == "COPY" || instruction.name == "ADD")
      delimiters = heredoc_delimiters(rest);
    const std::uint32_t body_line = line_;
    const std::string body = read_heredocs(delimiters);
    read_commands(instruction, rest, instruction.line + offset, body, body_line);
    if (instruction.name == "SHELL") read_shell(instruction.value);
    if (instruction.name == "FROM") shell_ = {};
    file_.instructions.push_back(std::move(instruction));
  }

  void read_commands(Instruction& instruction, std::string_view rest, std::uint32_t line, const std::string& body,
                     std::uint32_t body_line) const {
    static constexpr std::array<std::string_view, 4> running{"RUN", "CMD", "ENTRYPOINT", "ONBUILD"};
    if (std::find(running.begin(), running.end(), instruction.name) == running.end()) return;
    if (instruction.name == "ONBUILD") {
      if (text::ascii_upper(rest.substr(0, 4)) != "RUN ") return;
      rest.remove_prefix(4);
    }
    ShellOptions options = shell_;
    options.first_line = line;
    options.failures = failures_;
    const std::string words = exec_form(on_one_line(rest));
    if (!words.empty()) {
      options.errexit = options.pipefail = false;
      instruction.script = parse_shell(words, options);
    } else if (rest.starts_with("<<") && !body.empty() &&
               instruction.value.find_first_of(" \t|;&>") == std::string::npos) {
      // The body itself is the script; its last line is the delimiter.
      options.first_line = body_line;
      instruction.script =
          parse_shell(std::string_view(body).substr(0, body.rfind('\n', body.size() - 2) + 1), options);
    } else {
      instruction.script = parse_shell(std::string(rest) + "\n" + body, options);
    }
  }

  void read_shell(std::string_view value) {
    const std::string words = exec_form(value);
    shell_.errexit = shell_.pipefail = false;
    const Script script = parse_shell(words);
    if (script.commands.empty()) return;
    for (const Word& word : script.commands[0].argv) {
      if (word.text.starts_with('-') && word.text.find('e') != std::string::npos) shell_.errexit = true;
      if (word.text == "pipefail") shell_.pipefail = true;
    }
  }

  std::string_view text_;
  std::size_t position_ = 0;
  std::uint32_t line_ = 1;
  char escape_ = '\\';
  Failures failures_;
  ShellOptions shell_;
  Dockerfile file_;
};

}  // namespace

Dockerfile read_dockerfile(std::string_view text, Failures failures) {
  return DockerfileReader(text, failures).read();
}

}  // namespace tollbar::document
