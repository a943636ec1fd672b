#include "dsa-transport/testing/fake_keys.h"

#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include "crypto/algorithm_table.h"
#include "crypto/der.h"

namespace signet::transport {

namespace {

const EVP_MD* md_of(Hash hash) {
  return hash == Hash::none ? nullptr : EVP_get_digestbyname(crypto::hash_name(hash));
}

int padding_of(Scheme algorithm) {
  if (algorithm == Scheme::rsa_pss) return RSA_PKCS1_PSS_PADDING;
  if (algorithm == Scheme::rsa_raw) return RSA_NO_PADDING;
  return RSA_PKCS1_PADDING;
}

bool prepare_rsa(EVP_PKEY_CTX* context, Scheme algorithm, const EVP_MD* md, std::size_t salt) {
  if (EVP_PKEY_CTX_set_rsa_padding(context, padding_of(algorithm)) <= 0) return false;
  if (md != nullptr && EVP_PKEY_CTX_set_signature_md(context, md) <= 0) return false;
  if (algorithm != Scheme::rsa_pss) return true;
  return md != nullptr && EVP_PKEY_CTX_set_rsa_pss_saltlen(context, static_cast<int>(salt)) > 0;
}

// r‖s, each left-padded to the size of the curve's order.
std::optional<Bytes> fixed_size_signature(EVP_PKEY* key, const Bytes& der) {
  const auto half = static_cast<std::size_t>(EVP_PKEY_get_bits(key) + 7) / 8;
  const unsigned char* in = der.data();
  const OpensslPtr<ECDSA_SIG, ECDSA_SIG_free> parsed(
      d2i_ECDSA_SIG(nullptr, &in, static_cast<long>(der.size())));
  Bytes fixed(2 * half);
  if (!parsed) return std::nullopt;
  BN_bn2binpad(ECDSA_SIG_get0_r(parsed.get()), fixed.data(), static_cast<int>(half));
  BN_bn2binpad(ECDSA_SIG_get0_s(parsed.get()), fixed.data() + half, static_cast<int>(half));
  return fixed;
}

std::optional<Bytes> sign_ed25519(EVP_PKEY* key, ByteView message) {
  const DigestContextPtr context(EVP_MD_CTX_new());
  Bytes signature(64);
  std::size_t size = signature.size();
  if (EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key) <= 0 ||
      EVP_DigestSign(context.get(), signature.data(), &size, message.data(), message.size()) <= 0) {
    return std::nullopt;
  }
  return signature;
}

bool verify_ed25519(EVP_PKEY* key, ByteView message, ByteView signature) {
  const DigestContextPtr context(EVP_MD_CTX_new());
  return EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key) == 1 &&
         EVP_DigestVerify(context.get(), signature.data(), signature.size(), message.data(),
                          message.size()) == 1;
}

// OpenSSL 3.0 takes PKCS#1's padding of nothing for a failure.
bool verify_empty(EVP_PKEY* key, ByteView signature) {
  Bytes padded(static_cast<std::size_t>(EVP_PKEY_get_size(key)), 0xFF);
  padded.front() = 0x00;
  padded.at(1) = 0x01;
  padded.back() = 0x00;
  return fake_verify(key, Scheme::rsa_raw, Hash::none, 0, padded, signature);
}

bool fits(EVP_PKEY* key, Scheme algorithm) {
  switch (algorithm) {
    case Scheme::ecdsa:
      return EVP_PKEY_get_base_id(key) == EVP_PKEY_EC;
    case Scheme::eddsa:
      return EVP_PKEY_get_base_id(key) == EVP_PKEY_ED25519;
    case Scheme::rsa_pkcs1:
    case Scheme::rsa_pss:
    case Scheme::rsa_raw:
      break;
  }
  return EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA;
}

}  // namespace

PkeyPtr make_fake_key(const KeySpec& spec) {
  if (spec.type == KeyType::rsa) return PkeyPtr(EVP_RSA_gen(spec.bits));
  if (spec.type == KeyType::ec) return PkeyPtr(EVP_EC_gen(crypto::row_of(spec.curve).openssl_name));
  return PkeyPtr(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
}

Bytes public_key_der(EVP_PKEY* key) {
  unsigned char* der = nullptr;
  const int size = i2d_PUBKEY(key, &der);
  if (size <= 0) return {};
  Bytes bytes(der, der + size);
  OPENSSL_free(der);
  return bytes;
}

std::optional<Bytes> fake_sign(EVP_PKEY* key, Scheme algorithm, Hash hash, std::size_t salt_length,
                               ByteView digest) {
  if (!fits(key, algorithm)) return std::nullopt;
  if (algorithm == Scheme::eddsa) return sign_ed25519(key, digest);
  const PkeyContextPtr context(EVP_PKEY_CTX_new(key, nullptr));
  if (!context || EVP_PKEY_sign_init(context.get()) <= 0) return std::nullopt;
  if (algorithm != Scheme::ecdsa &&
      !prepare_rsa(context.get(), algorithm, md_of(hash), salt_length)) {
    return std::nullopt;
  }
  Bytes signature(static_cast<std::size_t>(EVP_PKEY_get_size(key)));
  std::size_t size = signature.size();
  if (EVP_PKEY_sign(context.get(), signature.data(), &size, digest.data(), digest.size()) <= 0) {
    return std::nullopt;
  }
  signature.resize(size);
  if (algorithm == Scheme::ecdsa) return fixed_size_signature(key, signature);
  return signature;
}

bool fake_verify(EVP_PKEY* key, Scheme algorithm, Hash hash, std::size_t salt_length,
                 ByteView digest, ByteView signature) {
  if (!fits(key, algorithm)) return false;
  if (algorithm == Scheme::eddsa) return verify_ed25519(key, digest, signature);
  if (algorithm == Scheme::rsa_pkcs1 && digest.empty()) return verify_empty(key, signature);
  const PkeyContextPtr context(EVP_PKEY_CTX_new(key, nullptr));
  if (!context || EVP_PKEY_verify_init(context.get()) <= 0) return false;
  const bool ecdsa = algorithm == Scheme::ecdsa;
  if (!ecdsa && !prepare_rsa(context.get(), algorithm, md_of(hash), salt_length)) return false;
  const Bytes form = ecdsa ? der::encode_ecdsa(signature) : copy_of(signature);
  return EVP_PKEY_verify(context.get(), form.data(), form.size(), digest.data(), digest.size()) ==
         1;
}

std::optional<Bytes> certificate_public_key(ByteView der) {
  const unsigned char* in = der.data();
  const X509Ptr certificate(d2i_X509(nullptr, &in, static_cast<long>(der.size())));
  if (!certificate || in != der.data() + der.size()) return std::nullopt;
  EVP_PKEY* key = X509_get0_pubkey(certificate.get());
  if (key == nullptr) return std::nullopt;
  return public_key_der(key);
}

}  // namespace signet::transport
