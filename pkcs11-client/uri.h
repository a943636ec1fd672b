// PKCS#11 URIs (RFC 7512): which token, and which object on it, somebody means.
#ifndef SIGNET_PKCS11_CLIENT_URI_H_
#define SIGNET_PKCS11_CLIENT_URI_H_

#include <optional>
#include <string>
#include <string_view>

#include "common/bytes.h"
#include "common/result.h"

namespace signet::pkcs11 {

// What a token says of itself (CK_TOKEN_INFO), without the padding. In a URI an empty field matches any token.
struct TokenName {
  std::string label;
  std::string manufacturer;
  std::string model;
  std::string serial;

  bool operator==(const TokenName&) const = default;
};

struct UriError {
  std::string sentence;
  bool shows_pin = false;  // it has a pin-value
};

enum class ObjectType { certificate, private_key, public_key, other };

struct Uri {
  TokenName token;
  std::optional<std::string> object;  // CKA_LABEL
  std::optional<Bytes> id;            // CKA_ID
  std::optional<ObjectType> type;
  std::string pin_source;   // as it stands there: whoever has the URI knows what forms he takes
  std::string module_path;  // of the file
  std::string module_name;  // as p11-kit's .module files are called

  bool operator==(const Uri&) const = default;

  // "pkcs11:…". Refused: a pin-value, which would show the PIN; attributes that are not listed above (also slot-* and
  // library-*, which would otherwise be passed over), and one that is empty or appears twice.
  static Result<Uri, UriError> parse(const std::string& text);

  // Any token of this label; an empty label: any token.
  static Uri of_token(std::string_view label);

  // "pkcs11:…" is parsed, anything else taken as the label of an object on any token.
  static Result<Uri, UriError> of_object(const std::string& uri_or_label);

  bool names_token() const { return token != TokenName(); }
  bool matches(const TokenName& other) const;

  // Token and object; nothing of PIN and module. Empty where there is no memory for it.
  std::string text() const;
};

bool is_uri(std::string_view text);

}  // namespace signet::pkcs11

#endif  // SIGNET_PKCS11_CLIENT_URI_H_
