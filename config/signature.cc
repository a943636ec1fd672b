#include "config/signature.h"

#include <fmt/format.h>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <algorithm>
#include <charconv>

#include "crypto/base64.h"
#include "crypto/host_errors.h"
#include "crypto/library_context.h"
#include "crypto/openssl_ptr.h"

namespace signet::config {

namespace {

// What a format's file begins with, and what its signed message begins with, the zero byte included.
struct FormatText {
  std::string_view first_line;
  std::string_view domain;
};

constexpr FormatText text_of_format(ConfigSignature::Format format) {
  using namespace std::string_view_literals;
  if (format == ConfigSignature::Format::version_0_1) {
    return {"signet-seal 1\n", "signet sealed configuration 1\0"sv};
  }
  return {"signet-config-signature 1\n", "signet signed configuration 1\0"sv};
}

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

bool is_series(std::string_view name) {
  const auto allowed = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '.' ||
           c == '_' || c == '-';
  };
  return !name.empty() && name.size() <= 64 && std::ranges::all_of(name, allowed);
}

Bytes signed_message(const ConfigSignature& signature, ByteView config) {
  Bytes message = copy_of(view_of(text_of_format(signature.format).domain));
  message.push_back(static_cast<std::uint8_t>(signature.series.size()));
  message.insert(message.end(), signature.series.begin(), signature.series.end());
  for (unsigned shift = 64; shift > 0; shift -= 8) {
    message.push_back(static_cast<std::uint8_t>(signature.counter >> (shift - 8)));
  }
  message.insert(message.end(), config.begin(), config.end());
  return message;
}

}  // namespace

std::string ConfigSignature::text() const {
  return fmt::format("{}series {}\ncounter {}\nkey {}\nsignature {}\n",
                     text_of_format(format).first_line, series, counter, crypto::to_base64(key),
                     crypto::to_base64(signature));
}

Result<ConfigSignature, SignatureError> ConfigSignature::parse(std::string_view text) {
  const std::string_view whole = text;
  ConfigSignature found;
  if (text.starts_with(text_of_format(Format::version_0_1).first_line)) {
    found.format = Format::version_0_1;
  }
  const std::string_view first_line = text_of_format(found.format).first_line;
  const bool first = text.starts_with(first_line);
  if (first) text.remove_prefix(first_line.size());
  found.series = std::string(take_line(text, "series"));
  const bool read =
      first && is_series(found.series) && take_number(text, "counter", found.counter) &&
      take_bytes(text, "key", found.key) && take_bytes(text, "signature", found.signature);
  if (!read || found.text() != whole) {
    return SignatureError{
        "this is not a signature of a configuration; sign the configuration again "
        "(signet config sign)"};
  }
  return found;
}

Result<void, SignatureError> verify_signature(const ConfigSignature& signature, ByteView config,
                                              const Ed25519PublicKey& key) {
  if (signature.key != key) {
    return SignatureError{
        "it was signed with another key than the one trusted here; sign it with the right key"};
  }
  const crypto::HostErrors aside;
  const crypto::LibraryContext crypto;
  const PkeyPtr public_key(
      EVP_PKEY_new_raw_public_key_ex(crypto.get(), "ED25519", nullptr, key.data(), key.size()));
  const DigestContextPtr context(EVP_MD_CTX_new());
  if (!crypto || !public_key || !context ||
      EVP_DigestVerifyInit_ex(context.get(), nullptr, nullptr, crypto.get(), nullptr,
                              public_key.get(), nullptr) != 1) {
    return SignatureError{"OpenSSL cannot check Ed25519 signatures here"};
  }
  const Bytes message = signed_message(signature, config);
  if (EVP_DigestVerify(context.get(), signature.signature.data(), signature.signature.size(),
                       message.data(), message.size()) != 1) {
    return SignatureError{
        "it or its signature was changed after it was signed; compare it with a copy you trust, "
        "then sign it again (signet config sign)"};
  }
  return success();
}

Result<Ed25519PublicKey, SignatureError> parse_public_key(std::string_view pem) {
  const crypto::HostErrors aside;
  const crypto::LibraryContext crypto;
  const OpensslPtr<BIO, BIO_free> memory(
      BIO_new_mem_buf(pem.data(), static_cast<int>(std::min(pem.size(), kLargestKeyFile))));
  if (!crypto || !memory) return SignatureError{"OpenSSL cannot read keys here"};
  const PkeyPtr key(
      PEM_read_bio_PUBKEY_ex(memory.get(), nullptr, no_passphrase, nullptr, crypto.get(), nullptr));
  Ed25519PublicKey raw{};
  std::size_t size = raw.size();
  if (!key || EVP_PKEY_is_a(key.get(), "ED25519") != 1 ||
      EVP_PKEY_get_raw_public_key(key.get(), raw.data(), &size) != 1 || size != raw.size()) {
    return SignatureError{
        "it is not an Ed25519 public key in PEM (openssl pkey -pubout writes one)"};
  }
  return raw;
}

Result<ConfigSignature, SignatureError> sign_config(ByteView private_key_pem, ByteView config,
                                                    std::string_view series,
                                                    std::uint64_t counter) {
  if (!is_series(series)) {
    return SignatureError{"a series is named with 1 to 64 letters, digits, \".\", \"_\" or \"-\""};
  }
  if (private_key_pem.size() > kLargestKeyFile)
    return SignatureError{"the key's file is too large"};
  const crypto::HostErrors aside;
  const crypto::LibraryContext crypto;
  const OpensslPtr<BIO, BIO_free> memory(
      BIO_new_mem_buf(private_key_pem.data(), static_cast<int>(private_key_pem.size())));
  if (!crypto || !memory) return SignatureError{"OpenSSL cannot read keys here"};
  const OpensslPtr<EVP_PKEY, EVP_PKEY_free> key(
      PEM_read_bio_PrivateKey_ex(memory.get(), nullptr, nullptr, nullptr, crypto.get(), nullptr));
  ConfigSignature signed_by{std::string(series), counter, {}, {}};
  std::size_t key_size = signed_by.key.size();
  if (!key || EVP_PKEY_is_a(key.get(), "ED25519") != 1 ||
      EVP_PKEY_get_raw_public_key(key.get(), signed_by.key.data(), &key_size) != 1) {
    return SignatureError{
        "the key is not an Ed25519 private key in PEM, or its passphrase is wrong "
        "(openssl genpkey -algorithm ed25519 makes one)"};
  }
  const Bytes message = signed_message(signed_by, config);
  const OpensslPtr<EVP_MD_CTX, EVP_MD_CTX_free> context(EVP_MD_CTX_new());
  std::size_t size = signed_by.signature.size();
  if (!context ||
      EVP_DigestSignInit_ex(context.get(), nullptr, nullptr, crypto.get(), nullptr, key.get(),
                            nullptr) != 1 ||
      EVP_DigestSign(context.get(), signed_by.signature.data(), &size, message.data(),
                     message.size()) != 1 ||
      size != signed_by.signature.size()) {
    return SignatureError{"OpenSSL cannot make Ed25519 signatures here"};
  }
  return signed_by;
}

std::filesystem::path signature_file_of(const std::filesystem::path& config) {
  return config.string() + ".sig";
}

}  // namespace signet::config
