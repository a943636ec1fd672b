// Streaming digests.
#ifndef SIGNET_PKCS11_MODULE_CRYPTO_DIGEST_H_
#define SIGNET_PKCS11_MODULE_CRYPTO_DIGEST_H_

#include <openssl/types.h>

#include <memory>

#include "common/bytes.h"
#include "common/result.h"
#include "pkcs11-module/crypto/context.h"
#include "pkcs11-module/crypto/public_key.h"

namespace signet::crypto {

std::size_t digest_size(HashType hash);  // bytes; 0 for none

class Digest {
 public:
  static Result<Digest> start(std::shared_ptr<Context> context, HashType hash);
  Digest(Digest&& other) noexcept;
  Digest& operator=(Digest&& other) noexcept;
  ~Digest();

  Result<void> update(ByteView data);
  Result<Bytes> finish();  // afterwards the object is spent
  std::size_t size() const { return digest_size(hash_); }

 private:
  Digest() = default;

  std::shared_ptr<Context> context_;
  EVP_MD_CTX* state_ = nullptr;
  HashType hash_ = HashType::none;
};

}  // namespace signet::crypto

#endif  // SIGNET_PKCS11_MODULE_CRYPTO_DIGEST_H_
