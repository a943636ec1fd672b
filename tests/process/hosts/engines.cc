// A host with an OpenSSL engine of its own, for keys of its own, and nobody's default. Keys that are not the engine's must not
// meet it, for it cannot copy them (as libp11 0.4.20 cannot).
//
//   engines before|after|configured [keys|all]   when the host loads it: before the module's first connection, after it, or
//                                                by its openssl.cnf, as the engine "pkcs11"; whether it offers RSA and EC
//                                                keys, or all that an engine can
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/dh.h>
#include <openssl/dsa.h>
#include <openssl/ec.h>
#include <openssl/engine.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <string_view>

#include "crypto/openssl_ptr.h"
#include "tests/process/hosts/host.h"

namespace signet::tests {
namespace {

constexpr int kChangedDefaults = 2;
constexpr int kCannotCopy = 3;
constexpr int kChangedEngine = 4;

int crash(EC_KEY* /*to*/, const EC_KEY* /*from*/) {
  return std::raise(SIGSEGV);
}

// Offers one method for one kind of each family.
template <int Kind, typename Method>
int offer(ENGINE* /*engine*/, Method** method, const int** kinds, int kind) {
  static const int kKinds[] = {Kind};
  if (method == nullptr) {
    *kinds = kKinds;
    return 1;
  }
  *method = nullptr;
  return kind == Kind ? 1 : 0;
}

ENGINE* load_engine(bool all) {
  ENGINE* const engine = ENGINE_new();
  ENGINE_set_id(engine, "hosts");
  ENGINE_set_name(engine, "the host's engine");
  EC_KEY_METHOD* const ec = EC_KEY_METHOD_new(EC_KEY_OpenSSL());
  EC_KEY_METHOD_set_init(ec, nullptr, nullptr, crash, nullptr, nullptr, nullptr);
  ENGINE_set_EC(engine, ec);
  ENGINE_set_RSA(engine, RSA_meth_dup(RSA_PKCS1_OpenSSL()));
  ENGINE_add(engine);
  if (!all) return engine;
  ENGINE_set_DSA(engine, DSA_meth_dup(DSA_OpenSSL()));
  ENGINE_set_DH(engine, DH_meth_dup(DH_OpenSSL()));
  ENGINE_set_RAND(engine, RAND_OpenSSL());
  ENGINE_set_digests(engine, offer<NID_sha256, const EVP_MD>);
  ENGINE_set_ciphers(engine, offer<NID_aes_128_cbc, const EVP_CIPHER>);
  ENGINE_set_pkey_meths(engine, offer<EVP_PKEY_EC, EVP_PKEY_METHOD>);
  ENGINE_set_pkey_asn1_meths(engine, offer<EVP_PKEY_EC, EVP_PKEY_ASN1_METHOD>);
  return engine;
}

bool says_default(const char* family, ENGINE* engine) {
  if (engine == nullptr) return false;
  std::fprintf(stderr, "%s became the default for %s\n", ENGINE_get_id(engine), family);
  return true;
}

// OpenSSL's own implementation serves all that names no engine.
bool no_engine_is_a_default() {
  const bool found[] = {
      says_default("RSA", ENGINE_get_default_RSA()),
      says_default("EC", ENGINE_get_default_EC()),
      says_default("DSA", ENGINE_get_default_DSA()),
      says_default("DH", ENGINE_get_default_DH()),
      says_default("RAND", ENGINE_get_default_RAND()),
      says_default("digests", ENGINE_get_digest_engine(NID_sha256)),
      says_default("ciphers", ENGINE_get_cipher_engine(NID_aes_128_cbc)),
      says_default("PKEY methods", ENGINE_get_pkey_meth_engine(EVP_PKEY_EC)),
      says_default("PKEY ASN.1 methods", ENGINE_get_pkey_asn1_meth_engine(EVP_PKEY_EC)),
  };
  return std::ranges::count(found, true) == 0;
}

bool copies_a_key_of_its_own() {
  EC_KEY* const made = EC_KEY_new_by_curve_name(NID_X9_62_prime256v1);
  EC_KEY_generate_key(made);
  const PkeyPtr key(EVP_PKEY_new());
  EVP_PKEY_assign_EC_KEY(key.get(), made);
  const PkeyPtr copy(EVP_PKEY_dup(key.get()));
  return copy && EVP_PKEY_eq(copy.get(), key.get()) == 1;
}

void sign_once() {
  Session session(module_for_good());
  session.login(pin_of_environment());
  session.sign(CKM_ECDSA_SHA256, session.find_one({CKO_PRIVATE_KEY, "p256", {}}), view_of("text"));
}

int run(std::string_view when, bool all) {
  ENGINE* engine = when == "before" ? load_engine(all) : nullptr;
  sign_once();
  if (when == "after") engine = load_engine(all);
  if (when == "configured") engine = ENGINE_by_id("pkcs11");
  if (engine == nullptr || (ENGINE_get_flags(engine) & ENGINE_FLAGS_NO_REGISTER_ALL) != 0)
    return kChangedEngine;
  sign_once();
  if (!no_engine_is_a_default()) return kChangedDefaults;
  return copies_a_key_of_its_own() ? kOwnStatus : kCannotCopy;
}

}  // namespace
}  // namespace signet::tests

int main(int count, char** words) {
  if (count < 2) return 1;
  return signet::tests::run(words[1], count == 3 && words[2] == std::string_view("all"));
}
