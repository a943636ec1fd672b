// PublicKey's verifications. Each makes its own operation: nothing is shared between threads but
// the key.
#include <openssl/core_names.h>
#include <openssl/params.h>
#include <openssl/rsa.h>

#include <algorithm>
#include <array>
#include <bit>
#include <memory>

#include "crypto/der.h"
#include "crypto/digest_info.h"
#include "crypto/host_errors.h"
#include "crypto/provider_function.h"
#include "crypto/public_key.h"
#include "crypto/spki.h"

namespace signet::crypto {

namespace {

// OSSL_PARAM has no const, though what it carries in is only read.
OSSL_PARAM text_parameter(const char* name, const char* value) {
  return OSSL_PARAM_construct_utf8_string(name, const_cast<char*>(value), 0);
}

constexpr int kPublicKey = OSSL_KEYMGMT_SELECT_PUBLIC_KEY | OSSL_KEYMGMT_SELECT_ALL_PARAMETERS;

void free_key(const Context::KeyFunctions& functions, void* key) {
  if (key == nullptr) return;
  provider_function<OSSL_FUNC_keymgmt_free_fn>(functions.management, OSSL_FUNC_KEYMGMT_FREE)(key);
}

// The provider's key; nullptr where it takes the parameters for none.
void* import_key(const Context& context, KeyType type, const OSSL_PARAM* parameters) {
  const auto& functions = context.key_functions(type);
  const auto make =
      provider_function<OSSL_FUNC_keymgmt_new_fn>(functions.management, OSSL_FUNC_KEYMGMT_NEW);
  const auto import = provider_function<OSSL_FUNC_keymgmt_import_fn>(functions.management,
                                                                     OSSL_FUNC_KEYMGMT_IMPORT);
  void* const key = make(context.provider_state());
  if (key == nullptr || import(key, kPublicKey, parameters) == 1) return key;
  free_key(functions, key);
  return nullptr;
}

// A verification under way: the provider's state for it.
using Verification = std::unique_ptr<void, OSSL_FUNC_signature_freectx_fn*>;

Verification new_verification(const Context& context, KeyType type) {
  const OSSL_DISPATCH* functions = context.key_functions(type).signature;
  const auto make =
      provider_function<OSSL_FUNC_signature_newctx_fn>(functions, OSSL_FUNC_SIGNATURE_NEWCTX);
  const auto free =
      provider_function<OSSL_FUNC_signature_freectx_fn>(functions, OSSL_FUNC_SIGNATURE_FREECTX);
  return {make(context.provider_state(), nullptr), free};
}

// Numbers in OSSL_PARAM have the machine's byte order.
Bytes native_order(ByteView big_endian) {
  Bytes number = copy_of(big_endian);
  if constexpr (std::endian::native == std::endian::little) std::ranges::reverse(number);
  return number;
}

void* import_rsa(const Context& context, ByteView modulus, ByteView exponent) {
  Bytes n = native_order(modulus);
  Bytes e = native_order(exponent);
  std::array parameters = {
      OSSL_PARAM_construct_BN(OSSL_PKEY_PARAM_RSA_N, n.data(), n.size()),
      OSSL_PARAM_construct_BN(OSSL_PKEY_PARAM_RSA_E, e.data(), e.size()),
      OSSL_PARAM_construct_end(),
  };
  return import_key(context, KeyType::rsa, parameters.data());
}

void* import_point(const Context& context, const CurveRow& curve, ByteView point) {
  const auto pub = OSSL_PARAM_construct_octet_string(
      OSSL_PKEY_PARAM_PUB_KEY, const_cast<std::uint8_t*>(point.data()), point.size());
  if (curve.type == KeyType::edwards) {
    std::array parameters = {pub, OSSL_PARAM_construct_end()};
    return import_key(context, KeyType::edwards, parameters.data());
  }
  std::array parameters = {
      text_parameter(OSSL_PKEY_PARAM_GROUP_NAME, curve.openssl_name),
      pub,
      OSSL_PARAM_construct_end(),
  };
  return import_key(context, KeyType::ec, parameters.data());
}

// EMSA-PKCS1-v1_5 (RFC 8017, 9.2); empty where the data is too long for `size`.
Bytes pkcs1_block(ByteView data, std::size_t size) {
  constexpr std::size_t overhead = 11;  // 00 01, eight FF at least, 00
  if (data.size() + overhead > size) return {};
  Bytes block(size, 0xFF);
  block[0] = 0x00;
  block[1] = 0x01;
  block[size - data.size() - 1] = 0x00;
  std::ranges::copy(data, block.end() - static_cast<std::ptrdiff_t>(data.size()));
  return block;
}

}  // namespace

PublicKey::~PublicKey() {
  if (openssl_is_gone()) return;
  free_key(context_->key_functions(type_), key_);
  delete table_.load();
}

// No lock is held meanwhile, since OpenSSL may come back into this module: of two threads one wins.
void* PublicKey::key() const {
  if (void* made = key_) return made;
  void* made = type_ == KeyType::rsa
                   ? import_rsa(*context_, modulus_, public_exponent_)
                   : import_point(*context_, *curve_, *spki::point_in(*curve_, ec_point_));
  void* before = nullptr;
  if (key_.compare_exchange_strong(before, made)) return made;
  free_key(context_->key_functions(type_), made);
  return before;
}

// One thread makes it, while the others go on without.
const PointTable* PublicKey::table() const {
  if (const PointTable* made = table_) return made;
  if (curve_->curve != Curve::p256 || uses_.fetch_add(1) != kUsesBeforeTable) return nullptr;
  table_ = PointTable::make(context_->get(), context_->group(Curve::p256),
                            *spki::point_in(*curve_, ec_point_))
               .release();
  return table_;
}

bool PublicKey::verify_with(const OSSL_PARAM* parameters, ByteView data, ByteView signature) const {
  if (signature.size() != signature_size_ && type_ == KeyType::rsa) return false;
  const HostErrors aside;
  const auto operation = new_verification(*context_, type_);
  if (operation == nullptr || key() == nullptr) return verdict(false);
  const OSSL_DISPATCH* functions = context_->key_functions(type_).signature;
  const auto begin = provider_function<OSSL_FUNC_signature_verify_init_fn>(
      functions, OSSL_FUNC_SIGNATURE_VERIFY_INIT);
  const auto verify =
      provider_function<OSSL_FUNC_signature_verify_fn>(functions, OSSL_FUNC_SIGNATURE_VERIFY);
  return verdict(
      begin(operation.get(), key(), parameters) == 1 &&
      verify(operation.get(), signature.data(), signature.size(), data.data(), data.size()) == 1);
}

bool PublicKey::verify_pkcs1_digest(Hash hash, ByteView digest, ByteView signature) const {
  const Bytes digest_info = encode_digest_info(hash, digest);
  return !digest_info.empty() && verify_pkcs1_raw(digest_info, signature);
}

// The padded block is made and compared whole: nothing of the signature is parsed, so nothing in it
// can be read in two ways.
bool PublicKey::verify_pkcs1_raw(ByteView data, ByteView signature) const {
  if (type_ != KeyType::rsa) return false;
  const Bytes block = pkcs1_block(data, signature_size_);
  return !block.empty() && verify_rsa_x509(block, signature);
}

bool PublicKey::verify_rsa_x509(ByteView data, ByteView signature) const {
  if (type_ != KeyType::rsa || data.size() > signature_size_) return false;
  Bytes block(signature_size_ - data.size(), 0);
  block.insert(block.end(), data.begin(), data.end());
  const std::array parameters = {
      text_parameter(OSSL_SIGNATURE_PARAM_PAD_MODE, OSSL_PKEY_RSA_PAD_MODE_NONE),
      OSSL_PARAM_construct_end(),
  };
  return verify_with(parameters.data(), block, signature);
}

bool PublicKey::verify_pss(Hash hash, const PssParameters& pss, ByteView digest,
                           ByteView signature) const {
  const bool hashes = hash != Hash::none && pss.mgf_hash != Hash::none;
  if (type_ != KeyType::rsa || !hashes || digest.size() != digest_size(hash)) return false;
  if (pss.salt_length > signature_size_) return false;
  int salt_length = static_cast<int>(pss.salt_length);
  const std::array parameters = {
      text_parameter(OSSL_SIGNATURE_PARAM_DIGEST, hash_name(hash)),
      text_parameter(OSSL_SIGNATURE_PARAM_PAD_MODE, OSSL_PKEY_RSA_PAD_MODE_PSS),
      text_parameter(OSSL_SIGNATURE_PARAM_MGF1_DIGEST, hash_name(pss.mgf_hash)),
      OSSL_PARAM_construct_int(OSSL_SIGNATURE_PARAM_PSS_SALTLEN, &salt_length),
      OSSL_PARAM_construct_end(),
  };
  return verify_with(parameters.data(), digest, signature);
}

bool PublicKey::verify_ecdsa(ByteView digest, ByteView signature) const {
  if (type_ != KeyType::ec || digest.empty() || signature.size() != signature_size_) return false;
  if (const PointTable* multiples = table()) {
    const HostErrors aside;
    return multiples->verify(digest, signature);
  }
  return verify_with(nullptr, digest, der::encode_ecdsa(signature));
}

bool PublicKey::verify_eddsa(ByteView message, ByteView signature) const {
  if (type_ != KeyType::edwards || signature.size() != signature_size_) return false;
  const HostErrors aside;
  const auto operation = new_verification(*context_, type_);
  if (operation == nullptr || key() == nullptr) return verdict(false);
  const OSSL_DISPATCH* functions = context_->key_functions(type_).signature;
  const auto begin = provider_function<OSSL_FUNC_signature_digest_verify_init_fn>(
      functions, OSSL_FUNC_SIGNATURE_DIGEST_VERIFY_INIT);
  const auto verify = provider_function<OSSL_FUNC_signature_digest_verify_fn>(
      functions, OSSL_FUNC_SIGNATURE_DIGEST_VERIFY);
  return verdict(begin(operation.get(), nullptr, key(), nullptr) == 1 &&
                 verify(operation.get(), signature.data(), signature.size(), message.data(),
                        message.size()) == 1);
}

}  // namespace signet::crypto
