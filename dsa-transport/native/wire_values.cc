#include "dsa-transport/native/wire_values.h"

#include <algorithm>
#include <array>

#include "crypto/algorithm_table.h"

namespace signet::transport::native {

namespace {

// The words of the contract, a row for each of ours; "" where the contract has none.
template <typename T>
struct Name {
  T value;
  std::string_view text;
};

constexpr std::array kKeyTypes = {Name<KeyType>{KeyType::rsa, "RSA"},
                                  Name<KeyType>{KeyType::ec, "EC"},
                                  Name<KeyType>{KeyType::edwards, "Ed25519"}};
// Of Ed25519 the type says it all.
constexpr std::array kCurves = {Name<Curve>{Curve::p256, "P-256"},
                                Name<Curve>{Curve::p384, "P-384"},
                                Name<Curve>{Curve::p521, "P-521"}, Name<Curve>{Curve::ed25519, ""}};
constexpr std::array kAlgorithms = {
    Name<Scheme>{Scheme::rsa_pkcs1, "RSASSA-PKCS1-v1_5"},
    Name<Scheme>{Scheme::rsa_pss, "RSASSA-PSS"}, Name<Scheme>{Scheme::rsa_raw, "RSA-RAW"},
    Name<Scheme>{Scheme::ecdsa, "ECDSA"}, Name<Scheme>{Scheme::eddsa, "Ed25519"}};
constexpr std::array kHashes = {
    Name<Hash>{Hash::none, "none"},      Name<Hash>{Hash::sha1, "SHA-1"},
    Name<Hash>{Hash::sha224, "SHA-224"}, Name<Hash>{Hash::sha256, "SHA-256"},
    Name<Hash>{Hash::sha384, "SHA-384"}, Name<Hash>{Hash::sha512, "SHA-512"},
    Name<Hash>{Hash::sha3_224, ""},      Name<Hash>{Hash::sha3_256, ""},
    Name<Hash>{Hash::sha3_384, ""},      Name<Hash>{Hash::sha3_512, ""}};
static_assert(crypto::is_complete(kKeyTypes, &Name<KeyType>::value, crypto::kLastKeyType));
static_assert(crypto::is_complete(kCurves, &Name<Curve>::value, crypto::kLastCurve));
static_assert(crypto::is_complete(kAlgorithms, &Name<Scheme>::value, crypto::kLastScheme));
static_assert(crypto::is_complete(kHashes, &Name<Hash>::value, crypto::kLastHash));

template <typename Names, typename T>
std::string_view text_for(const Names& names, T value) {
  return names[static_cast<std::size_t>(value)].text;
}

template <typename T, std::size_t size>
std::optional<T> value_for(const std::array<Name<T>, size>& names, std::string_view text) {
  const auto* found = std::ranges::find(names, text, &Name<T>::text);
  if (text.empty() || found == names.end()) return std::nullopt;
  return found->value;
}

bool is_alphanumeric(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

}  // namespace

std::string_view name_of(KeyType type) {
  return text_for(kKeyTypes, type);
}
std::string_view name_of(Curve curve) {
  return text_for(kCurves, curve);
}
std::string_view name_of(Scheme algorithm) {
  return text_for(kAlgorithms, algorithm);
}
std::string_view name_of(Hash hash) {
  return text_for(kHashes, hash);
}

std::optional<KeyType> key_type_from(std::string_view name) {
  return value_for(kKeyTypes, name);
}
std::optional<Curve> curve_from(std::string_view name) {
  return value_for(kCurves, name);
}
std::optional<Hash> hash_from(std::string_view name) {
  return value_for(kHashes, name);
}

std::optional<Scheme> algorithm_from(std::string_view name) {
  return value_for(kAlgorithms, name);
}

bool is_segment(std::string_view text) {
  return !text.empty() && text != "." && text != "..";
}

bool is_object_id(std::string_view id) {
  if (id.size() > 128 || !is_segment(id)) return false;
  return std::ranges::all_of(id, [](char c) {
    return is_alphanumeric(c) || std::string_view("-_.{}").find(c) != std::string_view::npos;
  });
}

}  // namespace signet::transport::native
