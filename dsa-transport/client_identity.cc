#include "dsa-transport/client_identity.h"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>

#include <utility>

#include "common/bounded_file.h"
#include "common/secret.h"
#include "config/token_place.h"
#include "crypto/certificate.h"
#include "crypto/openssl.h"
#include "pkcs11-client/uri.h"

namespace signet::transport {

namespace {

constexpr std::size_t kLargestFile = 1024UL * 1024;  // bytes

// The certificate of the client first, then those between it and a root, in PEM. They are parsed in this thread's default
// context, which is the one that `context` belongs to.
bool use_chain(ssl_ctx_st* context, ByteView pem) {
  const BioPtr in = crypto::bio_over(pem);
  const X509Ptr own(PEM_read_bio_X509_AUX(in.get(), nullptr, nullptr, nullptr));
  if (!own || SSL_CTX_use_certificate(context, own.get()) != 1) return false;
  while (X509Ptr issuer{PEM_read_bio_X509(in.get(), nullptr, nullptr, nullptr)}) {
    if (SSL_CTX_add0_chain_cert(context, issuer.get()) != 1) return false;
    (void)issuer.release();  // the context owns it now
  }
  const bool at_end = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
  if (at_end) ERR_clear_error();
  return at_end;
}

bool use_key(ssl_ctx_st* context, ByteView pem) {
  // Otherwise OpenSSL would ask the host's terminal for the passphrase of an encrypted key.
  const auto no_passphrase = [](char*, int, int, void*) { return 0; };
  const BioPtr in = crypto::bio_over(pem);
  const PkeyPtr key(PEM_read_bio_PrivateKey(in.get(), nullptr, no_passphrase, nullptr));
  return key && SSL_CTX_use_PrivateKey(context, key.get()) == 1;
}

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
    const auto pem = read_file(place, kLargestFile);
    if (!pem) return complain(pem.error().sentence);
    return use_chain(context, pem.value()) ||
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
    auto pem = read_file(file, kLargestFile);
    if (!pem) return complain(pem.error().sentence);
    const bool used = use_key(context, pem.value());
    wipe(pem.value().data(), pem.value().size());
    return used ||
           complain(fmt::format(
               "{} is not an unencrypted private key in PEM that belongs to the client certificate",
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
