// What changes a token: new keys, other names, certificates, deletion.
#include <fmt/format.h>
#include <openssl/x509v3.h>

#include "crypto/algorithm_table.h"
#include "crypto/openssl_ptr.h"
#include "pkcs11-client/session.h"

namespace signet::pkcs11 {

namespace {

constexpr std::uint8_t kPublicExponent[] = {0x01, 0x00, 0x01};  // 65537

ObjectTemplate public_template(const KeyWish& wish) {
  ObjectTemplate made;
  made.flag(CKA_TOKEN, true).flag(CKA_PRIVATE, false).flag(CKA_VERIFY, true);
  made.text(CKA_LABEL, wish.label).bytes(CKA_ID, wish.id);
  if (wish.type.kind == crypto::KeyType::rsa) {
    made.number(CKA_MODULUS_BITS, wish.type.bits).bytes(CKA_PUBLIC_EXPONENT, kPublicExponent);
    made.flag(CKA_ENCRYPT, false).flag(CKA_WRAP, false);
  } else {
    made.bytes(CKA_EC_PARAMS, crypto::curve_named(wish.type.curve)->oid);
  }
  return made;
}

ObjectTemplate private_template(const KeyWish& wish) {
  ObjectTemplate made;
  made.flag(CKA_TOKEN, true).flag(CKA_PRIVATE, true).flag(CKA_SENSITIVE, true);
  made.flag(CKA_EXTRACTABLE, false).flag(CKA_SIGN, true).flag(CKA_DERIVE, false);
  made.text(CKA_LABEL, wish.label).bytes(CKA_ID, wish.id);
  if (wish.type.kind == crypto::KeyType::rsa) made.flag(CKA_DECRYPT, false).flag(CKA_UNWRAP, false);
  return made;
}

// Whether the token says that it makes such keys, and if not, which.
TokenResult<void> check_type(CK_FUNCTION_LIST& functions, CK_SLOT_ID slot, const KeyType& type,
                             CK_MECHANISM_TYPE mechanism) {
  CK_MECHANISM_INFO info{};
  const std::string_view kind = row_of(*type.kind).name;
  if (functions.C_GetMechanismInfo(slot, mechanism, &info) != CKR_OK)
    return token_error(Reason::not_supported, fmt::format("the token cannot make {} keys", kind));
  // Tokens tell the size of Ed25519 as its field's 255 bits, or as the 256 of its encoding (SoftHSMv2).
  const CK_ULONG also = type.kind == crypto::KeyType::edwards ? 256U : type.bits;
  if (also >= info.ulMinKeySize && type.bits <= info.ulMaxKeySize) return success();
  return token_error(Reason::not_supported,
                     fmt::format("the token makes {} keys of {} to {} bits, not {}", kind,
                                 info.ulMinKeySize, info.ulMaxKeySize, type.text()));
}

bool gone(CK_RV rv) {
  return rv == CKR_OBJECT_HANDLE_INVALID || rv == CKR_KEY_HANDLE_INVALID;
}

}  // namespace

TokenResult<void> TokenSession::change_pin(std::shared_ptr<Module> module, const TokenInfo& info,
                                           const PinProvider& present,
                                           const PinProvider& replacement) {
  BOOST_OUTCOME_TRY(const auto session, open(std::move(module), info, CKF_RW_SESSION));
  BOOST_OUTCOME_TRY(const auto from, present(info));
  BOOST_OUTCOME_TRY(const auto to, replacement(info));
  if (!from || !to) return token_error(Reason::pin, "both the present and the new PIN are needed");
  // PKCS#11 takes PINs through a pointer to non-const bytes, and does not change them.
  const CK_RV rv = session->functions().C_SetPIN(
      session->session_, const_cast<CK_UTF8CHAR*>(from->reveal().data()), from->size(),
      const_cast<CK_UTF8CHAR*>(to->reveal().data()), to->size());
  if (rv == CKR_OK) return success();
  return token_error(rv, fmt::format("the PIN of the token \"{}\" was not changed", info.label));
}

TokenResult<Key> TokenSession::generate(const KeyWish& wish) {
  if (!wish.type.kind ||
      (wish.type.kind != crypto::KeyType::rsa && crypto::curve_named(wish.type.curve) == nullptr))
    return token_error(Reason::not_supported,
                       fmt::format("keys of type {} are not made here", wish.type.text()));
  CK_MECHANISM mechanism{row_of(*wish.type.kind).generation, nullptr, 0};
  BOOST_OUTCOME_TRY(check_type(functions(), info_.slot, wish.type, mechanism.mechanism));
  ObjectTemplate open = public_template(wish);
  ObjectTemplate secret = private_template(wish);
  CK_OBJECT_HANDLE handles[2] = {};
  const CK_RV rv =
      functions().C_GenerateKeyPair(session_, &mechanism, open.data(), open.size(), secret.data(),
                                    secret.size(), &handles[0], &handles[1]);
  if (rv != CKR_OK)
    return token_error(rv, fmt::format("the {} key was not made", wish.type.text()));
  BOOST_OUTCOME_TRY(const auto all, keys());
  for (const Key& made : all)
    if (made.private_handle == handles[1]) return made;
  return key({wish.label, wish.id});
}

TokenResult<void> TokenSession::set(CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type,
                                    ByteView value) {
  ObjectTemplate change;
  change.bytes(type, value);
  const CK_RV rv = functions().C_SetAttributeValue(session_, object, change.data(), 1);
  if (rv != CKR_OK)
    return token_error(
        rv, type == CKA_LABEL ? "the label cannot be changed" : "the id cannot be changed");
  return success();
}

TokenResult<void> TokenSession::set_label(const Key& key, const std::string& label) {
  BOOST_OUTCOME_TRY(set(key.private_handle, CKA_LABEL, view_of(label)));
  if (key.public_handle == 0) return success();
  return set(key.public_handle, CKA_LABEL, view_of(label));
}

TokenResult<void> TokenSession::set_id(const Key& key, ByteView id) {
  BOOST_OUTCOME_TRY(set(key.private_handle, CKA_ID, id));
  if (key.public_handle == 0) return success();
  return set(key.public_handle, CKA_ID, id);
}

TokenResult<void> TokenSession::set_label(const StoredCertificate& certificate,
                                          const std::string& label) {
  return set(certificate.handle, CKA_LABEL, view_of(label));
}

TokenResult<void> TokenSession::set_id(const StoredCertificate& certificate, ByteView id) {
  return set(certificate.handle, CKA_ID, id);
}

TokenResult<void> TokenSession::destroy(const Key& key) {
  const CK_RV rv = functions().C_DestroyObject(session_, key.private_handle);
  if (rv != CKR_OK && !gone(rv)) return token_error(rv, "the key cannot be deleted");
  if (key.public_handle == 0) return success();
  const CK_RV half = functions().C_DestroyObject(session_, key.public_handle);
  if (half != CKR_OK && !gone(half))
    return token_error(half, "the private key is deleted, its public half cannot be");
  return success();
}

TokenResult<void> TokenSession::destroy(const StoredCertificate& certificate) {
  const CK_RV rv = functions().C_DestroyObject(session_, certificate.handle);
  if (rv != CKR_OK && !gone(rv)) return token_error(rv, "the certificate cannot be deleted");
  return success();
}

TokenResult<StoredCertificate> TokenSession::store(ByteView der, const std::string& label,
                                                   ByteView id) {
  const unsigned char* in = der.data();
  const X509Ptr certificate(d2i_X509(nullptr, &in, static_cast<long>(der.size())));
  if (!certificate || in != der.data() + der.size()) {
    return token_error(Reason::unreadable, "what is to be stored is not a certificate");
  }
  constexpr CK_ULONG authority = 2;  // CK_CERTIFICATE_CATEGORY_AUTHORITY
  ObjectTemplate made;
  made.number(CKA_CLASS, CKO_CERTIFICATE).number(CKA_CERTIFICATE_TYPE, CKC_X_509);
  made.flag(CKA_TOKEN, true).flag(CKA_PRIVATE, false).text(CKA_LABEL, label);
  made.bytes(CKA_VALUE, der);
  made.bytes(CKA_SUBJECT, crypto::der_of(X509_get_subject_name(certificate.get()), i2d_X509_NAME));
  made.bytes(CKA_ISSUER, crypto::der_of(X509_get_issuer_name(certificate.get()), i2d_X509_NAME));
  made.bytes(CKA_SERIAL_NUMBER,
             crypto::der_of(X509_get0_serialNumber(certificate.get()), i2d_ASN1_INTEGER));
  if (!id.empty()) made.bytes(CKA_ID, id);
  if (X509_check_ca(certificate.get()) != 0) made.number(CKA_CERTIFICATE_CATEGORY, authority);
  CK_OBJECT_HANDLE handle = 0;
  const CK_RV rv = functions().C_CreateObject(session_, made.data(), made.size(), &handle);
  if (rv != CKR_OK)
    return token_error(rv, fmt::format("the certificate \"{}\" cannot be stored", label));
  return StoredCertificate{handle, copy_of(id), label, copy_of(der),
                           uri_of(ObjectType::certificate, id, label)};
}

}  // namespace signet::pkcs11
