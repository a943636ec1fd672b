// One PKCS#11 object, immutable. A changed object is a new Object under the same handle.
#ifndef SIGNET_PKCS11_MODULE_OBJECT_OBJECT_H_
#define SIGNET_PKCS11_MODULE_OBJECT_OBJECT_H_

#include <memory>
#include <string>

#include "common/bytes.h"
#include "common/cryptoki.h"
#include "common/result.h"
#include "dsa-transport/appliance.h"
#include "pkcs11-module/crypto/public_key.h"
#include "pkcs11-module/object/attributes.h"

namespace signet::object {

// Where an object lives. `none`: it is ours alone (mechanism, profile and hardware-feature objects, session objects).
enum class Origin { none, appliance_key, appliance_certificate };

struct Object {
  CK_OBJECT_CLASS object_class = CKO_DATA;
  AttributeSet attributes;  // everything that C_GetAttributeValue shows
  Origin origin = Origin::none;
  std::string appliance_id;                           // of the key or certificate there
  std::shared_ptr<const crypto::PublicKey> public_key;  // keys; for certificates where it could be parsed
  bool can_sign = false;                              // private keys: active at the appliance

  bool is_private() const { return attributes.flag(CKA_PRIVATE); }
  bool is_token_object() const { return attributes.flag(CKA_TOKEN); }
};

using ObjectPtr = std::shared_ptr<const Object>;

// The objects of one key: its private and its public half. `always_authenticate`: the account wants a second
// credential for each signature.
Result<std::pair<ObjectPtr, ObjectPtr>> objects_of_key(std::shared_ptr<crypto::Context> context,
                                                       const transport::KeyInfo& key,
                                                       bool always_authenticate);
Result<ObjectPtr> object_of_certificate(std::shared_ptr<crypto::Context> context,
                                        const transport::CertificateInfo& certificate);

// CKO_PROFILE, CKO_MECHANISM and CKO_HW_FEATURE objects of a token.
std::vector<ObjectPtr> builtin_objects(std::span<const CK_MECHANISM_TYPE> mechanisms);

// Session objects that C_CreateObject makes: certificates and public keys, with defaults filled in.
// Errors: CKR_TEMPLATE_INCOMPLETE, CKR_TEMPLATE_INCONSISTENT, CKR_ATTRIBUTE_READ_ONLY,
// CKR_ATTRIBUTE_TYPE_INVALID, CKR_ATTRIBUTE_VALUE_INVALID; private and secret keys: CKR_TEMPLATE_INCONSISTENT.
Result<ObjectPtr> session_object(std::shared_ptr<crypto::Context> context, const AttributeSet& attributes);

// What C_CreateObject stores at the appliance: CKO_CERTIFICATE with CKA_TOKEN true. CKA_LABEL and CKA_ID may be absent
// (empty then). CKA_SUBJECT, CKA_ISSUER, CKA_SERIAL_NUMBER and the rest, where given, must agree with the certificate or
// be empty (some tools leave them so): CKR_TEMPLATE_INCONSISTENT.
struct NewCertificate {
  Bytes der;
  Bytes label;
  Bytes id;
};
Result<NewCertificate> new_certificate(const AttributeSet& attributes);

// C_SetAttributeValue on an object: what has to change at the appliance. Only CKA_LABEL and CKA_ID can; an
// attribute set to the value that it has already is accepted. CKR_ATTRIBUTE_READ_ONLY, CKR_ATTRIBUTE_TYPE_INVALID.
struct Change {
  std::optional<Bytes> label;
  std::optional<Bytes> id;
};
Result<Change> change_of(const Object& object, const AttributeSet& attributes);

// A copy of a session-capable object (certificate, public key) with the template's changes, as a session
// object; CKR_ACTION_PROHIBITED for a private key (its CKA_COPYABLE is false).
Result<ObjectPtr> copy_of(const Object& object, const AttributeSet& changes);

// The object with label or id changed.
ObjectPtr with_change(const Object& object, const Change& change);

// C_GetAttributeValue (PKCS#11 3.0, 5.7.5): fills what it can and reports the gravest of CKR_ATTRIBUTE_SENSITIVE,
// CKR_ATTRIBUTE_TYPE_INVALID, CKR_BUFFER_TOO_SMALL. Any alignment.
Result<void> read_attributes(const Object& object, CK_ATTRIBUTE* attributes, CK_ULONG count);

// C_GetObjectSize: the sum of the sizes of the attributes.
CK_ULONG size_of(const Object& object);

// True where every attribute of the search template is there with the same value.
bool matches(const Object& object, const AttributeSet& search);

}  // namespace signet::object

#endif  // SIGNET_PKCS11_MODULE_OBJECT_OBJECT_H_
