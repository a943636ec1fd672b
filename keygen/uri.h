// PKCS#11 URIs (RFC 7512), as commands take and print them.
#ifndef SIGNET_KEYGEN_URI_H_
#define SIGNET_KEYGEN_URI_H_

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "common/bytes.h"
#include "cryptoki/cryptoki.h"
#include "keygen/failure.h"

struct p11_kit_uri;

namespace signet::keygen {

// Cheap to copy; immutable.
class Uri {
 public:
  // "pkcs11:…". A pin-value is refused: it would show the PIN in the list of processes.
  static Outcome<Uri> parse(const std::string& text);

  // Any token of this label; an empty label: any token.
  static Uri of_token(std::string_view label);

  // "pkcs11:…" is parsed, anything else taken as the label of an object on any token.
  static Outcome<Uri> of_object(const std::string& uri_or_label);

  std::optional<std::string> object() const;  // the label
  std::optional<Bytes> id() const;
  std::optional<CK_OBJECT_CLASS> type() const;
  std::string pin_source() const;   // empty: none. "file:/path", or a path
  std::string module_path() const;  // empty: none
  std::string module_name() const;  // empty: none. As p11-kit's .module files are called
  bool names_token() const;         // something of it says which token
  bool matches(const CK_TOKEN_INFO& token) const;

 private:
  explicit Uri(std::shared_ptr<p11_kit_uri> uri) : uri_(std::move(uri)) {}

  std::shared_ptr<p11_kit_uri> uri_;
};

// The URI of a token, and of an object on it (id and label where they are not empty).
std::string uri_of(const CK_TOKEN_INFO& token);
std::string uri_of(const CK_TOKEN_INFO& token, CK_OBJECT_CLASS type, ByteView id,
                   std::string_view label);

}  // namespace signet::keygen

#endif  // SIGNET_KEYGEN_URI_H_
