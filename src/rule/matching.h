// How each matcher looks at a change; what it finds is a Fact, so that every rule explains itself by the same
// templates.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "rule/change.h"
#include "rule/fact.h"
#include "rule/rule.h"

namespace tollbar::rule {

/// The kinds that a FileTest without kinds and paths leaves out.
KindSet left_out_by_default(const Kinds& kinds);
bool selects(const FileTest& test, const FileChange& file, KindSet left_out);

bool selects(const FactMatch& match, const Fact& fact);
void find_edits(const EditMatch& match, FileChange& file, std::vector<Fact>& facts);
/// True where the command is one that the matcher wants (its file is tested by the caller).
bool selects(const CommandMatch& match, const CommandPlace& place);
/// Everything that the expressions find in a command they find in the other one, too.
bool says_no_more(const std::vector<text::Pattern>& gains, const document::Command& command,
                  const document::Command& than);
Fact command_fact(const Change::NewCommand& command, bool removed);
/// Looks at what the file held before.
void find_lost(const LostMatch& match, Change& change, FileChange& file, std::vector<Fact>& facts);
void find_path(const PathMatch& match, const FileChange& file, std::vector<Fact>& facts);
/// Whether find_line() may find something in this line of the file after the change, be it added or not.
bool may_match(const LineMatch& match, FileChange& file, const text::Line& line);
/// Looks at one line that the prefilter let through: it, or the literal that it leads to, must be added.
void find_line(const LineMatch& match, Change& change, FileChange& file, const text::Line& first,
               std::vector<Fact>& facts);

/// Looks at what a line says once a disguise is taken off it.
void find_disguised(const LineMatch& match, Change& change, FileChange& file, const text::Line& line,
                    std::string_view plain, std::vector<Fact>& facts);

/// Every stretch of the text's first line that the matcher finds and neither an exclusion nor a missing proof takes
/// back. Literals given to a name may stand on the lines after it.
std::vector<std::string_view> found_in_line(const LineMatch& match, std::string_view text);

/// `sk-a...` for a secret: enough to recognise it, not to use it.
std::string redacted(std::string_view secret);
/// At most `limit` bytes of a text's first lines, cut on a character, line ends as ` ; `.
std::string shortened(std::string_view text, std::size_t limit = 160);

/// For Node::brief(): nothing is left out.
inline constexpr std::size_t unlimited = static_cast<std::size_t>(-1);
/// Sets what a fact says of one side to a text, shortened. What that leaves out goes into the context as a digest: who
/// approves the fact approves all of it.
void put_before(Fact& fact, std::string_view text);
void put_after(Fact& fact, std::string_view text);

/// Replaces `{name}` by the fact's attribute; a name without value gives "", an empty side of the change `nothing`.
std::string fill(std::string_view text_template, const Fact& fact);

}  // namespace tollbar::rule
