// SHA-256 after FIPS 180-4, section 6.2.
#include "util/sha256.h"

#include <algorithm>
#include <bit>
#include <cstddef>

namespace tollbar::util {
namespace {

constexpr std::size_t block_size = 64;

// Section 4.2.2: the fractional parts of the cube roots of the first 64 primes.
constexpr std::array<std::uint32_t, 64> round_constants{
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

// Section 5.3.3: the fractional parts of the square roots of the first 8 primes.
constexpr std::array<std::uint32_t, 8> initial_state{0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                                     0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};

using State = std::array<std::uint32_t, 8>;

std::array<std::uint32_t, 64> schedule(std::string_view block) {
  std::array<std::uint32_t, 64> words{};
  for (std::size_t at = 0; at < 16; ++at) {
    for (std::size_t byte = 0; byte < 4; ++byte) {
      words[at] = words[at] << 8 | static_cast<unsigned char>(block[at * 4 + byte]);
    }
  }
  for (std::size_t at = 16; at < 64; ++at) {
    const std::uint32_t early = words[at - 15];
    const std::uint32_t late = words[at - 2];
    words[at] = (std::rotr(late, 17) ^ std::rotr(late, 19) ^ late >> 10) + words[at - 7] +
                (std::rotr(early, 7) ^ std::rotr(early, 18) ^ early >> 3) + words[at - 16];
  }
  return words;
}

void compress(State& state, std::string_view block) {
  const auto words = schedule(block);
  auto [a, b, c, d, e, f, g, h] = state;
  for (std::size_t round = 0; round < 64; ++round) {
    const std::uint32_t first = h + (std::rotr(e, 6) ^ std::rotr(e, 11) ^ std::rotr(e, 25)) + ((e & f) ^ (~e & g)) +
                                round_constants[round] + words[round];
    const std::uint32_t second =
        (std::rotr(a, 2) ^ std::rotr(a, 13) ^ std::rotr(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
    h = g;
    g = f;
    f = e;
    e = d + first;
    d = c;
    c = b;
    b = a;
    a = first + second;
  }
  const State sums{a, b, c, d, e, f, g, h};
  for (std::size_t at = 0; at < state.size(); ++at) {
    state[at] += sums[at];
  }
}

/// The last, partial block with its padding: a one bit, zeros, the length in bits.
std::string padded_tail(std::string_view tail, std::uint64_t total_bytes) {
  std::string padded(tail);
  padded += '\x80';
  while (padded.size() % block_size != block_size - 8) {
    padded += '\0';
  }
  for (int shift = 56; shift >= 0; shift -= 8) {
    padded += static_cast<char>(total_bytes * 8 >> shift);
  }
  return padded;
}

}  // namespace

Sha256::Sha256() : state_(initial_state) {}

void Sha256::update(std::string_view bytes) {
  total_ += bytes.size();
  if (!pending_.empty()) {
    const std::size_t missing = std::min(block_size - pending_.size(), bytes.size());
    pending_ += bytes.substr(0, missing);
    bytes.remove_prefix(missing);
    if (pending_.size() < block_size) {
      return;
    }
    compress(state_, pending_);
    pending_.clear();
  }
  for (; bytes.size() >= block_size; bytes.remove_prefix(block_size)) {
    compress(state_, bytes.substr(0, block_size));
  }
  pending_ = bytes;
}

Sha256Digest Sha256::finish() {
  const std::string tail = padded_tail(pending_, total_);
  for (std::size_t at = 0; at < tail.size(); at += block_size) {
    compress(state_, std::string_view(tail).substr(at, block_size));
  }
  Sha256Digest digest{};
  for (std::size_t at = 0; at < digest.size(); ++at) {
    digest[at] = static_cast<std::uint8_t>(state_[at / 4] >> (24 - at % 4 * 8));
  }
  return digest;
}

Sha256Digest sha256(std::string_view bytes) {
  Sha256 hash;
  hash.update(bytes);
  return hash.finish();
}

std::string sha256_hex(std::string_view bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (const unsigned byte : sha256(bytes)) {
    text += digits[byte >> 4];
    text += digits[byte & 0xF];
  }
  return text;
}

}  // namespace tollbar::util
