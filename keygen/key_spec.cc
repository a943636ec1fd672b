#include "keygen/key_spec.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <iterator>
#include <optional>
#include <string_view>

#include "common/log.h"
#include "crypto/algorithm_table.h"

namespace signet::keygen {
namespace {

using transport::KeySpec;
using transport::KeyType;

constexpr std::size_t kMaxIdLength = 255;                       // bytes; the appliance's limit
constexpr std::size_t kMaxLabelLength = 1024;                   // bytes; more is no label
constexpr std::uint8_t kPublicExponent[] = {0x01, 0x00, 0x01};  // 65537

// What a template may say of an attribute.
enum class Say {
  must_be_true,   // CK_TRUE or absent
  must_be_false,  // CK_FALSE or absent
  use,            // a use that the key cannot have: passed over
  nothing,        // empty or absent
  never,          // only the appliance says it
};

enum class Half { public_key, private_key, both };

struct Rule {
  CK_ATTRIBUTE_TYPE type;
  std::string_view name;
  Half half;
  Say say;
  std::string_view why;
};

static constexpr std::string_view kByAppliance = "is set by the appliance alone";
constexpr std::string_view kChangeable = "cannot be kept by the appliance";

static constexpr Rule kRules[] = {
    {CKA_TOKEN, "CKA_TOKEN", Half::private_key, Say::must_be_true,
     "must be true: the appliance keeps every key that it makes"},
    {CKA_PRIVATE, "CKA_PRIVATE", Half::private_key, Say::must_be_true,
     "must be true: private keys need the login"},
    {CKA_PRIVATE, "CKA_PRIVATE", Half::public_key, Say::must_be_false,
     "must be false: public keys are visible without login"},
    {CKA_SENSITIVE, "CKA_SENSITIVE", Half::private_key, Say::must_be_true,
     "must be true: private keys never leave the appliance"},
    {CKA_EXTRACTABLE, "CKA_EXTRACTABLE", Half::private_key, Say::must_be_false,
     "must be false: private keys never leave the appliance"},
    {CKA_SIGN, "CKA_SIGN", Half::private_key, Say::must_be_true,
     "must be true: the appliance's keys sign"},
    {CKA_MODIFIABLE, "CKA_MODIFIABLE", Half::both, Say::must_be_true, kChangeable},
    {CKA_DESTROYABLE, "CKA_DESTROYABLE", Half::both, Say::must_be_true, kChangeable},
    {CKA_TRUSTED, "CKA_TRUSTED", Half::both, Say::must_be_false, kChangeable},
    {CKA_ALLOWED_MECHANISMS, "CKA_ALLOWED_MECHANISMS", Half::both, Say::nothing, kChangeable},
    {CKA_DECRYPT, "CKA_DECRYPT", Half::private_key, Say::use, {}},
    {CKA_SIGN_RECOVER, "CKA_SIGN_RECOVER", Half::private_key, Say::use, {}},
    {CKA_UNWRAP, "CKA_UNWRAP", Half::private_key, Say::use, {}},
    {CKA_DERIVE, "CKA_DERIVE", Half::private_key, Say::use, {}},
    {CKA_LOCAL, "CKA_LOCAL", Half::both, Say::never, kByAppliance},
    {CKA_KEY_GEN_MECHANISM, "CKA_KEY_GEN_MECHANISM", Half::both, Say::never, kByAppliance},
    {CKA_ALWAYS_SENSITIVE, "CKA_ALWAYS_SENSITIVE", Half::both, Say::never, kByAppliance},
    {CKA_NEVER_EXTRACTABLE, "CKA_NEVER_EXTRACTABLE", Half::both, Say::never, kByAppliance},
    {CKA_UNIQUE_ID, "CKA_UNIQUE_ID", Half::both, Say::never, kByAppliance},
    {CKA_PUBLIC_KEY_INFO, "CKA_PUBLIC_KEY_INFO", Half::both, Say::never, kByAppliance},
    {CKA_MODULUS, "CKA_MODULUS", Half::both, Say::never, kByAppliance},
    {CKA_PRIVATE_EXPONENT, "CKA_PRIVATE_EXPONENT", Half::both, Say::never, kByAppliance},
    {CKA_PRIME_1, "CKA_PRIME_1", Half::both, Say::never, kByAppliance},
    {CKA_PRIME_2, "CKA_PRIME_2", Half::both, Say::never, kByAppliance},
    {CKA_EXPONENT_1, "CKA_EXPONENT_1", Half::both, Say::never, kByAppliance},
    {CKA_EXPONENT_2, "CKA_EXPONENT_2", Half::both, Say::never, kByAppliance},
    {CKA_COEFFICIENT, "CKA_COEFFICIENT", Half::both, Say::never, kByAppliance},
    {CKA_EC_POINT, "CKA_EC_POINT", Half::both, Say::never, kByAppliance},
    {CKA_VALUE, "CKA_VALUE", Half::both, Say::never, kByAppliance},
};

// Reads one template; every error names the attribute.
class TemplateReader {
 public:
  TemplateReader(Template entries, std::string_view name) : entries_(entries), name_(name) {}

  std::optional<ByteView> find(CK_ATTRIBUTE_TYPE type) const {
    const auto found = std::find_if(entries_.begin(), entries_.end(),
                                    [&](const TemplateEntry& entry) { return entry.type == type; });
    if (found == entries_.end()) return std::nullopt;
    return found->value;
  }

  CkResult<std::optional<bool>> flag(CK_ATTRIBUTE_TYPE type, std::string_view attribute) const {
    const auto value = find(type);
    if (!value) return std::optional<bool>{};
    if (value->size() != sizeof(CK_BBOOL)) return wrong(attribute, "is not a boolean");
    return std::optional<bool>(value->front() != CK_FALSE);
  }

  CkResult<std::optional<CK_ULONG>> number(CK_ATTRIBUTE_TYPE type,
                                           std::string_view attribute) const {
    const auto value = find(type);
    if (!value) return std::optional<CK_ULONG>{};
    CK_ULONG number = 0;
    if (value->size() != sizeof number) return wrong(attribute, "is not a CK_ULONG");
    std::memcpy(&number, value->data(), sizeof number);
    return std::optional<CK_ULONG>(number);
  }

  CkError wrong(std::string_view attribute, std::string_view why,
                CK_RV rv = CKR_ATTRIBUTE_VALUE_INVALID) const {
    return ck_error(rv, fmt::format("{} in the {} template {}", attribute, name_, why));
  }

 private:
  Template entries_;
  std::string_view name_;
};

CkResult<void> check_rule(const TemplateReader& reader, const Rule& rule) {
  const auto value = reader.find(rule.type);
  if (!value) return success();
  if (rule.say == Say::never) return reader.wrong(rule.name, rule.why, CKR_ATTRIBUTE_READ_ONLY);
  if (rule.say == Say::nothing) {
    if (value->empty()) return success();
    return reader.wrong(rule.name, rule.why, CKR_TEMPLATE_INCONSISTENT);
  }
  BOOST_OUTCOME_TRY(const auto flag, reader.flag(rule.type, rule.name));
  const bool right = flag.value_or(false) == (rule.say == Say::must_be_true);
  if (rule.say == Say::use || right) return success();
  return reader.wrong(rule.name, rule.why, CKR_TEMPLATE_INCONSISTENT);
}

CkResult<void> check_rules(const TemplateReader& reader, Half half) {
  for (const Rule& rule : kRules) {
    if (rule.half != Half::both && rule.half != half) continue;
    BOOST_OUTCOME_TRY(check_rule(reader, rule));
  }
  return success();
}

// A template that wants uses, but not the only one that there is.
CkResult<void> check_uses(const TemplateReader& reader) {
  if (reader.find(CKA_SIGN)) return success();  // true, as the rules say
  for (const Rule& rule : kRules) {
    if (rule.say != Say::use) continue;
    BOOST_OUTCOME_TRY(const auto wanted, reader.flag(rule.type, rule.name));
    if (wanted.value_or(false)) {
      return reader.wrong(rule.name,
                          "asks for a use that the appliance does not have, and CKA_SIGN is absent",
                          CKR_TEMPLATE_INCONSISTENT);
    }
  }
  return success();
}

CkResult<void> check_authentication(const TemplateReader& reader, const KeyPolicy& policy) {
  BOOST_OUTCOME_TRY(const auto wanted,
                    reader.flag(CKA_ALWAYS_AUTHENTICATE, "CKA_ALWAYS_AUTHENTICATE"));
  if (!wanted || *wanted == policy.second_credential) return success();
  if (!*wanted) return success();  // more protection than was asked for
  return reader.wrong("CKA_ALWAYS_AUTHENTICATE",
                      "asks for a second credential, which this account does not have",
                      CKR_TEMPLATE_INCONSISTENT);
}

struct Templates {
  TemplateReader open;
  TemplateReader secret;

  // The value in either, equal where in both; empty where in none.
  CkResult<std::optional<ByteView>> either(CK_ATTRIBUTE_TYPE type, std::string_view name) const {
    const auto in_open = open.find(type);
    const auto in_secret = secret.find(type);
    if (in_open && in_secret && !equal(*in_open, *in_secret)) {
      return ck_error(CKR_TEMPLATE_INCONSISTENT,
                      fmt::format("{} differs between the two templates", name));
    }
    return in_open ? in_open : in_secret;
  }
};

// CKA_CLASS and CKA_KEY_TYPE, which may be absent.
CkResult<void> check_kind(const TemplateReader& reader, CK_OBJECT_CLASS object_class,
                          CK_KEY_TYPE key_type) {
  BOOST_OUTCOME_TRY(const auto given_class, reader.number(CKA_CLASS, "CKA_CLASS"));
  if (given_class.value_or(object_class) != object_class)
    return reader.wrong("CKA_CLASS", "contradicts the template's place", CKR_TEMPLATE_INCONSISTENT);
  BOOST_OUTCOME_TRY(const auto given_type, reader.number(CKA_KEY_TYPE, "CKA_KEY_TYPE"));
  if (given_type.value_or(key_type) != key_type)
    return reader.wrong("CKA_KEY_TYPE", "contradicts the mechanism", CKR_TEMPLATE_INCONSISTENT);
  return success();
}

CkResult<void> check_exponent(const Templates& templates) {
  BOOST_OUTCOME_TRY(const auto exponent,
                    templates.either(CKA_PUBLIC_EXPONENT, "CKA_PUBLIC_EXPONENT"));
  if (!exponent) return success();
  const auto first =
      std::find_if(exponent->begin(), exponent->end(), [](std::uint8_t byte) { return byte != 0; });
  if (std::equal(first, exponent->end(), std::begin(kPublicExponent), std::end(kPublicExponent)))
    return success();
  return ck_error(CKR_ATTRIBUTE_VALUE_INVALID, "the public exponent must be 65537");
}

CkResult<void> read_rsa(const Templates& templates, KeySpec& spec) {
  BOOST_OUTCOME_TRY(templates.either(CKA_MODULUS_BITS, "CKA_MODULUS_BITS"));
  BOOST_OUTCOME_TRY(auto bits, templates.open.number(CKA_MODULUS_BITS, "CKA_MODULUS_BITS"));
  if (!bits) {
    BOOST_OUTCOME_TRY(bits, templates.secret.number(CKA_MODULUS_BITS, "CKA_MODULUS_BITS"));
  }
  if (!bits) return ck_error(CKR_TEMPLATE_INCOMPLETE, "the templates have no CKA_MODULUS_BITS");
  if (*bits < row_of(KeyType::rsa).least_bits || *bits > row_of(KeyType::rsa).most_bits ||
      *bits % 8 != 0)
    return ck_error(CKR_KEY_SIZE_RANGE, fmt::format("RSA keys of {} bits are not made", *bits));
  BOOST_OUTCOME_TRY(check_exponent(templates));
  spec.bits = static_cast<unsigned>(*bits);
  return success();
}

CkResult<void> read_curve(const Templates& templates, KeySpec& spec) {
  BOOST_OUTCOME_TRY(const auto params, templates.either(CKA_EC_PARAMS, "CKA_EC_PARAMS"));
  if (!params) return ck_error(CKR_TEMPLATE_INCOMPLETE, "the templates have no CKA_EC_PARAMS");
  auto curve = crypto::curve_of_params(*params);
  if (!curve) {
    CkError error = curve.error();
    if (error.rv == CKR_ATTRIBUTE_VALUE_INVALID) error.rv = CKR_DOMAIN_PARAMS_INVALID;
    return error;
  }
  if (curve.value()->type != spec.type) {
    return ck_error(CKR_CURVE_NOT_SUPPORTED,
                    "the curve in CKA_EC_PARAMS does not belong to the mechanism");
  }
  spec.curve = curve.value()->curve;
  return success();
}

// The appliance has one label and one id for both halves.
Bytes name_in(const Templates& templates, CK_ATTRIBUTE_TYPE type, std::string_view attribute) {
  const ByteView open = templates.open.find(type).value_or(ByteView{});
  const ByteView secret = templates.secret.find(type).value_or(ByteView{});
  if (!open.empty() && !secret.empty() && !equal(open, secret)) {
    log::warn("{} differs between the halves of the new key pair: both have the private half's",
              attribute);
  }
  return copy_of(secret.empty() ? open : secret);
}

CkResult<void> read_names(const Templates& templates, KeySpec& spec) {
  spec.label = name_in(templates, CKA_LABEL, "CKA_LABEL");
  spec.cka_id = name_in(templates, CKA_ID, "CKA_ID");
  if (spec.label.size() > kMaxLabelLength)
    return ck_error(CKR_ATTRIBUTE_VALUE_INVALID, "CKA_LABEL is longer than 1024 bytes");
  if (spec.cka_id.size() > kMaxIdLength)
    return ck_error(CKR_ATTRIBUTE_VALUE_INVALID, "CKA_ID is longer than 255 bytes");
  return success();
}

// A program may take a key for its own that the appliance keeps for everybody.
void tell_what_is_kept(const Templates& templates) {
  if (!templates.secret.find(CKA_TOKEN)) {
    log::warn(
        "the private template has no CKA_TOKEN: the appliance keeps the new key all the same, "
        "until "
        "it is destroyed");
  }
  const auto open = templates.open.flag(CKA_TOKEN, "CKA_TOKEN");
  if (open && !open.value().value_or(true)) {
    log::info("CKA_TOKEN false in the public template is passed over: both halves are kept");
  }
}

}  // namespace

CkResult<KeySpec> key_spec(CK_MECHANISM_TYPE mechanism, Template public_template,
                           Template private_template, const KeyPolicy& policy) {
  const crypto::KeyTypeRow* row = crypto::key_type_made_by(mechanism);
  if (row == nullptr)
    return ck_error(CKR_MECHANISM_INVALID, "the mechanism does not make key pairs");
  const Templates templates{{public_template, "public"}, {private_template, "private"}};
  BOOST_OUTCOME_TRY(check_kind(templates.open, CKO_PUBLIC_KEY, row->number));
  BOOST_OUTCOME_TRY(check_kind(templates.secret, CKO_PRIVATE_KEY, row->number));
  BOOST_OUTCOME_TRY(check_rules(templates.open, Half::public_key));
  BOOST_OUTCOME_TRY(check_rules(templates.secret, Half::private_key));
  BOOST_OUTCOME_TRY(check_uses(templates.secret));
  BOOST_OUTCOME_TRY(check_authentication(templates.secret, policy));
  KeySpec spec;
  spec.type = row->type;
  BOOST_OUTCOME_TRY(spec.type == KeyType::rsa ? read_rsa(templates, spec)
                                              : read_curve(templates, spec));
  BOOST_OUTCOME_TRY(read_names(templates, spec));
  tell_what_is_kept(templates);
  return spec;
}

}  // namespace signet::keygen
