#include "validation/reading/baseline.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "crypto/cms/identifiers.h"
#include "crypto/cms/signer_info.h"
#include "crypto/cms/signer_parts.h"
#include "validation/reading/signer_reading.h"

namespace signet::validation {

namespace {

constexpr Sentence kNoReference{
    "the attribute signing-certificate-v2 is missing (EN 319 122-1, 6.3)",
    "chybí atribut signing-certificate-v2 (EN 319 122-1, 6.3)"};
constexpr Sentence kNoAttributes{"there are no signed attributes (EN 319 122-1, 6.3)",
                                 "chybí podepsané atributy (EN 319 122-1, 6.3)"};
constexpr Sentence kContentType{
    "the attribute content-type is missing or of another type than the content (EN 319 122-1, 6.3)",
    "atribut content-type chybí nebo uvádí jiný typ, než jaký má obsah (EN 319 122-1, 6.3)"};
constexpr Sentence kNoDigest{"the attribute message-digest is missing (EN 319 122-1, 6.3)",
                             "chybí atribut message-digest (EN 319 122-1, 6.3)"};
constexpr Sentence kNoSigningTime{"the attribute signing-time is missing (EN 319 122-1, 6.3)",
                                  "chybí atribut signing-time (EN 319 122-1, 6.3)"};
constexpr Sentence kNoCertificate{
    "the signer's certificate is not in the message (EN 319 122-1, 6.3)",
    "certifikát podepisující osoby není ve zprávě (EN 319 122-1, 6.3)"};
constexpr Sentence kSubFilter{"/SubFilter is not ETSI.CAdES.detached (EN 319 142-1, 6.3)",
                              "/SubFilter není ETSI.CAdES.detached (EN 319 142-1, 6.3)"};
constexpr Sentence kNoFilter{"/Filter is missing (EN 319 142-1, 6.3)",
                             "chybí /Filter (EN 319 142-1, 6.3)"};
constexpr Sentence kNoM{"/M, the claimed time of signing, is missing (EN 319 142-1, 6.3)",
                        "chybí /M, tvrzený čas podpisu (EN 319 142-1, 6.3)"};
constexpr Sentence kCert{"/Cert must not be there (EN 319 142-1, 6.3)",
                         "/Cert nesmí být uveden (EN 319 142-1, 6.3)"};
constexpr Sentence kSigningTime{
    "the attribute signing-time must not be there: /M says the time (EN 319 142-1, 6.3)",
    "atribut signing-time nesmí být uveden: čas udává /M (EN 319 142-1, 6.3)"};
constexpr Sentence kReason{
    "/Reason must not be there beside a commitment type or a signature policy (EN 319 142-1, 6.3)",
    "/Reason nesmí být uveden vedle typu závazku nebo podpisové politiky (EN 319 142-1, 6.3)"};
constexpr Sentence kNotData{"the content type is not id-data (EN 319 122-1, 6.3)",
                            "typ obsahu není id-data (EN 319 122-1, 6.3)"};
constexpr Sentence kNotDataInPdf{"the content type is not id-data (EN 319 142-1, 6.3)",
                                 "typ obsahu není id-data (EN 319 142-1, 6.3)"};
constexpr Sentence kOlderForm{"B-LT: the attribute {0} must not be there (EN 319 122-1, 6.3)",
                              "B-LT: atribut {0} nesmí být uveden (EN 319 122-1, 6.3)"};
constexpr Sentence kTwoLocations{
    "the attribute signer-location must not be there beside /Location (EN 319 142-1, 6.3)",
    "atribut signer-location nesmí být uveden vedle /Location (EN 319 142-1, 6.3)"};
constexpr Sentence kCounterSignature{"counter-signatures must not be there (EN 319 142-1, 6.3)",
                                     "kontrasignatury nesmějí být uvedeny (EN 319 142-1, 6.3)"};

// Where CAdES-C, -X and -XL have what B-LT has in SignedData.
constexpr std::array<std::pair<const char*, const char*>, 6> kOlderForms = {{
    {attribute::kCertificateReferences, "complete-certificate-references"},
    {attribute::kRevocationReferences, "complete-revocation-references"},
    {attribute::kCertificateValues, "certificate-values"},
    {attribute::kRevocationValues, "revocation-values"},
    {attribute::kEscTimeStamp, "CAdES-C-time-stamp"},
    {attribute::kReferencesTimeStamp, "time-stamped-certs-crls-references"},
}};

bool holds_signer(const SignerPart& signer, const Evidence& evidence) {
  return std::ranges::any_of(evidence.certificates(), [&](const FoundCertificate& found) {
    if (std::ranges::find(found.origins, Origin::message) == found.origins.end()) return false;
    const Certificate& one = *found.certificate;
    if (!signer.subject_key_identifier.empty())
      return one.key_identifier() == signer.subject_key_identifier;
    return one.has_name(signer.issuer, signer.serial_number);
  });
}

void check_message(SignaturePart& signature, const Evidence& evidence) {
  const SignerPart& signer = signature.signer;
  auto& faults = signature.baseline_faults;
  if (signer.fault) return;
  if (!holds_signer(signer, evidence)) faults.push_back(say(kNoCertificate));
  if (signer.signed_attributes.empty()) {
    faults.push_back(say(kNoAttributes));
    return;
  }
  const auto parts = cms::read_signer(signer.signer_info);
  const auto types = parts ? parts->signed_values(cms::kContentType) : std::vector<ByteView>();
  // RFC 5652, 11.4: a counter-signature has none.
  const bool typed = signer.content_type.empty()
                         ? types.empty()
                         : types.size() == 1 && equal(types[0], signer.content_type);
  if (!typed) faults.push_back(say(kContentType));
  if (!signer.message_digest) faults.push_back(say(kNoDigest));
  if (!signer.has_certificate_reference) faults.push_back(say(kNoReference));
}

}  // namespace

void check_cades_form(SignaturePart& signature, const Evidence& evidence) {
  check_message(signature, evidence);
  const SignerPart& signer = signature.signer;
  if (signer.fault) return;
  if (!signer.signing_time) signature.baseline_faults.push_back(say(kNoSigningTime));
  // A counter-signature is over no content.
  if (!signer.content_type.empty() && !equal(signer.content_type, cms::kOidData))
    signature.baseline_faults.push_back(say(kNotData));
  const auto parts = cms::read_signer(signer.signer_info);
  for (const auto& [type, name] : kOlderForms)
    if (parts && !parts->unsigned_values(type).empty())
      signature.long_term_faults.push_back(say(kOlderForm, std::string(name)));
}

void check_pades_form(SignaturePart& signature, const DictionaryFacts& facts,
                      const Evidence& evidence) {
  check_message(signature, evidence);
  const SignerPart& signer = signature.signer;
  auto& faults = signature.baseline_faults;
  const auto note = [&faults](bool broken, const Sentence& sentence) {
    if (broken) faults.push_back(say(sentence));
  };
  note(signature.format != Format::pades, kSubFilter);
  note(!facts.has_filter, kNoFilter);
  note(!facts.has_signing_time, kNoM);
  note(facts.has_certificate, kCert);
  if (signer.fault) return;
  note(signer.signing_time.has_value(), kSigningTime);
  note(!signature.reason.empty() && (!signer.commitment.empty() || !signer.policy_oid.empty()),
       kReason);
  note(!equal(signer.content_type, cms::kOidData), kNotDataInPdf);
  note(facts.has_location && !signer.location.empty(), kTwoLocations);
  note(!signature.counter_signatures.empty(), kCounterSignature);
}

}  // namespace signet::validation
