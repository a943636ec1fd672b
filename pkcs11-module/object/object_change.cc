#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "crypto/certificate_parts.h"
#include "crypto/der.h"
#include "pkcs11-module/object/object.h"
#include "pkcs11-module/object/object_make.h"

// C_CreateObject, C_CopyObject and C_SetAttributeValue, after the tables of attribute_rules.h.
namespace signet::object {
namespace {

CkError refused(CK_RV rv, CK_ATTRIBUTE_TYPE type, std::string_view why) {
  return ck_error(rv, fmt::format("attribute 0x{:08x} {}", type, why));
}

// Appliances keep certificates with label and id, and nothing else of what a template may say.
constexpr CK_ATTRIBUTE_TYPE kNeverKept[] = {CKA_PRIVATE,
                                            CKA_MODIFIABLE,
                                            CKA_COPYABLE,
                                            CKA_DESTROYABLE,
                                            CKA_URL,
                                            CKA_HASH_OF_SUBJECT_PUBLIC_KEY,
                                            CKA_HASH_OF_ISSUER_PUBLIC_KEY,
                                            CKA_JAVA_MIDP_SECURITY_DOMAIN,
                                            CKA_NAME_HASH_ALGORITHM};

// What a caller may say of a copy beside what C_SetAttributeValue changes (PKCS#11 3.0, 5.7.2).
constexpr CK_ATTRIBUTE_TYPE kSaidOfCopies[] = {CKA_PRIVATE, CKA_MODIFIABLE, CKA_COPYABLE,
                                               CKA_DESTROYABLE};

template <std::size_t N>
bool contains(const CK_ATTRIBUTE_TYPE (&list)[N], CK_ATTRIBUTE_TYPE type) {
  return std::find(std::begin(list), std::end(list), type) != std::end(list);
}

CkResult<void> check_id(ByteView id) {
  if (id.size() > kMaxIdLength)
    return refused(CKR_ATTRIBUTE_VALUE_INVALID, CKA_ID, "is longer than 255 bytes");
  return success();
}

CkResult<CK_OBJECT_CLASS> class_to_make(const AttributeSet& attributes) {
  const auto object_class = attributes.number(CKA_CLASS);
  if (!object_class) return ck_error(CKR_TEMPLATE_INCOMPLETE, "the template has no CKA_CLASS");
  switch (*object_class) {
    case CKO_CERTIFICATE:
    case CKO_PUBLIC_KEY:
    case CKO_DATA:
      return *object_class;
    case CKO_PRIVATE_KEY:
    case CKO_SECRET_KEY:
      return ck_error(CKR_TEMPLATE_INCONSISTENT,
                      "keys cannot be imported: an appliance makes its keys itself "
                      "(C_GenerateKeyPair)");
    case CKO_DOMAIN_PARAMETERS:
    case CKO_HW_FEATURE:
    case CKO_MECHANISM:
    case CKO_PROFILE:
      return ck_error(CKR_TEMPLATE_INCONSISTENT, "objects of this class cannot be created");
    default:
      return ck_error(CKR_ATTRIBUTE_VALUE_INVALID,
                      fmt::format("objects of class 0x{:08x} are not known", *object_class));
  }
}

CkResult<Family> family_to_make(CK_OBJECT_CLASS object_class, const AttributeSet& attributes) {
  if (object_class != CKO_PUBLIC_KEY) return Family::any;
  const auto type = attributes.number(CKA_KEY_TYPE);
  if (!type) return ck_error(CKR_TEMPLATE_INCOMPLETE, "the template has no CKA_KEY_TYPE");
  const auto* row = crypto::key_type_numbered(*type);
  if (row == nullptr)
    return ck_error(CKR_ATTRIBUTE_VALUE_INVALID, "the key type is neither RSA nor EC");
  return family_of(row->type);
}

bool in_another_family(CK_OBJECT_CLASS object_class, CK_ATTRIBUTE_TYPE type) {
  const auto rules = rules_of(object_class);
  return std::any_of(rules.begin(), rules.end(),
                     [&](const AttributeRule& rule) { return rule.type == type; });
}

// That each attribute may be given, and that none is missing.
CkResult<void> check_template(CK_OBJECT_CLASS object_class, Family family,
                              const AttributeSet& attributes) {
  for (std::size_t i = 0; i < attributes.size(); ++i) {
    const auto type = attributes.at(i).type;
    const auto* rule = rule_for(object_class, type, family);
    if (rule == nullptr && in_another_family(object_class, type))
      return refused(CKR_TEMPLATE_INCONSISTENT, type, "does not belong to this type of key");
    if (rule == nullptr)
      return refused(CKR_ATTRIBUTE_TYPE_INVALID, type, "does not belong to this class");
    if (rule->making == Making::refused)
      return refused(CKR_ATTRIBUTE_READ_ONLY, type, "is set by the token alone");
  }
  for (const AttributeRule& rule : rules_of(object_class)) {
    if (rule.making != Making::required) continue;
    if (rule.family != Family::any && rule.family != family) continue;
    if (!attributes.contains(rule.type))
      return refused(CKR_TEMPLATE_INCOMPLETE, rule.type, "is missing");
  }
  return success();
}

ByteView value_or_empty(const AttributeSet& attributes, CK_ATTRIBUTE_TYPE type) {
  return attributes.find(type).value_or(ByteView{});
}

CkResult<Object> bare_public_key(const std::shared_ptr<crypto::Context>& context, Family family,
                                 const AttributeSet& attributes) {
  const auto value = [&](CK_ATTRIBUTE_TYPE type) { return value_or_empty(attributes, type); };
  auto parsed =
      family == Family::rsa
          ? crypto::PublicKey::from_rsa(context, value(CKA_MODULUS), value(CKA_PUBLIC_EXPONENT))
          : crypto::PublicKey::from_ec(context, value(CKA_EC_PARAMS), value(CKA_EC_POINT));
  BOOST_OUTCOME_TRY(auto key, std::move(parsed));
  if (row_of(key->type()).number != attributes.number(CKA_KEY_TYPE))
    return ck_error(CKR_TEMPLATE_INCONSISTENT, "the key type and the curve contradict each other");
  Object object;
  object.object_class = CKO_PUBLIC_KEY;
  object.public_key = std::move(key);
  object.own.set_bool(CKA_LOCAL, false);
  object.own.set_number(CKA_KEY_GEN_MECHANISM, CK_UNAVAILABLE_INFORMATION);
  if (family == Family::rsa) object.own.set_number(CKA_MODULUS_BITS, object.public_key->bits());
  return object;
}

CkResult<Object> bare_object(const std::shared_ptr<crypto::Context>& context,
                             CK_OBJECT_CLASS object_class, Family family,
                             const AttributeSet& attributes) {
  if (object_class == CKO_CERTIFICATE)
    return bare_certificate(context, value_or_empty(attributes, CKA_VALUE), nullptr);
  if (object_class == CKO_PUBLIC_KEY) return bare_public_key(context, family, attributes);
  Object data;
  data.object_class = CKO_DATA;
  return data;
}

// Java gives a serial number as the bare number, without the DER's tag and length.
bool agree(CK_ATTRIBUTE_TYPE type, ByteView shown, ByteView given) {
  if (equal(shown, given)) return true;
  if (type != CKA_SERIAL_NUMBER) return false;
  const auto bare = der::only(der::kInteger, shown);
  return bare && equal(*bare, given);
}

// The object that a template describes, whether it is to be a session's or a token's.
CkResult<Object> described(const std::shared_ptr<crypto::Context>& context,
                           const AttributeSet& attributes) {
  BOOST_OUTCOME_TRY(const auto object_class, class_to_make(attributes));
  BOOST_OUTCOME_TRY(const auto family, family_to_make(object_class, attributes));
  BOOST_OUTCOME_TRY(check_template(object_class, family, attributes));
  BOOST_OUTCOME_TRY(auto object, bare_object(context, object_class, family, attributes));
  for (std::size_t i = 0; i < attributes.size(); ++i) {
    const auto given = attributes.at(i);
    const auto making = object.rule(given.type)->making;
    if (making == Making::taken) set_own(object, given.type, given.value);
    if (making != Making::agrees || given.value.empty()) continue;
    const auto shown = object.find(given.type);
    if (!shown || !agree(given.type, *shown, given.value))
      return refused(CKR_TEMPLATE_INCONSISTENT, given.type, "contradicts the object's value");
  }
  return object;
}

CkResult<ObjectPtr> as_session_object(Object object) {
  Bytes random(16);
  BOOST_OUTCOME_TRY(crypto::random_bytes(random));
  object.own.set(CKA_UNIQUE_ID, view_of("session." + to_hex(random)));
  object.own.set_bool(CKA_TOKEN, false);
  return seal(std::move(object));
}

}  // namespace

CkResult<ObjectPtr> session_object(std::shared_ptr<crypto::Context> context,
                                   const AttributeSet& attributes) {
  BOOST_OUTCOME_TRY(auto object, described(context, attributes));
  if (attributes.flag(CKA_TOKEN)) {
    return ck_error(CKR_TEMPLATE_INCONSISTENT,
                    "only certificates can be stored; the public half of each key of the appliance "
                    "is there already");
  }
  return as_session_object(std::move(object));
}

CkResult<NewCertificate> new_certificate(std::shared_ptr<crypto::Context> context,
                                         const AttributeSet& attributes) {
  BOOST_OUTCOME_TRY(const auto object, described(context, attributes));
  if (object.object_class != CKO_CERTIFICATE || !attributes.flag(CKA_TOKEN))
    return ck_error(
        CKR_TEMPLATE_INCONSISTENT,
        "only certificates can be stored on the token: an appliance keeps no data and no keys "
        "but its own; session objects can be made of all");
  for (const auto type : kNeverKept) {
    if (object.own.contains(type))
      return refused(CKR_TEMPLATE_INCONSISTENT, type, "asks for what the appliance does not keep");
  }
  NewCertificate result{copy_of(value_or_empty(attributes, CKA_VALUE)),
                        copy_of(value_or_empty(attributes, CKA_LABEL)),
                        copy_of(value_or_empty(attributes, CKA_ID)),
                        crypto::parse_certificate(value_or_empty(attributes, CKA_VALUE))->authority,
                        attributes.number(CKA_CERTIFICATE_CATEGORY)};
  BOOST_OUTCOME_TRY(check_id(result.id));
  return result;
}

CkResult<void> check_category(const NewCertificate& certificate, bool has_key) {
  const CK_ULONG wanted = certificate.category.value_or(CK_CERTIFICATE_CATEGORY_UNSPECIFIED);
  if (wanted == CK_CERTIFICATE_CATEGORY_UNSPECIFIED) return success();
  if (wanted == category_of(certificate.authority, has_key)) return success();
  return refused(CKR_TEMPLATE_INCONSISTENT, CKA_CERTIFICATE_CATEGORY,
                 "contradicts the certificate: on the token it says whether a key belongs to it, "
                 "and whether it is an authority's");
}

CkResult<Change> change_of(const Object& object, const AttributeSet& attributes) {
  // Of the appliance's objects the token itself has the last word.
  if (!object.flag(CKA_MODIFIABLE) && object.origin == Origin::none)
    return ck_error(CKR_ACTION_PROHIBITED, "the object cannot be changed: CKA_MODIFIABLE is false");
  Change change;
  for (std::size_t i = 0; i < attributes.size(); ++i) {
    const auto [type, value] = attributes.at(i);
    const auto* rule = object.rule(type);
    if (rule == nullptr)
      return refused(CKR_ATTRIBUTE_TYPE_INVALID, type, "does not belong to this object");
    const auto shown = object.find(type);
    if (shown && equal(*shown, value)) continue;
    if (!rule->changeable) return refused(CKR_ATTRIBUTE_READ_ONLY, type, "cannot be changed");
    (type == CKA_LABEL ? change.label : change.id) = copy_of(value);
  }
  if (change.id) {
    BOOST_OUTCOME_TRY(check_id(*change.id));
  }
  return change;
}

CkResult<ObjectPtr> session_copy_of(const Object& object, const AttributeSet& changes) {
  if (!object.flag(CKA_COPYABLE))
    return ck_error(CKR_ACTION_PROHIBITED, "the object cannot be copied: CKA_COPYABLE is false");
  if (changes.flag(CKA_TOKEN))
    return ck_error(CKR_TEMPLATE_INCONSISTENT, "copies can only be session objects");
  Object copy = object;
  if (copy.origin != Origin::none) {
    copy.own.erase(CKA_MODIFIABLE);
    copy.own.erase(CKA_DESTROYABLE);
  }
  copy.origin = Origin::none;
  copy.appliance_id.clear();
  AttributeSet rest;
  for (std::size_t i = 0; i < changes.size(); ++i) {
    const auto [type, value] = changes.at(i);
    if (type == CKA_TOKEN) continue;
    if (contains(kSaidOfCopies, type)) {
      set_own(copy, type, value);
    } else {
      rest.set(type, value);
    }
  }
  // What a copy may be told holds for originals that cannot be changed themselves, too.
  Object changeable = object;
  changeable.own.set_bool(CKA_MODIFIABLE, true);
  BOOST_OUTCOME_TRY(const auto change, change_of(changeable, rest));
  if (change.label) set_own(copy, CKA_LABEL, *change.label);
  if (change.id) set_own(copy, CKA_ID, *change.id);
  return as_session_object(std::move(copy));
}

ObjectPtr with_change(const Object& object, const Change& change) {
  Object changed = object;
  if (change.label) set_own(changed, CKA_LABEL, *change.label);
  if (change.id) set_own(changed, CKA_ID, *change.id);
  return seal(std::move(changed));
}

}  // namespace signet::object
