// Signatures by a key of a token.
#include <fmt/format.h>
#include <openssl/x509.h>

#include "crypto/der.h"
#include "keygen/attributes.h"
#include "keygen/openssl.h"
#include "keygen/token.h"

namespace signet::keygen {

namespace {

using InfoPtr = OpensslPtr<X509_SIG, X509_SIG_free>;

struct Hash {
  std::string_view name;
  int nid;
  CK_MECHANISM_TYPE mechanism;
  CK_RSA_PKCS_MGF_TYPE mgf;
};

constexpr Hash kHashes[] = {{"SHA256", NID_sha256, CKM_SHA256, CKG_MGF1_SHA256},
                            {"SHA384", NID_sha384, CKM_SHA384, CKG_MGF1_SHA384},
                            {"SHA512", NID_sha512, CKM_SHA512, CKG_MGF1_SHA512}};

Outcome<Hash> hash_named(std::string_view name) {
  for (const Hash& hash : kHashes)
    if (hash.name == name) return hash;
  return failure(Reason::not_supported,
                 fmt::format("{} is not offered: take SHA256, SHA384 or SHA512", name));
}

// DER DigestInfo (RFC 8017, A.2.4).
Bytes digest_info(const Hash& hash, ByteView digest) {
  const InfoPtr info(X509_SIG_new());
  X509_ALGOR* algorithm = nullptr;
  ASN1_OCTET_STRING* octets = nullptr;
  X509_SIG_getm(info.get(), &algorithm, &octets);
  X509_ALGOR_set0(algorithm, OBJ_nid2obj(hash.nid), V_ASN1_NULL, nullptr);
  ASN1_OCTET_STRING_set(octets, digest.data(), static_cast<int>(digest.size()));
  return der_of(info.get(), i2d_X509_SIG);
}

}  // namespace

// For one signature. To be asked for before C_SignInit: where there is none, no operation may be left behind.
Outcome<std::optional<Secret>> Token::signing_secret(const Key& key) const {
  if (!signing_pin_)
    return failure(Reason::pin, fmt::format("each signature of the key \"{}\" wants a second "
                                            "credential, and none can be asked for here",
                                            key.label));
  return signing_pin_(info_);
}

Outcome<Bytes> Token::sign(const Key& key, const Signing& signing, ByteView digest) const {
  if (!key.can_sign)
    return failure(Reason::key_disabled,
                   fmt::format("the key \"{}\" is disabled: it may not sign", key.label));
  BOOST_OUTCOME_TRY(const Hash hash, hash_named(signing.hash));
  CK_RSA_PKCS_PSS_PARAMS pss{hash.mechanism, hash.mgf, static_cast<CK_ULONG>(digest.size())};
  CK_MECHANISM mechanism{CKM_ECDSA, nullptr, 0};
  Bytes data = copy_of(digest);
  if (key.type.kind == crypto::KeyType::rsa && signing.padding == Padding::pss) {
    mechanism = {CKM_RSA_PKCS_PSS, &pss, sizeof pss};
  } else if (key.type.kind == crypto::KeyType::rsa) {
    mechanism.mechanism = CKM_RSA_PKCS;
    data = digest_info(hash, digest);
  } else if (key.type.kind != crypto::KeyType::ec) {
    return failure(Reason::not_supported,
                   fmt::format("keys of type {} are not used here", key.type.text()));
  }
  std::optional<Secret> secret;
  if (key.asks_each_time) {
    BOOST_OUTCOME_TRY(secret, signing_secret(key));
  }
  CK_FUNCTION_LIST& functions = module_->functions();
  const std::string what = fmt::format("the key \"{}\" did not sign", key.label);
  CK_RV rv = functions.C_SignInit(session_, &mechanism, key.private_handle);
  if (rv != CKR_OK) return failure_of(rv, what);
  // For this one signature (PKCS#11 3.0, 5.6.8). The appliance checks it with the signature.
  if (key.asks_each_time) {
    rv = login_with(functions, session_, CKU_CONTEXT_SPECIFIC, secret);
    if (rv != CKR_OK) return failure_of(rv, "the second credential");
  }
  Bytes signature((key.type.bits + 7) / 8 * 2);  // as much as r and s, and more than RSA needs
  auto size = static_cast<CK_ULONG>(signature.size());
  rv = functions.C_Sign(session_, data.data(), static_cast<CK_ULONG>(data.size()), signature.data(),
                        &size);
  if (rv != CKR_OK) return failure_of(rv, what);
  signature.resize(size);
  return key.type.kind == crypto::KeyType::ec ? der::encode_ecdsa(signature) : signature;
}

}  // namespace signet::keygen
