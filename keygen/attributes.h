// Attributes of objects on a token, read and written, and the login; for token*.cc.
#ifndef SIGNET_KEYGEN_ATTRIBUTES_H_
#define SIGNET_KEYGEN_ATTRIBUTES_H_

#include <deque>
#include <optional>
#include <string_view>
#include <vector>

#include "common/bytes.h"
#include "common/secret.h"
#include "cryptoki/cryptoki.h"
#include "keygen/failure.h"

namespace signet::keygen {

// One object's attributes; each read is a call of the token.
class Attributes {
 public:
  Attributes(CK_FUNCTION_LIST& functions, CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object)
      : functions_(functions), session_(session), object_(object) {}

  // Nothing where the object has no such attribute or does not show it.
  std::optional<Bytes> bytes(CK_ATTRIBUTE_TYPE type) const;
  std::optional<CK_ULONG> number(CK_ATTRIBUTE_TYPE type) const;
  bool flag(CK_ATTRIBUTE_TYPE type, bool otherwise) const;

  // The DER SubjectPublicKeyInfo of an RSA or EC key object, out of CKA_PUBLIC_KEY_INFO or the
  // numbers; empty where they do not suffice (an EC private key for one).
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

// C_Login; without a secret the token asks for it in its own way.
CK_RV login_with(CK_FUNCTION_LIST& functions, CK_SESSION_HANDLE session, CK_USER_TYPE user,
                 const std::optional<Secret>& secret);

}  // namespace signet::keygen

#endif  // SIGNET_KEYGEN_ATTRIBUTES_H_
