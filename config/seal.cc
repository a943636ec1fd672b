#include "config/seal.h"

#include <fmt/format.h>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <algorithm>
#include <charconv>

#include "config/seal_message.h"
#include "crypto/base64.h"
#include "crypto/host_errors.h"
#include "crypto/library_context.h"
#include "crypto/openssl_ptr.h"

namespace signet::config {

namespace {

constexpr std::string_view kFirstLine = "signet-seal 1";

// Takes "NAME VALUE\n" from the front; empty where something else stands there.
std::string_view take_line(std::string_view& text, std::string_view name) {
  const std::size_t end = text.find('\n');
  const std::string_view line = text.substr(0, end);
  if (end == std::string_view::npos || !line.starts_with(name)) return {};
  const std::string_view value = line.substr(name.size());
  if (!value.starts_with(' ')) return {};
  text.remove_prefix(end + 1);
  return value.substr(1);
}

template <std::size_t size>
bool take_bytes(std::string_view& text, std::string_view name,
                std::array<std::uint8_t, size>& into) {
  const auto bytes = crypto::from_base64(take_line(text, name));
  if (!bytes || bytes->size() != size) return false;
  std::ranges::copy(*bytes, into.begin());
  return true;
}

bool take_number(std::string_view& text, std::string_view name, std::uint64_t& into) {
  const std::string_view digits = take_line(text, name);
  const char* const last = digits.data() + digits.size();
  const auto [end, failure] = std::from_chars(digits.data(), last, into);
  return !digits.empty() && failure == std::errc() && end == last;
}

// A public key is not encrypted: never ask at a terminal.
int no_passphrase(char* /*buffer*/, int /*size*/, int /*rwflag*/, void* /*user*/) {
  return -1;
}

}  // namespace

bool is_series(std::string_view name) {
  const auto allowed = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '.' ||
           c == '_' || c == '-';
  };
  return !name.empty() && name.size() <= 64 && std::ranges::all_of(name, allowed);
}

std::string Seal::text() const {
  return fmt::format("{}\nseries {}\ncounter {}\nkey {}\nsignature {}\n", kFirstLine, series,
                     counter, crypto::to_base64(key), crypto::to_base64(signature));
}

Result<Seal, SealError> Seal::parse(std::string_view text) {
  const std::string_view whole = text;
  Seal seal;
  const bool first = text.starts_with(std::string(kFirstLine) + "\n");
  if (first) text.remove_prefix(kFirstLine.size() + 1);
  seal.series = std::string(take_line(text, "series"));
  const bool read = first && is_series(seal.series) && take_number(text, "counter", seal.counter) &&
                    take_bytes(text, "key", seal.key) &&
                    take_bytes(text, "signature", seal.signature);
  if (!read || seal.text() != whole) {
    return SealError{"this is not a seal; seal the configuration anew (signet config seal)"};
  }
  return seal;
}

Bytes seal_message(std::string_view series, std::uint64_t counter, ByteView config) {
  constexpr std::string_view domain("signet sealed configuration 1\0", 30);
  Bytes message = copy_of(view_of(domain));
  message.push_back(static_cast<std::uint8_t>(series.size()));
  message.insert(message.end(), series.begin(), series.end());
  for (unsigned shift = 64; shift > 0; shift -= 8) {
    message.push_back(static_cast<std::uint8_t>(counter >> (shift - 8)));
  }
  message.insert(message.end(), config.begin(), config.end());
  return message;
}

Result<void, SealError> verify_seal(const Seal& seal, ByteView config,
                                    const Ed25519PublicKey& key) {
  if (seal.key != key) {
    return SealError{
        "it was sealed with another key than the one trusted here; seal it with the right key"};
  }
  const crypto::HostErrors aside;
  const crypto::LibraryContext crypto;
  const PkeyPtr public_key(
      EVP_PKEY_new_raw_public_key_ex(crypto.get(), "ED25519", nullptr, key.data(), key.size()));
  const DigestContextPtr context(EVP_MD_CTX_new());
  if (!crypto || !public_key || !context ||
      EVP_DigestVerifyInit_ex(context.get(), nullptr, nullptr, crypto.get(), nullptr,
                              public_key.get(), nullptr) != 1) {
    return SealError{"OpenSSL cannot check Ed25519 signatures here"};
  }
  const Bytes message = seal_message(seal.series, seal.counter, config);
  if (EVP_DigestVerify(context.get(), seal.signature.data(), seal.signature.size(), message.data(),
                       message.size()) != 1) {
    return SealError{
        "it or its seal was changed after it was sealed; compare it with a copy you trust, "
        "then seal it anew (signet config seal)"};
  }
  return success();
}

Result<Ed25519PublicKey, SealError> parse_public_key(std::string_view pem) {
  const crypto::HostErrors aside;
  const crypto::LibraryContext crypto;
  const OpensslPtr<BIO, BIO_free> memory(
      BIO_new_mem_buf(pem.data(), static_cast<int>(std::min(pem.size(), kLargestKeyFile))));
  if (!crypto || !memory) return SealError{"OpenSSL cannot read keys here"};
  const PkeyPtr key(
      PEM_read_bio_PUBKEY_ex(memory.get(), nullptr, no_passphrase, nullptr, crypto.get(), nullptr));
  Ed25519PublicKey raw{};
  std::size_t size = raw.size();
  if (!key || EVP_PKEY_is_a(key.get(), "ED25519") != 1 ||
      EVP_PKEY_get_raw_public_key(key.get(), raw.data(), &size) != 1 || size != raw.size()) {
    return SealError{"it is not an Ed25519 public key in PEM (openssl pkey -pubout writes one)"};
  }
  return raw;
}

std::filesystem::path seal_file_of(const std::filesystem::path& config) {
  return config.string() + ".sig";
}

}  // namespace signet::config
