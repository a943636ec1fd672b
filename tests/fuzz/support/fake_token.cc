// Stands in for SoftHSM and the slow hash of passwords (token.h, passwords.h of softhsm-backend, chosen when the
// target is linked): keys in memory, hashes that cost nothing.
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include <map>

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
PkeyPtr make_key(const KeySpec& spec) {
  if (!spec.rsa()) return PkeyPtr(EVP_EC_gen(row_of(spec.curve->curve).openssl_name));
  static std::map<unsigned, PkeyPtr> made;
  PkeyPtr& key = made[spec.bits];
  if (!key) key.reset(EVP_RSA_gen(spec.bits));
  EVP_PKEY_up_ref(key.get());
  return PkeyPtr(key.get());
}

EVP_PKEY* key_of(const std::string& id) {
  const auto found = stored().find(id);
  if (found == stored().end()) throw TokenError("there is no key " + id);
  return found->second.get();
}

Bytes signature_by(EVP_PKEY_CTX* context, ByteView data) {
  Bytes signature(1024);
  std::size_t size = signature.size();
  if (EVP_PKEY_sign(context, signature.data(), &size, data.data(), data.size()) != 1) {
    throw TokenError("C_Sign", CKR_DATA_LEN_RANGE);
  }
  signature.resize(size);
  return signature;
}

}  // namespace

TokenError::TokenError(const std::string& call, CK_RV code) : std::runtime_error(call), rv(code) {}

// Never called; Token only keeps a reference to it.
CK_FUNCTION_LIST no_functions{};

TokenModule::TokenModule(const std::filesystem::path& /*module*/) : functions_(&no_functions) {}
TokenModule::~TokenModule() = default;

// Of `signet-emulator init`, which no request reaches.
void TokenModule::create_token(std::string_view /*label*/, const Secret& /*so_pin*/,
                               const Secret& /*user_pin*/) const {}

CK_SLOT_ID TokenModule::slot_of(std::string_view /*label*/) const {
  return 0;
}

Token::Session::~Session() = default;

Token::Token(const std::filesystem::path& module, std::string_view /*label*/, const Secret& /*pin*/)
    : module_(module),
      functions_(module_.functions()),
      slot_(0),
      sessions_([] { return std::unique_ptr<Session>(); }) {}

Token::~Token() = default;

Bytes Token::generate(const KeySpec& spec, const std::string& id) {
  PkeyPtr key = make_key(spec);
  Bytes der = public_key_der(*key);
  stored()[id] = std::move(key);
  return der;
}

Bytes Token::sign_pkcs1(const std::string& id, ByteView padded_content) {
  const PkeyContextPtr context(EVP_PKEY_CTX_new(key_of(id), nullptr));
  EVP_PKEY_sign_init(context.get());
  return signature_by(context.get(), padded_content);
}

Bytes Token::sign_pss(const std::string& id, const HashRow& hash, std::size_t salt_length,
                      ByteView digest) {
  const PkeyContextPtr context(EVP_PKEY_CTX_new(key_of(id), nullptr));
  EVP_PKEY_sign_init(context.get());
  EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_PSS_PADDING);
  EVP_PKEY_CTX_set_signature_md(context.get(), EVP_get_digestbyname(hash_name(hash.hash)));
  EVP_PKEY_CTX_set_rsa_pss_saltlen(context.get(), static_cast<int>(salt_length));
  return signature_by(context.get(), digest);
}

Bytes Token::sign_ecdsa(const std::string& id, ByteView digest) {
  EVP_PKEY* const key = key_of(id);
  const PkeyContextPtr context(EVP_PKEY_CTX_new(key, nullptr));
  EVP_PKEY_sign_init(context.get());
  const Bytes der = signature_by(context.get(), digest);
  const unsigned char* in = der.data();
  const EcdsaPtr parts(d2i_ECDSA_SIG(nullptr, &in, static_cast<long>(der.size())));
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
