#include "tests/support/x509.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <algorithm>
#include <array>
#include <memory>
#include <stdexcept>

#include "crypto/der.h"

namespace signet::tests {
namespace {

struct Free {
  void operator()(EVP_PKEY* it) const { EVP_PKEY_free(it); }
  void operator()(EVP_MD_CTX* it) const { EVP_MD_CTX_free(it); }
  void operator()(X509* it) const { X509_free(it); }
};
template <typename T>
using Owned = std::unique_ptr<T, Free>;

// OpenSSL answers 1, or a pointer, when all went well.
void require(bool went_well, const char* what) {
  if (!went_well) throw std::runtime_error(std::string("OpenSSL failed: ") + what);
}

// The SubjectPublicKeyInfo of every uncompressed P-256 point begins so.
constexpr std::array<std::uint8_t, 26> kP256Header = {
    0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01,
    0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00};

Owned<X509> parse(ByteView certificate) {
  const auto* in = certificate.data();
  Owned<X509> parsed(d2i_X509(nullptr, &in, static_cast<long>(certificate.size())));
  require(parsed != nullptr, "reading the certificate");
  return parsed;
}

Bytes to_der(X509* certificate) {
  Bytes der(static_cast<std::size_t>(i2d_X509(certificate, nullptr)));
  auto* out = der.data();
  require(i2d_X509(certificate, &out) > 0, "i2d_X509");
  return der;
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
  const Owned<EVP_PKEY> key(d2i_PUBKEY(nullptr, &in, static_cast<long>(public_key.size())));
  const Owned<EVP_PKEY> issuer(EVP_EC_gen("P-256"));
  const Owned<X509> certificate(X509_new());
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
  return to_der(certificate.get());
}

Bytes subject_of(ByteView certificate) {
  const Owned<X509> parsed = parse(certificate);
  const X509_NAME* name = X509_get_subject_name(parsed.get());
  Bytes der(static_cast<std::size_t>(i2d_X509_NAME(name, nullptr)));
  auto* out = der.data();
  i2d_X509_NAME(name, &out);
  return der;
}

bool certificate_verifies(ByteView certificate, ByteView data, ByteView signature) {
  const Owned<X509> parsed = parse(certificate);
  const Owned<EVP_MD_CTX> context(EVP_MD_CTX_new());
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

std::string base64(ByteView data) {
  std::string text(4 * ((data.size() + 2) / 3) + 1, '\0');  // EVP_EncodeBlock ends it with a zero
  EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), data.data(),
                  static_cast<int>(data.size()));
  text.pop_back();
  return text;
}

std::string pin_of(const std::filesystem::path& file) {
  const std::unique_ptr<BIO, decltype(&BIO_free)> in(BIO_new_file(file.c_str(), "r"), &BIO_free);
  require(in != nullptr, "opening a certificate");
  const Owned<X509> certificate(PEM_read_bio_X509(in.get(), nullptr, nullptr, nullptr));
  require(certificate != nullptr, "reading a certificate");
  EVP_PKEY* key = X509_get0_pubkey(certificate.get());
  Bytes der(static_cast<std::size_t>(i2d_PUBKEY(key, nullptr)));
  auto* out = der.data();
  i2d_PUBKEY(key, &out);
  return "sha256//" + base64(sha256(der));
}

}  // namespace signet::tests
