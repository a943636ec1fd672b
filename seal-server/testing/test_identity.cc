#include "seal-server/testing/test_identity.h"

#include <openssl/cms.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include "crypto/base64.h"
#include "crypto/certificate.h"
#include "crypto/cms/signer_info.h"
#include "crypto/der.h"
#include "crypto/openssl.h"

namespace signet::sealserver {

namespace {

constexpr long kDay = 86'400;  // seconds

EVP_PKEY* made_key(const std::string& kind) {
  OSSL_LIB_CTX* context = crypto::library_context();
  if (kind.starts_with("P-")) return EVP_PKEY_Q_keygen(context, nullptr, "EC", kind.c_str());
  return EVP_PKEY_Q_keygen(context, nullptr, "RSA", std::size_t{std::stoul(kind)});
}

void set_name(X509_NAME* name, const std::string& text) {
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(text.c_str()), -1, -1, 0);
}

}  // namespace

TestIdentity::TestIdentity(const std::string& name, const std::string& kind)
    : name_(name), key_(made_key(kind)) {}

std::string TestIdentity::spki() const {
  return to_hex(crypto::sha256(crypto::der_of(key_.get(), i2d_PUBKEY)));
}

Bytes TestIdentity::request() const {
  return request_named(name_);
}

Bytes TestIdentity::request_named(const std::string& name) const {
  const RequestPtr request(X509_REQ_new_ex(crypto::library_context(), nullptr));
  set_name(X509_REQ_get_subject_name(request.get()), name);
  X509_REQ_set_pubkey(request.get(), key_.get());
  if (X509_REQ_sign(request.get(), key_.get(), EVP_sha256()) <= 0) return {};
  return crypto::der_of(request.get(), i2d_X509_REQ);
}

Bytes TestIdentity::certificate(int days, const char* key_usage) const {
  const X509Ptr certificate(X509_new_ex(crypto::library_context(), nullptr));
  X509_set_version(certificate.get(), X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -kDay);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), days * kDay);
  set_name(X509_get_subject_name(certificate.get()), name_);
  set_name(X509_get_issuer_name(certificate.get()), name_);
  X509_set_pubkey(certificate.get(), key_.get());
  if (key_usage != nullptr) {
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, nullptr, NID_key_usage, key_usage);
    X509_add_ext(certificate.get(), extension, -1);
    X509_EXTENSION_free(extension);
  }
  if (X509_sign(certificate.get(), key_.get(), EVP_sha256()) <= 0) return {};
  return crypto::der_of(certificate.get(), i2d_X509);
}

Bytes TestIdentity::sealed(ByteView content, ByteView certificate) const {
  const X509Ptr signer = crypto::certificate_of(certificate);
  const BioPtr input = crypto::bio_over(content);
  using CmsPtr = OpensslPtr<CMS_ContentInfo, CMS_ContentInfo_free>;
  const CmsPtr message(CMS_sign_ex(signer.get(), key_.get(), nullptr, input.get(), CMS_BINARY,
                                   crypto::library_context(), nullptr));
  return message ? crypto::der_of(message.get(), i2d_CMS_ContentInfo) : Bytes();
}

std::string test_cryptogram() {
  return crypto::to_base64(der::encode_sequence(
      {cms::encode_oid("1.2.840.113549.1.9.16.1.23"), der::encode(der::kContext0, Bytes(16, 7))}));
}

}  // namespace signet::sealserver
