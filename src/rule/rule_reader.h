// Reading parts of a rule file: keys checked one by one, every complaint with file and line.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "document/node.h"
#include "rule/rule.h"
#include "rule/rule_set.h"

namespace tollbar::rule {

/// Throws util::UsageError `file:line: problem`.
class RuleFile {
 public:
  RuleFile(std::string_view file, const Kinds& kinds, Reading reading)
      : file_(file), kinds_(kinds), reading_(reading) {}

  [[noreturn]] void fail(const document::Node& node, std::string_view problem) const;
  /// The text of a scalar that must be there.
  std::string text(const document::Node& node) const;
  text::Pattern pattern(const document::Node& node) const;
  std::vector<text::Pattern> patterns(const document::Node& node) const;
  TextTest text_test(const document::Node& node) const;
  FileTest file_test(const document::Node& node) const;
  Matcher matcher(const document::Node& node) const;
  Example example(const document::Node& node, std::string_view seed) const;

  using Keys = std::map<std::string_view, std::function<void(const document::Node&)>>;
  /// Calls the reader of each key; fails on a key that has none, on duplicates and on anything but a mapping.
  void read_keys(const document::Node& node, const Keys& keys) const;

 private:
  std::vector<std::uint8_t> kinds(const document::Node& node) const;
  FactMatch fact_match(const document::Node& node) const;
  Movement movement(const document::Node& node) const;
  SecretsNear secrets_near(const document::Node& node) const;
  Unserved unserved(const document::Node& node) const;
  EditMatch edit_match(const document::Node& node) const;
  CommandMatch command_match(const document::Node& node) const;
  LineMatch line_match(const document::Node& node) const;
  LostMatch lost_match(const document::Node& node) const;
  PathMatch path_match(const document::Node& node) const;
  RefChange ref_change(const document::Node& node) const;
  std::string_view file_;
  const Kinds& kinds_;
  Reading reading_;
};

}  // namespace tollbar::rule
