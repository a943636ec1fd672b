// One PKCS#11 object, immutable. A changed object is a new Object under the same handle.
#ifndef SIGNET_PKCS11_MODULE_OBJECT_OBJECT_H_
#define SIGNET_PKCS11_MODULE_OBJECT_OBJECT_H_

#include <array>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

#include "common/bytes.h"
#include "crypto/ck_result.h"
#include "crypto/context.h"
#include "crypto/public_key.h"
#include "cryptoki/cryptoki.h"
#include "dsa-transport/appliance.h"
#include "pkcs11-module/object/attribute_rules.h"
#include "pkcs11-module/object/attributes.h"

namespace signet::object {

// Where an object lives. `none`: it is ours alone (mechanism, profile and hardware-feature objects,
// which have CKA_TOKEN true, and session objects, which have it false).
enum class Origin : std::uint8_t { none, appliance_key, appliance_certificate };

using PublicKeyPtr = std::shared_ptr<const crypto::PublicKey>;

// What C_GetAttributeValue shows comes, in this order, from the object's own attributes, from its
// public key, and from the table of its class: only what differs from object to object is kept with
// it.
struct Object {
  CK_OBJECT_CLASS object_class = CKO_DATA;
  AttributeSet own;
  Origin origin = Origin::none;
  bool can_sign = false;                    // private keys: active at the appliance
  std::string appliance_id;                 // of the key or certificate there
  PublicKeyPtr public_key;                  // keys always; certificates where it could be parsed
  std::shared_ptr<const Bytes> mechanisms;  // keys: CKA_ALLOWED_MECHANISMS; empty: not known

  // Nothing where the object has no such attribute or it may not be read. Valid as long as the
  // object.
  std::optional<ByteView> find(CK_ATTRIBUTE_TYPE type) const;
  bool flag(CK_ATTRIBUTE_TYPE type) const;                       // false where absent
  std::optional<CK_ULONG> number(CK_ATTRIBUTE_TYPE type) const;  // nothing where absent

  const AttributeRule* rule(CK_ATTRIBUTE_TYPE type) const;  // nullptr: no such attribute
  Family family() const;

  bool is_private() const { return flag(CKA_PRIVATE); }
  bool is_token_object() const { return flag(CKA_TOKEN); }
};

using ObjectPtr = std::shared_ptr<const Object>;

// What keys show beyond what the appliance says of each of them.
struct KeyTraits {
  // The account requires a second credential for each signature.
  bool always_authenticate = false;
  // CKA_ALLOWED_MECHANISMS, arrays of CK_MECHANISM_TYPE, by key type. Shared by all objects; nullptr:
  // the attribute is absent, which restricts nothing.
  struct Mechanisms {
    std::shared_ptr<const Bytes> verifying;  // public halves
    std::shared_ptr<const Bytes> signing;    // private halves, of keys within these sizes
    std::size_t least_bits = 0;
    std::size_t most_bits = 0;
    bool operator==(const Mechanisms&) const = default;
  };
  std::array<Mechanisms, crypto::kKeyTypes.size()> mechanisms;
  std::shared_ptr<const Bytes> no_mechanisms = std::make_shared<const Bytes>();
  // Appliance ids of keys whose public half a program of this process has destroyed: it is not shown any more.
  std::unordered_set<std::string> without_public_half;
  // The appliance changes and deletes nothing for its clients: CKA_MODIFIABLE and CKA_DESTROYABLE are false, of its
  // certificates, too.
  bool fixed = false;
  // CKA_EC_POINT of Edwards keys as a DER OCTET STRING, for tools that know no other form.
  bool wrapped_points = false;

  const Mechanisms& mechanisms_of(crypto::KeyType type) const {
    return mechanisms[static_cast<std::size_t>(type)];
  }
  // Of the private half: none where C_SignInit would refuse all.
  const std::shared_ptr<const Bytes>& signing(const crypto::PublicKey& key, bool active) const {
    const Mechanisms& known = mechanisms_of(key.type());
    if (!known.signing) return known.signing;
    const bool fits = key.bits() >= known.least_bits && key.bits() <= known.most_bits;
    return active && fits ? known.signing : no_mechanisms;
  }
  bool operator==(const KeyTraits&) const = default;
};

// The objects of one key: its private and its public half. Errors as of PublicKey::from_spki.
CkResult<std::pair<ObjectPtr, ObjectPtr>> objects_of_key(std::shared_ptr<crypto::Context> context,
                                                         const transport::KeyInfo& key,
                                                         const KeyTraits& traits);

// The same for a public key that is parsed already.
std::pair<ObjectPtr, ObjectPtr> objects_of_key(PublicKeyPtr public_key,
                                               const transport::KeyInfo& key,
                                               const KeyTraits& traits);

// `known`: the key that the appliance ties the certificate to, where there is one; it is shared if
// it is the certificate's. `fixed`: as of KeyTraits. CKR_ATTRIBUTE_VALUE_INVALID for what is no certificate.
CkResult<ObjectPtr> object_of_certificate(std::shared_ptr<crypto::Context> context,
                                          const transport::CertificateInfo& certificate,
                                          const PublicKeyPtr& known = nullptr, bool fixed = false);

// CKO_PROFILE, CKO_MECHANISM and CKO_HW_FEATURE objects of a token. The feature is
// CKH_USER_INTERFACE with nothing in it: the truth about a device that stands elsewhere. Neither
// clock nor counter is shown, since reading them would need the network.
std::vector<ObjectPtr> builtin_objects(std::span<const CK_MECHANISM_TYPE> mechanisms);

// Session objects that C_CreateObject makes: certificates, public keys and data, with defaults
// filled in. Uses that cannot be had (CKA_ENCRYPT, CKA_WRAP ...) may be asked for; the object then
// says false.
//   CKR_TEMPLATE_INCOMPLETE      no CKA_CLASS, or an attribute that the class needs is missing
//   CKR_TEMPLATE_INCONSISTENT    private, secret and domain parameter classes; CKA_TOKEN true (an
//                                appliance keeps nothing but keys of its own and certificates, and
//                                shows the public half of each key by itself); values that
//                                contradict each other
//   CKR_ATTRIBUTE_VALUE_INVALID  unknown classes (NSS offers its trust records and goes on), unknown
//                                key types, keys and certificates that cannot be parsed
//   CKR_ATTRIBUTE_TYPE_INVALID   not an attribute of the class
//   CKR_ATTRIBUTE_READ_ONLY      an attribute that only the token sets
//   CKR_CURVE_NOT_SUPPORTED, CKR_KEY_SIZE_RANGE  as of PublicKey
CkResult<ObjectPtr> session_object(std::shared_ptr<crypto::Context> context,
                                   const AttributeSet& attributes);

// What C_CreateObject stores at the appliance: CKO_CERTIFICATE with CKA_TOKEN true. CKA_LABEL and
// CKA_ID may be absent (empty then). CKA_SUBJECT, CKA_ISSUER, CKA_SERIAL_NUMBER and the rest, where
// given, must agree with the certificate or be empty (some tools leave them so):
// CKR_TEMPLATE_INCONSISTENT, as for what the appliance cannot keep (CKA_PRIVATE true;
// CKA_MODIFIABLE, CKA_DESTROYABLE or CKA_COPYABLE false; CKA_URL and the hashes of keys). Otherwise errors as of session_object;
// CKR_ATTRIBUTE_VALUE_INVALID for an id over kMaxIdLength.
struct NewCertificate {
  Bytes der;
  Bytes label;
  Bytes id;
  bool authority = false;            // the certificate says so
  std::optional<CK_ULONG> category;  // CKA_CERTIFICATE_CATEGORY of the template
};
CkResult<NewCertificate> new_certificate(std::shared_ptr<crypto::Context> context,
                                         const AttributeSet& attributes);

// That the category asked for is the one that is shown: CKR_TEMPLATE_INCONSISTENT. `has_key`: there is a key of this
// certificate. Unspecified asks for nothing.
CkResult<void> check_category(const NewCertificate& certificate, bool has_key);

// Of CKA_ID, in bytes; the appliance's limit. keytool names an issuer's certificate by its subject, issuer and serial
// number, which is more than 100.
inline constexpr std::size_t kMaxIdLength = 255;

// C_SetAttributeValue on an object: what has to change. Only CKA_LABEL and CKA_ID can; an attribute
// set to the value that it has already is accepted, whichever it is.
//   CKR_ACTION_PROHIBITED (CKA_MODIFIABLE is false, but for objects of the appliance, where the token's answer is
//   CKR_TOKEN_WRITE_PROTECTED), CKR_ATTRIBUTE_READ_ONLY,
//   CKR_ATTRIBUTE_TYPE_INVALID, CKR_ATTRIBUTE_VALUE_INVALID for an id over kMaxIdLength
struct Change {
  std::optional<Bytes> label;
  std::optional<Bytes> id;

  bool empty() const { return !label && !id; }
};
CkResult<Change> change_of(const Object& object, const AttributeSet& attributes);

// A copy of a certificate, public key or data object with the template's changes, as a session
// object, which can be changed and destroyed even where the appliance's own cannot. CKR_ACTION_PROHIBITED where CKA_COPYABLE is false, as for every private key; CKA_TOKEN
// true in the changes: CKR_TEMPLATE_INCONSISTENT; otherwise errors as of change_of.
CkResult<ObjectPtr> session_copy_of(const Object& object, const AttributeSet& changes);

// The object with label or id changed.
ObjectPtr with_change(const Object& object, const Change& change);

// C_GetAttributeValue (PKCS#11 3.0, 5.7.5): fills what it can and reports the gravest of
// CKR_ATTRIBUTE_SENSITIVE, CKR_ATTRIBUTE_TYPE_INVALID, CKR_BUFFER_TOO_SMALL. Any alignment. A NULL
// template with a count, or more than kMaxTemplateCount attributes: CKR_ARGUMENTS_BAD.
CkResult<void> read_attributes(const Object& object, CK_ATTRIBUTE* attributes, CK_ULONG count);

// C_GetObjectSize: the sum of the sizes of the attributes' values, in bytes.
CK_ULONG size_of(const Object& object);

// True where every attribute of the search template is there with the same value. CKO_HW_FEATURE
// objects are found only by searches that name CKA_CLASS (PKCS#11 3.0, 4.3), and so are
// CKO_MECHANISM objects here: programs that list a token with an empty template do not know them.
bool matches(const Object& object, const AttributeSet& search);

}  // namespace signet::object

#endif  // SIGNET_PKCS11_MODULE_OBJECT_OBJECT_H_
