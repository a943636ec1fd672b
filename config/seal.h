// Sealed configurations. A seal is a small file beside the configuration, `signet.toml.sig`, that
// binds the file's bytes to an Ed25519 key whose public half lies where whoever may edit the
// configuration may not write (seal_anchor.h). Its counter grows with each sealing, so that an
// older configuration with its older, once valid seal is noticed (seal_state.h).
//
//   signet-seal 1
//   series default
//   counter 1767268800
//   key BASE64 OF THE 32 BYTES OF THE PUBLIC KEY
//   signature BASE64 OF 64 BYTES
//
// The signature (RFC 8032, pure Ed25519) is over: "signet sealed configuration 1", a zero byte, one
// byte with the length of the series, the series, the counter as eight bytes with the highest
// first, the file's bytes.
#ifndef SIGNET_CONFIG_SEAL_H_
#define SIGNET_CONFIG_SEAL_H_

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "common/bytes.h"
#include "common/result.h"

namespace signet::config {

using Ed25519PublicKey = std::array<std::uint8_t, 32>;
using Ed25519Signature = std::array<std::uint8_t, 64>;

struct SealError {
  std::string sentence;  // for people, without a file's name in front
};

struct Seal {
  std::string series;  // counters are compared within a series: [A-Za-z0-9._-], 1 to 64
  std::uint64_t counter = 0;
  Ed25519PublicKey key{};
  Ed25519Signature signature{};

  // The file's content. There is exactly one text for a seal.
  std::string text() const;

  // Accepts nothing but what text() gives.
  static Result<Seal, SealError> parse(std::string_view text);
};

bool is_series(std::string_view name);

// Whether `key` made this seal for these bytes.
Result<void, SealError> verify_seal(const Seal& seal, ByteView config, const Ed25519PublicKey& key);

// Of a PEM public key ("-----BEGIN PUBLIC KEY-----").
Result<Ed25519PublicKey, SealError> parse_public_key(std::string_view pem);

// Signs with a PEM private key. A key under a passphrase asks for it at the terminal.
Result<Seal, SealError> make_seal(ByteView private_key_pem, ByteView config,
                                  std::string_view series, std::uint64_t counter);

// "signet.toml" gives "signet.toml.sig".
std::filesystem::path seal_file_of(const std::filesystem::path& config);

inline constexpr std::size_t kLargestSeal = 1024;  // bytes of a seal's file
inline constexpr std::size_t kLargestKeyFile =
    std::size_t{16} * 1024;  // bytes of a PEM file with a key

}  // namespace signet::config

#endif  // SIGNET_CONFIG_SEAL_H_
