// A rule as its file says it: what it matches, what it decides, how it explains itself, and the examples that are its
// tests.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "document/edit.h"
#include "document/node.h"
#include "model/decision.h"
#include "model/finding.h"
#include "model/memory_tree.h"
#include "rule/ref_change.h"
#include "text/glob.h"
#include "text/pattern.h"

namespace tollbar::rule {

/// A condition over one text: every part that is present must hold.
struct TextTest {
  std::vector<std::string> any_of;  ///< globs, case-insensitive; one must match the whole text
  std::optional<text::Pattern> pattern;
  std::optional<text::Pattern> not_pattern;
  bool holds(std::string_view text) const;
};

/// Which files of a change a matcher looks at. Empty `kinds` and `paths`: every file.
struct FileTest {
  std::vector<std::uint8_t> kinds;  ///< indices into the table of kinds; any of them
  std::vector<std::uint8_t> not_kinds;
  std::vector<text::Glob> paths;  ///< any of them
  std::vector<text::Glob> not_paths;
  bool kept = false;   ///< only files that are still there, or whose folder still holds something
  bool stays = false;  ///< only files that are there on both sides
};

/// A fact of some kind whose attributes hold.
struct FactMatch {
  std::vector<std::string> facts;
  std::map<std::string, TextTest, std::less<>> where;
  std::map<std::string, TextTest, std::less<>> unless;  ///< one that holds excludes the fact
};

/// Which way a number has to go for an edit to count.
enum class Movement : std::uint8_t { any, up, down };

/// A structural edit: one of `places` in the document was added, removed, changed or moved.
struct EditMatch {
  FileTest files;
  std::vector<document::PathPattern> places;
  std::vector<document::PathPattern> not_places;
  std::vector<document::EditKind> edits;  ///< empty: any
  std::optional<TextTest> before, after;  ///< over the scalar's text or the brief form
  bool each = false;                      ///< look at every place below an added or removed subtree, too
  std::vector<std::string> beside;        ///< keys below a mapping around the place, whose value `beside_value` tests
  TextTest beside_value;
  bool beside_says_no = false;  ///< what is said beside the place excludes it (`unless_beside`)
  bool unless_moved = false;    ///< no match where the same stood under the same two keys elsewhere, which is gone
  bool below = true;            ///< false: only at the edit itself, not inside what was added or removed with it
  std::optional<text::Pattern> unless_same;  ///< no match where this finds the same text on both sides
  Movement moves = Movement::any;            ///< of a number; what cannot be compared counts
  std::optional<text::Pattern> number;       ///< finds that number (group 1) in a longer text; none before, no match
};

/// What a matcher of commands leaves out of jobs that start services for themselves.
enum class Unserved : std::uint8_t {
  no,    ///< nothing
  job,   ///< everything
  host,  ///< commands that name such a service as the host they act on
};

/// What jobs that run it must have in reach for a command to count.
enum class SecretsNear : std::uint8_t {
  no,      ///< nothing
  any,     ///< a secret, or a token that may write
  served,  ///< a secret of their own, and no services that they start for themselves
};

/// A command that the change newly brings into a script, CI step, recipe, package script or image build.
struct CommandMatch {
  FileTest files;
  std::vector<std::string> program;  ///< globs over the essential program; any
  std::optional<TextTest> subject;   ///< over where it stands: `target release`, `scripts.test`
  std::vector<text::Pattern> all;    ///< each must match the command's text
  std::vector<text::Pattern> none;   ///< none may match it
  std::vector<text::Pattern> any;    ///< one must match it (if there are any)
  std::optional<bool> removed;       ///< true: the command was taken away instead
  SecretsNear secrets_near = SecretsNear::no;
  bool input = false;        ///< its text ends with what it is given to read: a here-document, an `echo` in its pipe
  bool unless_made = false;  ///< not where its own job newly makes what it names, before it
  Unserved unserved = Unserved::no;  ///< of jobs that start services, and so databases, of their own
  std::optional<bool> rewritten;     ///< whether it must, or must not, take the place of one that matched there as well
  std::vector<text::Pattern> gains;  ///< what they find in a rewritten one they must have found in the old one
};

/// A line that the change adds.
struct LineMatch {
  FileTest files;
  text::Pattern pattern;               ///< group `secret` or 1, else the whole match, is what was found
  std::optional<text::Pattern> value;  ///< `pattern` is over the name that the line gives a literal, this over all of
                                       ///< the literal, which is what was found; it may stand on the next lines
  std::optional<text::Pattern> not_name;     ///< names that do not count
  std::optional<text::Pattern> not_place;    ///< over the path and the keys around the line (see place_of_line())
  bool quoted = false;                       ///< only literals between quotes or tags
  std::vector<text::Pattern> none;           ///< over the found text or the line: exclusions
  double entropy = 0;                        ///< bits per character the found text must reach
  std::string proof;                         ///< name of a checksum or shape test, empty for none (see line_proofs())
  std::optional<text::Pattern> behind;       ///< the line before must match this
  std::optional<text::Pattern> ahead;        ///< the line after must match this
  std::optional<text::Pattern> unless_same;  ///< no match where this finds in a removed line what it finds in this one
  bool secret = false;                       ///< what was found is redacted everywhere
  bool secrets_near = false;                 ///< only where a job that runs the file has a secret in reach
};

/// A line that a file of the change held, and none of them holds any more.
struct LostMatch {
  FileTest files;
  text::Pattern pattern;  ///< group 1, else the whole match, is what was lost
  bool each = false;      ///< any line that matched and is gone, though others match
};

/// A path that was added, removed, modified, or changed its mode.
struct PathMatch {
  FileTest files;
  bool added = false, removed = false, modified = false, mode = false;
  bool unless_moved = false;  ///< nothing is added where another file that it names goes away with the same content
  bool sealed = false;        ///< only what cannot be read as text: encrypted by git-crypt, say
};

using Matcher = std::variant<FactMatch, EditMatch, CommandMatch, LineMatch, LostMatch, PathMatch>;

struct Example {
  std::string name;
  bool hit = false;
  std::optional<RefChange> push;  ///< judged instead of the trees
  model::MemoryTree before, after;
  std::string message = "change";
  std::uint32_t line = 0;  ///< where the finding must stand; 0: anywhere
  document::Node policy;   ///< null: the built-in default
};

struct Rule {
  std::string id;  ///< `family/name`, as its file is called
  std::string title;
  model::Trigger trigger = model::Trigger::workflow_change;
  model::Decision decision = model::Decision::approve;
  model::Risk risk = model::Risk::medium;
  std::string message;  ///< template over fact attributes: `{job} now runs on {after}`
  std::string remedy;
  std::string action;                             ///< template
  model::Authority authority;                     ///< templates
  model::Target target;                           ///< templates
  model::Binding binding = model::Binding::fact;  ///< what approvals of its findings bind to
  bool approvable = false;                        ///< even where it blocks; else what blocks stays blocked
  bool only_if_unreported = false;     ///< a catch-all: silent where another rule reported its trigger in the same file
  std::vector<std::string> catalogue;  ///< rows of the catalogue that it answers
  std::vector<Matcher> match;          ///< any of them

  // Loaded by load_full() only:
  std::string documentation;
  std::vector<Example> examples;
};

}  // namespace tollbar::rule
