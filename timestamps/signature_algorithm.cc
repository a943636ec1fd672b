#include "timestamps/signature_algorithm.h"

#include "crypto/der.h"
#include "crypto/signature_algorithm.h"
#include "crypto/spki.h"

namespace signet::timestamps {

namespace {

using crypto::Hash;
using crypto::Scheme;

// Nothing for what crypto/ cannot compute.
std::optional<SignatureAlgorithm> computable(
    const std::optional<crypto::SignatureAlgorithm>& algorithm) {
  if (!algorithm) return std::nullopt;
  const auto scheme = crypto::scheme_of(algorithm->kind);
  // An RSA key's own identifier says no hash: that of the digest algorithm is meant.
  const bool may_lack_hash =
      scheme == Scheme::eddsa || (scheme == Scheme::rsa_pkcs1 && algorithm->hash_oid.empty());
  if (!scheme || (algorithm->hash == Hash::none && !may_lack_hash)) return std::nullopt;
  if (scheme == Scheme::rsa_pss && algorithm->mgf_hash == Hash::none) return std::nullopt;
  SignatureAlgorithm found{*scheme, algorithm->hash, {}};
  if (scheme == Scheme::rsa_pss) found.pss = {algorithm->mgf_hash, algorithm->salt_length};
  return found;
}

// The DER of a PSS key's OBJECT IDENTIFIER, 1.2.840.113549.1.1.10.
constexpr std::uint8_t kPssKey[] = {0x06, 0x09, 0x2A, 0x86, 0x48, 0x86,
                                    0xF7, 0x0D, 0x01, 0x01, 0x0A};

}  // namespace

std::optional<SignatureAlgorithm> read_signature_algorithm(ByteView der) {
  return computable(crypto::read_signature_algorithm(der));
}

std::optional<SignerKey> read_signer_key(const std::shared_ptr<crypto::Context>& context,
                                         ByteView spki) {
  SignerKey found;
  const auto outline = spki::read(spki);
  Bytes plain = copy_of(spki);
  if (outline && equal(outline->algorithm, kPssKey)) {
    found.pss_only = true;
    if (!outline->parameters.empty()) {
      found.allowed = computable(crypto::read_pss_parameters(outline->parameters));
      if (!found.allowed) return std::nullopt;
    }
    plain = spki::encode(der::concat(crypto::oid::kRsa, der::encode(der::kNull, {})), outline->key);
  }
  auto key = crypto::PublicKey::from_spki(context, plain);
  if (!key) return std::nullopt;
  found.key = std::move(key).value();
  return found;
}

}  // namespace signet::timestamps
