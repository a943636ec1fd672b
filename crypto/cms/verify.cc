#include "crypto/cms/verify.h"

#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include "crypto/certificate.h"
#include "crypto/certificate_parts.h"
#include "crypto/cms/identifiers.h"
#include "crypto/der.h"
#include "crypto/digest.h"
#include "crypto/object_identifier.h"
#include "crypto/openssl_ptr.h"
#include "crypto/public_key.h"
#include "crypto/signature_algorithm.h"
#include "crypto/signature_names.h"

namespace signet::cms {

namespace {

using crypto::Hash;
using crypto::Scheme;
using der::Reader;

using TimePtr = OpensslPtr<ASN1_TIME, ASN1_TIME_free>;

// The first element of an AlgorithmIdentifier, with tag and length.
ByteView oid_in(ByteView algorithm_identifier) {
  Reader reader(der::only(der::kSequence, algorithm_identifier).value_or(ByteView()));
  return reader.read_whole(der::kObjectIdentifier).value_or(ByteView());
}

Hash hash_in(ByteView algorithm_identifier) {
  return crypto::hash_with_oid(oid_in(algorithm_identifier));
}

std::optional<std::string> read_algorithm(ByteView identifier, Signer& signer) {
  const auto read = crypto::read_signature_algorithm(identifier);
  const bool pss = equal(oid_in(identifier), encode_oid(crypto::kPssOid));
  if (pss && (!read || read->hash != signer.algorithm.hash || read->mgf_hash == Hash::none))
    return "the parameters of RSASSA-PSS are not those of a signature with this digest";
  const auto scheme = read ? crypto::scheme_of(read->kind) : std::nullopt;
  if (!scheme) return "the signature algorithm is not one that is known here";
  signer.algorithm.scheme = *scheme;
  signer.salt_length = read->salt_length;
  signer.mgf_hash = read->mgf_hash;
  if (read->hash_oid.empty() || read->hash == signer.algorithm.hash) return std::nullopt;
  return "the signature algorithm has another hash than the digest algorithm";
}

bool verify_with(const crypto::PublicKey& key, const Signer& signer, ByteView digest,
                 ByteView message) {
  switch (signer.algorithm.scheme) {
    case Scheme::rsa_pkcs1:
      return key.verify_pkcs1_digest(signer.algorithm.hash, digest, signer.signature);
    case Scheme::rsa_pss:
      return key.verify_pss(signer.algorithm.hash, {signer.mgf_hash, signer.salt_length}, digest,
                            signer.signature);
    case Scheme::ecdsa: {
      // PublicKey takes r and s of fixed lengths.
      const auto both = der::only(der::kSequence, signer.signature);
      if (!both) return false;
      Reader reader(*both);
      Bytes flat;
      for (int i = 0; i < 2; ++i) {
        const auto number = reader.read_positive();
        if (!number || number->size() > key.order_size()) return false;
        flat.insert(flat.end(), key.order_size() - number->size(), 0);
        der::append(flat, *number);
      }
      return reader.at_end() && key.verify_ecdsa(digest, flat);
    }
    case Scheme::eddsa:
      return key.verify_eddsa(message, signer.signature);
    case Scheme::rsa_raw:
      break;
  }
  return false;
}

class Check {
 public:
  Check(const std::shared_ptr<crypto::Context>& context, const Signer& signer, Verdict& verdict)
      : context_(context), signer_(signer), verdict_(verdict) {}

  // The content's digest is signed itself where there are no attributes.
  void signature(const SignedData& message, const Bytes* content_digest) {
    if (content_digest == nullptr) return problem("the content was not digested with its hash");
    const auto key = crypto::PublicKey::from_certificate(context_, verdict_.certificate);
    if (!key) return problem("the signer's key cannot be used");
    if (signer_.signed_attributes.empty()) {
      verdict_.digest_matches = verdict_.signature_matches =
          verify_with(*key.value(), signer_, *content_digest, {});
      if (!verdict_.signature_matches) problem("the signature is not one over this content");
      return problem("there are no signed attributes");
    }
    attributes(message, *content_digest);
    for (const Bytes& form : signed_forms(signer_.signed_attributes)) {
      const auto digest = crypto::digest_of(context_, signer_.algorithm.hash, form);
      if (digest && verify_with(*key.value(), signer_, digest.value(), form)) {
        verdict_.signature_matches = true;
        return;
      }
    }
    problem("the signature does not verify: it is of another key, or what is signed was changed");
  }

 private:
  void attributes(const SignedData& message, const Bytes& content_digest) {
    const auto types = signer_.signed_values(kContentType);
    if (types.size() != 1 || !equal(types[0], message.content_type))
      problem("content-type is not the content's");
    const auto digests = signer_.signed_values(kMessageDigest);
    verdict_.digest_matches =
        digests.size() == 1 &&
        equal(der::only(der::kOctetString, digests[0]).value_or(ByteView()), content_digest);
    if (!verdict_.digest_matches) problem("the content was changed, or is of another signature");
    const auto times = signer_.signed_values(kSigningTime);
    if (times.size() == 1) {
      const unsigned char* at = times[0].data();
      const TimePtr time(d2i_ASN1_TIME(nullptr, &at, static_cast<long>(times[0].size())));
      verdict_.signing_time = crypto::time_of(time.get());
    }
    named_certificate();
  }

  // The first ESSCertID(v2) names the signer's certificate by its hash (RFC 5035, 5.4).
  void named_certificate() {
    Hash hash = Hash::sha1;
    auto values = signer_.signed_values(kSigningCertificateV2);
    const bool second_version = !values.empty();
    if (second_version) hash = Hash::sha256;
    if (!second_version) values = signer_.signed_values(kSigningCertificate);
    if (values.size() != 1) return problem("signing-certificate is lacking: no CAdES signature");
    Reader list(der::only(der::kSequence, values[0]).value_or(ByteView()));
    Reader ids(list.read(der::kSequence).value_or(ByteView()));
    Reader id(ids.read(der::kSequence).value_or(ByteView()));
    if (second_version && id.next_is(der::kSequence))
      hash = hash_in(*id.read_whole(der::kSequence));
    const ByteView named = id.read(der::kOctetString).value_or(ByteView());
    if (hash == Hash::none) return problem("signing-certificate has a hash that is not known");
    const auto digest = crypto::digest_of(context_, hash, verdict_.certificate);
    verdict_.certificate_named = digest && equal(named, digest.value());
    if (!verdict_.certificate_named) problem("signing-certificate names another certificate");
  }

  void problem(const char* sentence) { verdict_.problems.emplace_back(sentence); }

  const std::shared_ptr<crypto::Context>& context_;
  const Signer& signer_;
  Verdict& verdict_;
};

// The subject key identifier of a certificate (RFC 5280, 4.2.1.2).
Bytes key_identifier_of(ByteView certificate) {
  const unsigned char* at = certificate.data();
  const X509Ptr parsed(d2i_X509(nullptr, &at, static_cast<long>(certificate.size())));
  const ASN1_OCTET_STRING* id = parsed ? X509_get0_subject_key_id(parsed.get()) : nullptr;
  if (id == nullptr) return {};
  return {ASN1_STRING_get0_data(id), ASN1_STRING_get0_data(id) + ASN1_STRING_length(id)};
}

bool is_named(const Signer& signer, ByteView certificate) {
  if (!signer.key_identifier.empty())
    return equal(key_identifier_of(certificate), signer.key_identifier);
  const auto parts = crypto::parse_certificate(certificate);
  return parts && equal(parts->issuer, signer.issuer) &&
         equal(parts->serial_number, signer.serial_number);
}

// All of one issuer and serial number: a certification authority can make a mistake, and an attacker can add a certificate.
std::vector<Bytes> candidates_for(const Signer& signer, const SignedData& message,
                                  const std::vector<Bytes>& further) {
  std::vector<Bytes> candidates;
  for (const auto* list : {&message.certificates, &further})
    std::ranges::copy_if(*list, std::back_inserter(candidates),
                         [&](const Bytes& one) { return is_named(signer, one); });
  return candidates;
}

Verdict verdict_on(const std::shared_ptr<crypto::Context>& context, const SignedData& message,
                   ByteView signer_info, const std::map<Hash, Bytes>& digests,
                   const std::vector<Bytes>& further) {
  Verdict verdict;
  const auto signer = parse_signer(signer_info);
  if (!signer) {
    verdict.problems.push_back(signer.error());
    return verdict;
  }
  verdict.algorithm = signer.value().algorithm;
  for (const ByteView token : signer.value().unsigned_values(kSignatureTimeStamp))
    verdict.time_stamps.push_back(copy_of(token));
  const auto digest = digests.find(signer.value().algorithm.hash);
  std::optional<Verdict> first;
  for (const Bytes& candidate : candidates_for(signer.value(), message, further)) {
    Verdict tried = verdict;
    tried.certificate_found = true;
    tried.certificate = candidate;
    Check(context, signer.value(), tried)
        .signature(message, digest == digests.end() ? nullptr : &digest->second);
    if (tried.good()) return tried;
    if (!first) first = std::move(tried);
  }
  if (first) return *std::move(first);
  verdict.problems.emplace_back("the signer's certificate is not there");
  return verdict;
}

}  // namespace

Result<Signer, std::string> parse_signer(ByteView der) {
  const auto parts = read_signer(der);
  if (!parts) return std::string("a signer cannot be read");
  Signer signer;
  static_cast<SignerParts&>(signer) = *parts;
  signer.algorithm.hash = hash_in(signer.digest_algorithm);
  if (signer.algorithm.hash == Hash::none)
    return std::string("the digest algorithm is not known here");
  if (const auto refused = read_algorithm(signer.signature_algorithm, signer)) return *refused;
  return signer;
}

bool has_time_stamp(const Signer& signer) {
  return !signer.unsigned_values(kSignatureTimeStamp).empty();
}

std::vector<Hash> hashes_of(const SignedData& message) {
  std::vector<Hash> hashes;
  for (const Bytes& one : message.signers) {
    const auto signer = parse_signer(one);
    if (!signer) continue;
    const Hash hash = signer.value().algorithm.hash;
    if (std::ranges::find(hashes, hash) == hashes.end()) hashes.push_back(hash);
  }
  return hashes;
}

std::vector<Verdict> verify(const std::shared_ptr<crypto::Context>& context,
                            const SignedData& message, const std::map<Hash, Bytes>& digests,
                            const std::vector<Bytes>& further) {
  std::vector<Verdict> verdicts;
  verdicts.reserve(message.signers.size());
  for (const Bytes& signer : message.signers)
    verdicts.push_back(verdict_on(context, message, signer, digests, further));
  return verdicts;
}

}  // namespace signet::cms
