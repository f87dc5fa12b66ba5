// Read line by line, as Rakefiles are written: what is not known by its first word makes a task one that nobody knows.
#include "reach/ruby_tasks.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstddef>
#include <optional>
#include <utility>

#include "text/lines.h"
#include "text/pattern.h"
#include "text/words.h"
#include "util/shell_word.h"

namespace tollbar::reach {
namespace {

using text::trimmed;

bool is_name(char byte) {
  return std::isalnum(static_cast<unsigned char>(byte)) != 0 || byte == '_' || byte == '?' || byte == '!';
}

std::string_view name_at(std::string_view text) {
  const auto end = std::find_if_not(text.begin(), text.end(), is_name);
  return text.substr(0, static_cast<std::size_t>(end - text.begin()));
}

/// The literal at the start, without its quotes; what Ruby puts into it is a variable of unknown value.
std::optional<std::string> literal_at(std::string_view& text) {
  if (text.empty() || (text.front() != '"' && text.front() != '\'' && text.front() != '`')) return std::nullopt;
  const char quote = text.front();
  std::string value;
  for (std::size_t at = 1; at < text.size(); ++at) {
    if (text[at] == '\\' && at + 1 < text.size()) {
      if (text[at + 1] != quote && text[at + 1] != '\\') value += '\\';
      value += text[++at];
    } else if (text[at] == quote) {
      text.remove_prefix(at + 1);
      return value;
    } else if (text[at] == '#' && quote != '\'' && text.substr(at).starts_with("#{")) {
      const auto close = text.find('}', at);
      if (close == std::string_view::npos) return std::nullopt;
      value += "${RUBY}";
      at = close;
    } else {
      value += text[at];
    }
  }
  return std::nullopt;
}

/// `'a b'` is a line for a shell, `'a', 'b'` are words.
std::optional<std::string> command_at(std::string_view& text) {
  text = trimmed(text);
  if (text.starts_with('(')) text = trimmed(text.substr(1));
  auto line = literal_at(text);
  if (!line) return std::nullopt;
  bool several = false;
  for (;;) {
    auto rest = trimmed(text);
    if (!rest.starts_with(',')) break;
    rest = trimmed(rest.substr(1));
    const auto next = literal_at(rest);
    if (!next) break;
    *line = (several ? *line : util::shell_quoted(*line)) + " " + util::shell_quoted(*next);
    several = true;
    text = rest;
  }
  return line;
}

/// `rescue => e`, `rescue StandardError`: what a command raises that failed, which `rescue Interrupt` lets go on.
bool takes_failures(std::string_view line) {
  static const text::Pattern wide(
      R"(^rescue\b\s*(?:$|=>|#|;|then\b|.*(?:\b(?:StandardError|RuntimeError|Exception|SystemExit)\b|\*)))");
  return wide.matches(line);
}

/// `abort`, `or raise`, `exception: true`: a failure ends the task after all.
bool gives_up(std::string_view text) {
  if (text.find("exception: true") != std::string_view::npos) return true;
  for (std::size_t at = 0; at < text.size();) {
    const auto word = name_at(text.substr(at));
    if (text::is_one_of(word, {"abort", "raise", "exit", "exit!", "fail"})) return true;
    at += std::max<std::size_t>(word.size(), 1);
  }
  return false;
}

/// `%i[a b]`, `%w(a b)`: an array of the bare words in it.
bool opens_word_array(std::string_view text) {
  return text.size() > 3 && text[0] == '%' && (text[1] == 'i' || text[1] == 'w') &&
         std::string_view("[({<").find(text[2]) != std::string_view::npos;
}

/// Prerequisites that Ruby works out: patterns of files, arrays spread out, words put together.
bool computed(std::string_view prerequisites) {
  if (prerequisites.find('*') != std::string_view::npos) return true;
  for (auto at = prerequisites.find('%'); at != std::string_view::npos; at = prerequisites.find('%', at + 1))
    if (!opens_word_array(prerequisites.substr(at))) return true;
  return false;
}

bool opens_block(std::string_view line) {
  if (line.ends_with(" do") || (line.ends_with('|') && line.find(" do |") != std::string_view::npos)) return true;
  const auto word = name_at(line);
  return text::is_one_of(word, {"begin", "if", "unless", "case", "while", "until", "for", "def", "class", "module"});
}

/// Classes of tasks that tools bring, the name without one given, and what such a task runs.
struct ToolTask {
  std::string_view type, name, command;
};
constexpr std::array<ToolTask, 6> kToolTasks{{{"RSpec::Core::RakeTask.new", "spec", "rspec"},
                                              {"RuboCop::RakeTask.new", "rubocop", "rubocop"},
                                              {"Rake::TestTask.new", "test", "minitest"},
                                              {"Minitest::TestTask.create", "test", "minitest"},
                                              {"Cucumber::Rake::Task.new", "cucumber", "cucumber"},
                                              {"StandardRB::RakeTask.new", "standard", "standardrb"}}};

class Reader {
 public:
  RubyTasks read(std::string_view text) {
    for (const auto written : text::Lines(text)) {
      ++number_;
      const auto line = trimmed(written);
      if (line.empty() || line.starts_with('#')) continue;
      if (task_ != nullptr)
        body(line);
      else
        outside(line);
    }
    return std::move(tasks_);
  }

 private:
  struct Block {
    std::string space;  ///< of a namespace; empty for any other
    bool handler = false, rescued = false, gives_up = false;
    std::size_t first = 0;  ///< command that stands in it
    bool swallows = false;  ///< one of its handlers takes the failure of a command
  };

  void outside(std::string_view line) {
    if (line == "end" || line.starts_with("end ")) {
      if (!blocks_.empty()) blocks_.pop_back();
    } else if (line.starts_with("namespace")) {
      auto rest = line.substr(std::string_view("namespace").size());
      blocks_.push_back({names_in(rest.substr(0, rest.find(" do"))).front()});
    } else if (line.starts_with("task ") || line.starts_with("task(") || line.starts_with("multitask ")) {
      define(line.substr(line.find_first_of(" (") + 1));
    } else if (!define_of_tool(line) && opens_block(line)) {
      blocks_.push_back({});
    }
  }

  /// `:a`, `'a'`, `a:`, `[:a, 'b']`, `%i[a b]` in order; never empty.
  static std::vector<std::string> names_in(std::string_view text) {
    std::vector<std::string> names;
    for (std::size_t at = 0; at < text.size();) {
      auto rest = text.substr(at);
      if (opens_word_array(rest)) {
        at += 3;
        continue;
      }
      if (auto name = literal_at(rest)) {
        names.push_back(std::move(*name));
        at = text.size() - rest.size();
      } else if (is_name(text[at])) {
        const auto word = name_at(rest);
        names.emplace_back(word);
        at += word.size();
      } else {
        ++at;
      }
    }
    if (names.empty()) names.emplace_back();
    return names;
  }

  std::string full_name(const std::string& name) const {
    std::string full;
    for (const auto& block : blocks_)
      if (!block.space.empty()) full += block.space + ":";
    return full + name;
  }

  RubyTask& add(const std::string& name) {
    auto& task = tasks_[full_name(name)];
    if (task.line == 0) task.line = number_;
    return task;
  }

  /// Takes `{ |t| body }` off the end of the line and returns the body without its parameters; empty where there is
  /// none.
  static std::string_view block_on_the_line(std::string_view& line) {
    const auto brace = std::min(line.find(" {"), line.find("){"));
    if (brace == std::string_view::npos || !line.ends_with('}')) return {};
    auto inside = trimmed(line.substr(brace + 2, line.size() - brace - 3));
    line = line.substr(0, brace + 1);
    if (const auto bar = inside.find('|', 1); inside.starts_with('|') && bar != std::string_view::npos)
      inside = trimmed(inside.substr(bar + 1));
    return inside;
  }

  /// `:all, [:version] => [:build, "lint"] do |t, args|`
  void define(std::string_view line) {
    const bool opens = opens_block(line);
    const auto inside = opens ? std::string_view() : block_on_the_line(line);
    line = line.substr(0, line.find(" do"));
    const auto arrow = line.find("=>");
    const auto colon = line.find(": ");
    const auto split = arrow != std::string_view::npos   ? arrow + 2
                       : colon != std::string_view::npos ? colon + 1
                                                         : line.size();
    auto& task = add(names_in(line.substr(0, split)).front());
    const auto prerequisites = trimmed(line.substr(std::min(split, line.size())));
    if (computed(prerequisites))
      task.understood = false;
    else if (!prerequisites.empty())
      for (auto& name : names_in(prerequisites)) task.calls.push_back(std::move(name));
    task_ = &task;
    in_tool_ = false;
    depth_ = blocks_.size();
    if (opens)
      blocks_.push_back({"", false, false, false, task.commands.size()});
    else if (!inside.empty())
      statement(inside);
    if (!opens) task_ = nullptr;
  }

  bool define_of_tool(std::string_view line) {
    const auto known = std::find_if(kToolTasks.begin(), kToolTasks.end(),
                                    [&](const ToolTask& one) { return line.starts_with(one.type); });
    if (known == kToolTasks.end()) return false;
    const bool opens = opens_block(line);
    const auto inside = block_on_the_line(line);
    const auto arguments = line.substr(known->type.size(), line.find(" do") - known->type.size());
    const auto given = names_in(arguments).front();
    auto& task = add(given.empty() ? std::string(known->name) : given);
    task.commands.push_back({std::string(known->command), number_});
    task_ = &task;
    if (!opens) {
      for (std::size_t at = 0; at < inside.size();) {
        const auto end = std::min(inside.find(';', at), inside.size());
        option(trimmed(inside.substr(at, end - at)));
        at = end + 1;
      }
      task_ = nullptr;
      return true;
    }
    in_tool_ = true;
    depth_ = blocks_.size();
    blocks_.push_back({});
    return true;
  }

  void body(std::string_view line) {
    if (line == "end" || line.starts_with("end ")) return leave();
    if (in_tool_) return option(line);
    Block& block = blocks_.back();
    block.gives_up = block.gives_up || (block.rescued && gives_up(line)) || (block.handler && gives_up(line));
    if (line.starts_with("rescue") || line.starts_with("ensure")) {
      block.rescued = block.rescued || line.starts_with("rescue");
      block.swallows = block.swallows || takes_failures(line);
      return;
    }
    if (block.rescued || block.handler) return;
    if (line == "begin") {
      blocks_.push_back({"", false, false, false, task_->commands.size()});
      return;
    }
    const bool opens = opens_block(line);
    if (opens && (line.starts_with("sh ") || line.starts_with("sh("))) {
      const auto first = task_->commands.size();
      statement(line);
      blocks_.push_back({"", true, false, false, first});
    } else if (opens) {
      task_->understood = false;  // a condition or a loop
      blocks_.push_back({"", true, false, true, task_->commands.size()});
    } else {
      statement(line);
    }
  }

  /// Failures that a `rescue` or the block of `sh` takes without giving up count no more.
  void leave() {
    const Block block = blocks_.back();
    blocks_.pop_back();
    if ((block.swallows || block.handler) && !block.gives_up)
      for (auto i = block.first; i < task_->commands.size(); ++i) task_->commands[i].fatal = false;
    if (blocks_.size() == depth_) {
      task_ = nullptr;
      ended_ = false;
    }
  }

  /// `t.rspec_opts = '--dry-run'`, `task.fail_on_error = false`
  void option(std::string_view line) {
    if (opens_block(line)) blocks_.push_back({});
    const auto equals = line.find('=');
    if (equals == std::string_view::npos) return;
    auto value = trimmed(line.substr(equals + 1));
    const auto name = trimmed(line.substr(0, equals));
    auto& command = task_->commands.back();
    if (name.ends_with("fail_on_error") && value == "false") command.fatal = false;
    if (!name.ends_with("_opts") && !name.ends_with(".options")) return;
    if (const auto text = literal_at(value))
      command.text += " " + *text;
    else
      for (const auto& word : names_in(value)) command.text += word.starts_with('-') ? " " + word : "";
  }

  void run(std::string text, bool fatal) { task_->commands.push_back({std::move(text), number_, fatal, !ended_}); }

  void statement(std::string_view line) {
    const auto word = name_at(line);
    auto rest = line.substr(word.size());
    if (text::is_one_of(word, {"puts", "print", "warn", "p", "desc", "verbose", "require", "require_relative"}) &&
        line.find('`') == std::string_view::npos)
      return;
    if (word == "sh" || word == "ruby") {
      auto text = command_at(rest);
      if (!text) return forget();
      const bool taken = rest.find("|ok") != std::string_view::npos && rest.find('{') != std::string_view::npos;
      return run((word == "ruby" ? "ruby " : "") + *text, !taken || gives_up(rest));
    }
    if (const auto called = line.find("system"); called != std::string_view::npos) {
      auto arguments = line.substr(called + std::string_view("system").size());
      auto text = command_at(arguments);
      return text ? run(std::move(*text), gives_up(line.substr(0, called)) || gives_up(arguments)) : forget();
    }
    if (const auto tick = line.find('`'); tick != std::string_view::npos) {
      auto ticked = line.substr(tick);
      auto text = literal_at(ticked);
      return text ? run(std::move(*text), false) : forget();
    }
    if (line.starts_with("Rake::Task[")) {
      task_->calls.push_back(names_in(line.substr(line.find('[') + 1)).front());
    } else if (text::is_one_of(line, {"exit", "exit 0", "exit(0)", "next", "return", "exit!", "exit true"})) {
      ended_ = true;
    } else if (!line.starts_with("ENV[")) {
      forget();
    }
  }

  void forget() { task_->understood = false; }

  RubyTasks tasks_;
  std::vector<Block> blocks_;
  RubyTask* task_ = nullptr;  ///< whose body is read
  std::size_t depth_ = 0;     ///< of blocks outside it
  std::uint32_t number_ = 0;
  bool in_tool_ = false, ended_ = false;
};

}  // namespace

RubyTasks read_ruby_tasks(std::string_view text) {
  return Reader().read(text);
}

}  // namespace tollbar::reach
