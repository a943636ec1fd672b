#include "keygen/request.h"

#include "crypto/openssl.h"
#include "keygen/request_extensions.h"
#include "pkcs11-client/signing_key.h"

namespace signet::keygen {
namespace {

using pkcs11::SigningKey;

constexpr const char* kRequestNotMade = "the request cannot be made";

TokenError not_made() {
  return token_error(Reason::failed,
                     std::string(kRequestNotMade) + ": " + crypto::openssl_reason());
}

PkeyPtr public_half(ByteView spki) {
  const unsigned char* in = spki.data();
  return PkeyPtr(d2i_PUBKEY_ex(nullptr, &in, static_cast<long>(spki.size()),
                               crypto::library_context(), nullptr));
}

}  // namespace

RequestWish wish_like(const Certificate& certificate) {
  RequestWish wish;
  wish.subject = certificate.subject_der();
  wish.extensions = extensions_of(certificate);
  return wish;
}

TokenResult<Bytes> make_request(const TokenSession& token, const Key& key,
                                const RequestWish& wish) {
  BOOST_OUTCOME_TRY(const auto signing_key, SigningKey::make(token, key));
  BOOST_OUTCOME_TRY(const auto extensions, extensions_of(wish));
  const RequestPtr request(X509_REQ_new_ex(crypto::library_context(), nullptr));
  const PkeyPtr open = public_half(key.public_key);
  const unsigned char* in = wish.subject.data();
  const NamePtr subject(d2i_X509_NAME(nullptr, &in, static_cast<long>(wish.subject.size())));
  if (!request || !open || !subject ||
      X509_REQ_set_version(request.get(), X509_REQ_VERSION_1) != 1 ||
      X509_REQ_set_subject_name(request.get(), subject.get()) != 1 ||
      X509_REQ_set_pubkey(request.get(), open.get()) != 1)
    return not_made();
  if (sk_X509_EXTENSION_num(extensions.get()) > 0 &&
      X509_REQ_add_extensions(request.get(), extensions.get()) != 1)
    return not_made();

  const DigestContextPtr digest(EVP_MD_CTX_new());
  EVP_PKEY_CTX* context = nullptr;  // the digest context's
  if (EVP_DigestSignInit_ex(digest.get(), &context, SigningKey::hash_name(key, wish.signing),
                            crypto::library_context(), nullptr, signing_key.get(), nullptr) != 1 ||
      !SigningKey::set_padding(context, key, wish.signing))
    return signing_key.why(kRequestNotMade);
  if (X509_REQ_sign_ctx(request.get(), digest.get()) <= 0) return signing_key.why(kRequestNotMade);
  if (X509_REQ_verify_ex(request.get(), open.get(), crypto::library_context(), nullptr) != 1)
    return token_error(Reason::failed, "the token's signature under the request is wrong");
  return crypto::der_of(request.get(), i2d_X509_REQ);
}

}  // namespace signet::keygen
