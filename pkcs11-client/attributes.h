// Attributes of objects on a token, read and written.
#ifndef SIGNET_PKCS11_CLIENT_ATTRIBUTES_H_
#define SIGNET_PKCS11_CLIENT_ATTRIBUTES_H_

#include <deque>
#include <optional>
#include <string_view>
#include <vector>

#include "common/bytes.h"
#include "cryptoki/cryptoki.h"

namespace signet::pkcs11 {

inline constexpr CK_ULONG kMostAttributeBytes =
    1024UL * 1024;  // of one value; a token may say any number

// One object's attributes; each read is a call of the token.
class Attributes {
 public:
  Attributes(CK_FUNCTION_LIST& functions, CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object)
      : functions_(functions), session_(session), object_(object) {}

  // Nothing where the object has no such attribute, does not show it, or says something impossible of its size.
  std::optional<Bytes> bytes(CK_ATTRIBUTE_TYPE type) const;
  std::optional<CK_ULONG> number(CK_ATTRIBUTE_TYPE type) const;
  bool flag(CK_ATTRIBUTE_TYPE type, bool otherwise) const;

  // The DER SubjectPublicKeyInfo of an RSA or EC key object, out of CKA_PUBLIC_KEY_INFO or the
  // numbers, which are not checked; empty where they do not suffice (an EC private key for one).
  Bytes public_key() const;

 private:
  CK_FUNCTION_LIST& functions_;
  CK_SESSION_HANDLE session_;
  CK_OBJECT_HANDLE object_;
};

// A template under construction; owns its values.
class ObjectTemplate {
 public:
  ObjectTemplate& flag(CK_ATTRIBUTE_TYPE type, bool value);
  ObjectTemplate& number(CK_ATTRIBUTE_TYPE type, CK_ULONG value);
  ObjectTemplate& bytes(CK_ATTRIBUTE_TYPE type, ByteView value);
  ObjectTemplate& text(CK_ATTRIBUTE_TYPE type, std::string_view value);

  // Valid as long as the template is unchanged.
  CK_ATTRIBUTE* data() { return entries_.data(); }
  CK_ULONG size() const { return static_cast<CK_ULONG>(entries_.size()); }

 private:
  std::deque<Bytes> values_;  // their addresses stay
  std::vector<CK_ATTRIBUTE> entries_;
};

}  // namespace signet::pkcs11

#endif  // SIGNET_PKCS11_CLIENT_ATTRIBUTES_H_
