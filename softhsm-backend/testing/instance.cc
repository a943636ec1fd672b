#include "softhsm-backend/testing/instance.h"

#include <openssl/ec.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include <stdexcept>

#include "crypto/der.h"
#include "crypto/openssl.h"
#include "softhsm-backend/encoding.h"

namespace signet::emulator {

namespace {

PkeyPtr read_public_key(const Bytes& der) {
  const unsigned char* position = der.data();
  PkeyPtr key(d2i_PUBKEY(nullptr, &position, static_cast<long>(der.size())));
  if (!key) throw std::runtime_error("not a public key");
  return key;
}

}  // namespace

std::filesystem::path make_test_instance(const ScratchFolder& folder) {
  InitOptions options;
  options.dir = folder.path("instance");
  options.listen = Endpoint{.host = "127.0.0.1", .port = 0};
  options.alternate = options.listen;
  options.user = "seal";
  options.password_file = folder.write("password", std::string(kTestPassword) + "\n");
  options.keys = {NewKey::parse("rsa:2048:rsa").value(), NewKey::parse("ec:P-256:ec").value()};
  options.softhsm = SIGNET_SOFTHSM_MODULE;
  init_instance(options);
  return options.dir;
}

std::string basic(std::string_view user, std::string_view password) {
  return "Basic " + to_base64(view_of(std::string(user) + ":" + std::string(password)));
}

std::string random_base64(std::size_t size) {
  return to_base64(random_bytes(size));
}

bool verifies(const Bytes& public_key, std::string_view algorithm, std::string_view hash,
              const Bytes& digest, const Bytes& signature) {
  const PkeyPtr key = read_public_key(public_key);
  if (EVP_PKEY_is_a(key.get(), "ED25519") == 1) {
    const DigestContextPtr message(EVP_MD_CTX_new());
    return EVP_DigestVerifyInit(message.get(), nullptr, nullptr, nullptr, key.get()) == 1 &&
           EVP_DigestVerify(message.get(), signature.data(), signature.size(), digest.data(),
                            digest.size()) == 1;
  }
  const PkeyContextPtr context(EVP_PKEY_CTX_new(key.get(), nullptr));
  EVP_PKEY_verify_init(context.get());
  if (algorithm == kEcdsa) {
    const Bytes der = der::encode_ecdsa(signature);
    return EVP_PKEY_verify(context.get(), der.data(), der.size(), digest.data(), digest.size()) ==
           1;
  }
  const bool pss = algorithm == kRsaPss;
  EVP_PKEY_CTX_set_rsa_padding(context.get(), pss ? RSA_PKCS1_PSS_PADDING : RSA_PKCS1_PADDING);
  if (hash != "none") {
    const EVP_MD* md = EVP_get_digestbyname(std::string(hash).c_str());
    EVP_PKEY_CTX_set_signature_md(context.get(), hash == "SHA-1" ? EVP_sha1() : md);
  }
  return EVP_PKEY_verify(context.get(), signature.data(), signature.size(), digest.data(),
                         digest.size()) == 1;
}

Bytes certificate_for(const Bytes& public_key, bool issuer, Validity validity) {
  const PkeyPtr signer(EVP_EC_gen("P-256"));
  const PkeyPtr key = read_public_key(public_key);
  const X509Ptr certificate(X509_new());
  X509_set_version(certificate.get(), X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 7);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), validity.from);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), validity.to);
  X509_set_pubkey(certificate.get(), key.get());
  X509_EXTENSION* constraints = X509V3_EXT_conf_nid(nullptr, nullptr, NID_basic_constraints,
                                                    issuer ? "critical,CA:TRUE" : "CA:FALSE");
  X509_add_ext(certificate.get(), constraints, -1);
  X509_EXTENSION_free(constraints);
  X509_sign(certificate.get(), signer.get(), EVP_sha256());
  return crypto::der_of(certificate.get(), i2d_X509);
}

}  // namespace signet::emulator
