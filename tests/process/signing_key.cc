#include "tests/process/signing_key.h"

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <stdexcept>

#include "crypto/der.h"
#include "tests/support/x509.h"

namespace signet::tests {
namespace {

constexpr std::array<unsigned char, 8> kSerial = {0x7A, 0x53, 0x45, 0x52, 0x49, 0x41, 0x4C, 0x7A};
constexpr std::size_t kHalf = 32;  // bytes of r, and of s

void require(bool went_well, const char* what) {
  if (!went_well) throw std::runtime_error(std::string("OpenSSL failed: ") + what);
}

const EVP_MD* hash_of(ByteView digest) {
  if (digest.size() == 32) return EVP_sha256();
  return digest.size() == 48 ? EVP_sha384() : EVP_sha512();
}

PkeyPtr new_key(SigningKey::Kind kind) {
  return PkeyPtr(kind == SigningKey::Kind::p256 ? EVP_EC_gen("P-256") : EVP_RSA_gen(2048));
}

void set_serial(X509* certificate) {
  const BignumPtr number(BN_bin2bn(kSerial.data(), kSerial.size(), nullptr));
  BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate));
}

void add_filling(X509* certificate, std::size_t size) {
  const Bytes filling(size, 'x');
  ASN1_OCTET_STRING* const text = ASN1_OCTET_STRING_new();
  ASN1_OCTET_STRING_set(text, filling.data(), static_cast<int>(filling.size()));
  X509_EXTENSION* const extension =
      X509_EXTENSION_create_by_NID(nullptr, NID_netscape_comment, 0, text);
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
  ASN1_OCTET_STRING_free(text);
}

}  // namespace

SigningKey::SigningKey(Kind kind, const std::string& common_name)
    : key_(new_key(kind)),
      certificate_(certificate_for(crypto::der_of(key_.get(), i2d_PUBKEY), common_name)) {}

Bytes SigningKey::sign(ByteView digest) const {
  const PkeyContextPtr context(EVP_PKEY_CTX_new(key_.get(), nullptr));
  require(EVP_PKEY_sign_init(context.get()) == 1, "EVP_PKEY_sign_init");
  require(EVP_PKEY_CTX_set_signature_md(context.get(), hash_of(digest)) == 1, "signature_md");
  Bytes signature(512);
  std::size_t size = signature.size();
  require(EVP_PKEY_sign(context.get(), signature.data(), &size, digest.data(), digest.size()) == 1,
          "EVP_PKEY_sign");
  signature.resize(size);
  return signature;
}

bool SigningKey::verifies(ByteView data, ByteView signature) const {
  const DigestContextPtr context(EVP_MD_CTX_new());
  require(EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, key_.get()) == 1,
          "EVP_DigestVerifyInit");
  const bool rsa = EVP_PKEY_is_a(key_.get(), "RSA") == 1;
  const Bytes value = rsa ? copy_of(signature) : der::encode_ecdsa(signature);
  return EVP_DigestVerify(context.get(), value.data(), value.size(), data.data(), data.size()) == 1;
}

Bytes concatenated_ecdsa(ByteView der) {
  const auto content = der::only(der::kSequence, der);
  if (!content) throw std::runtime_error("no DER of an ECDSA signature");
  der::Reader reader(*content);
  Bytes both(2 * kHalf, 0);
  for (std::size_t half = 1; half <= 2; ++half) {
    const auto number = reader.read_positive();
    if (!number) throw std::runtime_error("no DER of an ECDSA signature");
    std::ranges::copy(*number,
                      both.begin() + static_cast<std::ptrdiff_t>(half * kHalf - number->size()));
  }
  return both;
}

Bytes ec_public_key(Point point) {
  const PkeyPtr key(EVP_EC_gen(point == Point::slow ? "P-521" : "P-256"));
  if (point == Point::slow) {
    EVP_PKEY_set_utf8_string_param(key.get(), "point-format", "compressed");
  }
  return crypto::der_of(key.get(), i2d_PUBKEY);
}

Bytes numbered_certificate(ByteView public_key, std::size_t extension_size) {
  const auto* in = public_key.data();
  const PkeyPtr key(d2i_PUBKEY(nullptr, &in, static_cast<long>(public_key.size())));
  const PkeyPtr issuer(EVP_EC_gen("P-256"));
  const X509Ptr certificate(X509_new());
  X509_set_version(certificate.get(), X509_VERSION_3);
  set_serial(certificate.get());
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -60);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 24L * 3600);
  X509_set_pubkey(certificate.get(), key.get());
  if (extension_size > 0) add_filling(certificate.get(), extension_size);
  require(X509_sign(certificate.get(), issuer.get(), EVP_sha256()) > 0, "X509_sign");
  return crypto::der_of(certificate.get(), i2d_X509);
}

Bytes renumbered(ByteView certificate, std::size_t number) {
  Bytes changed = copy_of(certificate);
  const auto found = std::ranges::search(changed, kSerial);
  if (found.empty()) throw std::runtime_error("the certificate has another serial number");
  for (auto at = found.end() - 1; at != found.begin(); --at, number >>= 8U) {
    *at = static_cast<std::uint8_t>(number);
  }
  return changed;
}

}  // namespace signet::tests
