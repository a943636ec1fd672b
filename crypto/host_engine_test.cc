// In a program of its own: a default engine stays for all that follows.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <gtest/gtest.h>
#include <openssl/engine.h>
#include <openssl/evp.h>

#include "crypto/testing/test_key.h"

namespace signet::crypto {
namespace {

int asked = 0;

// An engine that claims RSA and EC keys, and can do nothing with them.
int claim_keys(ENGINE* /*engine*/, EVP_PKEY_METHOD** method, const int** types, int type) {
  static const int kTypes[] = {EVP_PKEY_RSA, EVP_PKEY_EC, EVP_PKEY_ED25519};
  if (method == nullptr) {
    *types = kTypes;
    return 3;
  }
  ++asked;
  static EVP_PKEY_METHOD* const kUseless = EVP_PKEY_meth_new(type, 0);
  *method = kUseless;
  return 1;
}

void make_default_engine() {
  // Never freed: with it OpenSSL would free the one method once for each of its types.
  static ENGINE* const engine = ENGINE_new();
  ASSERT_EQ(ENGINE_set_id(engine, "claims_all"), 1);
  ASSERT_EQ(ENGINE_set_name(engine, "claims all keys"), 1);
  ASSERT_EQ(ENGINE_set_pkey_meths(engine, &claim_keys), 1);
  ASSERT_EQ(ENGINE_set_default(engine, ENGINE_METHOD_PKEY_METHS), 1);
}

TEST(HostEngine, GetsNoneOfOurKeysWhenItIsTheDefaultForAll) {
  const Bytes message = patterned(32);
  const TestKey& rsa = TestKey::rsa(2048);
  const TestKey& ec = TestKey::on_curve("P-256");
  const TestKey& edwards = TestKey::on_curve("ED25519");
  const Bytes rsa_signature = rsa.sign_pkcs1_raw(message);
  const Bytes ec_signature = ec.sign_ecdsa(message);
  const Bytes edwards_signature = edwards.sign_eddsa(message);

  make_default_engine();
  EXPECT_TRUE(rsa.public_key()->verify_pkcs1_raw(message, rsa_signature));
  EXPECT_TRUE(ec.public_key()->verify_ecdsa(message, ec_signature));
  EXPECT_TRUE(edwards.public_key()->verify_eddsa(message, edwards_signature));
  EXPECT_EQ(asked, 0);

  // The engine works: a key named as programs name it is the engine's.
  EVP_PKEY_CTX_free(EVP_PKEY_CTX_new_from_name(test_context()->get(), "RSA", nullptr));
  EXPECT_EQ(asked, 1);
}

}  // namespace
}  // namespace signet::crypto
