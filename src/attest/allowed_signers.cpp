// Line by line as OpenSSH reads them, except that nothing is passed over.
#include "attest/allowed_signers.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <utility>

#include "attest/pattern_list.h"
#include "attest/ssh_signature.h"

namespace tollbar::attest {
namespace {

constexpr std::string_view blanks = " \t";

/// What makes a line no signer.
struct Malformed {
  SignersProblem::Kind kind;
  std::string text;
};

[[noreturn]] void refuse(std::string text, SignersProblem::Kind kind = SignersProblem::Kind::malformed) {
  throw Malformed{kind, std::move(text)};
}

std::string_view without_blanks(std::string_view text) {
  const std::size_t start = text.find_first_not_of(blanks);
  return start == std::string_view::npos ? std::string_view() : text.substr(start);
}

/// Takes the next word, which may stand in double quotes as a whole, and the blanks behind it.
std::string_view take_principals(std::string_view& rest) {
  const bool quoted = rest.starts_with('"');
  if (quoted) {
    rest.remove_prefix(1);
  }
  const std::size_t end = rest.find_first_of(quoted ? "\"" : blanks);
  if (end == std::string_view::npos) {
    refuse(quoted ? "the quotes are not closed" : "there is no key");
  }
  const std::string_view word = rest.substr(0, end);
  rest.remove_prefix(end + 1);
  rest = without_blanks(rest);
  return word;
}

/// Takes a word in which quotes hold blanks together, and the blanks behind it.
std::string_view take_word(std::string_view& rest) {
  bool quoted = false;
  std::size_t at = 0;
  for (; at < rest.size() && (quoted || blanks.find(rest[at]) == std::string_view::npos); ++at) {
    if (rest[at] == '\\' && at + 1 < rest.size() && rest[at + 1] == '"') {
      ++at;
    } else if (rest[at] == '"') {
      quoted = !quoted;
    }
  }
  if (quoted) {
    refuse("the quotes are not closed");
  }
  const std::string_view word = rest.substr(0, at);
  rest = without_blanks(rest.substr(at));
  return word;
}

bool is_printable(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char byte) { return static_cast<unsigned char>(byte) > ' ' && byte != '\x7F'; });
}

void check_principals(std::string_view list) {
  if (list.starts_with("\xEF\xBB\xBF")) {
    refuse("the file begins with a byte order mark");
  }
  if (!is_printable(list) || list.find('"') != std::string_view::npos) {
    refuse("the names hold blanks, quotes or control characters");
  }
  bool positive = false;
  for (const std::string_view name : patterns_of(list)) {
    if (name.empty() || name == "!") {
      refuse("a name is empty");
    }
    positive = positive || !name.starts_with('!');
  }
  if (!positive) {
    refuse("nobody is named");
  }
}

/// `"..."` at the start of `rest`, with `\"` in it for a quote.
std::string take_quoted(std::string_view& rest, std::string_view option) {
  if (!rest.starts_with('"')) {
    refuse(fmt::format("the value of {} stands in no quotes", option));
  }
  std::string value;
  for (std::size_t at = 1; at < rest.size(); ++at) {
    if (rest[at] == '"') {
      rest.remove_prefix(at + 1);
      return value;
    }
    if (rest.substr(at).starts_with("\\\"")) {
      ++at;
    }
    value += rest[at];
  }
  refuse("the quotes are not closed");
}

int number_of(std::string_view digits) {
  int number = 0;
  for (const char digit : digits) {
    number = 10 * number + (digit - '0');
  }
  return number;
}

bool equals_ignoring_case(std::string_view text, std::string_view lower) {
  return text.size() == lower.size() && std::equal(text.begin(), text.end(), lower.begin(), [](char a, char b) {
           return (a >= 'A' && a <= 'Z' ? a - 'A' + 'a' : a) == b;
         });
}

/// The letters after which a date is of UTC.
bool take_utc(std::string_view& text) {
  for (const std::string_view zone : {"z", "utc"}) {
    if (text.size() > zone.size() && equals_ignoring_case(text.substr(text.size() - zone.size()), zone)) {
      text.remove_suffix(zone.size());
      return true;
    }
  }
  return false;
}

/// YYYYMMDD, YYYYMMDDHHMM or YYYYMMDDHHMMSS, perhaps with `Z`.
std::optional<std::int64_t> parse_time(std::string_view text) {
  const bool utc = take_utc(text);
  const bool digits = std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (!digits || (text.size() != 8 && text.size() != 12 && text.size() != 14)) {
    return std::nullopt;
  }
  const auto part = [&](std::size_t at, std::size_t size) {
    return at < text.size() ? number_of(text.substr(at, size)) : 0;
  };
  std::tm date{};
  date.tm_year = part(0, 4) - 1900;
  date.tm_mon = part(4, 2) - 1;
  date.tm_mday = part(6, 2);
  date.tm_hour = part(8, 2);
  date.tm_min = part(10, 2);
  date.tm_sec = part(12, 2);
  std::tm normalised = date;
  const std::time_t time = ::timegm(&normalised);
  const bool exists = normalised.tm_mon == date.tm_mon && normalised.tm_mday == date.tm_mday &&
                      normalised.tm_hour == date.tm_hour && normalised.tm_min == date.tm_min;
  if (!exists || time <= 0) {
    return std::nullopt;
  }
  return utc ? time : std::mktime(&date);
}

void set_time(std::optional<std::int64_t>& time, std::string_view name, const std::string& value) {
  if (time) {
    refuse(fmt::format("{} stands twice", name));
  }
  time = parse_time(value);
  if (!time) {
    refuse(fmt::format("{} is no time: `{}` (YYYYMMDD[HHMM[SS]][Z])", name, value));
  }
}

/// Takes `name` off the front of `rest`, in any case.
bool take_name(std::string_view& rest, std::string_view name) {
  if (!equals_ignoring_case(rest.substr(0, name.size()), name)) {
    return false;
  }
  rest.remove_prefix(name.size());
  return true;
}

void read_option(std::string_view& rest, AllowedSigner& signer) {
  if (take_name(rest, "cert-authority")) {
    signer.authority = true;
  } else if (take_name(rest, "namespaces=")) {
    if (!signer.namespaces.empty()) {
      refuse("namespaces stands twice");
    }
    signer.namespaces = take_quoted(rest, "namespaces");
    if (signer.namespaces.empty()) {
      refuse("namespaces names none");
    }
  } else if (take_name(rest, "valid-after=")) {
    set_time(signer.valid_after, "valid-after", take_quoted(rest, "valid-after"));
  } else if (take_name(rest, "valid-before=")) {
    set_time(signer.valid_before, "valid-before", take_quoted(rest, "valid-before"));
  } else {
    refuse(fmt::format("`{}` is neither a key nor an option", rest.substr(0, rest.find_first_of("=,"))));
  }
}

void read_options(std::string_view rest, AllowedSigner& signer) {
  while (true) {
    read_option(rest, signer);
    if (rest.empty()) {
      break;
    }
    if (!rest.starts_with(',') || rest.size() == 1) {
      refuse("options are parted by commas alone");
    }
    rest.remove_prefix(1);
  }
  if (signer.valid_after && signer.valid_before && *signer.valid_before <= *signer.valid_after) {
    refuse("valid-before comes before valid-after");
  }
}

PublicKey read_key(std::string_view type, std::string_view base64) {
  if (!is_key_type(type)) {
    refuse(fmt::format("`{}` is no kind of key that may sign", type));
  }
  std::optional<KeyOrCertificate> read = read_key_words(type, base64);
  if (!read) {
    refuse(fmt::format("the {} key is damaged", type));
  }
  if (read->certificate) {
    refuse("a certificate is no signer; name its authority with cert-authority");
  }
  return std::move(read->key);
}

AllowedSigner read_line(std::string_view rest, std::size_t number) {
  if (rest.find('\0') != std::string_view::npos) {
    refuse("it holds a zero byte");
  }
  AllowedSigner signer;
  signer.line = number;
  signer.principals = take_principals(rest);
  check_principals(signer.principals);
  std::string_view word = take_word(rest);
  if (!is_key_type(word)) {
    if (rest.empty()) {
      refuse("there is no key");
    }
    read_options(word, signer);
    word = take_word(rest);
  }
  signer.key = read_key(word, rest.substr(0, rest.find_first_of(blanks)));
  if (signer.namespaces.empty()) {
    refuse(fmt::format("the key of {} signs for every purpose: it has no namespaces=", signer.principals),
           SignersProblem::Kind::any_purpose);
  }
  return signer;
}

/// Lines by which one key signs for several sets of people.
bool share_key(const AllowedSigner& a, const AllowedSigner& b) {
  return a.key.blob == b.key.blob && a.principals != b.principals && !a.authority && !b.authority &&
         matches_pattern_list(signature_namespace, a.namespaces) &&
         matches_pattern_list(signature_namespace, b.namespaces);
}

/// People are counted, so a key is one person's: the same names in each of its lines.
void check_sharing(AllowedSigners& read) {
  std::vector<AllowedSigner> kept;
  for (AllowedSigner& signer : read.signers) {
    const auto other =
        std::find_if(kept.begin(), kept.end(), [&](const AllowedSigner& each) { return share_key(each, signer); });
    if (other == kept.end()) {
      kept.push_back(std::move(signer));
    } else {
      read.problems.push_back(
          {SignersProblem::Kind::shared_key, signer.line,
           fmt::format("the key of {} is that of {} in line {}", signer.principals, other->principals, other->line)});
    }
  }
  read.signers = std::move(kept);
  std::stable_sort(read.problems.begin(), read.problems.end(),
                   [](const SignersProblem& a, const SignersProblem& b) { return a.line < b.line; });
}

}  // namespace

AllowedSigners read_allowed_signers(std::string_view text) {
  AllowedSigners read;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (line.ends_with('\r')) {
      line.remove_suffix(1);
    }
    line = without_blanks(line);
    if (line.empty() || line.starts_with('#')) {
      continue;
    }
    try {
      read.signers.push_back(read_line(line, number));
    } catch (const Malformed& problem) {
      read.problems.push_back({problem.kind, number, problem.text});
    }
  }
  check_sharing(read);
  return read;
}

}  // namespace tollbar::attest
