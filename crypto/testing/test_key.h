// For tests: key pairs that OpenSSL makes, and signatures made with them by OpenSSL alone.
#ifndef SIGNET_CRYPTO_TESTING_TEST_KEY_H_
#define SIGNET_CRYPTO_TESTING_TEST_KEY_H_

#include <openssl/types.h>

#include <cstddef>
#include <memory>
#include <string_view>

#include "common/bytes.h"
#include "crypto/context.h"
#include "crypto/public_key.h"

namespace signet::crypto {

// One for the whole test program.
std::shared_ptr<Context> test_context();

// CKR_OK for a value.
template <typename T>
CK_RV rv_of(const CkResult<T>& result) {
  return result ? CKR_OK : result.assume_error().rv;
}

Bytes digest_of(Hash hash, ByteView data);
Bytes patterned(std::size_t size);  // bytes that differ from their neighbours

// Where OpenSSL fails the result is empty, and so the test that uses it fails.
class TestKey {
 public:
  // Made once a size for the whole test program.
  static const TestKey& rsa(std::size_t bits);
  // "P-256", "P-384", "P-521" or "ED25519".
  static const TestKey& on_curve(const char* name);

  TestKey(const TestKey&) = delete;
  TestKey& operator=(const TestKey&) = delete;

  Bytes spki() const;         // as OpenSSL encodes it
  Bytes certificate() const;  // self-signed
  Bytes compressed_point() const;
  std::shared_ptr<const PublicKey> public_key() const;  // from_spki(spki())

  Bytes sign_pkcs1(Hash hash, ByteView digest) const;
  Bytes sign_pkcs1_raw(ByteView data) const;
  Bytes sign_unpadded(ByteView block) const;
  Bytes sign_pss(Hash hash, Hash mgf_hash, int salt_length, ByteView digest) const;
  Bytes sign_ecdsa(ByteView digest) const;  // r and s
  Bytes sign_eddsa(ByteView message) const;

 private:
  explicit TestKey(EVP_PKEY* key) : key_(key) {}
  Bytes sign(const OSSL_PARAM* parameters, ByteView data) const;

  EVP_PKEY* key_;  // kept until the process ends
};

}  // namespace signet::crypto

#endif  // SIGNET_CRYPTO_TESTING_TEST_KEY_H_
