#include "pkcs11-client/provider_key.h"

#include <openssl/params.h>
#include <openssl/provider.h>
#include <openssl/x509.h>

#include "crypto/library_context.h"
#include "crypto/provider_function.h"
#include "pkcs11-client/provider.h"

namespace signet::pkcs11 {
namespace provider {
namespace {

constexpr const char* kName = "signet-token";

const OSSL_ALGORITHM* query(void* /*provider*/, int operation, int* no_cache) {
  *no_cache = 0;
  if (operation == OSSL_OP_KEYMGMT) return kKeyManagements;
  if (operation == OSSL_OP_SIGNATURE) return kSignatures;
  return nullptr;
}

const OSSL_DISPATCH kProvider[] = {entry(OSSL_FUNC_PROVIDER_QUERY_OPERATION, query), {0, nullptr}};

// The provider's own data is the library context that it is in.
int initialize(const OSSL_CORE_HANDLE* core, const OSSL_DISPATCH* core_functions,
               const OSSL_DISPATCH** functions, void** provider) {
  const auto context_of = crypto::provider_function<OSSL_FUNC_core_get_libctx_fn>(
      core_functions, OSSL_FUNC_CORE_GET_LIBCTX);
  if (context_of == nullptr) return 0;
  *functions = kProvider;
  *provider = context_of(core);
  return 1;
}

// One of kTypes; nullptr for other keys.
const char* type_of(OSSL_LIB_CTX* context, ByteView public_key) {
  const PkeyPtr key = public_half_of(context, public_key);
  for (const char* type : kTypes)
    if (key && EVP_PKEY_is_a(key.get(), type) == 1) return type;
  return nullptr;
}

EVP_PKEY* key_of(OSSL_LIB_CTX* context, const char* type, Handover& handover) {
  const PkeyContextPtr maker(EVP_PKEY_CTX_new_from_name(context, type, kProperties));
  Handover* pointer = &handover;
  OSSL_PARAM parameters[] = {
      OSSL_PARAM_construct_octet_string(kHandoverParameter, &pointer, sizeof pointer),
      OSSL_PARAM_construct_end()};
  EVP_PKEY* key = nullptr;
  if (!maker || EVP_PKEY_fromdata_init(maker.get()) <= 0 ||
      EVP_PKEY_fromdata(maker.get(), &key, EVP_PKEY_KEYPAIR, parameters) <= 0)
    return nullptr;
  return key;
}

}  // namespace

PkeyPtr public_half_of(OSSL_LIB_CTX* context, ByteView spki) {
  const unsigned char* in = spki.data();
  return PkeyPtr(
      d2i_PUBKEY_ex(nullptr, &in, static_cast<long>(spki.size()), context, kDefaultProperties));
}

}  // namespace provider

std::unique_ptr<ProviderKey> ProviderKey::make(ByteView public_key, DigestSigner signer) {
  std::unique_ptr<ProviderKey> made(new ProviderKey);
  OSSL_LIB_CTX* const context = made->context_.get();
  if (!made->context_ ||
      OSSL_PROVIDER_add_builtin(context, provider::kName, provider::initialize) != 1)
    return nullptr;
  made->own_ = OSSL_PROVIDER_load(context, provider::kName);
  if (made->own_ == nullptr) return nullptr;
  const char* const type = provider::type_of(context, public_key);
  if (type == nullptr) return nullptr;
  provider::Handover handover{public_key, std::move(signer)};
  made->key_ = provider::key_of(context, type, handover);
  return made->key_ == nullptr ? nullptr : std::move(made);
}

ProviderKey::~ProviderKey() {
  if (crypto::openssl_is_gone()) return;
  EVP_PKEY_free(key_);
  if (own_ != nullptr) OSSL_PROVIDER_unload(own_);
}

}  // namespace signet::pkcs11
