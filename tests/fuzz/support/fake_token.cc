// Stands in for SoftHSM and the slow hash of passwords (token.h, passwords.h of softhsm-backend, chosen when the
// target is linked): keys in memory, hashes that cost nothing.
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include <map>

#include "crypto/algorithm_table.h"
#include "crypto/openssl_ptr.h"
#include "softhsm-backend/passwords.h"
#include "softhsm-backend/public_key.h"
#include "softhsm-backend/token.h"

namespace signet::emulator {

namespace {

using EcdsaPtr = OpensslPtr<ECDSA_SIG, ECDSA_SIG_free>;

std::map<std::string, PkeyPtr>& stored() {
  static std::map<std::string, PkeyPtr> keys;
  return keys;
}

// One RSA key of each size stands for all: they take long to make.
PkeyPtr make_key(const crypto::KeyParameters& spec) {
  if (spec.type == crypto::KeyType::ec) return PkeyPtr(EVP_EC_gen(row_of(spec.curve).openssl_name));
  if (spec.type == crypto::KeyType::edwards) {
    return PkeyPtr(EVP_PKEY_Q_keygen(nullptr, nullptr, row_of(spec.curve).openssl_name));
  }
  static std::map<unsigned, PkeyPtr> made;
  PkeyPtr& key = made[spec.bits];
  if (!key) key.reset(EVP_RSA_gen(spec.bits));
  EVP_PKEY_up_ref(key.get());
  return PkeyPtr(key.get());
}

EVP_PKEY* key_of(const std::string& id) {
  const auto found = stored().find(id);
  if (found == stored().end()) throw KeyStoreError("there is no key " + id, CKR_GENERAL_ERROR);
  return found->second.get();
}

Bytes signature_by(EVP_PKEY_CTX* context, ByteView data) {
  Bytes signature(1024);
  std::size_t size = signature.size();
  if (EVP_PKEY_sign(context, signature.data(), &size, data.data(), data.size()) != 1) {
    throw KeyStoreError("C_Sign", CKR_DATA_LEN_RANGE);
  }
  signature.resize(size);
  return signature;
}

Bytes signature_of_message(EVP_PKEY* key, ByteView message) {
  const DigestContextPtr context(EVP_MD_CTX_new());
  Bytes signature(static_cast<std::size_t>(EVP_PKEY_get_size(key)));
  std::size_t size = signature.size();
  if (EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key) != 1 ||
      EVP_DigestSign(context.get(), signature.data(), &size, message.data(), message.size()) != 1) {
    throw KeyStoreError("C_Sign", CKR_FUNCTION_FAILED);
  }
  return signature;
}

}  // namespace

// Never called; Token only keeps a reference to it.
CK_FUNCTION_LIST no_functions{};

// Of `signet-emulator init`, which no request reaches.
std::shared_ptr<pkcs11::Module> load_softhsm(const std::filesystem::path& /*file*/) {
  throw KeyStoreError("there is no SoftHSM", CKR_FUNCTION_NOT_SUPPORTED);
}

Token::Session::~Session() = default;

Token::Token(const std::filesystem::path& /*module*/, std::string_view /*label*/,
             const Secret& /*pin*/)
    : functions_(no_functions), slot_(0) {}

Bytes Token::generate(const crypto::KeyParameters& spec, const std::string& id) {
  PkeyPtr key = make_key(spec);
  Bytes der = public_key_der(*key);
  stored()[id] = std::move(key);
  return der;
}

Bytes Token::sign(const std::string& id, crypto::Scheme scheme, ByteView data, crypto::Hash hash,
                  std::size_t salt_length) {
  EVP_PKEY* const key = key_of(id);
  if (scheme == crypto::Scheme::eddsa) return signature_of_message(key, data);
  const PkeyContextPtr context(EVP_PKEY_CTX_new(key, nullptr));
  EVP_PKEY_sign_init(context.get());
  if (scheme == crypto::Scheme::rsa_pss) {
    EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_PSS_PADDING);
    EVP_PKEY_CTX_set_signature_md(context.get(), EVP_get_digestbyname(hash_name(hash)));
    EVP_PKEY_CTX_set_rsa_pss_saltlen(context.get(), static_cast<int>(salt_length));
  }
  const Bytes made = signature_by(context.get(), data);
  if (scheme != crypto::Scheme::ecdsa) return made;
  const unsigned char* in = made.data();
  const EcdsaPtr parts(d2i_ECDSA_SIG(nullptr, &in, static_cast<long>(made.size())));
  const int half = (EVP_PKEY_get_bits(key) + 7) / 8;
  Bytes signature(2 * static_cast<std::size_t>(half));
  BN_bn2binpad(ECDSA_SIG_get0_r(parts.get()), signature.data(), half);
  BN_bn2binpad(ECDSA_SIG_get0_s(parts.get()), signature.data() + half, half);
  return signature;
}

void Token::destroy(const std::string& id) {
  stored().erase(id);
}

std::vector<std::string> Token::key_ids() {
  std::vector<std::string> ids;
  for (const auto& [id, key] : stored()) ids.push_back(id);
  return ids;
}

std::string hash_password(const Secret& password) {
  return "plain$" + to_hex(password.reveal());
}

bool password_matches(const Secret& password, std::string_view hash) {
  return hash == hash_password(password);
}

}  // namespace signet::emulator
