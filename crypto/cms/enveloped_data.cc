#include "crypto/cms/enveloped_data.h"

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

#include <array>
#include <optional>

#include "crypto/aes_gcm.h"
#include "crypto/algorithm_table.h"
#include "crypto/cms/enveloped_keys.h"
#include "crypto/cms/enveloped_parts.h"
#include "crypto/der.h"
#include "crypto/openssl.h"
#include "crypto/spki.h"

namespace signet::cms {

namespace {

using CipherPtr = OpensslPtr<EVP_CIPHER, EVP_CIPHER_free>;
using CipherContextPtr = OpensslPtr<EVP_CIPHER_CTX, EVP_CIPHER_CTX_free>;
using KdfPtr = OpensslPtr<EVP_KDF, EVP_KDF_free>;
using KdfContextPtr = OpensslPtr<EVP_KDF_CTX, EVP_KDF_CTX_free>;
using Kind = EnvelopeError::Kind;

constexpr std::size_t kWrappedSize = 40;  // of such a key by id-aes256-wrap (RFC 3394)
constexpr std::size_t kLeastRsa = 2048;   // bits

EnvelopeError system_error(const std::string& what) {
  return {.kind = Kind::system, .sentence = what + ": " + crypto::openssl_reason() + "."};
}

EnvelopeError not_decrypted() {
  return {.kind = Kind::not_decrypted,
          .sentence = "The message was encrypted for another key, or changed since."};
}

// ECC-CMS-SharedInfo (RFC 5753, 7.2): what the key is for, key material, and its length in bits.
Bytes shared_info(const EnvelopedParts& parts) {
  constexpr std::uint8_t bits[] = {0, 0, 1, 0};
  constexpr std::uint8_t supplement = 0xA2;
  Bytes material;
  if (!parts.key_material.empty())
    material = der::encode(der::kContext0, der::encode(der::kOctetString, parts.key_material));
  return der::encode_sequence({parts.wrap_algorithm, material,
                               der::encode(supplement, der::encode(der::kOctetString, bits))});
}

// X9.63 with SHA-256, which has to be asked for: OpenSSL's own choice would be SHA-1.
std::optional<Secret> wrapping_key(const Secret& shared, const EnvelopedParts& parts) {
  const KdfPtr kdf(EVP_KDF_fetch(crypto::library_context(), "X963KDF", nullptr));
  const KdfContextPtr context(kdf ? EVP_KDF_CTX_new(kdf.get()) : nullptr);
  Bytes info = shared_info(parts);
  char hash[] = "SHA256";
  auto* const key = const_cast<std::uint8_t*>(shared.reveal().data());  // which is only read
  const OSSL_PARAM parameters[] = {
      OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, hash, 0),
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, key, shared.size()),
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, info.data(), info.size()),
      OSSL_PARAM_construct_end()};
  std::array<std::uint8_t, crypto::kAesKey> derived{};
  std::optional<Secret> result;
  if (context && EVP_KDF_derive(context.get(), derived.data(), derived.size(), parameters) == 1)
    result.emplace(ByteView(derived));
  wipe(derived.data(), derived.size());
  return result;
}

enum class Direction : int { unwrap = 0, wrap = 1 };

CipherContextPtr wrap_cipher(Direction direction, const Secret& key) {
  const CipherPtr algorithm(EVP_CIPHER_fetch(crypto::library_context(), "AES-256-WRAP", nullptr));
  CipherContextPtr context(EVP_CIPHER_CTX_new());
  if (!algorithm || !context) return nullptr;
  EVP_CIPHER_CTX_set_flags(context.get(), EVP_CIPHER_CTX_FLAG_WRAP_ALLOW);
  if (EVP_CipherInit_ex2(context.get(), algorithm.get(), key.reveal().data(), nullptr,
                         static_cast<int>(direction), nullptr) != 1)
    return nullptr;
  return context;
}

// `out` has room for a block more than comes out. False where it refuses.
bool run(EVP_CIPHER_CTX* context, ByteView in, std::uint8_t* out) {
  int size = 0;
  return EVP_CipherUpdate(context, out, &size, in.data(), static_cast<int>(in.size())) == 1;
}

std::optional<Bytes> wrap_key(const Secret& wrapping, const Secret& key) {
  const auto context = wrap_cipher(Direction::wrap, wrapping);
  Bytes wrapped(kWrappedSize + crypto::kAesKey);
  if (!context || !run(context.get(), key.reveal(), wrapped.data())) return std::nullopt;
  wrapped.resize(kWrappedSize);
  return wrapped;
}

std::optional<Secret> unwrap_key(const Secret& wrapping, ByteView wrapped) {
  const auto context = wrap_cipher(Direction::unwrap, wrapping);
  std::array<std::uint8_t, kWrappedSize + crypto::kAesKey> key{};
  std::optional<Secret> result;
  if (wrapped.size() == kWrappedSize && context && run(context.get(), wrapped, key.data()))
    result.emplace(ByteView(key).first(crypto::kAesKey));
  wipe(key.data(), key.size());
  ERR_clear_error();
  return result;
}

Result<void, EnvelopeError> address_to_point(EVP_PKEY* recipient, const Secret& key,
                                             EnvelopedParts& parts) {
  const PkeyPtr ephemeral(EVP_PKEY_Q_keygen(crypto::library_context(), nullptr, "EC", "P-256"));
  if (!ephemeral) return system_error("No ephemeral key can be made");
  parts.originator = point_of(ephemeral.get());
  parts.wrap_algorithm = wrap_identifier();
  const auto shared = agree_with(ephemeral.get(), recipient);
  const auto wrapping = shared ? wrapping_key(*shared, parts) : std::nullopt;
  auto wrapped = wrapping ? wrap_key(*wrapping, key) : std::nullopt;
  if (!wrapped || parts.originator.size() != kP256Point)
    return system_error("The message's key cannot be wrapped");
  parts.encrypted_key = *std::move(wrapped);
  return success();
}

Result<void, EnvelopeError> address_to_rsa(EVP_PKEY* recipient, const Secret& key,
                                           EnvelopedParts& parts) {
  auto encrypted = encrypt_oaep(recipient, parts.oaep, key.reveal());
  if (!encrypted) return system_error("The message's key cannot be encrypted");
  parts.encrypted_key = *std::move(encrypted);
  return success();
}

Result<void, EnvelopeError> address_to(const Recipient& recipient, const Secret& key,
                                       EnvelopedParts& parts) {
  const auto unusable = [](const std::string& why) {
    return EnvelopeError{.kind = Kind::unusable_key,
                         .sentence = "Nothing can be encrypted for this key: it " + why + "."};
  };
  const auto outline = spki::read(recipient.public_key);
  const PkeyPtr public_key = outline ? public_key_from(recipient.public_key) : nullptr;
  if (!public_key) return unusable("cannot be read");
  parts.key_identifier =
      recipient.key_identifier.empty() ? sha1_of(outline->key) : recipient.key_identifier;
  parts.oaep = recipient.oaep;
  if (equal(outline->algorithm, crypto::oid::kEc)) {
    if (!equal(outline->parameters, crypto::oid::kP256)) return unusable("is not on P-256");
    return address_to_point(public_key.get(), key, parts);
  }
  if (!equal(outline->algorithm, crypto::oid::kRsa)) return unusable("is neither on P-256 nor RSA");
  if (static_cast<std::size_t>(EVP_PKEY_get_bits(public_key.get())) < kLeastRsa)
    return unusable("has fewer than 2048 bits");
  return address_to_rsa(public_key.get(), key, parts);
}

// The key that the content is encrypted with.
Result<Secret, EnvelopeError> content_key(const DecryptionKey& key, const EnvelopedParts& parts) {
  const auto step = [&]() -> Result<Secret, std::string> {
    if (!parts.originator.empty() && key.agree) return key.agree(parts.originator);
    if (parts.originator.empty() && key.decrypt)
      return key.decrypt(parts.encrypted_key, parts.oaep);
    return Secret();
  };
  auto given = step();
  if (!given) return EnvelopeError{.kind = Kind::key_failed, .sentence = given.assume_error()};
  if (given.assume_value().size() != crypto::kAesKey) return not_decrypted();
  if (parts.originator.empty()) return std::move(given).assume_value();
  const auto wrapping = wrapping_key(given.assume_value(), parts);
  if (!wrapping) return system_error("The message's key cannot be derived");
  auto unwrapped = unwrap_key(*wrapping, parts.encrypted_key);
  if (!unwrapped) return not_decrypted();
  return *std::move(unwrapped);
}

}  // namespace

Result<Bytes, EnvelopeError> encrypt_for(const Recipient& recipient, ByteView content) {
  if (content.size() > kMostEnveloped)
    return EnvelopeError{.kind = Kind::malformed, .sentence = "The content is over 1 MiB."};
  const auto key = crypto::new_aes_key();
  auto text = key ? crypto::gcm_encrypt(*key, content, {}) : std::nullopt;
  if (!text) return system_error("The content cannot be encrypted");
  EnvelopedParts parts;
  parts.text = *std::move(text);
  BOOST_OUTCOME_TRY(address_to(recipient, *key, parts));
  return write_enveloped(parts);
}

Result<Secret, EnvelopeError> decrypt_with(const DecryptionKey& key, ByteView message) {
  if (message.size() > 2 * kMostEnveloped)
    return EnvelopeError{.kind = Kind::malformed, .sentence = "The message is over 2 MiB."};
  BOOST_OUTCOME_TRY(const auto parts, read_enveloped(message));
  BOOST_OUTCOME_TRY(const auto found, content_key(key, parts));
  auto content = crypto::gcm_decrypt(found, parts.text, parts.attributes);
  if (!content) return not_decrypted();
  return *std::move(content);
}

}  // namespace signet::cms
