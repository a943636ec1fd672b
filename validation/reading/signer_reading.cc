#include "validation/reading/signer_reading.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/printable.h"
#include "crypto/algorithm_table.h"
#include "crypto/cms/identifiers.h"
#include "crypto/cms/signer_info.h"
#include "crypto/der.h"
#include "crypto/object_identifier.h"
#include "crypto/openssl.h"
#include "crypto/signature_algorithm.h"
#include "validation/der_reading.h"
#include "validation/reading/pieces.h"

namespace signet::validation {

namespace {

using crypto::Hash;
using der::Reader;

constexpr std::size_t kMostReferences = 64;
constexpr std::size_t kMostUnknown = 64;
constexpr std::size_t kMostRoles = 64;
constexpr std::size_t kLongestText = 1024;  // bytes

constexpr const char* kPolicy = "1.2.840.113549.1.9.16.2.15";
constexpr const char* kPolicyStore = "0.4.0.19122.1.3";
constexpr const char* kCommitment = "1.2.840.113549.1.9.16.2.16";
constexpr const char* kLocation = "1.2.840.113549.1.9.16.2.17";
constexpr const char* kContentHints = "1.2.840.113549.1.9.16.2.4";
constexpr const char* kMimeType = "0.4.0.1733.2.1";
constexpr const char* kSignerAttributes = "1.2.840.113549.1.9.16.2.18";
constexpr const char* kSignerAttributes2 = "0.4.0.19122.1.1";

// UTF8String, PrintableString, IA5String: what roles are written in.
constexpr std::array<std::uint8_t, 3> kTexts = {der::kUtf8String, der::kPrintableString, 0x16};

constexpr std::array kKnown = {
    cms::kContentType,
    cms::kMessageDigest,
    cms::kSigningTime,
    cms::kSigningCertificate,
    cms::kSigningCertificateV2,
    attribute::kContentTimeStamp,
    attribute::kAdobeRevocation,
    kPolicy,
    kCommitment,
    kLocation,
    kContentHints,
    kMimeType,
    "1.2.840.113549.1.9.15",       // S/MIME capabilities
    "1.2.840.113549.1.9.52",       // CMSAlgorithmProtection
    "1.2.840.113549.1.9.16.2.7",   // content-identifier
    "1.2.840.113549.1.9.16.2.10",  // content-reference
    kSignerAttributes,
    kSignerAttributes2,
    "0.4.0.1733.2.2",  // long-term-validation
};

constexpr Sentence kNoSigner{"a SignerInfo of the message cannot be read",
                             "SignerInfo ve zprávě nelze přečíst"};

constexpr Sentence kOtherContentType{
    "the signed attribute content-type names another type than the message has (RFC 5652, 11.1)",
    "podepsaný atribut content-type uvádí jiný typ obsahu, než jaký má zpráva (RFC 5652, 11.1)"};
constexpr Sentence kUnsignedContentType{
    "there are no signed attributes, though the content is not plain data (RFC 5652, 5.3)",
    "chybí podepsané atributy, ačkoli obsah nejsou prostá data (RFC 5652, 5.3)"};

ByteView first_of(const std::vector<ByteView>& values) {
  return values.empty() ? ByteView() : values.front();
}

// The one value that there may be (RFC 5652, 11).
ByteView only_one(const std::vector<ByteView>& values) {
  return values.size() == 1 ? values.front() : ByteView();
}

std::string text_in(ByteView string) {
  // Tag and a short or long length: whatever string type it is, UTF-8 or a part of it.
  if (string.empty()) return {};
  const ByteView content = der::only(string[0], string).value_or(ByteView());
  return printable(signet::text_of(content.first(std::min(content.size(), kLongestText))));
}

Hash hash_in(ByteView algorithm) {
  Reader reader(der::only(der::kSequence, algorithm).value_or(ByteView()));
  return crypto::hash_with_oid(reader.read_whole(der::kObjectIdentifier).value_or(ByteView()));
}

// ESSCertID and ESSCertIDv2 (RFC 5035, 4 and 5.4).
void read_references(const cms::SignerParts& signer, SignerPart& part) {
  auto values = signer.signed_values(cms::kSigningCertificateV2);
  const bool second = !values.empty();
  if (!second) values = signer.signed_values(cms::kSigningCertificate);
  part.has_certificate_reference = !values.empty();
  Reader list(der::only(der::kSequence, only_one(values)).value_or(ByteView()));
  Reader ids(list.read(der::kSequence).value_or(ByteView()));
  while (const auto entry = ids.read(der::kSequence)) {
    if (part.certificate_references.size() == kMostReferences) return;
    Reader id(*entry);
    SignerPart::CertificateReference reference;
    reference.hash = second ? Hash::sha256 : Hash::sha1;
    if (second && id.next_is(der::kSequence)) reference.hash = hash_in(*id.read_any());
    const auto digest = id.read(der::kOctetString);
    if (!digest) return;
    reference.digest = copy_of(*digest);
    reference.issuer_serial = copy_of(id.read_whole(der::kSequence).value_or(ByteView()));
    part.certificate_references.push_back(std::move(reference));
  }
}

void read_policy(ByteView value, SignerPart& part) {
  if (value.empty()) return;
  if (value[0] == der::kNull) {
    part.policy_oid = "implied";
    return;
  }
  Reader reader(der::only(der::kSequence, value).value_or(ByteView()));
  part.policy_oid = crypto::dotted(reader.read_whole(der::kObjectIdentifier).value_or(ByteView()));
  if (part.policy_oid.empty()) part.policy_oid = "?";
  Reader digest(reader.read(der::kSequence).value_or(ByteView()));
  part.policy_hash = hash_in(digest.read_whole(der::kSequence).value_or(ByteView()));
  part.policy_digest = copy_of(digest.read(der::kOctetString).value_or(ByteView()));
}

// SignaturePolicyStore (EN 319 122-1, 5.2.10) as far as it has the document itself. A URI of the signer's own store says nothing
// here.
void read_policy_store(ByteView value, SignerPart& part) {
  Reader reader(der::only(der::kSequence, value).value_or(ByteView()));
  if (!reader.read_any()) return;  // by what specification the document is written
  if (const auto document = reader.read(der::kOctetString); document && reader.at_end())
    part.policy_document = copy_of(*document);
}

// Country and locality are [0] and [1] (EN 319 122-1, 5.2.5).
std::string location_in(ByteView value) {
  std::string text;
  Reader reader(der::only(der::kSequence, value).value_or(ByteView()));
  for (const std::uint8_t tag : {der::kContext0, der::kContext1}) {
    const std::string part = text_in(reader.read(tag).value_or(ByteView()));
    if (!part.empty()) text += (text.empty() ? "" : ", ") + part;
  }
  return text;
}

// claimedAttributes (EN 319 122-1, 5.2.6.1): each value that is a text. What an authority certified is not read.
void read_roles(ByteView value, SignerPart& part) {
  Reader choices(der::only(der::kSequence, value).value_or(ByteView()));
  while (const auto choice = choices.read(der::kContext0)) {
    Reader attributes(der::only(der::kSequence, *choice).value_or(ByteView()));
    while (const auto attribute = attributes.read(der::kSequence)) {
      Reader reader(*attribute);
      if (!reader.read(der::kObjectIdentifier)) return;
      Reader texts(reader.read(der::kSet).value_or(ByteView()));
      while (const auto text = texts.read_any()) {
        if (part.claimed_roles.size() == kMostRoles) return;
        if (std::ranges::find(kTexts, text->front()) == kTexts.end()) continue;
        part.claimed_roles.push_back(text_in(*text));
      }
    }
  }
}

void read_attributes(const cms::SignerParts& signer, SignerPart& part) {
  if (signer.signed_attributes.empty()) return;
  std::vector<Bytes> forms = cms::signed_forms(signer.signed_attributes);
  part.signed_attributes = std::move(forms[0]);
  if (forms.size() > 1) part.signed_attributes_sorted = std::move(forms[1]);
  if (const auto digest =
          der::only(der::kOctetString, only_one(signer.signed_values(cms::kMessageDigest))))
    part.message_digest = copy_of(*digest);
  Reader time(only_one(signer.signed_values(cms::kSigningTime)));
  part.signing_time = read_time(time);
  read_references(signer, part);
  read_policy(only_one(signer.signed_values(kPolicy)), part);
  Reader commitment(
      der::only(der::kSequence, first_of(signer.signed_values(kCommitment))).value_or(ByteView()));
  part.commitment =
      crypto::dotted(commitment.read_whole(der::kObjectIdentifier).value_or(ByteView()));
  part.location = location_in(only_one(signer.signed_values(kLocation)));
  for (const char* const name : {kSignerAttributes, kSignerAttributes2})
    read_roles(only_one(signer.signed_values(name)), part);
  part.media_type = text_in(only_one(signer.signed_values(kMimeType)));
  Reader hints(der::only(der::kSequence, only_one(signer.signed_values(kContentHints)))
                   .value_or(ByteView()));
  if (hints.next_is(der::kUtf8String)) part.file_name = text_in(*hints.read_any());
  for (const auto& one : cms::attributes_in(*der::only(der::kContext0, signer.signed_attributes))) {
    const std::string type = crypto::dotted(one.type);
    if (part.unknown_signed_attributes.size() == kMostUnknown) return;
    if (std::ranges::find(kKnown, std::string_view(type), [](const char* known) {
          return std::string_view(known);
        }) == kKnown.end())
      part.unknown_signed_attributes.push_back(type.empty() ? "?" : type);
  }
}

// What kind of content it is has to be signed too: else it could be exchanged. Where the attribute is absent against the rule, plain
// data is what no other content can be taken for. A signature's value has no type (RFC 5652, 11.4).
std::optional<Statement> fault_of_content_type(const cms::SignerParts& signer,
                                               ByteView content_type) {
  if (content_type.empty()) return std::nullopt;
  if (signer.signed_attributes.empty()) {
    if (equal(content_type, cms::kOidData)) return std::nullopt;
    return say(kUnsignedContentType);
  }
  const auto values = signer.signed_values(cms::kContentType);
  const bool same =
      std::ranges::all_of(values, [&](ByteView value) { return equal(value, content_type); });
  const bool data = values.empty() && equal(content_type, cms::kOidData);
  if (same && (values.size() == 1 || data)) return std::nullopt;
  return say(kOtherContentType);
}

}  // namespace

Hash hash_for(const cms::SignerParts& signer) {
  const Hash hash = hash_in(signer.digest_algorithm);
  if (hash != Hash::none) return hash;
  // Some signers name the signature's algorithm where the digest's should be.
  const auto algorithm = crypto::read_signature_algorithm(signer.digest_algorithm);
  return algorithm ? algorithm->hash : Hash::none;
}

Bytes digest_of(Hash hash, ByteView data) {
  if (hash == Hash::none) return {};
  PieceDigest digest(hash);
  digest.update(data);
  return digest.finish();
}

SignerPart read_signer_part(ByteView signer_info, const Bytes& content_type) {
  SignerPart part;
  part.signer_info = copy_of(signer_info);
  part.content_type = content_type;
  const auto signer = cms::read_signer(signer_info);
  if (!signer) {
    part.fault = say(kNoSigner);
    return part;
  }
  part.signature = copy_of(signer->signature);
  part.signature_algorithm = copy_of(signer->signature_algorithm);
  part.digest_algorithm = copy_of(signer->digest_algorithm);
  part.hash = hash_for(*signer);
  part.issuer = copy_of(signer->issuer);
  part.serial_number =
      copy_of(der::only(der::kInteger, signer->serial_number).value_or(ByteView()));
  part.subject_key_identifier = copy_of(signer->key_identifier);
  read_attributes(*signer, part);
  read_policy_store(only_one(signer->unsigned_values(kPolicyStore)), part);
  part.fault = fault_of_content_type(*signer, content_type);
  return part;
}

}  // namespace signet::validation
