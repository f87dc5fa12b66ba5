// Commands of Rails stand where tasks do: what it brings itself is told by its name.
#include "reach/rails_calls.h"

#include <algorithm>
#include <string_view>

#include "text/word_list.h"

namespace tollbar::reach {
namespace {

/// Namespaces of tasks that Rails and what comes with it define.
constexpr std::string_view kOwnNamespaces =
    "db assets active_storage action_mailbox action_text app cache_digests log tmp test spec dev yarn webpacker "
    "javascript css importmap turbo stimulus tailwindcss dartsass shakapacker zeitwerk time credentials encrypted "
    "secrets railties solid_queue solid_cache";

/// A file that the runner loads; else its argument is a program.
bool names_file(std::string_view word) {
  return word.find_first_of(" ('\";") == std::string_view::npos &&
         (word.ends_with(".rb") || word.find('/') != std::string_view::npos);
}

}  // namespace

std::vector<Call> rails_call(const Words& argv) {
  Words words;
  std::string value;
  for (std::size_t i = 1; i < argv.size(); ++i)
    if (!takes(argv, i, {"-e", "--environment"}, value) && !is_flag(argv[i])) words.push_back(argv[i]);
  if (words.empty()) return {};
  if (is_one_of(words[0], {"runner", "r"})) {
    const bool has_file = words.size() > 1 && names_file(words[1]);
    return has_file ? std::vector<Call>{make_call(CallKind::program, {words[1]})} : std::vector<Call>();
  }
  const auto colon = words[0].find(':');
  if (colon == std::string::npos || colon == 0 || text::lists(kOwnNamespaces, words[0].substr(0, colon))) return {};
  Call call = make_call(CallKind::ruby_tasks, {"Rakefile", "rakefile", "Rakefile.rb"});
  call.parts = {words[0]};
  call.optional_file = true;
  call.certainty = Certainty::declared;
  return {call};
}

}  // namespace tollbar::reach
