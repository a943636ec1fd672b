#include "keygen/certificate_check.h"

#include <fmt/format.h>
#include <openssl/x509_vfy.h>

#include "common/clock.h"
#include "crypto/openssl.h"
#include "pkcs11-client/key_type.h"

namespace signet::keygen {
namespace {

using StorePtr = OpensslPtr<X509_STORE, X509_STORE_free>;
using StoreContextPtr = OpensslPtr<X509_STORE_CTX, X509_STORE_CTX_free>;

constexpr int kSecurityBits = 112;  // what RSA-2048 and SHA-224 give, and SHA-1 does not
constexpr int kSecurityLevel = 2;   // the same in OpenSSL's levels

TokenError about(Reason reason, const X509* certificate, std::string_view what) {
  const Bytes der = crypto::der_of(certificate, i2d_X509);
  const auto parsed = Certificate::from_der(der);
  return token_error(reason, fmt::format("the certificate of {} {}",
                                         parsed ? parsed.value().subject() : "?", what));
}

Reason reason_of(int verify_error) {
  switch (verify_error) {
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return Reason::expired;
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return Reason::not_yet_valid;
    case X509_V_ERR_EE_KEY_TOO_SMALL:
    case X509_V_ERR_CA_KEY_TOO_SMALL:
      return Reason::weak_key;
    case X509_V_ERR_CA_MD_TOO_WEAK:
      return Reason::weak_hash;
    default:
      return Reason::wrong_chain;
  }
}

bool weakly_signed(const X509* certificate) {
  int strength = 0;
  std::uint32_t flags = 0;
  return X509_get_signature_info(const_cast<X509*>(certificate), nullptr, nullptr, &strength,
                                 &flags) == 1 &&
         (flags & X509_SIG_INFO_VALID) != 0 && strength < kSecurityBits;
}

TokenResult<StorePtr> store_of(const std::vector<Certificate>& roots) {
  StorePtr store(X509_STORE_new());
  for (const Certificate& root : roots)
    if (!store || X509_STORE_add_cert(store.get(), root.x509()) != 1)
      return token_error(Reason::failed, "a root cannot be used: " + crypto::openssl_reason());
  return store;
}

}  // namespace

TokenResult<void> check_certificate(const Certificate& certificate) {
  const KeyType type = KeyType::of_public_key(certificate.public_key());
  if ((type.kind == crypto::KeyType::rsa && type.bits < kLeastRsaBits) ||
      (type.kind == crypto::KeyType::ec && type.bits < kLeastEcBits))
    return about(Reason::weak_key, certificate.x509(),
                 fmt::format("is for a key that is too short ({}); at least RSA with {} bits or EC "
                             "with {} is taken",
                             type.text(), kLeastRsaBits, kLeastEcBits));
  if (weakly_signed(certificate.x509()))
    return about(Reason::weak_hash, certificate.x509(),
                 fmt::format("is signed with {}, which is no longer safe",
                             certificate.signature_algorithm()));
  const auto now = std::chrono::system_clock::now();
  if (certificate.not_after() < now)
    return about(Reason::expired, certificate.x509(),
                 fmt::format("has expired, on {}", utc_text(certificate.not_after())));
  if (certificate.not_before() > now)
    return about(Reason::not_yet_valid, certificate.x509(),
                 fmt::format("is not valid before {}; is this machine's clock right?",
                             utc_text(certificate.not_before())));
  return success();
}

TokenResult<void> check_chain(const Certificate& certificate,
                              const std::vector<Certificate>& issuers,
                              const std::vector<Certificate>& roots) {
  BOOST_OUTCOME_TRY(const auto store, store_of(roots));
  const CertificateStackPtr others(sk_X509_new_null());
  for (const Certificate& issuer : issuers)
    X509_add_cert(others.get(), issuer.x509(), X509_ADD_FLAG_UP_REF);
  const StoreContextPtr context(X509_STORE_CTX_new_ex(crypto::library_context(), nullptr));
  if (!context ||
      X509_STORE_CTX_init(context.get(), store.get(), certificate.x509(), others.get()) != 1)
    return token_error(Reason::failed, "the chain cannot be checked: " + crypto::openssl_reason());
  X509_VERIFY_PARAM* const demands = X509_STORE_CTX_get0_param(context.get());
  X509_VERIFY_PARAM_set_auth_level(demands, kSecurityLevel);
  X509_VERIFY_PARAM_set_flags(demands, X509_V_FLAG_PARTIAL_CHAIN);  // a root is what is given
  const int verified = X509_verify_cert(context.get());
  const int error = X509_STORE_CTX_get_error(context.get());
  const X509* at = X509_STORE_CTX_get_current_cert(context.get());
  crypto::openssl_reason();
  if (verified == 1) return success();
  return about(reason_of(error), at == nullptr ? certificate.x509() : at,
               fmt::format("fails the check against the given roots: {}",
                           X509_verify_cert_error_string(error)));
}

}  // namespace signet::keygen
