// The last guard before something is kept for good: no key that a rule knows stays readable.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "rule/rule.h"
#include "rule/rule_set.h"

namespace tollbar::rule {

/// What somebody typed, without the values that it calls a password, a token or another secret itself: `password=...`,
/// `the token: ...`, `Authorization: Bearer ...`. Looks at names alone; references (`$TOKEN`, `secrets.TOKEN`) and
/// permissions (`id-token: write`) are no values. Applied again it changes nothing more.
std::string without_named_secrets(std::string_view prose);

/// Every matcher of secrets, whatever files it is meant for. Findings are redacted when they are made; this looks once
/// more, at texts of any origin: commands, documents on one line, subjects of commits, reasons that people type.
class Redactor {
 public:
  /// `rules` must outlive it.
  explicit Redactor(const RuleSet& rules);

  /// The text with every secret in it shortened as redacted() does. A private key's armoured block is taken out whole,
  /// and so is a word that an ellipsis cut off in its middle where it can be the beginning of a key. Keys are found
  /// behind dashes and underscores, too, and with a checksum that does not fit.
  std::string redact(std::string_view text) const;
  /// The same for what people type: values that it names as secrets go, too (see without_named_secrets).
  std::string redact_prose(std::string_view text) const { return redact(without_named_secrets(text)); }
  /// The same for texts that belong together: what one of them shows to be a secret is taken out of all.
  void redact(const std::vector<std::string*>& texts) const;
  /// The same for what is shown at once and judged by whoever reads it: words that were cut stay as they are.
  /// `known` are secrets found elsewhere, which nothing round them in these texts gives away.
  void take_out_secrets(const std::vector<std::string*>& texts, const std::set<std::string>& known = {}) const;

 private:
  /// What is kept for good is looked at more suspiciously than what a finding shows.
  enum class Care { shown, kept };
  std::set<std::string> secrets_in(std::string_view text, Care care) const;
  void take_out(const std::vector<std::string*>& texts, Care care, std::set<std::string> secrets) const;

  std::vector<const LineMatch*> secrets_;
};

}  // namespace tollbar::rule
