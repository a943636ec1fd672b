// Signatures by a key of a token.
#include <fmt/format.h>

#include "crypto/algorithm_table.h"
#include "crypto/der.h"
#include "crypto/digest_info.h"
#include "cryptoki/cryptoki.h"
#include "cryptoki/signet-pkcs11.h"
#include "pkcs11-client/session.h"

namespace signet::pkcs11 {

namespace {

TokenResult<crypto::HashRow> hash_named(std::string_view name) {
  if (name == "SHA256") return row_of(crypto::Hash::sha256);
  if (name == "SHA384") return row_of(crypto::Hash::sha384);
  if (name == "SHA512") return row_of(crypto::Hash::sha512);
  return token_error(Reason::not_supported,
                     fmt::format("{} is not offered: use SHA256, SHA384 or SHA512", name));
}

}  // namespace

// For one signature. To be asked for before C_SignInit: where there is none, no operation may be left behind.
TokenResult<std::optional<Secret>> TokenSession::signing_secret(const Key& key) const {
  if (!key.asks_each_time) return std::optional<Secret>();
  if (signing_pin_) return signing_pin_(info_);
  return token_error(Reason::pin, fmt::format("each signature of the key \"{}\" needs a second "
                                              "credential, and none can be asked for here",
                                              key.label));
}

TokenResult<bool> TokenSession::set_reference(const std::string& reference) const {
  const signet_vendor_functions* const vendor = module_->vendor();
  if (vendor == nullptr) return false;
  const CK_RV rv = vendor->set_reference(
      session_, reinterpret_cast<const CK_UTF8CHAR*>(reference.data()), reference.size());
  if (rv == CKR_FUNCTION_NOT_SUPPORTED) return false;
  if (rv == CKR_DATA_LEN_RANGE || rv == CKR_DATA_INVALID)
    return token_error(Reason::failed,
                       fmt::format("the reference cannot be sent: it is text of at most {} bytes, "
                                   "without control characters",
                                   SIGNET_REFERENCE_SIZE));
  if (rv != CKR_OK) return token_error(rv, "the reference cannot be set");
  return true;
}

std::string TokenSession::last_request_id() const {
  const signet_vendor_functions* const vendor = module_->vendor();
  std::string id(256, '\0');
  CK_ULONG size = id.size();
  if (vendor == nullptr ||
      vendor->last_request_id(session_, reinterpret_cast<CK_UTF8CHAR*>(id.data()), &size) != CKR_OK)
    return {};
  id.resize(size);
  return id;
}

TokenResult<Bytes> TokenSession::sign(const Key& key, const DigestSignature& wish,
                                      ByteView digest) const {
  if (!key.can_sign)
    return token_error(Reason::key_disabled,
                       fmt::format("the key \"{}\" is disabled: it may not sign", key.label));
  const bool is_rsa = key.type.kind == crypto::KeyType::rsa;
  CK_RSA_PKCS_PSS_PARAMS pss{};
  CK_MECHANISM mechanism{CKM_ECDSA, nullptr, 0};
  Bytes data = copy_of(digest);
  if (is_rsa) {
    BOOST_OUTCOME_TRY(const auto hash, hash_named(wish.hash));
    if (wish.scheme == DigestSignature::Scheme::rsa_pss) {
      BOOST_OUTCOME_TRY(const auto mask, hash_named(wish.mgf_hash));
      pss = {hash.mechanism, mask.mgf, wish.salt_length};
      mechanism = {CKM_RSA_PKCS_PSS, &pss, sizeof pss};
    } else {
      mechanism.mechanism = CKM_RSA_PKCS;
      data = crypto::encode_digest_info(hash.hash, digest);
    }
  } else if (key.type.kind == crypto::KeyType::edwards) {
    mechanism.mechanism = CKM_EDDSA;
  } else if (key.type.kind != crypto::KeyType::ec) {
    return token_error(Reason::not_supported,
                       fmt::format("keys of type {} are not used here", key.type.text()));
  }
  BOOST_OUTCOME_TRY(const auto secret, signing_secret(key));
  const std::string what = fmt::format("the key \"{}\" did not sign", key.label);
  CK_RV rv = functions().C_SignInit(session_, &mechanism, key.private_handle);
  if (rv != CKR_OK) return token_error(rv, what);
  // For this one signature (PKCS#11 3.0, 5.6.8). The appliance checks it with the signature.
  if (key.asks_each_time) {
    rv = login_as(CKU_CONTEXT_SPECIFIC, secret);
    if (rv != CKR_OK) return token_error(rv, "the second credential");
  }
  Bytes signature((key.type.bits + 7) / 8 * 2);  // as much as r and s, and more than RSA needs
  CK_ULONG size = signature.size();
  rv = functions().C_Sign(session_, data.data(), data.size(), signature.data(), &size);
  if (rv != CKR_OK) return token_error(rv, what);
  if (size > signature.size())
    return token_error(Reason::failed, what + ": the token's signature is too long");
  signature.resize(size);
  return key.type.kind == crypto::KeyType::ec ? der::encode_ecdsa(signature) : signature;
}

}  // namespace signet::pkcs11
