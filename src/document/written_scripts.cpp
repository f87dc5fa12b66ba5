#include "document/written_scripts.h"

#include "document/command_identity.h"

namespace tollbar::document {
namespace {

std::string_view plain_name(std::string_view path) {
  while (path.starts_with("./")) path.remove_prefix(2);
  return path;
}

bool is_sourcing(std::string_view program) {
  return program == "." || program == "source";
}

/// The word that names the file a shell is told to run: the first that is no option. None where the shell is told its
/// text.
const Word* script_of_shell(const Command& command) {
  for (std::size_t i = 1; i < command.argv.size(); ++i) {
    const std::string_view word = command.argv[i].text;
    if (!word.starts_with('-') && !word.starts_with('+')) return &command.argv[i];
    if (word == "-o" || word == "+o") ++i;
  }
  return nullptr;
}

}  // namespace

void WrittenScripts::note(const Command& command) {
  if (command.program() == "tee") note_tee(command);
  for (const Redirection& redirection : command.redirections) {
    const bool appends = redirection.op == ">>";
    if ((redirection.op != ">" && redirection.op != ">|" && !appends) || redirection.target.dynamic) continue;
    const std::string name(plain_name(redirection.target.text));
    NestedText text;
    text.text = printed_text(command);
    text.line = command.input().empty() ? command.line : command.line + 1;
    write(name, std::move(text), appends ? Write::append : Write::whole);
  }
}

/// `tee -a FILE <<EOF`, `echo '...' | sudo tee FILE`
void WrittenScripts::note_tee(const Command& command) {
  bool appends = false;
  for (std::size_t i = 1; i < command.argv.size(); ++i) {
    const Word& word = command.argv[i];
    appends = appends || word.text == "-a" || word.text == "--append";
    if (word.dynamic || word.text.starts_with('-')) continue;
    NestedText text;
    text.text = std::string(command.input());
    text.line = command.piped.empty() ? command.line + 1 : command.line;
    write(std::string(plain_name(word.text)), std::move(text), appends ? Write::append : Write::whole);
  }
}

void WrittenScripts::write(const std::string& name, NestedText text, Write how) {
  const auto known = files_.find(name);
  if (text.text.empty() || name.starts_with("/dev/"))
    files_.erase(name);
  else if (how == Write::whole)
    files_[name] = std::move(text);
  else if (known != files_.end())
    known->second.text += "\n" + text.text;
}

std::optional<NestedText> WrittenScripts::run_by(const Command& command) const {
  if (files_.empty() || command.argv.empty() || command.argv[0].dynamic) return std::nullopt;
  const std::string_view program = command.argv[0].text;
  const bool sourcing = is_sourcing(program);
  const bool by_itself = !sourcing && !is_shell(program);
  if (by_itself && program.find('/') == std::string_view::npos) return std::nullopt;
  const Word* file = by_itself ? command.argv.data() : script_of_shell(command);
  if (file == nullptr || file->dynamic) return std::nullopt;
  const auto found = files_.find(plain_name(file->text));
  if (found == files_.end()) return std::nullopt;
  NestedText nested = found->second;
  if (sourcing) nested.kind = NestedKind::same_shell;
  return nested;
}

}  // namespace tollbar::document
