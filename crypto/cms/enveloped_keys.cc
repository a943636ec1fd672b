#include "crypto/cms/enveloped_keys.h"

#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/rsa.h>

#include <memory>
#include <string>

#include "crypto/algorithm_table.h"
#include "crypto/cms/enveloped_data.h"
#include "crypto/openssl.h"
#include "crypto/spki.h"

namespace signet::cms {

namespace {

PkeyContextPtr context_of(EVP_PKEY* key) {
  return PkeyContextPtr(EVP_PKEY_CTX_new_from_pkey(crypto::library_context(), key, nullptr));
}

bool set_oaep(EVP_PKEY_CTX* context, crypto::Hash hash) {
  const char* const name = crypto::hash_name(hash);
  return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_OAEP_PADDING) == 1 &&
         EVP_PKEY_CTX_set_rsa_oaep_md_name(context, name, nullptr) == 1 &&
         EVP_PKEY_CTX_set_rsa_mgf1_md_name(context, name, nullptr) == 1;
}

Result<Secret, std::string> decrypt_oaep(EVP_PKEY* key, ByteView encrypted, crypto::Hash hash) {
  const PkeyContextPtr context = context_of(key);
  std::size_t size = 0;
  if (!context || EVP_PKEY_decrypt_init(context.get()) != 1 || !set_oaep(context.get(), hash) ||
      EVP_PKEY_decrypt(context.get(), nullptr, &size, encrypted.data(), encrypted.size()) != 1)
    return "The RSA key cannot be used: " + crypto::openssl_reason() + ".";
  Bytes data(size);
  const int done =
      EVP_PKEY_decrypt(context.get(), data.data(), &size, encrypted.data(), encrypted.size());
  ERR_clear_error();
  // What was encrypted for another key is no fault of this one; it gives nothing.
  Secret result(done == 1 ? ByteView(data).first(size) : ByteView());
  wipe(data.data(), data.size());
  return result;
}

Result<Secret, std::string> agree_with_point(EVP_PKEY* key, ByteView point) {
  const PkeyPtr other = public_key_from(spki::encode(row_of(crypto::Curve::p256), point));
  // A point that is not on the curve: the message was changed.
  if (!other) return Secret();
  auto shared = agree_with(key, other.get());
  if (!shared) return "The key cannot be used: " + crypto::openssl_reason() + ".";
  return *std::move(shared);
}

}  // namespace

PkeyPtr public_key_from(ByteView spki) {
  const unsigned char* in = spki.data();
  PkeyPtr key(d2i_PUBKEY_ex(nullptr, &in, static_cast<long>(spki.size()), crypto::library_context(),
                            nullptr));
  if (in != spki.data() + spki.size()) key.reset();
  ERR_clear_error();
  return key;
}

Bytes sha1_of(ByteView data) {
  Bytes digest(crypto::digest_size(crypto::Hash::sha1));
  if (EVP_Q_digest(crypto::library_context(), "SHA1", nullptr, data.data(), data.size(),
                   digest.data(), nullptr) != 1)
    digest.clear();
  return digest;
}

Bytes point_of(EVP_PKEY* key) {
  unsigned char* out = nullptr;
  const std::size_t size = EVP_PKEY_get1_encoded_public_key(key, &out);
  const OpensslPtr<unsigned char, [](unsigned char* data) { OPENSSL_free(data); }> owner(out);
  return size == 0 ? Bytes() : Bytes(out, out + size);
}

std::optional<Secret> agree_with(EVP_PKEY* own, EVP_PKEY* other) {
  const PkeyContextPtr context = context_of(own);
  std::size_t size = 0;
  if (!context || EVP_PKEY_derive_init(context.get()) != 1 ||
      EVP_PKEY_derive_set_peer(context.get(), other) != 1 ||
      EVP_PKEY_derive(context.get(), nullptr, &size) != 1)
    return std::nullopt;
  Bytes shared(size);
  const int done = EVP_PKEY_derive(context.get(), shared.data(), &size);
  std::optional<Secret> result;
  if (done == 1) result.emplace(ByteView(shared).first(size));
  wipe(shared.data(), shared.size());
  return result;
}

std::optional<Bytes> encrypt_oaep(EVP_PKEY* key, crypto::Hash hash, ByteView data) {
  const PkeyContextPtr context = context_of(key);
  std::size_t size = 0;
  if (!context || EVP_PKEY_encrypt_init(context.get()) != 1 || !set_oaep(context.get(), hash) ||
      EVP_PKEY_encrypt(context.get(), nullptr, &size, data.data(), data.size()) != 1)
    return std::nullopt;
  Bytes encrypted(size);
  if (EVP_PKEY_encrypt(context.get(), encrypted.data(), &size, data.data(), data.size()) != 1)
    return std::nullopt;
  encrypted.resize(size);
  return encrypted;
}

DecryptionKey software_key(EVP_PKEY* key) {
  EVP_PKEY_up_ref(key);
  const std::shared_ptr<EVP_PKEY> held(key, EVP_PKEY_free);
  DecryptionKey made;
  if (EVP_PKEY_is_a(key, "RSA") == 1) {
    made.decrypt = [held](ByteView encrypted, crypto::Hash hash) {
      return decrypt_oaep(held.get(), encrypted, hash);
    };
  } else {
    made.agree = [held](ByteView point) { return agree_with_point(held.get(), point); };
  }
  return made;
}

}  // namespace signet::cms
