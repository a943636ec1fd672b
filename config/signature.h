// Signed configurations. A signature is a small file beside the configuration, `signet.toml.sig`, that binds the file's
// bytes to an Ed25519 key whose public half lies where whoever may edit the configuration may not write
// (trust_anchor.h). Its counter grows with each signing, so that an older configuration with its older, once valid
// signature is noticed (rollback.h).
//
//   signet-config-signature 1
//   series default
//   counter 1767268800
//   key BASE64 OF THE 32 BYTES OF THE PUBLIC KEY
//   signature BASE64 OF 64 BYTES
//
// The signature (RFC 8032, pure Ed25519) is over: "signet signed configuration 1", a zero byte, one byte with the length
// of the series, the series, the counter as eight bytes with the highest first, the file's bytes.
//
// Version 0.1 wrote "signet-seal 1" and signed "signet sealed configuration 1": such files are still read in 0.2, with a
// warning in the log, and never written.
#ifndef SIGNET_CONFIG_SIGNATURE_H_
#define SIGNET_CONFIG_SIGNATURE_H_

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

struct SignatureError {
  std::string sentence;  // for people, without a file's name in front
};

struct ConfigSignature {
  enum class Format { current, version_0_1 };

  std::string series;  // counters are compared within a series: [A-Za-z0-9._-], 1 to 64
  std::uint64_t counter = 0;
  Ed25519PublicKey key{};
  Ed25519Signature signature{};
  Format format = Format::current;

  // The file's content. There is exactly one text for a signature.
  std::string text() const;

  // Accepts nothing but what text() gives.
  static Result<ConfigSignature, SignatureError> parse(std::string_view text);
};

// Whether `key` made this signature for these bytes.
Result<void, SignatureError> verify_signature(const ConfigSignature& signature, ByteView config,
                                              const Ed25519PublicKey& key);

// Of a PEM public key ("-----BEGIN PUBLIC KEY-----").
Result<Ed25519PublicKey, SignatureError> parse_public_key(std::string_view pem);

// Signs with a PEM private key. A key under a passphrase asks for it at the terminal.
Result<ConfigSignature, SignatureError> sign_config(ByteView private_key_pem, ByteView config,
                                                    std::string_view series, std::uint64_t counter);

// "signet.toml" gives "signet.toml.sig".
std::filesystem::path signature_file_of(const std::filesystem::path& config);

inline constexpr std::size_t kLargestSignature = 1024;  // bytes of a signature's file
inline constexpr std::size_t kLargestKeyFile =
    std::size_t{16} * 1024;  // bytes of a PEM file with a key

}  // namespace signet::config

#endif  // SIGNET_CONFIG_SIGNATURE_H_
