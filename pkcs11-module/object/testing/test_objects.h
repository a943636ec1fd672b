// For tests: certificates, keys as an appliance lists them, and templates.
#ifndef SIGNET_PKCS11_MODULE_OBJECT_TESTING_TEST_OBJECTS_H_
#define SIGNET_PKCS11_MODULE_OBJECT_TESTING_TEST_OBJECTS_H_

#include <string>
#include <string_view>

#include "crypto/testing/test_key.h"
#include "pkcs11-module/object/object.h"

namespace signet::object {

// A P-256 authority, valid from 2026-01-01 (UTCTime) to 2055-12-31 (GeneralizedTime), and a
// certificate that it issued, valid from 1999-12-31 to 2030-12-31.
const Bytes& root_certificate();
const Bytes& leaf_certificate();

transport::KeyInfo rsa_key(const std::string& id);  // 2048 bits
transport::KeyInfo ec_key(const std::string& id);   // P-256
transport::CertificateInfo certificate_info(const std::string& id, const Bytes& der);

// A template under construction.
class Wanted {
 public:
  Wanted& flag(CK_ATTRIBUTE_TYPE type, bool value);
  Wanted& number(CK_ATTRIBUTE_TYPE type, CK_ULONG value);
  Wanted& text(CK_ATTRIBUTE_TYPE type, std::string_view value);
  Wanted& bytes(CK_ATTRIBUTE_TYPE type, ByteView value);
  operator const AttributeSet&() const { return attributes_; }

 private:
  AttributeSet attributes_;
};

// What a call would return: CKR_OK or the error's code.
template <typename T>
CK_RV code(const CkResult<T>& result) {
  return result ? CKR_OK : result.error().rv;
}

// The value as text, "(absent)" where there is none.
std::string text_in(const Object& object, CK_ATTRIBUTE_TYPE type);
std::string hex_in(const Object& object, CK_ATTRIBUTE_TYPE type);

}  // namespace signet::object

#endif  // SIGNET_PKCS11_MODULE_OBJECT_TESTING_TEST_OBJECTS_H_
