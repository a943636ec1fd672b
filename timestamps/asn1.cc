#include "timestamps/asn1.h"

#include "crypto/digest.h"
#include "crypto/host_errors.h"

namespace signet::timestamps {

crypto::Hash hash_of(const ASN1_OBJECT* object) {
  return crypto::hash_with_oid(crypto::der_of(object, i2d_ASN1_OBJECT));
}

Bytes hashed(const std::shared_ptr<crypto::Context>& context, crypto::Hash hash, ByteView data) {
  auto digest = crypto::digest_of(context, hash, data);
  require(bool(digest));  // there is no other reason
  return std::move(digest).value();
}

X509Ptr certificate_of(const crypto::Context& context, ByteView der) {
  X509* made = X509_new_ex(context.get(), nullptr);
  require(made != nullptr);
  const unsigned char* at = der.data();
  // A certificate that cannot be read is freed by it.
  const bool good = d2i_X509(&made, &at, static_cast<long>(der.size())) != nullptr;
  X509Ptr certificate(made);
  if (!crypto::verdict(good) || at != der.data() + der.size()) return nullptr;
  return certificate;
}

}  // namespace signet::timestamps
