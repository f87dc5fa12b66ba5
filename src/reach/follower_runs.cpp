// Names for what is followed alike, and scripts that many steps enter: each gets a copy at the end of its own chain.
#include <algorithm>
#include <utility>

#include "reach/follower.h"

namespace tollbar::reach {
namespace {

constexpr std::size_t kept_from = 4;  // commands: what is shorter is followed as fast as looked up

/// Texts one after another, told apart however they are cut.
class Key {
 public:
  Key& add(std::string_view text) {
    add(text.size());
    text_.append(text);
    return *this;
  }
  Key& add(std::size_t number) {
    text_.append(reinterpret_cast<const char*>(&number), sizeof number);  // NOLINT: its bytes
    return *this;
  }
  Key& add(const std::map<std::string, std::string>& map) {
    add(map.size());
    for (const auto& [name, value] : map) add(name).add(value);
    return *this;
  }
  template <typename Texts>
  Key& add_all(const Texts& texts) {
    add(texts.size());
    for (const auto& text : texts) add(std::string_view(text));
    return *this;
  }
  std::string take() { return std::move(text_); }

 private:
  std::string text_;
};

/// Puts the links of `start`, which differ from those of the run in their lines only, before what each item has.
class Moved {
 public:
  explicit Moved(const Chain& start) : start_(start) {}

  template <typename Item>
  void append(const std::vector<Item>& items, util::SharedList<Item>& list) {
    if (items.empty()) return;
    auto& to = list.edit();
    to.reserve(to.size() + items.size());
    for (const auto& item : items) {
      to.push_back(item);
      to.back().chain = moved(item.chain);
    }
  }

 private:
  const Chain& moved(const Chain& chain) {
    if (made_ && chain.shares(from_)) return to_;
    Chain::Links links = chain;
    std::copy(start_.begin(), start_.end(), links.begin());
    from_ = chain;
    to_ = std::move(links);
    made_ = true;
    return to_;
  }

  const Chain& start_;
  bool made_ = false;
  Chain from_, to_;
};

template <typename Item>
std::vector<Item> since(const util::SharedList<Item>& items, std::size_t begin) {
  return {items.begin() + static_cast<std::ptrdiff_t>(begin), items.end()};
}

}  // namespace

std::string Follower::run_key(const document::Script& script, const Place& place) const {
  Key key;
  key.add(static_cast<std::size_t>(
      reinterpret_cast<std::uintptr_t>(&script)));  // NOLINT: a run keeps its script, so no other has the address
  key.add(place.path).add(place.part).add(place.chain.size());
  for (const auto& link : place.chain) key.add(link.path).add(link.part).add(static_cast<std::size_t>(link.certainty));
  key.add(place.directory).add(*place.env).add(*place.variables);
  key.add(std::size_t{place.fatal}).add(std::size_t{place.began_fatal});
  key.add(std::size_t{place.unreachable}).add(std::size_t{place.entered});
  key.add(static_cast<std::size_t>(place.certainty)).add(static_cast<std::size_t>(place.at_best));
  key.add(place.arguments).add(place.handed_on);
  key.add_all(checkouts_).add(start_);
  key.add(job_.variables).add(job_.copies).add(job_.aliases);
  return key.take();
}

std::string Follower::step_key(const pipeline::Step& step) const {
  Key key;
  key.add(source_).add(step.uses).add(step.uses_version).add(step.with).add(step.run).add(step.shell);
  key.add(step.working_directory).add(step.env).add(static_cast<std::size_t>(step.condition.truth));
  key.add(*env_).add_all(checkouts_);
  key.add(job_.variables).add(job_.copies).add(job_.aliases);
  return key.take();
}

void Follower::take_over(const Run& run) {
  job_ = run.left;
  budget_ -= run.counted;
  legs_.ask(run.asked);
  execution_.dependence.add(run.dependence);
  for (const auto& problem : run.problems) note(problem);
}

void Follower::take(const ScriptRun& run, const Chain& chain) {
  Moved moved(chain);
  moved.append(run.commands, step_->commands);
  moved.append(run.files, step_->files);
  moved.append(run.hooks, step_->hooks);
  moved.append(run.unknown, step_->unknown);
  visited_.take(run.visited);
  take_over(run);
}

void Follower::follow_kept(const std::shared_ptr<const document::Script>& script, Place place) {
  if (script->commands.size() < kept_from) return follow_script(script, std::move(place));
  const auto key = run_key(*script, place);
  const auto known = runs_.scripts.find(key, tree_, scripts_,
                                        [&](const ScriptRun& run) { return fits(run) && visited_.fits(run.visited); });
  if (known != nullptr) return take(*known, place.chain);
  auto run = std::make_shared<ScriptRun>();
  run->script = script;
  const auto commands = step_->commands.size(), files = step_->files.size(), hooks = step_->hooks.size(),
             unknown = step_->unknown.size();
  visited_.begin();
  const bool complete = record(*run, [&] { follow_script(script, std::move(place)); });
  run->visited = visited_.end();
  run->commands = since(step_->commands, commands);
  run->files = since(step_->files, files);
  run->hooks = since(step_->hooks, hooks);
  run->unknown = since(step_->unknown, unknown);
  if (complete) runs_.scripts.keep(key, std::move(run), tree_, scripts_);
}

}  // namespace tollbar::reach
