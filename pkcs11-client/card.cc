#include "pkcs11-client/card.h"

#include <fmt/format.h>

#include <algorithm>

#include "crypto/algorithm_table.h"

namespace signet::pkcs11 {

namespace {

constexpr std::uint8_t kCardExponent[] = {0x01, 0x00, 0x01};  // 65537

struct CardTemplates {
  ObjectTemplate open;
  ObjectTemplate secret;
};

CardTemplates templates_for(const KeyWish& wish) {
  const bool rsa = wish.type.kind == crypto::KeyType::rsa;
  CardTemplates made;
  made.open.flag(CKA_TOKEN, true).flag(CKA_PRIVATE, false).flag(CKA_VERIFY, true);
  made.secret.flag(CKA_TOKEN, true).flag(CKA_PRIVATE, true).flag(CKA_SENSITIVE, true);
  made.secret.flag(CKA_EXTRACTABLE, false).flag(CKA_SIGN, true);
  if (rsa) {
    made.open.number(CKA_MODULUS_BITS, wish.type.bits).bytes(CKA_PUBLIC_EXPONENT, kCardExponent);
    made.open.flag(CKA_ENCRYPT, true);
    made.secret.flag(CKA_DECRYPT, true);
  } else {
    made.open.bytes(CKA_EC_PARAMS, crypto::oid::kP256);
    made.secret.flag(CKA_DERIVE, true);
  }
  for (ObjectTemplate* half : {&made.open, &made.secret})
    half->text(CKA_LABEL, wish.label).bytes(CKA_ID, wish.id);
  return made;
}

TokenResult<void> check_mechanism(const TokenSession& token, CK_MECHANISM_TYPE mechanism,
                                  CK_FLAGS use, std::string_view what) {
  CK_MECHANISM_INFO info{};
  const CK_RV rv = token.functions().C_GetMechanismInfo(token.info().slot, mechanism, &info);
  if (rv == CKR_OK && (info.flags & use) == use) return success();
  return token_error(Reason::not_supported, fmt::format("the token {}", what));
}

TokenResult<void> check_card_type(const TokenSession& token, const KeyType& type) {
  if (type.kind == crypto::KeyType::ec && type.curve == "P-256") {
    BOOST_OUTCOME_TRY(check_mechanism(token, CKM_EC_KEY_PAIR_GEN, CKF_GENERATE_KEY_PAIR,
                                      "does not make keys on P-256; an RSA key may do"));
    return check_mechanism(token, CKM_ECDH1_DERIVE, CKF_DERIVE,
                           "does not offer ECDH, so nothing can be encrypted to its keys on P-256; "
                           "an RSA key may do");
  }
  if (type.kind != crypto::KeyType::rsa || type.bits < 2048)
    return token_error(Reason::not_supported,
                       "a card's key is ec:P-256, or RSA of 2048 bits or more");
  BOOST_OUTCOME_TRY(check_mechanism(token, CKM_RSA_PKCS_KEY_PAIR_GEN, CKF_GENERATE_KEY_PAIR,
                                    "does not make RSA keys"));
  return check_mechanism(token, CKM_RSA_PKCS_OAEP, CKF_DECRYPT, "does not decrypt by RSA OAEP");
}

ObjectTemplate data_template(const DataName& name) {
  ObjectTemplate made;
  made.number(CKA_CLASS, CKO_DATA).flag(CKA_TOKEN, true);
  made.text(CKA_APPLICATION, name.application).text(CKA_LABEL, name.label);
  return made;
}

}  // namespace

TokenResult<Key> generate_card_key(TokenSession& token, const KeyWish& wish) {
  BOOST_OUTCOME_TRY(check_card_type(token, wish.type));
  CK_MECHANISM mechanism{row_of(*wish.type.kind).generation, nullptr, 0};
  CardTemplates made = templates_for(wish);
  CK_OBJECT_HANDLE handles[2] = {};
  const CK_RV rv = token.functions().C_GenerateKeyPair(
      token.handle(), &mechanism, made.open.data(), made.open.size(), made.secret.data(),
      made.secret.size(), &handles[0], &handles[1]);
  if (rv != CKR_OK)
    return token_error(rv, fmt::format("the {} key was not made", wish.type.text()));
  return token.key({wish.label, wish.id});
}

TokenResult<std::optional<Bytes>> read_data(const TokenSession& token, const DataName& name) {
  ObjectTemplate wanted = data_template(name);
  BOOST_OUTCOME_TRY(const auto found, token.find(wanted));
  if (found.empty()) return std::optional<Bytes>();
  if (found.size() > 1)
    return token_error(Reason::ambiguous,
                       fmt::format("the token has several data objects \"{}\"", name.label));
  auto value = token.attributes(found.front()).bytes(CKA_VALUE);
  if (!value)
    return token_error(Reason::failed,
                       fmt::format("the token does not show its data object \"{}\"", name.label));
  return value;
}

TokenResult<void> write_data(TokenSession& token, const DataName& name, ByteView value) {
  ObjectTemplate wanted = data_template(name);
  BOOST_OUTCOME_TRY(const auto former, token.find(wanted));
  for (const CK_OBJECT_HANDLE handle : former) {
    const CK_RV rv = token.functions().C_DestroyObject(token.handle(), handle);
    if (rv != CKR_OK)
      return token_error(rv, fmt::format("the data object \"{}\" cannot be replaced", name.label));
  }
  ObjectTemplate made = data_template(name);
  made.flag(CKA_PRIVATE, true).bytes(CKA_VALUE, value);
  CK_OBJECT_HANDLE handle = 0;
  const CK_RV rv =
      token.functions().C_CreateObject(token.handle(), made.data(), made.size(), &handle);
  if (rv != CKR_OK)
    return token_error(rv, fmt::format("the data object \"{}\" cannot be stored", name.label));
  return success();
}

}  // namespace signet::pkcs11
