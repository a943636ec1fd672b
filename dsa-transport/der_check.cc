#include "dsa-transport/der_check.h"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/objects.h>
#include <openssl/x509.h>

#include <array>
#include <memory>
#include <new>
#include <utility>

namespace signet::transport {

namespace {

using Pkey = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;

// The host's queue of OpenSSL errors stays as it was.
class ErrorMark {
 public:
  ErrorMark() { ERR_set_mark(); }
  ~ErrorMark() { ERR_pop_to_mark(); }
  ErrorMark(const ErrorMark&) = delete;
  ErrorMark& operator=(const ErrorMark&) = delete;
};

Pkey parse_key(ossl_lib_ctx_st* context, ByteView spki) {
  const unsigned char* in = spki.data();
  Pkey key(d2i_PUBKEY_ex(nullptr, &in, static_cast<long>(spki.size()), context, nullptr),
           &EVP_PKEY_free);
  if (key && in != spki.data() + spki.size()) key.reset();
  return key;
}

Certificate parse_certificate(ossl_lib_ctx_st* context, ByteView der) {
  const unsigned char* in = der.data();
  X509* certificate = X509_new_ex(context, nullptr);
  // On failure d2i frees the object and sets the pointer to null.
  if (certificate != nullptr) d2i_X509(&certificate, &in, static_cast<long>(der.size()));
  Certificate parsed(certificate, &X509_free);
  if (parsed && in != der.data() + der.size()) parsed.reset();
  return parsed;
}

std::optional<Curve> named_curve(const EVP_PKEY* key) {
  std::array<char, 80> name{};
  std::size_t size = 0;
  if (EVP_PKEY_get_group_name(key, name.data(), name.size(), &size) != 1) return std::nullopt;
  switch (OBJ_txt2nid(name.data())) {
    case NID_X9_62_prime256v1:
      return Curve::p256;
    case NID_secp384r1:
      return Curve::p384;
    case NID_secp521r1:
      return Curve::p521;
    default:
      return std::nullopt;
  }
}

}  // namespace

DerCheck::DerCheck() : context_(OSSL_LIB_CTX_new()) {
  if (context_ == nullptr) throw std::bad_alloc();
}

DerCheck::~DerCheck() {
  OSSL_LIB_CTX_free(context_);
}

std::optional<DerCheck::PublicKey> DerCheck::public_key(ByteView spki) const {
  std::string bytes(text_of(spki));
  {
    const std::lock_guard lock(mutex_);
    const auto known = keys_.find(bytes);
    if (known != keys_.end()) return known->second;
  }
  const auto key = parse_public_key(spki);
  if (!key) return key;
  const std::lock_guard lock(mutex_);
  if (keys_.size() >= kMostRemembered) keys_.clear();
  keys_.emplace(std::move(bytes), *key);
  return key;
}

std::optional<DerCheck::PublicKey> DerCheck::parse_public_key(ByteView spki) const {
  const ErrorMark mark;
  const Pkey key = parse_key(context_, spki);
  if (!key) return std::nullopt;
  if (EVP_PKEY_is_a(key.get(), "RSA") == 1) {
    return PublicKey{.type = KeyType::rsa,
                     .bits = static_cast<unsigned>(EVP_PKEY_get_bits(key.get()))};
  }
  if (EVP_PKEY_is_a(key.get(), "ED25519") == 1) return PublicKey{.type = KeyType::ed25519};
  if (EVP_PKEY_is_a(key.get(), "EC") != 1) return std::nullopt;
  const auto curve = named_curve(key.get());
  if (!curve) return std::nullopt;
  return PublicKey{.type = KeyType::ec, .curve = *curve};
}

bool DerCheck::is_certificate(ByteView der) const {
  std::string bytes(text_of(der));
  {
    const std::lock_guard lock(mutex_);
    if (certificates_.contains(bytes)) return true;
  }
  {
    const ErrorMark mark;
    if (!parse_certificate(context_, der)) return false;
  }
  const std::lock_guard lock(mutex_);
  if (certificates_.size() >= kMostRemembered) certificates_.clear();
  certificates_.insert(std::move(bytes));
  return true;
}

bool DerCheck::certifies(ByteView certificate, ByteView spki) const {
  std::string bytes(text_of(certificate));
  {
    const std::lock_guard lock(mutex_);
    const auto known = certified_.find(bytes);
    if (known != certified_.end() && known->second == text_of(spki)) return true;
  }
  if (!parse_and_compare(certificate, spki)) return false;
  const std::lock_guard lock(mutex_);
  if (certified_.size() >= kMostRemembered) certified_.clear();
  certified_.insert_or_assign(std::move(bytes), std::string(text_of(spki)));
  return true;
}

bool DerCheck::parse_and_compare(ByteView certificate, ByteView spki) const {
  const ErrorMark mark;
  const Certificate parsed = parse_certificate(context_, certificate);
  const Pkey key = parse_key(context_, spki);
  if (!parsed || !key) return false;
  const EVP_PKEY* certified = X509_get0_pubkey(parsed.get());
  return certified != nullptr && EVP_PKEY_eq(certified, key.get()) == 1;
}

}  // namespace signet::transport
