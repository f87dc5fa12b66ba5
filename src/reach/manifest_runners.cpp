// A table of runners; tasks are read by the few keys that all of them use.
#include "reach/manifest_runners.h"

#include <algorithm>
#include <cstddef>
#include <iterator>

#include "reach/call_words.h"
#include "text/word_list.h"
#include "text/words.h"

namespace tollbar::reach {
namespace {

using document::Format;
using document::Node;
using text::lists;

constexpr ManifestRunner runners[] = {
    {"composer", "run run-script", {{{"composer.json", Format::json, "scripts"}}}, true},
    {"deno", "task", {{{"deno.json", Format::json, "tasks"}, {"deno.jsonc", Format::json, "tasks"}}}},
    {"pdm", "run", {{{"pyproject.toml", Format::toml, "tool pdm scripts"}}}, true},
    {"rye", "run", {{{"pyproject.toml", Format::toml, "tool rye scripts"}}}},
    {"pipenv", "run", {{{"Pipfile", Format::toml, "scripts"}}}},
    {"poe",
     "",
     {{{"pyproject.toml", Format::toml, "tool poe tasks"}, {"poe_tasks.toml", Format::toml, "tool poe tasks"}}}},
    {"task", "", {{{"pyproject.toml", Format::toml, "tool taskipy tasks"}}}},
    {"hatch",
     "run",
     {{{"pyproject.toml", Format::toml, "tool hatch envs * scripts"}, {"hatch.toml", Format::toml, "envs * scripts"}}}},
    {"pixi",
     "run",
     {{{"pixi.toml", Format::toml, "tasks"},
       {"pixi.toml", Format::toml, "feature * tasks"},
       {"pyproject.toml", Format::toml, "tool pixi tasks"},
       {"pyproject.toml", Format::toml, "tool pixi feature * tasks"}}},
     false,
     "",
     "-e --environment --manifest-path"},
    {"mise",
     "run r",
     {{{"mise.toml", Format::toml, "tasks"},
       {".mise.toml", Format::toml, "tasks"},
       {".config/mise.toml", Format::toml, "tasks"},
       {".mise/config.toml", Format::toml, "tasks"}}},
     false,
     ".mise/tasks mise-tasks mise/tasks .config/mise/tasks"},
    {"devbox", "run", {{{"devbox.json", Format::json, "shell scripts"}}}},
    {"melos", "run exec", {{{"melos.yaml", Format::yaml, "scripts"}}}, true},
    {"cargo", "make", {{{"Makefile.toml", Format::toml, "tasks"}}}},
    {"makers", "", {{{"Makefile.toml", Format::toml, "tasks"}}}},
    {"npm", "run run-script", {{{"package.json", Format::json, "wireit"}}}},
    {"pnpm", "run", {{{"package.json", Format::json, "wireit"}}}, true},
    {"yarn", "run", {{{"package.json", Format::json, "wireit"}}}, true},
};

std::vector<std::string> keys_of(std::string_view place) {
  std::vector<std::string> keys;
  for (std::size_t at = 0; at < place.size();) {
    const auto end = std::min(place.find(' ', at), place.size());
    keys.emplace_back(place.substr(at, end - at));
    at = end + 1;
  }
  return keys;
}

void collect(const Node& node, const std::vector<std::string>& keys, std::size_t at, const std::string& name,
             std::vector<const Node*>& found) {
  if (at == keys.size()) {
    if (const Node* task = node.get(name)) found.push_back(task);
  } else if (keys[at] != "*") {
    if (const Node* inner = node.get(keys[at])) collect(*inner, keys, at + 1, name, found);
  } else {
    for (const auto& member : node.members) collect(member.value, keys, at + 1, name, found);
  }
}

void add_command(const Node& node, TaskBody& body) {
  std::string text(node.text());
  if (text.starts_with('@')) {  // another script, in the words of Composer
    if (!text.starts_with("@php ") && !text.starts_with("@putenv "))
      body.tasks.push_back(text.substr(1, text.find(' ') - 1));
    return;
  }
  if (!text.empty()) body.commands.push_back({std::move(text), node.line});
}

void add_tasks(const Node* node, TaskBody& body) {
  if (node == nullptr) return;
  if (node->is_scalar()) body.tasks.emplace_back(node->text());
  for (const auto& item : node->items) {
    const Node* named = item.is_mapping() ? item.get("task") : &item;
    if (named != nullptr && named->is_scalar()) body.tasks.emplace_back(named->text());
  }
}

}  // namespace

NamedTask named_task(const std::vector<std::string>& argv) {
  NamedTask task;
  if (argv.size() < 2 || argv[0].empty()) return task;
  const auto runner = std::find_if(std::begin(runners), std::end(runners),
                                   [&](const auto& one) { return one.program == text::base_name(argv[0]); });
  if (runner == std::end(runners)) return task;
  bool wants_subcommand = !runner->subcommands.empty();
  for (std::size_t i = 1; i < argv.size(); ++i) {
    if (is_flag(argv[i])) {
      if (lists(runner->valued, argv[i])) ++i;
      continue;
    }
    if (wants_subcommand && lists(runner->subcommands, argv[i])) {
      wants_subcommand = false;
      continue;
    }
    if (argv[i].empty() || (wants_subcommand && !runner->short_form)) return task;
    task.runner = &*runner;
    const auto colon = argv[i].find(':');  // an environment of hatch: `test:run`
    task.names = {argv[i]};
    if (runner->program == "hatch" && colon != std::string::npos) task.names.push_back(argv[i].substr(colon + 1));
    return task;
  }
  return task;
}

std::vector<const Node*> task_nodes(const Node& root, std::string_view place, const std::string& name) {
  std::vector<const Node*> found;
  collect(root, keys_of(place), 0, name, found);
  return found;
}

TaskBody task_body(const Node& task) {
  TaskBody body;
  if (task.is_scalar()) add_command(task, body);
  for (const auto& item : task.items) {
    if (item.is_scalar()) add_command(item, body);
    if (item.is_mapping())
      for (const std::string_view key : {"cmd", "shell", "run"})
        if (const Node* text = item.get(key)) add_command(*text, body);
  }
  for (const std::string_view key :
       {"depends", "depends-on", "depends_on", "dependencies", "deps", "sequence", "composite"})
    add_tasks(task.get(key), body);
  for (const std::string_view key : {"cmd", "command", "run", "shell", "script", "exec"}) {
    const Node* text = task.get(key);
    if (text == nullptr) continue;
    if (text->is_mapping()) text = text->get("run");
    if (text == nullptr) continue;
    if (text->is_scalar()) {
      const Node* arguments = task.get("args");
      std::string whole(text->text());
      for (const auto& argument : arguments != nullptr ? arguments->texts() : std::vector<std::string>())
        whole += " " + argument;
      body.commands.push_back({std::move(whole), text->line});
    }
    for (const auto& item : text->items)
      if (item.is_scalar()) add_command(item, body);
  }
  for (const std::string_view key : {"cwd", "dir", "working_dir"})
    if (const Node* directory = task.get(key); directory != nullptr && directory->is_scalar())
      body.directory = directory->text();
  return body;
}

}  // namespace tollbar::reach
