// Keys of the provider "signet-token": provider-keymgmt(7).
#include <openssl/core_names.h>
#include <openssl/params.h>
#include <openssl/x509.h>

#include <cstring>

#include "pkcs11-client/provider.h"

namespace signet::pkcs11::provider {

namespace {

KeyData& data(void* key) {
  return *static_cast<KeyData*>(key);
}

const KeyContent* content(const void* key) {
  return static_cast<const KeyData*>(key)->content.get();
}

template <const char* kType>
void* new_key(void* provider) {
  return new (std::nothrow) KeyData{static_cast<OSSL_LIB_CTX*>(provider), kType, nullptr};
}

void free_key(void* key) {
  delete static_cast<KeyData*>(key);
}

int has(const void* key, int selection) {
  const KeyContent* own = content(key);
  if (own == nullptr) return 0;
  return (selection & OSSL_KEYMGMT_SELECT_PRIVATE_KEY) == 0 || own->signer ? 1 : 0;
}

int match(const void* a, const void* b, int /*selection*/) {
  const KeyContent* one = content(a);
  const KeyContent* other = content(b);
  return one != nullptr && other != nullptr &&
                 EVP_PKEY_eq(one->public_half.get(), other->public_half.get()) == 1
             ? 1
             : 0;
}

int get_params(void* key, OSSL_PARAM params[]) {
  const KeyContent* own = content(key);
  return own == nullptr ? 0 : EVP_PKEY_get_params(own->public_half.get(), params);
}

const OSSL_PARAM* gettable_params(void* /*provider*/) {
  static const OSSL_PARAM kGettable[] = {
      OSSL_PARAM_int(OSSL_PKEY_PARAM_BITS, nullptr),
      OSSL_PARAM_int(OSSL_PKEY_PARAM_SECURITY_BITS, nullptr),
      OSSL_PARAM_int(OSSL_PKEY_PARAM_MAX_SIZE, nullptr),
      OSSL_PARAM_utf8_string(OSSL_PKEY_PARAM_DEFAULT_DIGEST, nullptr, 0),
      OSSL_PARAM_utf8_string(OSSL_PKEY_PARAM_MANDATORY_DIGEST, nullptr, 0),
      OSSL_PARAM_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, nullptr, 0),
      OSSL_PARAM_octet_string(OSSL_PKEY_PARAM_PUB_KEY, nullptr, 0),
      OSSL_PARAM_octet_string(OSSL_PKEY_PARAM_ENCODED_PUBLIC_KEY, nullptr, 0),
      OSSL_PARAM_BN(OSSL_PKEY_PARAM_RSA_N, nullptr, 0),
      OSSL_PARAM_BN(OSSL_PKEY_PARAM_RSA_E, nullptr, 0),
      OSSL_PARAM_END};
  return kGettable;
}

const OSSL_PARAM* transferable(int selection) {
  static const OSSL_PARAM kPublic[] = {
      OSSL_PARAM_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, nullptr, 0),
      OSSL_PARAM_octet_string(OSSL_PKEY_PARAM_PUB_KEY, nullptr, 0),
      OSSL_PARAM_BN(OSSL_PKEY_PARAM_RSA_N, nullptr, 0),
      OSSL_PARAM_BN(OSSL_PKEY_PARAM_RSA_E, nullptr, 0),
      OSSL_PARAM_octet_string(kHandoverParameter, nullptr, 0),
      OSSL_PARAM_END};
  return (selection & OSSL_KEYMGMT_SELECT_PUBLIC_KEY) == 0 ? nullptr : kPublic;
}

// A public key out of another provider, to be compared.
PkeyPtr public_half_of(OSSL_LIB_CTX* context, const char* type, const OSSL_PARAM params[]) {
  const PkeyContextPtr maker(EVP_PKEY_CTX_new_from_name(context, type, kDefaultProperties));
  EVP_PKEY* key = nullptr;
  if (!maker || EVP_PKEY_fromdata_init(maker.get()) <= 0 ||
      EVP_PKEY_fromdata(maker.get(), &key, EVP_PKEY_PUBLIC_KEY, const_cast<OSSL_PARAM*>(params)) <=
          0)
    return nullptr;
  return PkeyPtr(key);
}

int import(void* key, int /*selection*/, const OSSL_PARAM params[]) {
  return guarded([&] {
    KeyData& own = data(key);
    auto made = std::make_shared<KeyContent>();
    const OSSL_PARAM* handed = OSSL_PARAM_locate_const(params, kHandoverParameter);
    if (handed != nullptr && handed->data_size == sizeof(Handover*)) {
      Handover* handover = nullptr;
      std::memcpy(&handover, handed->data, sizeof handover);
      made->public_half = provider::public_half_of(own.context, handover->public_key);
      made->signer = std::move(handover->signer);
    } else {
      made->public_half = public_half_of(own.context, own.type, params);
    }
    if (!made->public_half) return false;
    own.content = std::move(made);
    return true;
  });
}

// The public half only: who wants the private one gets nothing, and so must sign with us.
int export_key(void* key, int selection, OSSL_CALLBACK* take, void* argument) {
  const KeyContent* own = content(key);
  if (own == nullptr || (selection & OSSL_KEYMGMT_SELECT_PRIVATE_KEY) != 0) return 0;
  return EVP_PKEY_export(own->public_half.get(), EVP_PKEY_PUBLIC_KEY, take, argument);
}

// The signature algorithm of the type: only that of EC keys has a name of its own.
template <const char* kType>
const char* operation(int operation) {
  if (operation != OSSL_OP_SIGNATURE) return nullptr;
  return kType == kEc ? "ECDSA" : kType;
}

template <const char* kType>
const OSSL_DISPATCH kFunctions[] = {entry(OSSL_FUNC_KEYMGMT_NEW, new_key<kType>),
                                    entry(OSSL_FUNC_KEYMGMT_FREE, free_key),
                                    entry(OSSL_FUNC_KEYMGMT_HAS, has),
                                    entry(OSSL_FUNC_KEYMGMT_MATCH, match),
                                    entry(OSSL_FUNC_KEYMGMT_GET_PARAMS, get_params),
                                    entry(OSSL_FUNC_KEYMGMT_GETTABLE_PARAMS, gettable_params),
                                    entry(OSSL_FUNC_KEYMGMT_IMPORT, import),
                                    entry(OSSL_FUNC_KEYMGMT_IMPORT_TYPES, transferable),
                                    entry(OSSL_FUNC_KEYMGMT_EXPORT, export_key),
                                    entry(OSSL_FUNC_KEYMGMT_EXPORT_TYPES, transferable),
                                    entry(OSSL_FUNC_KEYMGMT_QUERY_OPERATION_NAME, operation<kType>),
                                    {0, nullptr}};

}  // namespace

const OSSL_ALGORITHM kKeyManagements[] = {
    {"RSA:rsaEncryption:1.2.840.113549.1.1.1", kProperties, kFunctions<kRsa>,
     "RSA keys of a token"},
    {"EC:id-ecPublicKey:1.2.840.10045.2.1", kProperties, kFunctions<kEc>, "EC keys of a token"},
    {"ED25519:1.3.101.112", kProperties, kFunctions<kEd25519>, "Ed25519 keys of a token"},
    {nullptr, nullptr, nullptr, nullptr}};

}  // namespace signet::pkcs11::provider
