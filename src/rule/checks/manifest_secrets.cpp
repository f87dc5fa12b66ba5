// Facts about Kubernetes secrets whose values stand in the manifest, plain or in base 64.
#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "document/formats.h"
#include "document/node.h"
#include "rule/checks/producers.h"
#include "rule/matching.h"
#include "text/disguise.h"
#include "text/pattern.h"
#include "util/sha256.h"

namespace tollbar::rule {
namespace {

using document::Node;

struct Value {
  std::string name, secret;  ///< of the entry; what the cluster is given
  std::string text;          ///< as it is written
  std::uint32_t line = 0;
};

/// Short texts are settings, words and templates no secrets.
bool is_secret(std::string_view value) {
  static const text::Pattern harmless(
      R"((?is)^\s*$|\{\{|\$\{|\$\(|^<.*>$|^ENC\[|^(?:ref\+|vault:|op:)|-{5}BEGIN (?:CERTIFICATE|PUBLIC)|^(?:true|false|null|none|[\d.,:/ -]+|https?://[^@]*|[\w.-]+@[\w.-]+|[\w.-]+\.(?:svc|local|com|net|org|io)(?::\d+)?)$|example|sample|dummy|placeholder|change-?_?me|your[-_]|redacted|replace|fake|xxxx|todo|insert|123456)");
  constexpr std::size_t shortest = 8;
  return value.size() >= shortest && !harmless.matches(value);
}

void add_values(const Node& root, std::vector<Value>& values) {
  const auto* kind = root.get("kind");
  if (kind != nullptr && kind->text() == "Secret" && root.get("sops") == nullptr)
    for (const std::string_view section : {"data", "stringData"})
      if (const auto* entries = root.get(section); entries != nullptr && entries->is_mapping())
        for (const auto& entry : entries->members) {
          const auto written = std::string(entry.value.text());
          auto secret = section == "data" ? text::base64_decoded(written) : written;
          if (is_secret(secret) && is_secret(written))
            values.push_back({std::string(entry.key.text()), std::move(secret), written, entry.value.content_line});
        }
  if (const auto* items = root.get("items"); items != nullptr)
    for (const auto& item : items->items) add_values(item, values);
}

std::vector<Value> values_of(const document::Document& document) {
  std::vector<Value> values;
  for (const auto& root : document.roots) add_values(root, values);
  return values;
}

/// Nobody reads it as anything in particular.
bool is_other_yaml(const FileChange& file) {
  const auto& path = file.folded_path();
  return (path.ends_with(".yml") || path.ends_with(".yaml")) && file.format() == document::Format::none;
}

}  // namespace

void manifest_secret_facts(Change& change, std::vector<Fact>& facts) {
  const auto& kinds = change.rules().kinds;
  KindSet wanted;
  for (const auto name : {"infrastructure-yaml", "infrastructure-json"})
    if (const auto index = kinds.index(name)) wanted.set(*index);
  auto unwanted = left_out_by_default(kinds);
  if (const auto index = kinds.index("documentation")) unwanted.set(*index);
  for (auto& file : change.files()) {
    const bool known_place = (file.kinds() & wanted).any();
    if (!known_place && (!is_other_yaml(file) || (file.kinds() & unwanted).any())) continue;
    if (!file.delta().after || !file.unreadable(wanted).empty() || file.binary()) continue;
    if (file.after_text().find("Secret") == std::string_view::npos) continue;
    const auto values = [&](bool after) {
      if (known_place) return values_of(after ? file.after_document() : file.before_document());
      return values_of(document::read_yaml(after ? file.after_text() : file.before_text()));
    };
    std::set<std::string> known;
    for (const auto& value : values(false)) known.insert(value.secret);
    for (const auto& value : values(true)) {
      if (known.count(value.secret) || change.took_away(value.text) || change.held_before(value.text)) continue;
      Fact fact;
      fact.kind = "manifest-secret";
      fact.path = file.path();
      fact.line = value.line;
      fact.subject = value.name;
      fact.after = redacted(value.text);
      fact.context = "digest: " + util::sha256_hex(value.secret).substr(0, 16);
      facts.push_back(std::move(fact));
    }
  }
}

}  // namespace tollbar::rule
