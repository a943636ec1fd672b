// Pieces that several makers of objects share; for the files of this folder only.
#ifndef SIGNET_PKCS11_MODULE_OBJECT_OBJECT_MAKE_H_
#define SIGNET_PKCS11_MODULE_OBJECT_OBJECT_MAKE_H_

#include <memory>

#include "pkcs11-module/object/object.h"

namespace signet::object {

// CKA_CERTIFICATE_CATEGORY of a token's certificate.
CK_ULONG category_of(bool authority, bool has_key);

// A certificate with everything that comes from the certificate itself; neither label nor id.
CkResult<Object> bare_certificate(const std::shared_ptr<crypto::Context>& context, ByteView der,
                                  const PublicKeyPtr& known);

// The object's own value, kept only where it is not the one that the object shows anyway.
void set_own(Object& object, CK_ATTRIBUTE_TYPE type, ByteView value);

ObjectPtr seal(Object object);  // nothing more is to be changed

}  // namespace signet::object

#endif  // SIGNET_PKCS11_MODULE_OBJECT_OBJECT_MAKE_H_
