#include "pkcs11-module/object/object_make.h"

#include <string_view>

#include "crypto/certificate_parts.h"
#include "crypto/der.h"
#include "crypto/digest.h"

namespace signet::object {
namespace {

// CKA_CHECK_VALUE of a certificate: the first three bytes of its SHA-1 (PKCS#11 3.0, 4.6.2).
CkResult<Bytes> check_value(const std::shared_ptr<crypto::Context>& context, ByteView der) {
  static constexpr std::size_t kCheckLength = 3;
  BOOST_OUTCOME_TRY(auto value, crypto::digest_of(context, crypto::Hash::sha1, der));
  value.resize(kCheckLength);
  return value;
}

void set_text(Object& object, CK_ATTRIBUTE_TYPE type, std::string_view text) {
  set_own(object, type, view_of(text));
}

// Neither changed nor destroyed by clients.
void fix(Object& object) {
  object.own.set_bool(CKA_MODIFIABLE, false);
  object.own.set_bool(CKA_DESTROYABLE, false);
}

Object half_of_key(CK_OBJECT_CLASS object_class, const PublicKeyPtr& public_key,
                   const transport::KeyInfo& key, const KeyTraits& traits) {
  Object object;
  object.object_class = object_class;
  object.origin = Origin::appliance_key;
  object.appliance_id = key.id;
  object.public_key = public_key;
  set_own(object, CKA_LABEL, key.label);
  set_own(object, CKA_ID, key.cka_id);
  if (traits.wrapped_points && public_key->type() == crypto::KeyType::edwards)
    object.own.set(CKA_EC_POINT, der::encode(der::kOctetString, public_key->ec_point()));
  if (traits.fixed) fix(object);
  return object;
}

Object builtin(CK_OBJECT_CLASS object_class, CK_ATTRIBUTE_TYPE type, CK_ULONG value) {
  Object object;
  object.object_class = object_class;
  object.own.set_number(type, value);
  return object;
}

}  // namespace

void set_own(Object& object, CK_ATTRIBUTE_TYPE type, ByteView value) {
  object.own.erase(type);
  const auto shown = object.find(type);
  if (!shown || !equal(*shown, value)) object.own.set(type, value);
}

ObjectPtr seal(Object object) {
  object.own.shrink();
  return std::make_shared<const Object>(std::move(object));
}

CkResult<std::pair<ObjectPtr, ObjectPtr>> objects_of_key(std::shared_ptr<crypto::Context> context,
                                                         const transport::KeyInfo& key,
                                                         const KeyTraits& traits) {
  BOOST_OUTCOME_TRY(auto public_key,
                    crypto::PublicKey::from_spki(std::move(context), key.public_key));
  return objects_of_key(std::move(public_key), key, traits);
}

std::pair<ObjectPtr, ObjectPtr> objects_of_key(PublicKeyPtr public_key,
                                               const transport::KeyInfo& key,
                                               const KeyTraits& traits) {
  Object secret = half_of_key(CKO_PRIVATE_KEY, public_key, key, traits);
  secret.can_sign = key.active;
  secret.mechanisms = traits.signing(*public_key, key.active);
  if (!key.active) secret.own.set_bool(CKA_SIGN, false);
  if (traits.always_authenticate) secret.own.set_bool(CKA_ALWAYS_AUTHENTICATE, true);
  set_text(secret, CKA_UNIQUE_ID, key.id + ".private");

  Object open = half_of_key(CKO_PUBLIC_KEY, public_key, key, traits);
  open.mechanisms = traits.mechanisms_of(public_key->type()).verifying;
  if (public_key->type() == crypto::KeyType::rsa)
    open.own.set_number(CKA_MODULUS_BITS, public_key->bits());
  set_text(open, CKA_UNIQUE_ID, key.id + ".public");
  return {seal(std::move(secret)), seal(std::move(open))};
}

CK_ULONG category_of(bool authority, bool has_key) {
  if (has_key) return CK_CERTIFICATE_CATEGORY_TOKEN_USER;
  return authority ? CK_CERTIFICATE_CATEGORY_AUTHORITY : CK_CERTIFICATE_CATEGORY_UNSPECIFIED;
}

CkResult<Object> bare_certificate(const std::shared_ptr<crypto::Context>& context, ByteView der,
                                  const PublicKeyPtr& known) {
  const auto read = crypto::parse_certificate(der);
  if (!read) return ck_error(CKR_ATTRIBUTE_VALUE_INVALID, "the value is not one X.509 certificate");
  const crypto::CertificateParts& parts = *read;
  BOOST_OUTCOME_TRY(const auto check, check_value(context, der));
  Object object;
  object.object_class = CKO_CERTIFICATE;
  object.own.set(CKA_VALUE, der);
  const auto set_part = [&](CK_ATTRIBUTE_TYPE type, ByteView part) {
    object.own.set_part(type, CKA_VALUE, static_cast<std::size_t>(part.data() - der.data()),
                        part.size());
  };
  set_part(CKA_SUBJECT, parts.subject);
  set_part(CKA_ISSUER, parts.issuer);
  set_part(CKA_SERIAL_NUMBER, parts.serial_number);
  set_part(CKA_PUBLIC_KEY_INFO, parts.public_key);
  object.own.set(CKA_CHECK_VALUE, check);
  set_text(object, CKA_START_DATE, parts.start_date);
  set_text(object, CKA_END_DATE, parts.end_date);
  if (parts.authority) object.own.set_number(CKA_CERTIFICATE_CATEGORY, category_of(true, false));

  if (known && equal(known->spki(), parts.public_key)) {
    object.public_key = known;
  } else if (auto parsed = crypto::PublicKey::from_spki(context, parts.public_key)) {
    object.public_key = std::move(parsed).value();
  }
  return object;
}

CkResult<ObjectPtr> object_of_certificate(std::shared_ptr<crypto::Context> context,
                                          const transport::CertificateInfo& certificate,
                                          const PublicKeyPtr& known, bool fixed) {
  BOOST_OUTCOME_TRY(auto object, bare_certificate(context, certificate.der, known));
  object.origin = Origin::appliance_certificate;
  object.appliance_id = certificate.id;
  if (!certificate.key_id.empty())
    object.own.set_number(CKA_CERTIFICATE_CATEGORY, category_of(false, true));
  set_own(object, CKA_LABEL, certificate.label);
  set_own(object, CKA_ID, certificate.cka_id);
  set_text(object, CKA_UNIQUE_ID, certificate.id + ".certificate");
  if (fixed) fix(object);
  return seal(std::move(object));
}

std::vector<ObjectPtr> builtin_objects(std::span<const CK_MECHANISM_TYPE> mechanisms) {
  std::vector<ObjectPtr> objects;
  for (const CK_ULONG profile : {CKP_BASELINE_PROVIDER, CKP_EXTENDED_PROVIDER,
                                 CKP_AUTHENTICATION_TOKEN, CKP_PUBLIC_CERTIFICATES_TOKEN}) {
    objects.push_back(seal(builtin(CKO_PROFILE, CKA_PROFILE_ID, profile)));
  }
  for (const CK_MECHANISM_TYPE mechanism : mechanisms)
    objects.push_back(seal(builtin(CKO_MECHANISM, CKA_MECHANISM_TYPE, mechanism)));
  Object screen;
  screen.object_class = CKO_HW_FEATURE;
  objects.push_back(seal(std::move(screen)));
  return objects;
}

}  // namespace signet::object
