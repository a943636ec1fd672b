#include "tests/fuzz/support/caller.h"

#include <iterator>

#include "pkcs11-module/mechanism/offer.h"
#include "pkcs11-module/object/attributes.h"
#include "tests/fuzz/support/fuzzed_module.h"

namespace signet::fuzz {
namespace {

constexpr std::size_t kMostAttributes = 24;
constexpr std::size_t kAlignments = 8;

constexpr CK_ATTRIBUTE_TYPE kTypes[] = {
    CKA_CLASS,
    CKA_TOKEN,
    CKA_PRIVATE,
    CKA_LABEL,
    CKA_ID,
    CKA_VALUE,
    CKA_KEY_TYPE,
    CKA_CERTIFICATE_TYPE,
    CKA_EC_PARAMS,
    CKA_EC_POINT,
    CKA_MODULUS,
    CKA_PUBLIC_EXPONENT,
    CKA_MODULUS_BITS,
    CKA_SIGN,
    CKA_VERIFY,
    CKA_SUBJECT,
    CKA_ISSUER,
    CKA_SERIAL_NUMBER,
    CKA_MODIFIABLE,
    CKA_COPYABLE,
    CKA_DESTROYABLE,
    CKA_SENSITIVE,
    CKA_EXTRACTABLE,
    CKA_ALWAYS_SENSITIVE,
    CKA_LOCAL,
    CKA_KEY_GEN_MECHANISM,
    CKA_DERIVE,
    CKA_ENCRYPT,
    CKA_DECRYPT,
    CKA_WRAP,
    CKA_UNWRAP,
    CKA_SIGN_RECOVER,
    CKA_VERIFY_RECOVER,
    CKA_START_DATE,
    CKA_END_DATE,
    CKA_CHECK_VALUE,
    CKA_UNIQUE_ID,
    CKA_PUBLIC_KEY_INFO,
    CKA_TRUSTED,
    CKA_CERTIFICATE_CATEGORY,
    CKA_APPLICATION,
    CKA_OBJECT_ID,
    CKA_URL,
    CKA_ALLOWED_MECHANISMS,
    CKA_PRIVATE_EXPONENT,
    CKA_PRIME_1,
    CKA_ALWAYS_AUTHENTICATE,
    CKA_WRAP_WITH_TRUSTED,
    CKA_WRAP_TEMPLATE,
    CKA_UNWRAP_TEMPLATE,
    CKA_HW_FEATURE_TYPE,
    CKA_PROFILE_ID,
    CKA_MECHANISM_TYPE,
    CKA_VALUE_LEN,
    CKA_HASH_OF_SUBJECT_PUBLIC_KEY,
    CKA_JAVA_MIDP_SECURITY_DOMAIN,
};

constexpr CK_ULONG kNumbers[] = {
    0,
    1,
    2,
    3,
    4,
    5,
    6,
    7,
    8,
    9,
    CKO_PROFILE,
    CKK_EC_EDWARDS,
    1024,
    2048,
    4096,
    16384,
    CKM_EC_KEY_PAIR_GEN,
    CK_UNAVAILABLE_INFORMATION,
    CKO_VENDOR_DEFINED,
    0x100000000,
};

const std::vector<Bytes>& known_values() {
  static const std::vector<Bytes> values{
      {},
      copy_of(view_of("rsa")),
      copy_of(view_of("ec")),
      {1},
      {2},
      *from_hex("06082a8648ce3d030107"),
      *from_hex("06052b81040022"),
      *from_hex("06032b6570"),
      *from_hex("06052b8104000a"),
      *from_hex("1309736563703235367231"),
      *from_hex("010001"),
      *from_hex("0000010001"),
      copy_of(view_of("20260101")),
      ec_point(),
      rsa_modulus(),
      certificates()[0],
      certificates()[1],
      certificates()[2],
  };
  return values;
}

template <typename T>
Bytes bytes_of(const T& value) {
  Bytes bytes(sizeof value);
  std::memcpy(bytes.data(), &value, sizeof value);
  return bytes;
}

template <typename T, std::size_t size>
CK_ULONG one_of(Input& input, const T (&list)[size]) {
  const std::size_t choice = input.byte();
  return choice < size ? list[choice] : input.number();
}

Bytes value_of(Input& input, std::size_t form) {
  switch (form) {
    case 0:
      return input.bytes(input.byte());
    case 1:
      return {input.byte()};
    case 2:
      return bytes_of(one_of(input, kNumbers));
    default:
      return known_values()[input.below(known_values().size())];
  }
}

}  // namespace

CK_ATTRIBUTE_TYPE attribute_type(Input& input) {
  return one_of(input, kTypes);
}

CK_MECHANISM_TYPE mechanism_type(Input& input) {
  const auto& rows = crypto::mechanisms();
  const std::size_t choice = input.byte();
  if (choice < std::size(rows)) return rows[choice].type;
  return choice == 255 ? input.number() : CK_MECHANISM_TYPE{CKM_AES_CBC};
}

void* Template::keep(ByteView value, std::size_t shift) {
  return values_.emplace_back(value, shift).data();
}

// The form of a value, with its alignment in the same byte.
CK_ATTRIBUTE Template::give_one(Input& input) {
  CK_ATTRIBUTE attribute{attribute_type(input), nullptr, 0};
  const std::size_t form = input.byte();
  const std::size_t shift = (form >> 4) % kAlignments;
  switch (form % 16) {
    case 10:  // NULL, but not empty
      attribute.ulValueLen = 1 + input.below(64);
      break;
    case 11:
      break;
    case 12:  // longer than any value may be: not to be looked at
      attribute.pValue = keep({}, shift);
      attribute.ulValueLen = object::kMaxObjectValueLength + 1 + (input.number() >> 1);
      break;
    case 13:  // what the attribute before it has
      if (!values_.empty() && values_.back().size() > 0) {
        const std::size_t start = input.below(values_.back().size());
        attribute.pValue = values_.back().data() + start;
        attribute.ulValueLen = values_.back().size() - start;
      }
      break;
    default: {
      const Bytes value = value_of(input, form % 4);
      attribute.pValue = keep(value, shift);
      attribute.ulValueLen = value.size();
    }
  }
  return attribute;
}

CK_ATTRIBUTE Template::ask_one(Input& input) {
  CK_ATTRIBUTE attribute{attribute_type(input), nullptr, 0};
  const std::size_t form = input.byte();
  const std::size_t shift = (form >> 4) % kAlignments;
  switch (form % 8) {
    case 0:
      attribute.ulValueLen = input.number();  // means nothing with NULL
      break;
    case 1:
      attribute.pValue = values_.emplace_back(input.byte(), shift).data();
      attribute.ulValueLen = values_.back().size();
      break;
    case 2:  // the room of the attribute before it, or a part of it
      if (!values_.empty()) {
        const std::size_t start = input.below(values_.back().size() + 1);
        attribute.pValue = values_.back().data() + start;
        attribute.ulValueLen = values_.back().size() - start;
      }
      break;
    default:
      attribute.pValue = values_.emplace_back(std::size_t{2048}, shift).data();
      attribute.ulValueLen = values_.back().size();
  }
  return attribute;
}

void Template::lay_out(const std::vector<CK_ATTRIBUTE>& attributes, std::size_t shift) {
  count_ = attributes.size();
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(attributes.data());
  array_.emplace_back(ByteView(bytes, attributes.size() * sizeof(CK_ATTRIBUTE)), shift);
}

Template Template::made_of(Input& input, CK_ATTRIBUTE (Template::*make_one)(Input&)) {
  Template made;
  const std::size_t layout = input.byte();
  std::vector<CK_ATTRIBUTE> attributes;
  for (std::size_t left = layout % (kMostAttributes + 1); left > 0; --left) {
    attributes.push_back((made.*make_one)(input));
  }
  made.lay_out(attributes, input.below(kAlignments));
  // More than any template may have: refused before it is looked at.
  if (layout == 255) made.count_ = object::kMaxTemplateCount + 1 + (input.number() >> 1);
  return made;
}

Template Template::giving(Input& input) {
  return made_of(input, &Template::give_one);
}

Template Template::asking(Input& input) {
  return made_of(input, &Template::ask_one);
}

Template::Template(const std::vector<CK_ATTRIBUTE_TYPE>& types) {
  std::vector<CK_ATTRIBUTE> attributes;
  for (const CK_ATTRIBUTE_TYPE type : types) attributes.push_back({type, nullptr, 0});
  lay_out(attributes, 0);
}

CK_ATTRIBUTE* Template::data() const {
  if (count_ == 0) return nullptr;
  return reinterpret_cast<CK_ATTRIBUTE*>(array_.front().data());
}

CK_ATTRIBUTE Template::at(std::size_t index) const {
  CK_ATTRIBUTE attribute;
  std::memcpy(&attribute, array_.front().data() + index * sizeof attribute, sizeof attribute);
  return attribute;
}

void Template::set(std::size_t index, const CK_ATTRIBUTE& attribute) {
  std::memcpy(array_.front().data() + index * sizeof attribute, &attribute, sizeof attribute);
}

void Template::make_room() {
  for (std::size_t i = 0; i < count_; ++i) {
    CK_ATTRIBUTE attribute = at(i);
    attribute.pValue = values_.emplace_back(attribute.ulValueLen).data();
    set(i, attribute);
  }
}

bool Template::whole() const {
  const auto whole = [](const Memory& memory) { return memory.whole(memory.size()); };
  return std::ranges::all_of(values_, whole) && std::ranges::all_of(array_, whole);
}

Bytes MechanismArgument::parameter(Input& input, std::size_t form) {
  if (form >= 6) return input.bytes(input.below(40));
  constexpr CK_MECHANISM_TYPE hashes[] = {CKM_SHA_1,  CKM_SHA224, CKM_SHA256,
                                          CKM_SHA384, CKM_SHA512, CKM_SHA3_256};
  constexpr CK_RSA_PKCS_MGF_TYPE masks[] = {CKG_MGF1_SHA1,   CKG_MGF1_SHA224, CKG_MGF1_SHA256,
                                            CKG_MGF1_SHA384, CKG_MGF1_SHA512, CKG_MGF1_SHA3_256};
  constexpr CK_ULONG salts[] = {0, 20, 28, 32, 48, 64, 190, 222, 223, 256};
  CK_RSA_PKCS_PSS_PARAMS pss{};
  const std::size_t hash = input.byte();
  pss.hashAlg = hash < std::size(hashes) ? hashes[hash] : input.number();
  // Of the same hash, mostly.
  const std::size_t mask = input.byte();
  pss.mgf = mask < std::size(masks)
                ? masks[mask]
                : masks[hash < std::size(masks) ? hash : mask % std::size(masks)];
  const std::size_t salt = input.byte();
  pss.sLen = salt < std::size(salts) ? salts[salt] : input.number();
  Bytes bytes = bytes_of(pss);
  if (form == 4) bytes.pop_back();
  if (form == 5) bytes.push_back(0);
  return bytes;
}

MechanismArgument::MechanismArgument(Input& input) {
  mechanism_.mechanism = mechanism_type(input);
  const std::size_t layout = input.byte();
  const std::size_t form = layout % 16;
  null_ = layout == 255;
  if (form < 2) return;
  if (form == 2) {  // NULL with a length
    mechanism_.ulParameterLen = input.number();
    return;
  }
  const Bytes bytes = parameter(input, form);
  mechanism_.pParameter = parameter_.emplace_back(bytes, (layout >> 4) % kAlignments).data();
  mechanism_.ulParameterLen = bytes.size();
}

}  // namespace signet::fuzz
