// What the sources of this component share of OpenSSL's ASN.1.
#ifndef SIGNET_TIMESTAMPS_ASN1_H_
#define SIGNET_TIMESTAMPS_ASN1_H_

#include <openssl/asn1.h>
#include <openssl/x509.h>

#include <memory>
#include <new>
#include <string>

#include "common/bytes.h"
#include "crypto/algorithm_table.h"
#include "crypto/context.h"
#include "crypto/object_identifier.h"
#include "crypto/openssl_ptr.h"

namespace signet::timestamps {

using AlgorithmPtr = OpensslPtr<X509_ALGOR, X509_ALGOR_free>;
using IntegerPtr = OpensslPtr<ASN1_INTEGER, ASN1_INTEGER_free>;
using ObjectPtr = OpensslPtr<ASN1_OBJECT, ASN1_OBJECT_free>;

inline void require(bool had_memory) {
  if (!had_memory) throw std::bad_alloc();
}

// Of a string, an integer without its sign, a bit string.
inline ByteView bytes_of(const ASN1_STRING* string) {
  return {ASN1_STRING_get0_data(string), static_cast<std::size_t>(ASN1_STRING_length(string))};
}

using crypto::dotted;

// None where it is not in the table.
crypto::Hash hash_of(const ASN1_OBJECT* object);

// The digest of data that is there as a whole.
Bytes hashed(const std::shared_ptr<crypto::Context>& context, crypto::Hash hash, ByteView data);

// A certificate in the context's library; null where it is none, or more than one.
X509Ptr certificate_of(const crypto::Context& context, ByteView der);

}  // namespace signet::timestamps

#endif  // SIGNET_TIMESTAMPS_ASN1_H_
