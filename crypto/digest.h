// Streaming digests.
#ifndef SIGNET_CRYPTO_DIGEST_H_
#define SIGNET_CRYPTO_DIGEST_H_

#include <openssl/types.h>

#include <memory>

#include "common/bytes.h"
#include "crypto/algorithm_table.h"
#include "crypto/ck_result.h"
#include "crypto/context.h"

namespace signet::crypto {

// Constant memory, whatever the length. Not thread-safe.
class Digest {
 public:
  // CKR_MECHANISM_INVALID for Hash::none.
  static CkResult<Digest> start(std::shared_ptr<Context> context, Hash hash);

  // CKR_OPERATION_NOT_INITIALIZED after finish().
  CkResult<void> update(ByteView data);
  CkResult<Bytes> finish();  // afterwards the object is spent
  std::size_t size() const { return digest_size(hash_); }

 private:
  struct FreeState {
    void (*free)(void*);
    void operator()(void* state) const noexcept;
  };

  Digest(std::shared_ptr<Context> context, Hash hash);

  std::shared_ptr<Context> context_;
  Hash hash_;
  const OSSL_DISPATCH* functions_;
  std::unique_ptr<void, FreeState> state_;  // empty: spent
};

// Of data that is there as a whole.
CkResult<Bytes> digest_of(std::shared_ptr<Context> context, Hash hash, ByteView data);

}  // namespace signet::crypto

#endif  // SIGNET_CRYPTO_DIGEST_H_
