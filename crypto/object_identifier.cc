#include "crypto/object_identifier.h"

#include <openssl/objects.h>

#include "crypto/openssl_ptr.h"

namespace signet::crypto {

std::string dotted(const ASN1_OBJECT* object) {
  constexpr int numbers_only = 1;
  const int size = OBJ_obj2txt(nullptr, 0, object, numbers_only);
  if (size <= 0) return {};
  std::string text(static_cast<std::size_t>(size) + 1, '\0');
  OBJ_obj2txt(text.data(), static_cast<int>(text.size()), object, numbers_only);
  text.pop_back();  // OpenSSL's NUL
  return text;
}

std::string dotted(ByteView der) {
  const unsigned char* at = der.data();
  const OpensslPtr<ASN1_OBJECT, ASN1_OBJECT_free> object(
      d2i_ASN1_OBJECT(nullptr, &at, static_cast<long>(der.size())));
  return dotted(object.get());
}

}  // namespace signet::crypto
