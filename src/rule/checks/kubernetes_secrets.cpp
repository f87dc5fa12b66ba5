// Facts about manifests of kind Secret: values that stand in the repository for everyone to read.
#include <array>
#include <map>
#include <string>
#include <string_view>

#include "rule/checks/producers.h"
#include "rule/matching.h"
#include "text/pattern.h"
#include "util/sha256.h"

namespace tollbar::rule {
namespace {

using document::Node;

struct Literal {
  std::string value;
  std::uint32_t line = 0;
};
/// By `name of the secret: key`.
using Literals = std::map<std::string, Literal>;

/// Base 64 undone; empty where the text is none.
std::string decoded(std::string_view text) {
  std::string bytes;
  std::uint32_t bits = 0;
  int count = 0;
  for (const char byte : text) {
    constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    if (byte == '=' || byte == '\n' || byte == ' ') continue;
    const auto digit = alphabet.find(byte);
    if (digit == std::string_view::npos) return {};
    bits = (bits << 6U) | static_cast<std::uint32_t>(digit);
    count += 6;
    if (count < 8) continue;
    count -= 8;
    bytes += static_cast<char>((bits >> static_cast<unsigned>(count)) & 0xFFU);
  }
  return bytes;
}

/// Filled in later, encrypted in place, or written to be replaced.
bool is_placeholder(const std::string& value) {
  static const text::Pattern pattern(
      R"((?is)^\s*(?:|change[-_ ]?(?:me|it|this).*|replace[-_ ]?(?:me|with|this).*|todo.*|tbd|x{3,}|\*+|\.{3}|dummy.*|placeholder.*|(?:an?[-_ ])?example.*|your[-_ ].*|my[-_]?(?:secret|password|token|key)|secret|password|redacted|<.*>|ENC\[.*\]|enc:.*|AgA.{40,}|ref\+.*|vault:.*|(?:op|gcpsm|awssm|akv)://.*|.*(?:\$\{|\$\(|\{\{|<path:|<%).*)\s*$)");
  return pattern.matches(value);
}

void add(const Node& manifest, Literals& literals) {
  const auto* kind = manifest.get("kind");
  if (kind == nullptr || kind->text() != "Secret" || manifest.get("sops") != nullptr) return;
  const auto* name = manifest.get({"metadata", "name"});
  for (const std::string_view section : {"data", "stringData"}) {
    const auto* entries = manifest.get(section);
    if (entries == nullptr) continue;
    for (const auto& [key, value] : entries->members) {
      if (!value.is_scalar() || is_placeholder(value.scalar)) continue;
      if (section == "data" && is_placeholder(decoded(value.scalar))) continue;
      const std::string subject =
          std::string(name == nullptr ? std::string_view("Secret") : name->text()) + ": " + std::string(key.text());
      literals[subject] = {value.scalar, value.line};
    }
  }
}

Literals literals_of(const document::Document& document) {
  Literals literals;
  for (const auto& root : document.roots) {
    add(root, literals);
    if (const auto* items = root.get("items"))
      for (const auto& item : items->items) add(item, literals);
  }
  return literals;
}

}  // namespace

void kubernetes_secret_facts(Change& change, std::vector<Fact>& facts) {
  const auto infrastructure = change.rules().kinds.index("infrastructure-yaml");
  if (!infrastructure) return;
  for (auto& file : change.files()) {
    if (!file.kinds()[*infrastructure] || !file.delta().after || !file.unreadable(file.kinds()).empty()) continue;
    const auto before = literals_of(file.before_document());
    for (const auto& [subject, literal] : literals_of(file.after_document())) {
      const auto known = before.find(subject);
      if (known != before.end() && known->second.value == literal.value) continue;
      if (change.took_away(literal.value)) continue;
      Fact fact;
      fact.kind = "kubernetes-secret-literal";
      fact.path = file.path();
      fact.line = literal.line;
      fact.subject = subject;
      fact.after = redacted(literal.value);
      fact.context = "digest: " + util::sha256_hex(literal.value).substr(0, 16);
      facts.push_back(std::move(fact));
    }
  }
}

}  // namespace tollbar::rule
