#include "keygen/token_key.h"

#include <openssl/core_names.h>
#include <openssl/params.h>
#include <openssl/provider.h>
#include <openssl/x509.h>

#include "keygen/token_provider.h"

namespace signet::keygen {
namespace provider {

Provider::Provider() : context(OSSL_LIB_CTX_new()) {
  if (context != nullptr) default_ = OSSL_PROVIDER_load(context, "default");
}

Provider::~Provider() {
  if (default_ != nullptr) OSSL_PROVIDER_unload(default_);
  OSSL_LIB_CTX_free(context);
}

namespace {

constexpr const char* kName = "signet-token";

void teardown(void* provider) {
  delete static_cast<Provider*>(provider);
}

const OSSL_ALGORITHM* query(void* /*provider*/, int operation, int* no_cache) {
  *no_cache = 0;
  if (operation == OSSL_OP_KEYMGMT) return kKeyManagements;
  if (operation == OSSL_OP_SIGNATURE) return kSignatures;
  return nullptr;
}

const OSSL_DISPATCH kProvider[] = {entry(OSSL_FUNC_PROVIDER_TEARDOWN, teardown),
                                   entry(OSSL_FUNC_PROVIDER_QUERY_OPERATION, query),
                                   {0, nullptr}};

int initialize(const OSSL_CORE_HANDLE* /*core*/, const OSSL_DISPATCH* /*core_functions*/,
               const OSSL_DISPATCH** functions, void** provider) {
  return guarded([&] {
    auto made = std::make_unique<Provider>();
    if (!made->usable()) return false;
    *functions = kProvider;
    *provider = made.release();
    return true;
  });
}

// "RSA" or "EC"; nullptr for other keys.
const char* type_of(OSSL_LIB_CTX* context, ByteView public_key) {
  const unsigned char* in = public_key.data();
  EVP_PKEY* key =
      d2i_PUBKEY_ex(nullptr, &in, static_cast<long>(public_key.size()), context, nullptr);
  const char* type = nullptr;
  if (key != nullptr && EVP_PKEY_is_a(key, "RSA") == 1) type = "RSA";
  if (key != nullptr && EVP_PKEY_is_a(key, "EC") == 1) type = "EC";
  EVP_PKEY_free(key);
  return type;
}

EVP_PKEY* key_of(OSSL_LIB_CTX* context, const char* type, Handover& handover) {
  EVP_PKEY_CTX* maker = EVP_PKEY_CTX_new_from_name(context, type, kProperties);
  Handover* pointer = &handover;
  OSSL_PARAM parameters[] = {
      OSSL_PARAM_construct_octet_string(kHandoverParameter, &pointer, sizeof pointer),
      OSSL_PARAM_construct_end()};
  EVP_PKEY* key = nullptr;
  if (maker == nullptr || EVP_PKEY_fromdata_init(maker) <= 0 ||
      EVP_PKEY_fromdata(maker, &key, EVP_PKEY_KEYPAIR, parameters) <= 0)
    key = nullptr;
  EVP_PKEY_CTX_free(maker);
  return key;
}

}  // namespace
}  // namespace provider

std::unique_ptr<TokenKey> TokenKey::make(OSSL_LIB_CTX* context, ByteView public_key,
                                         DigestSigner signer) {
  std::unique_ptr<TokenKey> made(new TokenKey);
  // Added once a context; loading it again only counts.
  if (OSSL_PROVIDER_available(context, provider::kName) == 0)
    OSSL_PROVIDER_add_builtin(context, provider::kName, provider::initialize);
  made->provider_ = OSSL_PROVIDER_try_load(context, provider::kName, 1);
  const char* type = provider::type_of(context, public_key);
  if (made->provider_ == nullptr || type == nullptr) return nullptr;
  provider::Handover handover{public_key, std::move(signer)};
  made->key_ = provider::key_of(context, type, handover);
  return made->key_ == nullptr ? nullptr : std::move(made);
}

TokenKey::~TokenKey() {
  EVP_PKEY_free(key_);
  if (provider_ != nullptr) OSSL_PROVIDER_unload(provider_);
}

}  // namespace signet::keygen
