#include "bench/stand_in/key.h"

#include <fmt/format.h>
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <stdexcept>

#include "crypto/base64.h"

namespace signet::bench {

namespace {

using crypto::to_base64;

constexpr std::string_view kRsa = "RSA-";

void require_key(bool good, const char* what) {
  if (!good) throw std::runtime_error(std::string("the stand-in's key: ") + what);
}

EVP_PKEY* made(const std::string& type, bool rsa) {
  if (!rsa) return EVP_EC_gen(type.c_str());
  return EVP_RSA_gen(static_cast<unsigned int>(std::stoul(type.substr(kRsa.size()))));
}

}  // namespace

StandInKey::StandInKey(const std::string& type)
    : type_(type), rsa_(type.starts_with(kRsa)), key_(made(type, rsa_), &EVP_PKEY_free) {
  require_key(key_ != nullptr, "cannot be made");
}

Bytes StandInKey::public_key() const {
  unsigned char* der = nullptr;
  const int size = i2d_PUBKEY(key_.get(), &der);
  require_key(size > 0, "has no public key");
  Bytes bytes(der, der + size);
  OPENSSL_free(der);
  return bytes;
}

std::string StandInKey::json(const std::string& id) const {
  const std::string name = to_base64(view_of(type_));
  const std::string kind = rsa_
                               ? fmt::format(R"("type":"RSA","size":{})", type_.substr(kRsa.size()))
                               : fmt::format(R"("type":"EC","curve":"{}")", type_);
  return fmt::format(
      R"({{"id":"{}","label":"{}","ckaId":"{}",{},"publicKey":"{}","createdAt":"2026-01-01T00:00:00Z","state":"active"}})",
      id, name, name, kind, to_base64(public_key()));
}

StandInSigner::StandInSigner(const StandInKey& key)
    : rsa_(key.rsa_),
      half_((static_cast<std::size_t>(EVP_PKEY_get_bits(key.get())) + 7) / 8),
      context_(EVP_PKEY_CTX_new(key.key_.get(), nullptr), &EVP_PKEY_CTX_free),
      encoded_(static_cast<std::size_t>(EVP_PKEY_get_size(key.get()))) {
  require_key(context_ != nullptr && EVP_PKEY_sign_init(context_.get()) == 1 &&
                  EVP_PKEY_CTX_set_signature_md(context_.get(), EVP_sha256()) == 1,
              "cannot sign");
}

Bytes StandInSigner::sign(ByteView digest) {
  std::size_t size = encoded_.size();
  require_key(
      EVP_PKEY_sign(context_.get(), encoded_.data(), &size, digest.data(), digest.size()) == 1,
      "does not sign");
  if (rsa_) return {encoded_.data(), encoded_.data() + size};
  const unsigned char* at = encoded_.data();
  const std::unique_ptr<ECDSA_SIG, decltype(&ECDSA_SIG_free)> value(
      d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(size)), &ECDSA_SIG_free);
  Bytes both(2 * half_);
  const int half = static_cast<int>(half_);
  require_key(value != nullptr &&
                  BN_bn2binpad(ECDSA_SIG_get0_r(value.get()), both.data(), half) == half &&
                  BN_bn2binpad(ECDSA_SIG_get0_s(value.get()), both.data() + half_, half) == half,
              "made no signature");
  return both;
}

}  // namespace signet::bench
