#include "dsa-transport/client_identity.h"

#include <fmt/format.h>
#include <openssl/ssl.h>

#include <utility>

#include "config/token_place.h"
#include "crypto/certificate.h"
#include "pkcs11-client/uri.h"

namespace signet::transport {

namespace {

// Empty where the URI has no pin-source.
pkcs11::PinProvider pin_of(const config::TokenPlace& place) {
  if (!place.pin) return {};
  return [source =
              *place.pin](const pkcs11::TokenInfo&) -> pkcs11::TokenResult<std::optional<Secret>> {
    auto pin = source.read();
    if (!pin) return pkcs11::token_error(pkcs11::Reason::pin, std::move(pin).error());
    return std::optional<Secret>(std::move(pin).value());
  };
}

}  // namespace

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
  if (!pkcs11::is_uri(place)) {
    return SSL_CTX_use_certificate_chain_file(context, place.c_str()) == 1 ||
           complain(fmt::format("{} is not a certificate in PEM", place));
  }
  const auto parsed = config::TokenPlace::parse(place);
  if (!parsed) return complain(parsed.error());
  const auto der = pkcs11::read_certificate(parsed.value().uri, pin_of(parsed.value()));
  if (!der) return complain(der.error().sentence);
  return SSL_CTX_use_certificate_ASN1(context, static_cast<int>(der.value().size()),
                                      der.value().data()) == 1 ||
         complain("the certificate on the token cannot be parsed");
}

bool ClientIdentity::install_key(ssl_ctx_st* context) {
  if (const std::string& file = certificate_.key; !pkcs11::is_uri(file)) {
    // Otherwise OpenSSL would ask the host's terminal for the passphrase of an encrypted key.
    SSL_CTX_set_default_passwd_cb(context, [](char*, int, int, void*) { return 0; });
    return SSL_CTX_use_PrivateKey_file(context, file.c_str(), SSL_FILETYPE_PEM) == 1 ||
           complain(fmt::format(
               "{} is no unencrypted private key in PEM that belongs to the client certificate",
               file));
  }
  if (!key_) {
    const auto place = config::TokenPlace::parse(certificate_.key);
    if (!place) return complain(place.error());
    const X509* const certificate = SSL_CTX_get0_certificate(context);
    auto key = pkcs11::TlsKey::open(place.value().uri, pin_of(place.value()),
                                    crypto::public_key_of(certificate));
    if (!key) return complain(key.error().sentence);
    key_ = std::move(key).value();
  }
  return SSL_CTX_use_PrivateKey(context, key_->get()) == 1 ||
         complain("the key of the token does not belong to the client certificate");
}

}  // namespace signet::transport
