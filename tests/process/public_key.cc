#include "tests/process/public_key.h"

#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <stdexcept>

#include "crypto/der.h"
#include "tests/support/x509.h"

namespace signet::tests {
namespace {

// r and s are as long as the order of the curve's group.
bool has_the_size_of(EVP_PKEY* key, ByteView r_and_s) {
  const auto order_bytes = static_cast<std::size_t>(EVP_PKEY_get_bits(key) + 7) / 8;
  return r_and_s.size() == 2 * order_bytes;
}

}  // namespace

PublicKey::PublicKey(ByteView spki) {
  const auto* in = spki.data();
  key_.reset(d2i_PUBKEY(nullptr, &in, static_cast<long>(spki.size())));
  if (!key_) throw std::runtime_error("not a SubjectPublicKeyInfo");
}

bool PublicKey::verifies_digest(ByteView digest, ByteView signature) const {
  const PkeyContextPtr check(EVP_PKEY_CTX_new(key_.get(), nullptr));
  if (EVP_PKEY_verify_init(check.get()) != 1 ||
      EVP_PKEY_CTX_set_signature_md(check.get(), EVP_sha256()) != 1) {
    throw std::runtime_error("OpenSSL cannot verify with this key");
  }
  if (!is_rsa() && !has_the_size_of(key_.get(), signature)) return false;
  const Bytes form = is_rsa() ? copy_of(signature) : der::encode_ecdsa(signature);
  const bool good =
      EVP_PKEY_verify(check.get(), form.data(), form.size(), digest.data(), digest.size()) == 1;
  ERR_clear_error();
  return good;
}

bool PublicKey::verifies(ByteView message, ByteView signature) const {
  return verifies_digest(sha256(message), signature);
}

}  // namespace signet::tests
