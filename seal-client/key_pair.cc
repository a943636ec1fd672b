#include "seal-client/key_pair.h"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/params.h>

#include <array>
#include <string_view>

#include "crypto/algorithm_table.h"
#include "crypto/openssl.h"
#include "crypto/spki.h"

namespace signet::sealclient {

namespace {

constexpr std::size_t kCoordinate = 32;  // bytes

bool is_on_p256(const EVP_PKEY* key) {
  std::array<char, 64> group{};
  return EVP_PKEY_is_a(key, "EC") == 1 &&
         EVP_PKEY_get_group_name(key, group.data(), group.size(), nullptr) == 1 &&
         std::string_view(group.data()) == "prime256v1";
}

}  // namespace

PkeyPtr make_key_pair() {
  return PkeyPtr(EVP_PKEY_Q_keygen(crypto::library_context(), nullptr, "EC", "P-256"));
}

PkeyPtr key_pair_of(ByteView pkcs8) {
  const unsigned char* at = pkcs8.data();
  const OpensslPtr<PKCS8_PRIV_KEY_INFO, PKCS8_PRIV_KEY_INFO_free> info(
      d2i_PKCS8_PRIV_KEY_INFO(nullptr, &at, static_cast<long>(pkcs8.size())));
  if (!info || at != pkcs8.data() + pkcs8.size()) return nullptr;
  PkeyPtr key(EVP_PKCS82PKEY_ex(info.get(), crypto::library_context(), nullptr));
  return key && is_on_p256(key.get()) ? std::move(key) : nullptr;
}

Secret private_key_of(const EVP_PKEY* key) {
  const OpensslPtr<PKCS8_PRIV_KEY_INFO, PKCS8_PRIV_KEY_INFO_free> info(EVP_PKEY2PKCS8(key));
  if (!info) return {};
  Bytes der = crypto::der_of(info.get(), i2d_PKCS8_PRIV_KEY_INFO);
  Secret secret{ByteView(der)};
  wipe(der.data(), der.size());
  return secret;
}

Bytes public_key_of(const EVP_PKEY* key) {
  return crypto::der_of(key, i2d_PUBKEY);
}

Bytes compressed_point_of(ByteView public_key) {
  const auto outline = spki::read(public_key);
  if (!outline || !equal(outline->parameters, crypto::oid::kP256)) return {};
  const ByteView point = outline->key;
  if (point.size() != 1 + 2 * kCoordinate || point[0] != POINT_CONVERSION_UNCOMPRESSED) return {};
  Bytes compressed{static_cast<std::uint8_t>(POINT_CONVERSION_COMPRESSED | (point.back() & 1U))};
  compressed.insert(compressed.end(), point.begin() + 1, point.begin() + 1 + kCoordinate);
  return compressed;
}

Bytes public_key_of_point(ByteView compressed) {
  Bytes point = copy_of(compressed);
  std::array<char, 6> group{"P-256"};
  std::array<char, 13> form{"uncompressed"};
  const std::array params = {
      OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group.data(), 0),
      OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_EC_POINT_CONVERSION_FORMAT, form.data(), 0),
      OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size()),
      OSSL_PARAM_construct_end()};
  const PkeyContextPtr context(
      EVP_PKEY_CTX_new_from_name(crypto::library_context(), "EC", nullptr));
  EVP_PKEY* made = nullptr;
  const bool good = context && EVP_PKEY_fromdata_init(context.get()) == 1 &&
                    EVP_PKEY_fromdata(context.get(), &made, EVP_PKEY_PUBLIC_KEY,
                                      const_cast<OSSL_PARAM*>(params.data())) == 1;
  const PkeyPtr key(made);
  Bytes public_key = good ? public_key_of(key.get()) : Bytes();
  // Another form, or the point at infinity, has no such compressed point.
  if (!equal(compressed_point_of(public_key), compressed)) public_key.clear();
  return public_key;
}

Bytes request_for(EVP_PKEY* key, ByteView subject) {
  const RequestPtr request(X509_REQ_new_ex(crypto::library_context(), nullptr));
  const unsigned char* at = subject.data();
  const NamePtr name(d2i_X509_NAME(nullptr, &at, static_cast<long>(subject.size())));
  const DigestContextPtr digest(EVP_MD_CTX_new());
  const bool made = request && name && digest &&
                    X509_REQ_set_version(request.get(), X509_REQ_VERSION_1) == 1 &&
                    X509_REQ_set_subject_name(request.get(), name.get()) == 1 &&
                    X509_REQ_set_pubkey(request.get(), key) == 1 &&
                    EVP_DigestSignInit_ex(digest.get(), nullptr, "SHA256",
                                          crypto::library_context(), nullptr, key, nullptr) == 1 &&
                    X509_REQ_sign_ctx(request.get(), digest.get()) > 0;
  return made ? crypto::der_of(request.get(), i2d_X509_REQ) : Bytes();
}

}  // namespace signet::sealclient
