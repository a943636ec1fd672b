// The signature of a token: signed attributes, algorithms, and the signature over them.

#include <fmt/format.h>

#include <algorithm>

#include "crypto/certificate_parts.h"
#include "crypto/cms/identifiers.h"
#include "crypto/der.h"
#include "crypto/host_errors.h"
#include "timestamps/asn1.h"
#include "timestamps/request.h"
#include "timestamps/signature_algorithm.h"
#include "timestamps/signed_attributes.h"
#include "timestamps/token_check.h"

namespace signet::timestamps {

namespace {

using crypto::Hash;
using crypto::KeyType;
using crypto::Scheme;
using Checked = Result<void, TokenError>;

constexpr std::size_t kLeastRsaBits = 2048;

// id-ct-TSTInfo, 1.2.840.113549.1.9.16.1.4.
constexpr std::uint8_t kTstInfo[] = {0x06, 0x0B, 0x2A, 0x86, 0x48, 0x86, 0xF7,
                                     0x0D, 0x01, 0x09, 0x10, 0x01, 0x04};

TokenError bad_attributes(std::string sentence) {
  return {Defect::signed_attributes, std::move(sentence)};
}

TokenError bad_algorithm(std::string sentence) {
  return {Defect::algorithm, std::move(sentence)};
}

Checked check_attributes(const std::shared_ptr<crypto::Context>& context,
                         const TimeStampToken& token, Hash hash) {
  const ByteView attributes = token.signer_info.signed_attributes;
  if (attributes.empty())
    return bad_attributes("the time-stamp's signature has no signed attributes");
  const auto type = find_attribute(attributes, cms::kContentType);
  const auto digest = find_attribute(attributes, cms::kMessageDigest);
  if (!type || !digest) return bad_attributes("the time-stamp's signed attributes are not DER");
  if (!type->is_single() || !equal(*type->value, kTstInfo)) {
    return bad_attributes(
        "the signed attribute content-type does not say, once, that a TSTInfo is signed");
  }
  const auto value =
      digest->is_single() ? der::only(der::kOctetString, *digest->value) : std::nullopt;
  if (!value) return bad_attributes("the signed attribute message-digest does not occur once");
  if (!equal(*value, hashed(context, hash, token.content))) {
    return bad_attributes("the signed message-digest is that of another content");
  }
  return success();
}

// The hash that the signature's algorithm goes with, where the two agree.
Result<SignatureAlgorithm, TokenError> algorithm_of(const TimeStampToken& token, Hash digest) {
  auto algorithm = read_signature_algorithm(token.signer_info.signature_algorithm);
  if (!algorithm)
    return bad_algorithm("the time-stamp is signed with an algorithm that is not known here");
  if (algorithm->scheme == Scheme::eddsa) {
    // RFC 8419, 3.1
    if (digest != Hash::sha512)
      return bad_algorithm("Ed25519 goes with SHA-512, not with another digest");
    return *algorithm;
  }
  if (algorithm->hash == Hash::none) algorithm->hash = digest;
  if (algorithm->hash != digest) {
    return bad_algorithm("the time-stamp's digest and signature algorithms name different hashes");
  }
  if (algorithm->scheme == Scheme::rsa_pss && !is_strong(algorithm->pss.mgf_hash)) {
    return bad_algorithm("the time-stamp is signed with a weak hash in its PSS padding");
  }
  return *algorithm;
}

Checked check_key(const SignerKey& signer, const SignatureAlgorithm& algorithm) {
  const KeyType type = signer.key->type();
  const bool rsa = algorithm.scheme == Scheme::rsa_pkcs1 || algorithm.scheme == Scheme::rsa_pss;
  const bool fits =
      rsa ? type == KeyType::rsa
          : type == (algorithm.scheme == Scheme::ecdsa ? KeyType::ec : KeyType::edwards);
  if (!fits || (signer.pss_only && algorithm.scheme != Scheme::rsa_pss)) {
    return bad_algorithm("the time-stamp's signature algorithm is not one of the signer's key");
  }
  if (rsa && signer.key->bits() < kLeastRsaBits) {
    return bad_algorithm(fmt::format("the signer's RSA key has {} bits, fewer than {}",
                                     signer.key->bits(), kLeastRsaBits));
  }
  // RFC 4055, 1.2
  const auto& allowed = signer.allowed;
  if (allowed &&
      (allowed->hash != algorithm.hash || allowed->pss.mgf_hash != algorithm.pss.mgf_hash ||
       allowed->pss.salt_length > algorithm.pss.salt_length)) {
    return bad_algorithm("the signer's key is for other PSS parameters than the signature's");
  }
  return success();
}

// r and s of a DER signature, each of that size; empty where they do not fit.
Bytes raw_ecdsa(ByteView der, std::size_t size) {
  const auto parts = der::only(der::kSequence, der);
  if (!parts) return {};
  der::Reader reader(*parts);
  Bytes raw;
  for (int i = 0; i < 2; ++i) {
    const auto number = reader.read_positive();
    if (!number || number->size() > size) return {};
    raw.insert(raw.end(), size - number->size(), 0);
    raw.insert(raw.end(), number->begin(), number->end());
  }
  return reader.at_end() ? raw : Bytes{};
}

bool verifies(const std::shared_ptr<crypto::Context>& context, const crypto::PublicKey& key,
              const SignatureAlgorithm& algorithm, ByteView message, ByteView signature) {
  if (algorithm.scheme == Scheme::eddsa) return key.verify_eddsa(message, signature);
  const Bytes digest = hashed(context, algorithm.hash, message);
  switch (algorithm.scheme) {
    case Scheme::rsa_pkcs1:
      return key.verify_pkcs1_digest(algorithm.hash, digest, signature);
    case Scheme::rsa_pss:
      return key.verify_pss(algorithm.hash, algorithm.pss, digest, signature);
    case Scheme::ecdsa: {
      const Bytes raw = raw_ecdsa(signature, key.order_size());
      return !raw.empty() && key.verify_ecdsa(digest, raw);
    }
    default:
      return false;
  }
}

}  // namespace

Checked check_signature(const std::shared_ptr<crypto::Context>& context,
                        const TimeStampToken& token) {
  const crypto::HostErrors aside;
  const Hash digest = crypto::hash_with_oid(token.signer_info.digest_algorithm);
  if (!is_strong(digest)) {
    return bad_algorithm(
        "the time-stamp is signed with a digest of less than 256 bits (SHA-1 among them), or an "
        "unknown one");
  }
  // Others digest a content while they read it, and give up where a digest was not announced (RFC 5652, 5.1).
  if (!token.signer_info.digest_announced) {
    return bad_algorithm("the token does not name the digest of its signature among its digests");
  }
  BOOST_OUTCOME_TRY(check_attributes(context, token, digest));
  BOOST_OUTCOME_TRY(const SignatureAlgorithm algorithm, algorithm_of(token, digest));
  const auto parts = token.signer ? crypto::parse_certificate(*token.signer) : std::nullopt;
  if (!parts) {
    return TokenError{Defect::no_certificate,
                      "the certificate of the time-stamp's signer is not there"};
  }
  const auto signer = read_signer_key(context, parts->public_key);
  if (!signer) return bad_algorithm("the signer's key is of a kind that is not known here");
  BOOST_OUTCOME_TRY(check_key(*signer, algorithm));
  if (!verifies(context, *signer->key, algorithm, token.signer_info.signed_attributes,
                token.signer_info.signature)) {
    return TokenError{Defect::signature, "the time-stamp's signature is not that of its signer"};
  }
  return success();
}

}  // namespace signet::timestamps
