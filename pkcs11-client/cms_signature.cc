#include "pkcs11-client/cms_signature.h"

#include <fmt/format.h>

#include "crypto/openssl.h"

namespace signet::pkcs11 {

namespace {

using crypto::Hash;
using crypto::Scheme;

// The names that Signing and DigestSignature use.
struct HashName {
  Hash hash;
  const char* name;
};
constexpr HashName kHashNames[] = {
    {Hash::sha256, "SHA256"}, {Hash::sha384, "SHA384"}, {Hash::sha512, "SHA512"}};

TokenResult<Bytes> digest_of(Hash hash, ByteView data) {
  Bytes digest(EVP_MAX_MD_SIZE);
  std::size_t size = 0;
  if (EVP_Q_digest(crypto::library_context(), crypto::hash_name(hash), nullptr, data.data(),
                   data.size(), digest.data(), &size) != 1)
    return token_error(Reason::failed, "cannot compute a digest: " + crypto::openssl_reason());
  digest.resize(size);
  return digest;
}

}  // namespace

TokenResult<cms::Algorithm> cms_algorithm(const Key& key, const Signing& signing) {
  if (key.type.kind == crypto::KeyType::edwards) return cms::Algorithm{Scheme::eddsa, Hash::sha512};
  Scheme scheme = Scheme::ecdsa;
  if (key.type.kind == crypto::KeyType::rsa) {
    scheme = signing.padding == Padding::pss ? Scheme::rsa_pss : Scheme::rsa_pkcs1;
  } else if (key.type.kind != crypto::KeyType::ec) {
    return token_error(Reason::not_supported,
                       fmt::format("keys of type {} sign no messages here", key.type.text()));
  }
  for (const auto& [hash, name] : kHashNames)
    if (signing.hash == name) return cms::Algorithm{scheme, hash};
  return token_error(Reason::not_supported,
                     fmt::format("{} is not offered: use SHA256, SHA384 or SHA512", signing.hash));
}

TokenResult<Bytes> sign_attributes(const TokenSession& token, const Key& key,
                                   const cms::Algorithm& algorithm, ByteView attributes) {
  if (algorithm.scheme == Scheme::eddsa) return token.sign(key, {}, attributes);
  BOOST_OUTCOME_TRY(const auto digest, digest_of(algorithm.hash, attributes));
  DigestSignature wish;
  for (const auto& [hash, name] : kHashNames)
    if (hash == algorithm.hash) wish.hash = wish.mgf_hash = name;
  wish.scheme = DigestSignature::Scheme::ecdsa;
  if (algorithm.scheme == Scheme::rsa_pkcs1) wish.scheme = DigestSignature::Scheme::rsa_pkcs1;
  if (algorithm.scheme == Scheme::rsa_pss) wish.scheme = DigestSignature::Scheme::rsa_pss;
  wish.salt_length = digest.size();
  return token.sign(key, wish, digest);
}

}  // namespace signet::pkcs11
