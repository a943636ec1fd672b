#include "validation/signature_check.h"

#include <openssl/core_names.h>
#include <openssl/rsa.h>

#include <array>
#include <new>
#include <string>

#include "crypto/algorithm_table.h"
#include "crypto/host_errors.h"
#include "crypto/object_identifier.h"
#include "crypto/openssl.h"
#include "crypto/signature_algorithm.h"
#include "crypto/spki.h"

namespace signet::validation {

namespace {

using crypto::Hash;
using crypto::SignatureAlgorithm;
using crypto::SignatureKind;
using Outcome = SignatureCheck::Outcome;
using DigestPtr = OpensslPtr<EVP_MD, EVP_MD_free>;

constexpr Sentence kUnreadableAlgorithm{
    "the identifier of the signature's algorithm cannot be read",
    "identifikátor algoritmu podpisu nelze přečíst"};
constexpr Sentence kUnknownAlgorithm{"signatures with the algorithm {0} cannot be computed here",
                                     "podpisy algoritmem {0} zde nelze vypočítat"};
constexpr Sentence kUnknownHash{"the hash function {0} cannot be computed here",
                                "hašovací funkci {0} zde nelze vypočítat"};
constexpr Sentence kNoHash{"the signature does not say with which hash function it was made",
                           "podpis neříká, s jakou hašovací funkcí byl vytvořen"};
constexpr Sentence kUnreadableKey{"the signer's public key cannot be used: {0}",
                                  "veřejný klíč podepisujícího nelze použít: {0}"};
constexpr Sentence kLargeKey{"the signer's public key has {0} bits, more than {1}",
                             "veřejný klíč podepisujícího má {0} bitů, více než {1}"};
constexpr Sentence kNoNamedCurve{"the signer's public key is not on a named curve",
                                 "veřejný klíč podepisujícího není na pojmenované křivce"};
constexpr Sentence kOtherKey{"the signature's algorithm does not belong to the signer's key",
                             "algoritmus podpisu nepatří ke klíči podepisujícího"};
constexpr Sentence kOtherHash{
    "the signature's algorithm names another hash function than the message",
    "algoritmus podpisu uvádí jinou hašovací funkci než zpráva"};
constexpr Sentence kWrong{
    "the signature does not verify: it is of another key, or what is signed was changed",
    "podpis nesouhlasí: patří k jinému klíči, nebo se podepsaný obsah změnil"};

constexpr Sentence kNeedsMessage{
    "signatures with the algorithm {0} are over the document itself, of which the digest is known "
    "alone",
    "podpisy algoritmem {0} se počítají z dokumentu samého, z něhož je znám jen otisk"};

constexpr int kMostBits = 16384;
constexpr int kMostDsaBits = 10000;  // OpenSSL's own bound

SignatureCheck bad(Statement why) {
  return {Outcome::bad, std::move(why)};
}
SignatureCheck not_computable(Statement why) {
  return {Outcome::not_computable, std::move(why)};
}

struct Names {
  SignatureKind kind;
  std::array<const char*, 2> keys;  // as OpenSSL calls them
};
constexpr std::array kKeys = {
    Names{SignatureKind::rsa_pkcs1, {"RSA", nullptr}},
    Names{SignatureKind::rsa_pss, {"RSA", "RSA-PSS"}},
    Names{SignatureKind::dsa, {"DSA", nullptr}},
    Names{SignatureKind::ecdsa, {"EC", nullptr}},
    Names{SignatureKind::ed25519, {"ED25519", nullptr}},
    Names{SignatureKind::ed448, {"ED448", nullptr}},
};

// Of an algorithm that is not in the table: the key has the same identifier (RFC 9881 and its like).
bool belongs(const SignatureAlgorithm& algorithm, const EVP_PKEY* key,
             const spki::Outline& outline) {
  for (const Names& names : kKeys) {
    if (names.kind != algorithm.kind) continue;
    for (const char* const name : names.keys)
      if (name != nullptr && EVP_PKEY_is_a(key, name) == 1) return true;
    return false;
  }
  return crypto::dotted(outline.algorithm) == algorithm.oid;
}

bool has_hash(SignatureKind kind) {
  return kind != SignatureKind::ed25519 && kind != SignatureKind::ed448 &&
         kind != SignatureKind::unknown;
}

DigestPtr fetch(const std::string& oid) {
  return DigestPtr(EVP_MD_fetch(crypto::library_context(), oid.c_str(), nullptr));
}

std::string oid_of(Hash hash) {
  return hash == Hash::none ? std::string() : crypto::dotted(crypto::row_of(hash).oid);
}

bool set_pss(EVP_PKEY_CTX* context, const SignatureAlgorithm& algorithm, const EVP_MD* mgf) {
  return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) == 1 &&
         EVP_PKEY_CTX_set_rsa_mgf1_md(context, mgf) == 1 &&
         EVP_PKEY_CTX_set_rsa_pss_saltlen(context, static_cast<int>(algorithm.salt_length)) == 1;
}

// A public key, as DER and, of a certificate, as OpenSSL has read it before: reading takes longer than verifying.
struct SignerKey {
  ByteView der;
  EVP_PKEY* known = nullptr;
};

SignerKey key_of(const Certificate& signer) {
  return {signer.public_key(), X509_get0_pubkey(signer.x509())};
}

PkeyPtr decode(const SignerKey& key) {
  if (key.known != nullptr && EVP_PKEY_up_ref(key.known) == 1) return PkeyPtr(key.known);
  const unsigned char* at = key.der.data();
  PkeyPtr decoded(d2i_PUBKEY_ex(nullptr, &at, static_cast<long>(key.der.size()),
                                crypto::library_context(), nullptr));
  return at == key.der.data() + key.der.size() ? std::move(decoded) : nullptr;
}

// The key, or why it cannot be used.
std::optional<SignatureCheck> read_key(const SignerKey& signer,
                                       const std::optional<spki::Outline>& outline, PkeyPtr& key) {
  constexpr std::uint8_t kSequence = 0x30;
  if (outline && equal(outline->algorithm, crypto::oid::kEc) && !outline->parameters.empty() &&
      outline->parameters[0] == kSequence)
    return not_computable(say(kNoNamedCurve));
  key = decode(signer);
  if (!crypto::verdict(key != nullptr && outline))
    return not_computable(say(kUnreadableKey, crypto::openssl_reason()));
  const int most = EVP_PKEY_is_a(key.get(), "DSA") == 1 ? kMostDsaBits : kMostBits;
  const int bits = EVP_PKEY_get_bits(key.get());
  if (bits > most) return not_computable(say(kLargeKey, std::int64_t{bits}, std::int64_t{most}));
  return std::nullopt;
}

// The hash that the signature was made with; empty where the algorithm has none.
//
// What is signed is the digest by the message's own algorithm: one hash for the content and for the attributes (RFC 5652, 5.4;
// RFC 8933, 3). A value by another one is not over that, whatever it is over, and is not computed: the message's algorithm is
// what the reader's bounds and the suite go by, and nobody but the signer protects which of the two is meant. RFC 8933, 3.4, knows
// that signatures of older programs become invalid so.
std::optional<SignatureCheck> find_hash(const SignatureAlgorithm& algorithm, Hash of_message,
                                        std::string& oid) {
  if (!has_hash(algorithm.kind)) return std::nullopt;
  oid = algorithm.hash_oid.empty() ? oid_of(of_message) : algorithm.hash_oid;
  if (oid.empty()) return not_computable(say(kNoHash));
  if (of_message != Hash::none && oid != oid_of(of_message)) return bad(say(kOtherHash));
  return std::nullopt;
}

// What a signature is computed with.
struct Prepared {
  SignatureAlgorithm algorithm;
  PkeyPtr key;
  DigestPtr digest;  // null: the algorithm takes the message itself
};

std::optional<SignatureCheck> prepare(ByteView algorithm_der, Hash hash, const SignerKey& signer,
                                      Prepared& prepared) {
  const auto algorithm = crypto::read_signature_algorithm(algorithm_der);
  if (!algorithm) return not_computable(say(kUnreadableAlgorithm));
  const auto outline = spki::read(signer.der);
  if (auto problem = read_key(signer, outline, prepared.key)) {
    // An algorithm that nobody here knows is the better reason.
    if (algorithm->kind == SignatureKind::unknown)
      return not_computable(say(kUnknownAlgorithm, algorithm->oid));
    return problem;
  }
  if (!belongs(*algorithm, prepared.key.get(), *outline)) {
    return algorithm->kind == SignatureKind::unknown
               ? not_computable(say(kUnknownAlgorithm, algorithm->oid))
               : bad(say(kOtherKey));
  }
  std::string hash_oid;
  if (auto problem = find_hash(*algorithm, hash, hash_oid)) return problem;
  if (!hash_oid.empty()) prepared.digest = fetch(hash_oid);
  if (!crypto::verdict(hash_oid.empty() || prepared.digest != nullptr))
    return not_computable(say(kUnknownHash, hash_oid));
  prepared.algorithm = *algorithm;
  return std::nullopt;
}

std::optional<SignatureCheck> prepare_pss(const SignatureAlgorithm& algorithm,
                                          EVP_PKEY_CTX* context) {
  if (algorithm.kind != SignatureKind::rsa_pss) return std::nullopt;
  const DigestPtr mgf = fetch(algorithm.mgf_hash_oid);
  if (!crypto::verdict(mgf != nullptr))
    return not_computable(say(kUnknownHash, algorithm.mgf_hash_oid));
  if (!crypto::verdict(set_pss(context, algorithm, mgf.get()))) return bad(say(kOtherKey));
  return std::nullopt;
}

thread_local std::size_t checks_of_thread = 0;

SignatureCheck check_message(ByteView algorithm, Hash hash, const SignerKey& signer,
                             ByteView message, ByteView signature) {
  ++checks_of_thread;
  const crypto::HostErrors aside;
  Prepared prepared;
  if (auto problem = prepare(algorithm, hash, signer, prepared)) return *std::move(problem);
  const DigestContextPtr context(EVP_MD_CTX_new());
  if (!context) throw std::bad_alloc();
  EVP_PKEY_CTX* parameters = nullptr;
  if (!crypto::verdict(EVP_DigestVerifyInit_ex(
                           context.get(), &parameters,
                           prepared.digest ? EVP_MD_get0_name(prepared.digest.get()) : nullptr,
                           crypto::library_context(), nullptr, prepared.key.get(), nullptr) == 1))
    return not_computable(say(kUnreadableKey, crypto::openssl_reason()));
  if (auto problem = prepare_pss(prepared.algorithm, parameters)) return *std::move(problem);
  const bool good = EVP_DigestVerify(context.get(), signature.data(), signature.size(),
                                     message.data(), message.size()) == 1;
  if (crypto::verdict(good)) return {Outcome::good, {}};
  return bad(say(kWrong));
}

SignatureCheck check_digest(ByteView algorithm, Hash hash, const SignerKey& signer, ByteView digest,
                            ByteView signature) {
  ++checks_of_thread;
  const crypto::HostErrors aside;
  Prepared prepared;
  if (auto problem = prepare(algorithm, hash, signer, prepared)) return *std::move(problem);
  if (!prepared.digest) return not_computable(say(kNeedsMessage, prepared.algorithm.oid));
  const OpensslPtr<EVP_PKEY_CTX, EVP_PKEY_CTX_free> context(
      EVP_PKEY_CTX_new_from_pkey(crypto::library_context(), prepared.key.get(), nullptr));
  if (!context) throw std::bad_alloc();
  if (!crypto::verdict(EVP_PKEY_verify_init(context.get()) == 1))
    return not_computable(say(kUnreadableKey, crypto::openssl_reason()));
  if (auto problem = prepare_pss(prepared.algorithm, context.get())) return *std::move(problem);
  if (!crypto::verdict(EVP_PKEY_CTX_set_signature_md(context.get(), prepared.digest.get()) == 1))
    return not_computable(say(kUnreadableKey, crypto::openssl_reason()));
  const bool good = EVP_PKEY_verify(context.get(), signature.data(), signature.size(),
                                    digest.data(), digest.size()) == 1;
  if (crypto::verdict(good)) return {Outcome::good, {}};
  return bad(say(kWrong));
}

}  // namespace

SignatureCheck check_signature(ByteView algorithm, Hash hash, ByteView public_key, ByteView message,
                               ByteView signature) {
  return check_message(algorithm, hash, {public_key, nullptr}, message, signature);
}

SignatureCheck check_signature(ByteView algorithm, Hash hash, const Certificate& signer,
                               ByteView message, ByteView signature) {
  return check_message(algorithm, hash, key_of(signer), message, signature);
}

SignatureCheck check_signature_of_digest(ByteView algorithm, Hash hash, ByteView public_key,
                                         ByteView digest, ByteView signature) {
  return check_digest(algorithm, hash, {public_key, nullptr}, digest, signature);
}

SignatureCheck check_signature_of_digest(ByteView algorithm, Hash hash, const Certificate& signer,
                                         ByteView digest, ByteView signature) {
  return check_digest(algorithm, hash, key_of(signer), digest, signature);
}

std::size_t signature_checks() {
  return checks_of_thread;
}

}  // namespace signet::validation
