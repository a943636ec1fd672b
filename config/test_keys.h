// For tests: a fresh Ed25519 key pair in PEM.
#ifndef SIGNET_CONFIG_TEST_KEYS_H_
#define SIGNET_CONFIG_TEST_KEYS_H_

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <string>

#include "crypto/openssl_ptr.h"

namespace signet::config {

struct TestKeyPair {
  std::string private_pem;
  std::string public_pem;
};

inline std::string text_in(BIO* memory) {
  char* data = nullptr;
  const auto size = BIO_get_mem_data(memory, &data);
  return {data, static_cast<std::size_t>(size)};
}

inline TestKeyPair make_test_key_pair() {
  const OpensslPtr<EVP_PKEY, EVP_PKEY_free> key(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
  const OpensslPtr<BIO, BIO_free> secret(BIO_new(BIO_s_mem()));
  const OpensslPtr<BIO, BIO_free> open(BIO_new(BIO_s_mem()));
  PEM_write_bio_PrivateKey(secret.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  PEM_write_bio_PUBKEY(open.get(), key.get());
  return {text_in(secret.get()), text_in(open.get())};
}

}  // namespace signet::config

#endif  // SIGNET_CONFIG_TEST_KEYS_H_
