// OpenSSL 3 has one way for a key that is elsewhere to serve a TLS context of the default library context without
// a provider or an engine registered in it, where the host would meet them: the methods of RSA and EC_KEY objects,
// which it calls deprecated. They belong to this one key, and nothing of them is left behind.
#define OPENSSL_SUPPRESS_DEPRECATED

#include "pkcs11-client/token_key.h"

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "common/mutex.h"
#include "crypto/openssl_ptr.h"
#include "pkcs11-client/token_object.h"

namespace signet::pkcs11 {

struct TokenKey::State {
  std::unique_ptr<TokenObject> object;
  std::string complaint;
  OpensslPtr<RSA_METHOD, RSA_meth_free> rsa_method;
  OpensslPtr<EC_KEY_METHOD, EC_KEY_METHOD_free> ec_method;
  OpensslPtr<EVP_PKEY, EVP_PKEY_free> key;

  // The size of the signature; 0 where there is none.
  std::size_t sign(CK_MECHANISM_TYPE mechanism, ByteView data, std::span<std::uint8_t> out) {
    auto size = object->sign(mechanism, data, out);
    if (size) return size.value();
    complaint = size.error();
    return 0;
  }
};

namespace {

using State = TokenKey::State;

// An EC_KEY_METHOD carries no pointer of its own, so it is looked up here.
struct EcEntry {
  const EC_KEY_METHOD* method;
  State* state;
};
constinit Mutex ec_mutex;

// Never destroyed: threads of the host may be here while it exits.
std::vector<EcEntry>& ec_entries() SIGNET_REQUIRES(ec_mutex) {
  static auto* const kEntries = new std::vector<EcEntry>();
  return *kEntries;
}

State* ec_state(const EC_KEY* key) {
  const MutexLock lock(ec_mutex);
  const auto entry = std::ranges::find(ec_entries(), EC_KEY_get_method(key), &EcEntry::method);
  return entry == ec_entries().end() ? nullptr : entry->state;
}

int sign_rsa(int size, const unsigned char* data, unsigned char* signature, RSA* rsa, int padding) {
  auto* const state = static_cast<State*>(RSA_meth_get0_app_data(RSA_get_method(rsa)));
  const bool known = padding == RSA_PKCS1_PADDING || padding == RSA_NO_PADDING;
  if (!known) return -1;
  const CK_MECHANISM_TYPE mechanism = padding == RSA_PKCS1_PADDING ? CKM_RSA_PKCS : CKM_RSA_X_509;
  const std::size_t written = state->sign(mechanism, {data, static_cast<std::size_t>(size)},
                                          {signature, static_cast<std::size_t>(RSA_size(rsa))});
  return written == 0 ? -1 : static_cast<int>(written);
}

ECDSA_SIG* sign_ec(const unsigned char* digest, int size, const BIGNUM* /*kinv*/,
                   const BIGNUM* /*r*/, EC_KEY* key) {
  State* const state = ec_state(key);
  if (state == nullptr) return nullptr;
  const auto order_size =
      static_cast<std::size_t>(EC_GROUP_order_bits(EC_KEY_get0_group(key)) + 7) / 8;
  Bytes pair(2 * order_size);
  if (state->sign(CKM_ECDSA, {digest, static_cast<std::size_t>(size)}, pair) != pair.size()) {
    return nullptr;
  }
  const auto half = static_cast<int>(order_size);
  OpensslPtr<ECDSA_SIG, ECDSA_SIG_free> signature(ECDSA_SIG_new());
  BIGNUM* const r = BN_bin2bn(pair.data(), half, nullptr);
  BIGNUM* const s = BN_bin2bn(pair.data() + order_size, half, nullptr);
  if (!signature || ECDSA_SIG_set0(signature.get(), r, s) != 1) {
    BN_free(r);
    BN_free(s);
    return nullptr;
  }
  return signature.release();
}

bool make_rsa(State& state, const EVP_PKEY* public_key) {
  const RSA* const original = EVP_PKEY_get0_RSA(public_key);
  state.rsa_method.reset(RSA_meth_dup(RSA_PKCS1_OpenSSL()));
  const OpensslPtr<RSA, RSA_free> rsa(RSA_new());
  if (original == nullptr || !state.rsa_method || !rsa) return false;
  RSA_meth_set0_app_data(state.rsa_method.get(), &state);
  RSA_meth_set_priv_enc(state.rsa_method.get(), sign_rsa);
  BIGNUM* const n = BN_dup(RSA_get0_n(original));
  BIGNUM* const e = BN_dup(RSA_get0_e(original));
  if (RSA_set0_key(rsa.get(), n, e, nullptr) != 1) {
    BN_free(n);
    BN_free(e);
    return false;
  }
  return RSA_set_method(rsa.get(), state.rsa_method.get()) == 1 &&
         EVP_PKEY_set1_RSA(state.key.get(), rsa.get()) == 1;
}

bool make_ec(State& state, const EVP_PKEY* public_key) {
  const EC_KEY* const original = EVP_PKEY_get0_EC_KEY(public_key);
  state.ec_method.reset(EC_KEY_METHOD_new(EC_KEY_OpenSSL()));
  if (original == nullptr || !state.ec_method) return false;
  const OpensslPtr<EC_KEY, EC_KEY_free> key(EC_KEY_new());
  if (!key || EC_KEY_set_group(key.get(), EC_KEY_get0_group(original)) != 1 ||
      EC_KEY_set_public_key(key.get(), EC_KEY_get0_public_key(original)) != 1) {
    return false;
  }
  int (*sign)(int, const unsigned char*, int, unsigned char*, unsigned int*, const BIGNUM*,
              const BIGNUM*, EC_KEY*) = nullptr;
  int (*setup)(EC_KEY*, BN_CTX*, BIGNUM**, BIGNUM**) = nullptr;
  EC_KEY_METHOD_get_sign(EC_KEY_OpenSSL(), &sign, &setup, nullptr);
  EC_KEY_METHOD_set_sign(state.ec_method.get(), sign, setup, sign_ec);
  {
    const MutexLock lock(ec_mutex);
    ec_entries().push_back({state.ec_method.get(), &state});
  }
  return EC_KEY_set_method(key.get(), state.ec_method.get()) == 1 &&
         EVP_PKEY_set1_EC_KEY(state.key.get(), key.get()) == 1;
}

}  // namespace

TokenKey::TokenKey(std::unique_ptr<State> state) : state_(std::move(state)) {}

TokenKey::~TokenKey() {
  const MutexLock lock(ec_mutex);
  std::erase_if(ec_entries(), [&](const EcEntry& entry) { return entry.state == state_.get(); });
}

EVP_PKEY* TokenKey::get() const {
  return state_->key.get();
}

const std::string& TokenKey::complaint() const {
  return state_->complaint;
}

Result<std::unique_ptr<TokenKey>, std::string> TokenKey::open(const Pkcs11Uri& uri,
                                                              const EVP_PKEY* public_key) {
  auto state = std::make_unique<State>();
  BOOST_OUTCOME_TRY(state->object, TokenObject::open(uri, CKO_PRIVATE_KEY));
  state->key.reset(EVP_PKEY_new());
  std::unique_ptr<TokenKey> made(new TokenKey(std::move(state)));
  const int type = EVP_PKEY_get_base_id(public_key);
  if (type != EVP_PKEY_RSA && type != EVP_PKEY_EC) {
    return std::string("the client certificate's key is neither RSA nor EC");
  }
  const bool good = type == EVP_PKEY_RSA ? make_rsa(*made->state_, public_key)
                                         : make_ec(*made->state_, public_key);
  if (!good) return std::string("OpenSSL does not take the key of the token");
  return made;
}

Result<Bytes, std::string> read_token_certificate(const Pkcs11Uri& uri) {
  BOOST_OUTCOME_TRY(const auto object, TokenObject::open(uri, CKO_CERTIFICATE));
  return object->value();
}

}  // namespace signet::pkcs11
