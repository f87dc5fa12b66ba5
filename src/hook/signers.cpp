// Line by line, as ssh-keygen reads them.
#include "hook/signers.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <string_view>

namespace tollbar::hook {
namespace {

using Health = Diagnosis::Health;

/// Words between blanks; a blank inside double quotes parts nothing.
std::vector<std::string> words_of(std::string_view line) {
  std::vector<std::string> words;
  std::string word;
  bool quoted = false;
  for (const char byte : line) {
    if (byte == '"') {
      quoted = !quoted;
    }
    if (!quoted && (byte == ' ' || byte == '\t' || byte == '\r')) {
      if (!word.empty()) {
        words.push_back(std::move(word));
      }
      word.clear();
    } else {
      word += byte;
    }
  }
  if (!word.empty()) {
    words.push_back(std::move(word));
  }
  return words;
}

bool is_key_type(std::string_view word) {
  constexpr std::array<std::string_view, 4> prefixes{"ssh-", "ecdsa-sha2-", "sk-ssh-", "sk-ecdsa-"};
  return std::any_of(prefixes.begin(), prefixes.end(), [&](auto prefix) { return word.starts_with(prefix); });
}

/// Principals, perhaps options, type and key.
bool is_readable(const std::vector<std::string>& words) {
  const std::size_t type = words.size() > 1 && is_key_type(words[1]) ? 1 : 2;
  return words.size() > type + 1 && is_key_type(words[type]);
}

}  // namespace

std::vector<Diagnosis> examine_signers(const std::string& path) {
  std::vector<Diagnosis> found;
  std::ifstream file(path, std::ios::binary);
  if (!file.is_open()) {
    found.push_back({Health::bad, "signers", path + " cannot be read: no signature is accepted",
                     "put it back, or git config gpg.ssh.allowedSignersFile FILE"});
    return found;
  }
  std::size_t number = 0, keys = 0;
  for (std::string line; std::getline(file, line);) {
    ++number;
    const std::vector<std::string> words = words_of(line);
    if (words.empty() || words.front().starts_with('#')) {
      continue;
    }
    if (!is_readable(words)) {
      found.push_back({Health::bad, "signers", fmt::format("{}:{}: no signer; ssh-keygen passes over it", path, number),
                       "write it as: person@example.org namespaces=\"tollbar\" ssh-ed25519 AAAA..."});
      continue;
    }
    ++keys;
    const bool limited = !is_key_type(words[1]) && words[1].find("namespaces=") != std::string::npos;
    if (!limited) {
      found.push_back({Health::doubtful, "signers",
                       fmt::format("{}:{}: the key of {} signs for every purpose", path, number, words.front()),
                       "put namespaces=\"tollbar\" before its type"});
    }
  }
  found.push_back({keys == 0 ? Health::bad : Health::good, "signers", fmt::format("{}: {} keys", path, keys),
                   keys == 0 ? "add the keys of those who approve" : ""});
  return found;
}

}  // namespace tollbar::hook
