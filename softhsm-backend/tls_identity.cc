#include "softhsm-backend/tls_identity.h"

#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <stdexcept>

#include "crypto/openssl.h"
#include "softhsm-backend/encoding.h"
#include "softhsm-backend/files.h"
#include "softhsm-backend/public_key.h"

namespace signet::emulator {

namespace {

constexpr long kBackdate = -3600;               // seconds; clocks differ
constexpr long kLifetime = 10L * 365 * 86'400;  // seconds

void require(bool done, const char* what) {
  if (!done) throw std::runtime_error(std::string("cannot make a TLS certificate: ") + what);
}

void add_extension(X509& certificate, int kind, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, &certificate, &certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str());
  const bool added = extension != nullptr && X509_add_ext(&certificate, extension, -1) == 1;
  X509_EXTENSION_free(extension);
  require(added, "extension");
}

X509Ptr make_certificate(EVP_PKEY& key, const std::string& address) {
  X509Ptr certificate(X509_new());
  const Bytes serial = random_bytes(15);
  const BignumPtr number(BN_bin2bn(serial.data(), static_cast<int>(serial.size()), nullptr));
  require(certificate && number && X509_set_version(certificate.get(), X509_VERSION_3) == 1,
          "memory");
  BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate.get()));
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), kBackdate);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), kLifetime);
  X509_NAME* name = X509_get_subject_name(certificate.get());
  require(X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
                                     reinterpret_cast<const unsigned char*>(address.c_str()), -1,
                                     -1, 0) == 1 &&
              X509_set_issuer_name(certificate.get(), name) == 1 &&
              X509_set_pubkey(certificate.get(), &key) == 1,
          "name");
  add_extension(*certificate, NID_basic_constraints, "critical,CA:FALSE");
  add_extension(*certificate, NID_subject_alt_name, "IP:" + address);
  require(X509_sign(certificate.get(), &key, EVP_sha256()) > 0, "signature");
  return certificate;
}

}  // namespace

IdentityFiles identity_files(const std::filesystem::path& dir, const std::string& role,
                             const std::string& name) {
  const std::filesystem::path stem = dir / "tls" / (role + "-" + name);
  return {.key = stem.string() + ".key", .certificate = stem.string() + ".crt"};
}

std::string make_identity(const IdentityFiles& files, const std::string& address) {
  const PkeyPtr key(EVP_EC_gen("P-256"));
  require(key != nullptr, "key");
  const X509Ptr certificate = make_certificate(*key, address);
  const BioPtr key_text(BIO_new(BIO_s_mem()));
  const BioPtr certificate_text(BIO_new(BIO_s_mem()));
  require(PEM_write_bio_PrivateKey(key_text.get(), key.get(), nullptr, nullptr, 0, nullptr,
                                   nullptr) == 1 &&
              PEM_write_bio_X509(certificate_text.get(), certificate.get()) == 1,
          "PEM");
  write_private_file(files.key, crypto::text_in(key_text.get()));
  write_private_file(files.certificate, crypto::text_in(certificate_text.get()));
  return "sha256//" + to_base64(crypto::sha256(public_key_der(*key)));
}

}  // namespace signet::emulator
