#include "pkcs11-client/decryption.h"

#include <fmt/format.h>

#include "crypto/algorithm_table.h"

namespace signet::pkcs11 {

namespace {

constexpr std::size_t kSharedSize = 32;       // bytes of a coordinate on P-256
constexpr std::size_t kMostDecrypted = 1024;  // bytes

std::string sentence_of(const TokenError& error) {
  return "The token's key cannot be used: " + error.sentence + ".";
}

// A session object that goes with this one.
class DerivedSecret {
 public:
  DerivedSecret(const TokenSession& token, CK_OBJECT_HANDLE handle)
      : token_(token), handle_(handle) {}
  DerivedSecret(const DerivedSecret&) = delete;
  DerivedSecret& operator=(const DerivedSecret&) = delete;
  ~DerivedSecret() { token_.functions().C_DestroyObject(token_.handle(), handle_); }

  Secret value() const {
    auto bytes = token_.attributes(handle_).bytes(CKA_VALUE);
    if (!bytes) return {};
    Secret secret{ByteView(*bytes)};
    wipe(bytes->data(), bytes->size());
    return secret;
  }

 private:
  const TokenSession& token_;
  const CK_OBJECT_HANDLE handle_;
};

TokenResult<Secret> derive(const TokenSession& token, CK_OBJECT_HANDLE key, ByteView point) {
  // PKCS#11 takes it through a pointer to non-const bytes, and does not change it.
  CK_ECDH1_DERIVE_PARAMS parameters{CKD_NULL, 0, nullptr, point.size(),
                                    const_cast<CK_BYTE*>(point.data())};
  CK_MECHANISM mechanism{CKM_ECDH1_DERIVE, &parameters, sizeof parameters};
  ObjectTemplate wanted;
  wanted.number(CKA_CLASS, CKO_SECRET_KEY).number(CKA_KEY_TYPE, CKK_GENERIC_SECRET);
  wanted.flag(CKA_TOKEN, false).flag(CKA_SENSITIVE, false).flag(CKA_EXTRACTABLE, true);
  wanted.number(CKA_VALUE_LEN, kSharedSize);
  CK_OBJECT_HANDLE handle = 0;
  const CK_RV rv = token.functions().C_DeriveKey(token.handle(), &mechanism, key, wanted.data(),
                                                 wanted.size(), &handle);
  if (rv != CKR_OK) return token_error(rv, "the key did not derive a shared secret");
  Secret value = DerivedSecret(token, handle).value();
  if (value.size() != kSharedSize)
    return token_error(Reason::failed, "the token does not show the shared secret");
  return value;
}

// Nothing in the secret: what was encrypted is not for this key.
TokenResult<Secret> decrypt(const TokenSession& token, CK_OBJECT_HANDLE key, ByteView encrypted,
                            crypto::Hash hash) {
  const crypto::HashRow& row = crypto::row_of(hash);
  CK_RSA_PKCS_OAEP_PARAMS parameters{row.mechanism, row.mgf, CKZ_DATA_SPECIFIED, nullptr, 0};
  CK_MECHANISM mechanism{CKM_RSA_PKCS_OAEP, &parameters, sizeof parameters};
  CK_RV rv = token.functions().C_DecryptInit(token.handle(), &mechanism, key);
  if (rv != CKR_OK) return token_error(rv, "the key did not decrypt");
  Bytes data(kMostDecrypted);
  CK_ULONG size = data.size();
  rv = token.functions().C_Decrypt(token.handle(), const_cast<CK_BYTE*>(encrypted.data()),
                                   encrypted.size(), data.data(), &size);
  Secret result;
  if (rv == CKR_OK && size <= data.size()) result = Secret(ByteView(data).first(size));
  wipe(data.data(), data.size());
  const bool foreign = rv == CKR_ENCRYPTED_DATA_INVALID || rv == CKR_ENCRYPTED_DATA_LEN_RANGE ||
                       rv == CKR_GENERAL_ERROR;  // SoftHSMv2's word for it
  if (rv != CKR_OK && !foreign) return token_error(rv, "the key did not decrypt");
  return result;
}

}  // namespace

TokenResult<TokenDecryption> decryption_key(const TokenSession& token, const Key& key) {
  TokenDecryption made;
  made.refusal = std::make_shared<std::optional<TokenError>>();
  const auto keep = [refusal =
                         made.refusal](TokenResult<Secret> result) -> Result<Secret, std::string> {
    refusal->reset();
    if (result) return std::move(result).assume_value();
    *refusal = result.assume_error();
    return sentence_of(result.assume_error());
  };
  const CK_OBJECT_HANDLE handle = key.private_handle;
  if (key.type.kind == crypto::KeyType::ec && key.type.curve == "P-256") {
    made.key.agree = [&token, handle, keep](ByteView point) {
      return keep(derive(token, handle, point));
    };
  } else if (key.type.kind == crypto::KeyType::rsa) {
    made.key.decrypt = [&token, handle, keep](ByteView encrypted, crypto::Hash hash) {
      return keep(decrypt(token, handle, encrypted, hash));
    };
  } else {
    return token_error(Reason::not_supported,
                       fmt::format("the key \"{}\" is neither on P-256 nor RSA", key.label));
  }
  return made;
}

// SoftHSMv2 2.6 checks the parameters when the operation begins; an operation that has begun is ended by an empty input.
crypto::Hash oaep_hash(const TokenSession& token, const Key& key) {
  const crypto::HashRow& row = crypto::row_of(crypto::Hash::sha256);
  CK_RSA_PKCS_OAEP_PARAMS parameters{row.mechanism, row.mgf, CKZ_DATA_SPECIFIED, nullptr, 0};
  CK_MECHANISM mechanism{CKM_RSA_PKCS_OAEP, &parameters, sizeof parameters};
  const CK_RV rv = token.functions().C_DecryptInit(token.handle(), &mechanism, key.private_handle);
  if (rv != CKR_OK) return crypto::Hash::sha1;
  CK_BYTE input[1] = {0};
  Bytes output(kMostDecrypted);
  CK_ULONG size = output.size();
  token.functions().C_Decrypt(token.handle(), input, sizeof input, output.data(), &size);
  return crypto::Hash::sha256;
}

}  // namespace signet::pkcs11
