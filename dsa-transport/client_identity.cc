#include "dsa-transport/client_identity.h"

#include <fmt/format.h>
#include <openssl/ssl.h>

#include <utility>

#include "pkcs11-client/pkcs11_uri.h"

namespace signet::transport {

bool ClientIdentity::complain(std::string sentence) {
  complaint_ = std::move(sentence);
  return false;
}

const std::string& ClientIdentity::complaint() const {
  return complaint_.empty() && key_ ? key_->complaint() : complaint_;
}

bool ClientIdentity::install(ssl_ctx_st* context) {
  complaint_.clear();
  return install_certificate(context) && install_key(context);
}

bool ClientIdentity::install_certificate(ssl_ctx_st* context) {
  const std::string& place = certificate_.certificate;
  if (!pkcs11::is_pkcs11_uri(place)) {
    return SSL_CTX_use_certificate_chain_file(context, place.c_str()) == 1 ||
           complain(fmt::format("{} is no certificate in PEM", place));
  }
  const auto uri = pkcs11::Pkcs11Uri::parse(place);
  if (!uri) return complain(uri.error());
  const auto der = pkcs11::read_token_certificate(uri.value());
  if (!der) return complain(der.error());
  return SSL_CTX_use_certificate_ASN1(context, static_cast<int>(der.value().size()),
                                      der.value().data()) == 1 ||
         complain("the certificate on the token is none");
}

bool ClientIdentity::install_key(ssl_ctx_st* context) {
  if (!key_) {
    const auto uri = pkcs11::Pkcs11Uri::parse(certificate_.key);
    if (!uri) return complain(uri.error());
    const EVP_PKEY* const public_key = X509_get0_pubkey(SSL_CTX_get0_certificate(context));
    if (public_key == nullptr) return complain("the client certificate has no key that is known");
    auto key = pkcs11::TokenKey::open(uri.value(), public_key);
    if (!key) return complain(key.error());
    key_ = std::move(key).value();
  }
  return SSL_CTX_use_PrivateKey(context, key_->get()) == 1 ||
         complain("the key of the token does not belong to the client certificate");
}

}  // namespace signet::transport
