#include "validation/procedure/identification.h"

#include <algorithm>
#include <span>
#include <utility>

#include "common/printable.h"
#include "crypto/algorithm_table.h"
#include "validation/procedure/cryptographic_check.h"

namespace signet::validation::procedure {

namespace {

constexpr Sentence kSignerNotThere{
    "the signing certificate is not there: neither the document nor the given files have it",
    "podpisový certifikát chybí: není v dokumentu ani v zadaných souborech"};
constexpr Sentence kOtherCertificate{
    "the certificate of {0}, which the signer information names, is not the one that the signed "
    "attribute signing-certificate names",
    "certifikát, jehož držitelem je {0} a na který odkazuje SignerInfo, není ten, který uvádí "
    "podepsaný atribut signing-certificate"};
constexpr Sentence kUnreadable{
    "the signed attribute signing-certificate cannot be read, or names the certificate by an "
    "unknown hash",
    "podepsaný atribut signing-certificate nelze přečíst, nebo certifikát uvádí neznámým otiskem"};
constexpr Sentence kTokenWithout{
    "the time-stamp has no signed attribute signing-certificate (RFC 3161, 2.4.2)",
    "časové razítko nemá podepsaný atribut signing-certificate (RFC 3161, 2.4.2)"};
constexpr Sentence kWithout{
    "no signed attribute names the signing certificate: another one with the same key could take "
    "its place",
    "podpisový certifikát neuvádí žádný podepsaný atribut: mohl by jej nahradit jiný se stejným "
    "klíčem"};
constexpr Sentence kWeakReference{"the signed attribute names the signing certificate by {0}",
                                  "podepsaný atribut uvádí podpisový certifikát otiskem {0}"};

constexpr std::size_t kMostTried = 16;  // certificates of one name

bool is_named(const SignerPart& signer, const Certificate& certificate) {
  if (!signer.subject_key_identifier.empty())
    return certificate.key_identifier() == signer.subject_key_identifier;
  return certificate.has_name(signer.issuer, signer.serial_number);
}

bool has_digest(const Certificate& certificate, const SignerPart::CertificateReference& reference) {
  const Bytes& digest =
      certificate.digest(Certificate::Part::whole, crypto::hash_name(reference.hash));
  return !digest.empty() && digest == reference.digest;
}

Identified not_identified(Statement why) {
  return {nullptr, indeterminate(SubIndication::no_signing_certificate_found, std::move(why))};
}

}  // namespace

Identified identify_signer(Context& context, const Target& target) {
  const SignerPart& signer = target.signer;
  const auto& references = signer.certificate_references;
  std::vector<CertificatePtr> named;
  for (const FoundCertificate& found : context.parts.evidence.certificates())
    if (is_named(signer, *found.certificate)) named.push_back(found.certificate);
  if (named.empty()) return not_identified(say(kSignerNotThere));
  if (!signer.has_certificate_reference) {
    if (target.stamp) return not_identified(say(kTokenWithout));
    // Anybody can put another certificate of that name into the message.
    const auto tried = std::span(named).first(std::min(named.size(), kMostTried));
    const auto fitting = std::ranges::find_if(tried, [&](const CertificatePtr& certificate) {
      return tried.size() == 1 || verify_signature(context, target, *certificate).passed();
    });
    Identified identified{fitting == tried.end() ? named.front() : *fitting, {}};
    identified.conclusion.warnings.push_back(say(kWithout));
    return identified;
  }
  if (references.empty() || references.front().hash == crypto::Hash::none)
    return not_identified(say(kUnreadable));
  const auto right = std::ranges::find_if(named, [&](const CertificatePtr& certificate) {
    return has_digest(*certificate, references.front());
  });
  if (right == named.end()) return not_identified(say(kOtherCertificate, called(*named.front())));
  Identified identified{*right, {}};
  const Reliability reliability = reliability_of_hash(context.policy, references.front().hash, "");
  if (!reliability.good_at(context.policy.at))
    identified.conclusion.warnings.push_back(say(kWeakReference, reliability.algorithm));
  return identified;
}

}  // namespace signet::validation::procedure
