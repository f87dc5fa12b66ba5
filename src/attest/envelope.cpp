// Reading and writing DSSE envelopes.
#include "attest/envelope.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "attest/base64.h"
#include "attest/canonical_json.h"
#include "util/error.h"

namespace tollbar::attest {
namespace {

using Json = nlohmann::json;

[[noreturn]] void refuse(std::string_view source, std::string_view problem) {
  throw util::Error(fmt::format("{}: no envelope that tollbar wrote: {}", source, problem));
}

const std::string& text_of(const Json& object, const char* key, std::string_view source) {
  const auto found = object.find(key);
  if (found == object.end() || !found->is_string()) {
    refuse(source, fmt::format("`{}` is missing or no text", key));
  }
  return found->get_ref<const std::string&>();
}

std::string bytes_of(const Json& object, const char* key, std::string_view source) {
  std::optional<std::string> bytes = from_base64(text_of(object, key, source));
  if (!bytes) {
    refuse(source, fmt::format("`{}` is no base64", key));
  }
  return std::move(*bytes);
}

}  // namespace

std::string pre_authentication_encoding(std::string_view payload_type, std::string_view payload) {
  return fmt::format("DSSEv1 {} {} {} {}", payload_type.size(), payload_type, payload.size(), payload);
}

std::string write_envelope(const Envelope& envelope) {
  Json signatures = Json::array();
  for (const EnvelopeSignature& signature : envelope.signatures) {
    signatures.push_back({{"keyid", signature.keyid}, {"sig", to_base64(signature.bytes)}});
  }
  return canonical_json({{"payload", to_base64(envelope.payload)},
                         {"payloadType", envelope.payload_type},
                         {"signatures", std::move(signatures)}}) +
         '\n';
}

Envelope read_envelope(std::string_view text, std::string_view source) {
  const Json json = Json::parse(text, nullptr, false);
  if (!json.is_object()) {
    refuse(source, "it is no JSON object");
  }
  Envelope envelope{text_of(json, "payloadType", source), bytes_of(json, "payload", source), {}};
  const auto signatures = json.find("signatures");
  if (signatures == json.end() || !signatures->is_array()) {
    refuse(source, "`signatures` is missing or no list");
  }
  for (const Json& signature : *signatures) {
    if (!signature.is_object()) {
      refuse(source, "a signature is no object");
    }
    envelope.signatures.push_back({text_of(signature, "keyid", source), bytes_of(signature, "sig", source)});
  }
  if (write_envelope(envelope) != text) {
    refuse(source, "it was changed or written by another program");
  }
  return envelope;
}

}  // namespace tollbar::attest
