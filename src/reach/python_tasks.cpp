// Read line by line: what a function at the top level runs through its first parameter, or starts as a process.
#include "reach/python_tasks.h"

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <iterator>
#include <map>

#include "reach/program_calls.h"
#include "text/lines.h"
#include "text/words.h"
#include "util/shell_word.h"

namespace tollbar::reach {
namespace {

using text::trimmed;

constexpr std::size_t kLongestCall = 2000;

bool is_name(char byte) {
  return std::isalnum(static_cast<unsigned char>(byte)) != 0 || byte == '_';
}

std::string_view name_at(std::string_view text) {
  const auto end = std::find_if_not(text.begin(), text.end(), is_name);
  return text.substr(0, static_cast<std::size_t>(end - text.begin()));
}

using Lists = std::map<std::string, std::vector<std::string>, std::less<>>;

/// The strings up to the bracket that closes the one before `text`; values of keywords are left out, `*NAME` stands for
/// a list of that name, and `HERE / "a" / "b"` is one path.
std::vector<std::string> strings_in(std::string_view text, const Lists& lists) {
  std::vector<std::string> words;
  int depth = 1;
  std::size_t behind = std::string_view::npos;  // the last string
  for (std::size_t at = 0; at < std::min(text.size(), kLongestCall);) {
    const char c = text[at];
    depth += c == '(' || c == '[' || c == '{' ? 1 : c == ')' || c == ']' || c == '}' ? -1 : 0;
    if (depth == 0) break;
    if (c == '*' && at + 1 < text.size() && is_name(text[at + 1])) {
      const auto name = name_at(text.substr(at + 1));
      if (const auto list = lists.find(name); list != lists.end())
        words.insert(words.end(), list->second.begin(), list->second.end());
      at += 1 + name.size();
      continue;
    }
    if (c != '"' && c != '\'') {
      ++at;
      continue;
    }
    const auto close = text.find(c, at + 1);
    if (close == std::string_view::npos) break;
    const auto before = trimmed(text.substr(0, at));
    const bool keyword = before.ends_with('=') || before.ends_with(':') || before.ends_with('{');
    const bool joins = behind != std::string_view::npos && trimmed(text.substr(behind, at - behind)) == "/";
    const std::string word(text.substr(at + 1, close - at - 1));
    if (joins && !words.empty())
      words.back() += "/" + word;
    else if (!keyword)
      words.push_back(word);
    at = behind = close + 1;
  }
  return words;
}

/// The words as a line for a shell.
std::string line_of(const std::vector<std::string>& words, bool shell_text) {
  std::string line;
  for (const auto& word : words) {
    if (shell_text) return word;
    line += (line.empty() ? "" : " ") + util::shell_quoted(word);
  }
  return line;
}

class Reader {
 public:
  explicit Reader(const std::string& text) : text_(text) {}

  PythonTasks read() {
    for (std::size_t at = 0; at < text_.size();) {
      const auto end = std::min(text_.find('\n', at), text_.size());
      ++number_;
      const bool top = end > at && text_[at] != ' ' && text_[at] != '\t';
      line(at, trimmed(std::string_view(text_).substr(at, end - at)), top);
      at = end + 1;
    }
    add_processes();
    return std::move(tasks_);
  }

 private:
  void line(std::size_t at, std::string_view content, bool top) {
    if (content.empty() || content.front() == '#') return;
    if (top) {
      const bool goes_on = !decorator_.empty() && (content.front() == ')' || content.front() == ']');
      if (content.front() == '@' || goes_on) {
        decorator_ += content;
        in_function_ = false;
      } else if (content.starts_with("def ") || content.starts_with("async def ")) {
        define(content.substr(content.find("def ") + 4));
        decorator_.clear();
      } else {
        in_function_ = content.front() == ')' && in_function_;
        decorator_.clear();
      }
    } else if (!decorator_.empty() && !in_function_) {
      decorator_ += content;
    }
    note_list(at, content);
    if (!top && in_function_) body(content);
  }

  void define(std::string_view signature) {
    PythonTask task;
    task.function = name_at(signature);
    task.name = task.function;
    task.line = number_;
    const auto open = signature.find('(');
    parameter_ =
        open == std::string_view::npos ? std::string() : std::string(name_at(trimmed(signature.substr(open + 1))));
    for (const std::string_view mark : {"@nox.session", "@session", "@task", "@invoke.task", "@duty", "@duty.duty"})
      task.asked_for = task.asked_for || decorator_.find(mark) != std::string::npos;
    shell_text_ = decorator_.find("session") == std::string::npos;
    if (const auto named = decorator_.find("name="); named != std::string::npos && task.asked_for) {
      const auto words = strings_in(std::string_view(decorator_).substr(named + 5), {});
      if (!words.empty()) task.name = words.front();
    }
    for (const std::string_view list : {"requires=[", "pre=[", "post=["}) add_calls(list, task);
    in_function_ = true;
    tasks_.tasks.push_back(std::move(task));
  }

  /// `pre=[build, "lint"]` of the decorator: names and strings.
  void add_calls(std::string_view list, PythonTask& task) const {
    const auto begin = decorator_.find(list);
    if (begin == std::string::npos) return;
    const auto inside = std::string_view(decorator_).substr(begin + list.size());
    for (std::size_t at = 0; at < inside.size() && inside[at] != ']';) {
      const auto name = name_at(inside.substr(at));
      if (!name.empty()) task.calls.emplace_back(name);
      at += std::max<std::size_t>(name.size(), 1);
    }
  }

  /// `nox.options.sessions = ["tests"]`, `command = ["./x.sh", "--all"]`
  void note_list(std::size_t at, std::string_view content) {
    const auto equals = content.find(" = ");
    if (equals == std::string_view::npos || equals + 3 >= content.size()) return;
    const auto name = content.substr(0, equals);
    const char opening = content[equals + 3];
    if (opening != '[' && opening != '(') return;
    const auto from = text_.find(opening, at + equals);
    auto words = strings_in(std::string_view(text_).substr(from + 1), lists_);
    if (name == "nox.options.sessions")
      tasks_.defaults = std::move(words);
    else if (std::all_of(name.begin(), name.end(), is_name))
      lists_[std::string(name)] = std::move(words);
  }

  void body(std::string_view content) {
    if (parameter_.empty()) return;
    auto& task = tasks_.tasks.back();
    for (auto found = content.find('('); found != std::string_view::npos; found = content.find('(', found + 1)) {
      std::size_t begin = found;
      while (begin > 0 && (is_name(content[begin - 1]) || content[begin - 1] == '.')) --begin;
      const auto callee = content.substr(begin, found - begin);
      const auto inside =
          std::string_view(text_).substr(static_cast<std::size_t>(content.data() - text_.data()) + found + 1);
      const auto dot = callee.find('.');
      if (dot == std::string_view::npos) {
        const bool handed = name_at(trimmed(inside.substr(0, kLongestCall))) == parameter_;
        if (handed && !callee.empty()) task.calls.emplace_back(callee);
        continue;
      }
      if (callee.substr(0, dot) != parameter_) continue;
      run(callee.substr(dot + 1), inside, task);
    }
  }

  /// A method of what a task is handed: `session.run`, `c.run`, `session.notify`, `session.chdir`.
  void run(std::string_view method, std::string_view inside, PythonTask& task) {
    const auto words = strings_in(inside, lists_);
    if (words.empty()) return;
    if (method == "notify") {
      task.calls.push_back(words.front());
    } else if (method == "chdir" || method == "cd") {
      task.commands.push_back({"cd " + util::shell_quoted(words.front()), number_});
    } else if (method == "run" || method == "run_always" || method == "run_install" || method == "sudo") {
      task.commands.push_back({line_of(words, shell_text_), number_});
    }
  }

  /// What functions start without the tool: `subprocess.run(["./x.sh"])`.
  void add_processes() {
    const auto calls = called_texts(text_).text;
    std::uint32_t number = 0;
    for (const auto call : text::Lines(calls)) {
      ++number;
      const auto after = std::find_if(tasks_.tasks.begin(), tasks_.tasks.end(),
                                      [&](const PythonTask& task) { return task.line > number; });
      if (!call.empty() && after != tasks_.tasks.begin())
        std::prev(after)->commands.push_back({std::string(call), number});
    }
  }

  const std::string& text_;
  PythonTasks tasks_;
  Lists lists_;
  std::string decorator_, parameter_;
  std::uint32_t number_ = 0;
  bool in_function_ = false, shell_text_ = false;
};

}  // namespace

const PythonTask* PythonTasks::find(std::string_view name) const {
  const auto plain = [](std::string_view text) {
    std::string result(text);
    std::replace(result.begin(), result.end(), '-', '_');
    return result;
  };
  const auto wanted = plain(name);
  const auto found = std::find_if(tasks.begin(), tasks.end(), [&](const PythonTask& task) {
    return plain(task.name) == wanted || plain(task.function) == wanted;
  });
  return found == tasks.end() ? nullptr : &*found;
}

PythonTasks read_python_tasks(const std::string& text) {
  return Reader(text).read();
}

}  // namespace tollbar::reach
