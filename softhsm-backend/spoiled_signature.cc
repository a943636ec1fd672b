#include "softhsm-backend/spoiled_signature.h"

#include <openssl/ec.h>
#include <openssl/rsa.h>

#include <memory>
#include <stdexcept>

#include "crypto/openssl_ptr.h"

namespace signet::emulator {

namespace {

using EcdsaPtr = OpensslPtr<ECDSA_SIG, ECDSA_SIG_free>;

void require(bool done) {
  if (!done) throw std::runtime_error("a signature by another key cannot be made");
}

PkeyPtr stranger_to(const crypto::KeyParameters& key) {
  const auto& curve = row_of(key.curve);
  PkeyPtr stranger(key.type == crypto::KeyType::rsa ? EVP_RSA_gen(key.bits)
                   : key.type == crypto::KeyType::ec
                       ? EVP_EC_gen(curve.openssl_name)
                       : EVP_PKEY_Q_keygen(nullptr, nullptr, curve.openssl_name));
  require(stranger != nullptr);
  return stranger;
}

Bytes fixed_size(ByteView der, std::size_t half) {
  const unsigned char* position = der.data();
  const EcdsaPtr parts(d2i_ECDSA_SIG(nullptr, &position, static_cast<long>(der.size())));
  require(parts != nullptr);
  Bytes signature(2 * half);
  const int size = static_cast<int>(half);
  require(BN_bn2binpad(ECDSA_SIG_get0_r(parts.get()), signature.data(), size) == size &&
          BN_bn2binpad(ECDSA_SIG_get0_s(parts.get()), signature.data() + half, size) == size);
  return signature;
}

Bytes raw_sign(EVP_PKEY_CTX& context, ByteView data) {
  std::size_t size = 0;
  require(EVP_PKEY_sign(&context, nullptr, &size, data.data(), data.size()) == 1);
  Bytes signature(size);
  require(EVP_PKEY_sign(&context, signature.data(), &size, data.data(), data.size()) == 1);
  signature.resize(size);
  return signature;
}

Bytes sign_message(EVP_PKEY& key, ByteView message) {
  const DigestContextPtr context(EVP_MD_CTX_new());
  Bytes signature(static_cast<std::size_t>(EVP_PKEY_get_size(&key)));
  std::size_t size = signature.size();
  require(context && EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, &key) == 1 &&
          EVP_DigestSign(context.get(), signature.data(), &size, message.data(), message.size()) ==
              1);
  return signature;
}

Bytes sign_as_stranger(const SignOrder& order, const KeyRow& key, ByteView digest) {
  const PkeyPtr stranger = stranger_to(key.parameters());
  const crypto::Scheme scheme = order.algorithm->scheme;
  if (scheme == crypto::Scheme::eddsa) return sign_message(*stranger, digest);
  const PkeyContextPtr context(EVP_PKEY_CTX_new(stranger.get(), nullptr));
  require(context && EVP_PKEY_sign_init(context.get()) == 1);
  if (scheme == crypto::Scheme::ecdsa) {
    return fixed_size(raw_sign(*context, digest), row_of(key.parameters().curve).size);
  }
  if (scheme == crypto::Scheme::rsa_pkcs1) {
    require(EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_PADDING) == 1);
    return raw_sign(*context, pkcs1_content(order, digest));
  }
  require(EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_PSS_PADDING) == 1 &&
          EVP_PKEY_CTX_set_signature_md(context.get(),
                                        EVP_get_digestbyname(hash_name(order.hash->hash))) == 1 &&
          EVP_PKEY_CTX_set_rsa_pss_saltlen(context.get(), static_cast<int>(*order.salt_length)) ==
              1);
  return raw_sign(*context, digest);
}

Bytes with_last_bit_flipped(ByteView bytes) {
  Bytes flipped = copy_of(bytes);
  flipped.back() = static_cast<std::uint8_t>(flipped.back() ^ 1U);
  return flipped;
}

}  // namespace

Bytes spoiled_signature(SignatureFault fault, Token& token, const SignOrder& order,
                        const KeyRow& key, ByteView digest, ByteView signature) {
  switch (fault) {
    case SignatureFault::other_key:
      return sign_as_stranger(order, key, digest);
    case SignatureFault::other_digest: {
      Bytes other = digest.empty() ? Bytes{0} : copy_of(digest);
      other.front() = static_cast<std::uint8_t>(other.front() ^ 1U);
      return sign_one(token, order, key, other);
    }
    case SignatureFault::too_short:
      return copy_of(signature.first(signature.size() - 1));
    case SignatureFault::bit_flip:
      break;
  }
  return with_last_bit_flipped(signature);
}

}  // namespace signet::emulator
