// For tests: a fresh Ed25519 key pair in PEM.
#ifndef SIGNET_CONFIG_TESTING_TEST_KEYS_H_
#define SIGNET_CONFIG_TESTING_TEST_KEYS_H_

#include <openssl/pem.h>

#include <string>

#include "crypto/openssl_ptr.h"

namespace signet::config {

struct TestKeyPair {
  std::string private_pem;
  std::string public_pem;
};

inline TestKeyPair make_test_key_pair() {
  const PkeyPtr key(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
  const BioPtr secret(BIO_new(BIO_s_mem()));
  const BioPtr open(BIO_new(BIO_s_mem()));
  PEM_write_bio_PrivateKey(secret.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  PEM_write_bio_PUBKEY(open.get(), key.get());
  return {crypto::text_in(secret.get()), crypto::text_in(open.get())};
}

}  // namespace signet::config

#endif  // SIGNET_CONFIG_TESTING_TEST_KEYS_H_
