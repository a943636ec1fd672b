#include "tests/support/x509.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <algorithm>
#include <array>
#include <stdexcept>

#include "crypto/base64.h"
#include "crypto/der.h"
#include "crypto/openssl_ptr.h"

namespace signet::tests {
namespace {

// OpenSSL answers 1, or a pointer, when all went well.
void require(bool went_well, const char* what) {
  if (!went_well) throw std::runtime_error(std::string("OpenSSL failed: ") + what);
}

// The SubjectPublicKeyInfo of every uncompressed P-256 point begins so.
constexpr std::array<std::uint8_t, 26> kP256Header = {
    0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01,
    0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00};

X509Ptr parse(ByteView certificate) {
  const auto* in = certificate.data();
  X509Ptr parsed(d2i_X509(nullptr, &in, static_cast<long>(certificate.size())));
  require(parsed != nullptr, "reading the certificate");
  return parsed;
}

}  // namespace

Bytes p256_public_key(ByteView ec_point) {
  constexpr std::size_t kPointSize = 65;
  require(ec_point.size() == kPointSize + 2 && ec_point[0] == 0x04 && ec_point[1] == kPointSize,
          "the CKA_EC_POINT is not an OCTET STRING with a P-256 point");
  Bytes key(kP256Header.size() + kPointSize);
  std::ranges::copy(kP256Header, key.begin());
  std::ranges::copy(ec_point.subspan(2), key.begin() + kP256Header.size());
  return key;
}

Bytes certificate_for(ByteView public_key, const std::string& common_name,
                      const Validity& validity) {
  const auto* in = public_key.data();
  const PkeyPtr key(d2i_PUBKEY(nullptr, &in, static_cast<long>(public_key.size())));
  const PkeyPtr issuer(EVP_EC_gen("P-256"));
  const X509Ptr certificate(X509_new());
  require(key && issuer && certificate, "reading the public key");
  X509_set_version(certificate.get(), X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), validity.from);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), validity.until);
  X509_NAME* name = X509_get_subject_name(certificate.get());
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(common_name.c_str()), -1, -1,
                             0);
  X509_NAME_add_entry_by_txt(X509_get_issuer_name(certificate.get()), "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>("Test issuer"), -1, -1, 0);
  X509_set_pubkey(certificate.get(), key.get());
  require(X509_sign(certificate.get(), issuer.get(), EVP_sha256()) > 0, "X509_sign");
  return crypto::der_of(certificate.get(), i2d_X509);
}

Bytes subject_of(ByteView certificate) {
  const X509Ptr parsed = parse(certificate);
  return crypto::der_of(X509_get_subject_name(parsed.get()), i2d_X509_NAME);
}

bool certificate_verifies(ByteView certificate, ByteView data, ByteView signature) {
  const X509Ptr parsed = parse(certificate);
  const DigestContextPtr context(EVP_MD_CTX_new());
  require(EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr,
                               X509_get0_pubkey(parsed.get())) == 1,
          "EVP_DigestVerifyInit");
  const Bytes der = der::encode_ecdsa(signature);
  return EVP_DigestVerify(context.get(), der.data(), der.size(), data.data(), data.size()) == 1;
}

Bytes sha256(ByteView data) {
  Bytes digest(32);
  require(EVP_Digest(data.data(), data.size(), digest.data(), nullptr, EVP_sha256(), nullptr) == 1,
          "EVP_Digest");
  return digest;
}

std::string pin_of(const EVP_PKEY* key) {
  return "sha256//" + crypto::to_base64(sha256(crypto::der_of(key, i2d_PUBKEY)));
}

std::string pin_of(const std::filesystem::path& file) {
  const BioPtr in(BIO_new_file(file.c_str(), "r"));
  require(in != nullptr, "opening a certificate");
  const X509Ptr certificate(PEM_read_bio_X509(in.get(), nullptr, nullptr, nullptr));
  require(certificate != nullptr, "reading a certificate");
  return pin_of(X509_get0_pubkey(certificate.get()));
}

}  // namespace signet::tests
