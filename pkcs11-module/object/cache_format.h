// The bytes of a public cache file: a magic line, the identity, appliance, keys and certificates,
// and a SHA-256 over all of it against truncation and decay (not against forgers: the file's owner
// may write what he likes). Numbers are big-endian; strings and lists have their length before
// them.
#ifndef SIGNET_PKCS11_MODULE_OBJECT_CACHE_FORMAT_H_
#define SIGNET_PKCS11_MODULE_OBJECT_CACHE_FORMAT_H_

#include <memory>
#include <string_view>

#include "common/bytes.h"
#include "common/wiped_text.h"
#include "crypto/ck_result.h"
#include "pkcs11-module/object/public_cache.h"

namespace signet::object {

// Up to some 20 MiB, which do not stay with the process when they go.
CkResult<WipedBytes> encode_cache(const std::shared_ptr<crypto::Context>& context,
                                  std::string_view identity, const PublicCache::Content& content);

// CKR_DATA_INVALID with a sentence for anything that encode_cache did not write for this identity.
CkResult<PublicCache::Content> decode_cache(const std::shared_ptr<crypto::Context>& context,
                                            std::string_view identity, ByteView file);

}  // namespace signet::object

#endif  // SIGNET_PKCS11_MODULE_OBJECT_CACHE_FORMAT_H_
