// One table line an agent. Sources, read in 2026: code.claude.com/docs/en/hooks, developers.openai.com/codex/hooks,
// cursor.com/docs/hooks, docs.github.com/en/copilot/reference/hooks-configuration.
#include "hook/agent_protocol.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "util/error.h"
#include "util/shell_word.h"

namespace tollbar::hook {
namespace {

using Json = nlohmann::ordered_json;

std::string dump(const Json& json) {
  return json.dump(-1, ' ', true, Json::error_handler_t::replace);
}

std::string word_of(Answer answer) {
  return answer == Answer::deny ? "deny" : "ask";
}

std::string answer_claude(Answer answer, std::string_view reason) {
  return dump({{"hookSpecificOutput",
                {{"hookEventName", "PreToolUse"},
                 {"permissionDecision", word_of(answer)},
                 {"permissionDecisionReason", reason}}}});
}

/// Codex takes `ask` for a failure of the hook, and goes on: what can be asked about is shown to the user.
std::string answer_codex(Answer answer, std::string_view reason) {
  return answer == Answer::deny ? answer_claude(answer, reason) : dump({{"systemMessage", reason}});
}

std::string answer_cursor(Answer answer, std::string_view reason) {
  return dump({{"permission", word_of(answer)}, {"user_message", reason}, {"agent_message", reason}});
}

std::string answer_copilot(Answer answer, std::string_view reason) {
  return dump({{"permissionDecision", word_of(answer)}, {"permissionDecisionReason", reason}});
}

/// The first of these members that is there.
const Json* member(const Json& object, std::initializer_list<const char*> names) {
  for (const char* name : names) {
    if (const auto found = object.find(name); found != object.end() && !found->is_null()) {
      return &*found;
    }
  }
  return nullptr;
}

std::string text(const Json& value, std::string_view what) {
  if (!value.is_string()) {
    throw util::Error(fmt::format("read what the agent is about to do: {} is no text", what));
  }
  return value.get<std::string>();
}

std::optional<std::string> text_member(const Json& object, std::initializer_list<const char*> names) {
  const Json* found = member(object, names);
  return found == nullptr ? std::nullopt : std::optional(text(*found, *names.begin()));
}

/// A command is a line for the shell, or words: these are quoted, as no shell takes them apart.
std::string command_of(const Json& value) {
  if (!value.is_array()) {
    return text(value, "command");
  }
  std::string line;
  for (const Json& word : value) {
    line += (line.empty() ? "" : " ") + util::shell_quoted(text(word, "command"));
  }
  // `bash -lc LINE`: the line is what is run.
  constexpr std::size_t shell_words = 3;
  const bool shell = value.size() == shell_words && text(value[1], "command").starts_with('-') &&
                     text(value[1], "command").ends_with('c');
  return shell ? text(value[2], "command") : line;
}

std::optional<Replacement> replacement_of(const Json& object) {
  const auto before = text_member(object, {"old_string", "old_str", "oldString", "old_text"});
  const auto after = text_member(object, {"new_string", "new_str", "newString", "new_text"});
  if (!before || !after) {
    return std::nullopt;
  }
  const Json* everywhere = member(object, {"replace_all", "replaceAll"});
  return Replacement{*before, *after, everywhere != nullptr && everywhere->is_boolean() && everywhere->get<bool>()};
}

/// The edit of a tool that names a file; empty where it only reads.
std::optional<PendingEdit> edit_of(const Json& input, const std::string& path) {
  if (auto content = text_member(input, {"content", "contents", "file_text", "fileText", "new_source"})) {
    return PendingEdit{PendingEdit::Kind::write, path, std::move(*content)};
  }
  PendingEdit edit{PendingEdit::Kind::replace, path};
  if (auto single = replacement_of(input)) {
    edit.replacements.push_back(std::move(*single));
  }
  if (const Json* several = member(input, {"edits"}); several != nullptr && several->is_array()) {
    for (const Json& each : *several) {
      auto replacement = each.is_object() ? replacement_of(each) : std::nullopt;
      if (!replacement) {
        throw util::Error("read what the agent is about to do: an edit without its texts");
      }
      edit.replacements.push_back(std::move(*replacement));
    }
  }
  if (const auto inserted = text_member(input, {"insert_text", "insertText"})) {
    edit.replacements.push_back({"", *inserted + '\n'});
  }
  return edit.replacements.empty() ? std::nullopt : std::optional(std::move(edit));
}

/// Some agents hand the tool's input over as a text of JSON.
Json input_of(const Json& call) {
  const Json* input = member(call, {"tool_input", "toolInput", "toolArgs", "tool_args"});
  if (input == nullptr) {
    return call;  // Cursor's events have their fields at the top
  }
  return input->is_string() ? Json::parse(input->get<std::string>()) : *input;
}

std::optional<PendingAction> action_of(const Json& call) {
  if (!call.is_object()) {
    throw util::Error("read what the agent is about to do: it is no JSON object");
  }
  const std::string tool = text_member(call, {"tool_name", "toolName"}).value_or("");
  const Json input = input_of(call);
  if (!input.is_object()) {
    throw util::Error("read what the agent is about to do: the tool's input is no JSON object");
  }
  PendingAction action;
  action.directory = text_member(input, {"cwd", "workdir"}).value_or(text_member(call, {"cwd"}).value_or(""));
  if (tool == "apply_patch") {
    action.edits = read_patch(text_member(input, {"command", "input", "patch"}).value_or(""));
    return action;
  }
  if (const auto path = text_member(input, {"file_path", "filePath", "path", "notebook_path"})) {
    auto edit = edit_of(input, *path);
    if (!edit) {
      return std::nullopt;
    }
    action.edits.push_back(std::move(*edit));
    return action;
  }
  if (const Json* command = member(input, {"command", "cmd", "script"})) {
    action.command = command_of(*command);
    return action;
  }
  return std::nullopt;
}

}  // namespace

const std::vector<AgentProtocol>& agent_protocols() {
  static const std::vector<AgentProtocol> table{
      {"claude-code", answer_claude},
      {"codex", answer_codex},
      {"cursor", answer_cursor},
      {"copilot", answer_copilot},
  };
  return table;
}

const AgentProtocol* find_agent_protocol(std::string_view name) {
  const auto& all = agent_protocols();
  const auto found = std::find_if(all.begin(), all.end(), [&](const AgentProtocol& each) { return each.name == name; });
  return found == all.end() ? nullptr : &*found;
}

std::optional<PendingAction> read_action(std::string_view input) {
  try {
    return action_of(Json::parse(input));
  } catch (const Json::exception& error) {
    throw util::Error(fmt::format("read what the agent is about to do: {}", error.what()));
  }
}

}  // namespace tollbar::hook
