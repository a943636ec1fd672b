#include "keygen/signed_data.h"

#include <openssl/cms.h>

#include "crypto/openssl.h"
#include "pkcs11-client/signing_key.h"

namespace signet::keygen {
namespace {

using pkcs11::SigningKey;

using CmsPtr = OpensslPtr<CMS_ContentInfo, CMS_ContentInfo_free>;
using DigestPtr = OpensslPtr<EVP_MD, EVP_MD_free>;

constexpr const char* kMessageNotMade = "the signed message cannot be made";

// Read again, so that the key is the certificate's and not the one that signed.
bool verifies(ByteView der) {
  CMS_ContentInfo* read = CMS_ContentInfo_new_ex(crypto::library_context(), nullptr);
  const BioPtr in = crypto::bio_over(der);
  if (d2i_CMS_bio(in.get(), &read) == nullptr) return false;  // and has freed it
  const CmsPtr message(read);
  const BioPtr out(BIO_new(BIO_s_null()));
  return CMS_verify(message.get(), nullptr, nullptr, nullptr, out.get(),
                    CMS_NO_SIGNER_CERT_VERIFY | CMS_BINARY) == 1;
}

}  // namespace

TokenResult<Bytes> make_signed_data(const TokenSession& token, const Key& key,
                                    const SignedDataWish& wish, ByteView content) {
  if (!equal(wish.signer.public_key(), key.public_key))
    return token_error(Reason::other_key, "the signing certificate is for another key");
  // RFC 8419. OpenSSL 3.0 asks every key of a CMS signer to sign in parts, which Ed25519 cannot.
  if (SigningKey::hash_name(key, wish.signing) == nullptr)
    return token_error(Reason::not_supported,
                       "this version of OpenSSL cannot sign messages (CMS) with Ed25519 keys");
  BOOST_OUTCOME_TRY(const auto signing_key, SigningKey::make(token, key));
  const DigestPtr hash(EVP_MD_fetch(crypto::library_context(), wish.signing.hash.c_str(), nullptr));
  const CmsPtr message(CMS_sign_ex(nullptr, nullptr, nullptr, nullptr, CMS_PARTIAL | CMS_BINARY,
                                   crypto::library_context(), nullptr));
  if (!hash || !message) return signing_key.why(kMessageNotMade);
  CMS_SignerInfo* const signer =
      CMS_add1_signer(message.get(), wish.signer.x509(), signing_key.get(), hash.get(),
                      CMS_PARTIAL | CMS_BINARY | CMS_NOSMIMECAP | CMS_CADES | CMS_KEY_PARAM);
  if (signer == nullptr ||
      !SigningKey::set_padding(CMS_SignerInfo_get0_pkey_ctx(signer), key, wish.signing))
    return signing_key.why(kMessageNotMade);
  for (const Certificate& issuer : wish.issuers)
    if (CMS_add1_cert(message.get(), issuer.x509()) != 1) return signing_key.why(kMessageNotMade);
  const BioPtr in = crypto::bio_over(content);
  if (CMS_final(message.get(), in.get(), nullptr, CMS_BINARY) != 1)
    return signing_key.why(kMessageNotMade);
  Bytes der = crypto::der_of(message.get(), i2d_CMS_ContentInfo);
  if (verifies(der)) return der;
  crypto::openssl_reason();
  return token_error(Reason::failed, "the token's signature under the message is wrong");
}

}  // namespace signet::keygen
