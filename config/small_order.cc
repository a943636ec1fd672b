#include "config/small_order.h"

#include <algorithm>

namespace signet::config {

namespace {

// An encoding is y, the lowest byte first, with the sign of x in the highest bit, which does not matter here.
constexpr Ed25519PublicKey small_number(std::uint8_t y) {
  return {y};
}

// A number next to p = 2^255 - 19, whose own lowest byte is 0xED.
constexpr Ed25519PublicKey near_p(std::uint8_t lowest) {
  Ed25519PublicKey y{};
  y.fill(0xFF);
  y.front() = lowest;
  y.back() = 0x7F;
  return y;
}

// The solutions of y · (y² - 1) · (d·y⁴ + 2·y² - 1) = 0 modulo p, as far as numbers below 2^255 stand for them.
constexpr std::array<Ed25519PublicKey, 7> kCoordinates = {{
    small_number(1),  // order 1
    near_p(0xEE),     // the same, as p + 1
    near_p(0xEC),     // order 2: p - 1
    small_number(0),  // order 4
    near_p(0xED),     // the same, as p
    // order 8, and its negative
    {0x26, 0xE8, 0x95, 0x8F, 0xC2, 0xB2, 0x27, 0xB0, 0x45, 0xC3, 0xF4,
     0x89, 0xF2, 0xEF, 0x98, 0xF0, 0xD5, 0xDF, 0xAC, 0x05, 0xD3, 0xC6,
     0x33, 0x39, 0xB1, 0x38, 0x02, 0x88, 0x6D, 0x53, 0xFC, 0x05},
    {0xC7, 0x17, 0x6A, 0x70, 0x3D, 0x4D, 0xD8, 0x4F, 0xBA, 0x3C, 0x0B,
     0x76, 0x0D, 0x10, 0x67, 0x0F, 0x2A, 0x20, 0x53, 0xFA, 0x2C, 0x39,
     0xCC, 0xC6, 0x4E, 0xC7, 0xFD, 0x77, 0x92, 0xAC, 0x03, 0x7A},
}};

}  // namespace

bool has_small_order(const Ed25519PublicKey& key) {
  constexpr std::uint8_t all_but_sign = 0x7F;
  Ed25519PublicKey y = key;
  y.back() &= all_but_sign;
  return std::ranges::find(kCoordinates, y) != kCoordinates.end();
}

}  // namespace signet::config
