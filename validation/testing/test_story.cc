#include "validation/testing/test_story.h"

#include <stdexcept>
#include <utility>

namespace signet::validation::pki {

namespace {

bool is_inside(const std::vector<Origin>& origins) {
  return origins.front() != Origin::file;
}

RevocationDataPtr checked(Result<RevocationDataPtr, std::string> data) {
  if (!data) throw std::runtime_error(data.error());
  return data.value();
}

}  // namespace

Story::Story() : ca(root(authority("CA"))), tsa(root(authority("TSA"))) {
  CertificateWish wish = pki::signer("Seal");
  wish.not_before = at("2013-01-01");
  wish.not_after = at("2015-01-01");
  signer = issue(ca, wish);
  parts.format = Format::pades;
  policy.anchors = {{ca.certificate, {}}, {tsa.certificate, {}}};
  policy.suite =
      std::make_shared<const crypto::Suite>(crypto::Suite::shipped("119312-1.5.1").value());
}

Party Story::tsu(const std::string& name, std::string_view from, std::string_view to) {
  CertificateWish wish = time_stamper(name);
  wish.not_before = at(from);
  wish.not_after = at(to);
  return issue(tsa, wish);
}

void Story::add_certificate(const Party& party, Origin origin) {
  parts.evidence.add(party.certificate, origin);
}

SignaturePart& Story::sign(const MessageWish& wish) {
  SignaturePart part = signature_part(signer, wish);
  part.format = Format::pades;
  add_certificate(signer);
  parts.signatures.push_back(std::move(part));
  return parts.signatures.back();
}

TimeStampPart& Story::stamp_signature(const Party& by, std::string_view time) {
  SignaturePart& signature = parts.signatures.back();
  TokenWish wish;
  wish.time = at(time);
  wish.serial = ++serial_;
  add_certificate(by, Origin::time_stamp);
  signature.signature_time_stamps.push_back(
      time_stamp_part(by, TimeStampKind::signature, wish, {signature.id}));
  return signature.signature_time_stamps.back();
}

TimeStampPart& Story::stamp_content(const Party& by, std::string_view time) {
  TokenWish wish;
  wish.time = at(time);
  wish.serial = ++serial_;
  add_certificate(by, Origin::time_stamp);
  auto& stamps = parts.signatures.back().content_time_stamps;
  stamps.push_back(time_stamp_part(by, TimeStampKind::content, wish));
  return stamps.back();
}

TimeStampPart& Story::stamp_document(const Party& by, std::string_view time) {
  TokenWish wish;
  wish.time = at(time);
  return stamp_document(by, wish);
}

TimeStampPart& Story::stamp_document(const Party& by, const TokenWish& wish) {
  TokenWish numbered = wish;
  numbered.serial = ++serial_;
  const std::set<ObjectId> covered = everything();
  add_certificate(by, Origin::time_stamp);
  parts.document_time_stamps.push_back(
      time_stamp_part(by, TimeStampKind::document, numbered, covered));
  return parts.document_time_stamps.back();
}

std::set<ObjectId> Story::everything() const {
  std::set<ObjectId> all;
  for (const SignaturePart& signature : parts.signatures) {
    all.insert(signature.id);
    for (const TimeStampPart& stamp : signature.signature_time_stamps) all.insert(stamp.id);
    for (const TimeStampPart& stamp : signature.content_time_stamps) all.insert(stamp.id);
    for (const TimeStampPart& stamp : signature.archive_time_stamps) all.insert(stamp.id);
  }
  for (const TimeStampPart& stamp : parts.document_time_stamps) all.insert(stamp.id);
  for (const FoundCertificate& found : parts.evidence.certificates())
    if (is_inside(found.origins)) all.insert(found.certificate->id());
  for (const FoundRevocation& found : parts.evidence.revocations())
    if (is_inside(found.origins)) all.insert(found.data->id());
  return all;
}

RevocationDataPtr Story::add_crl(const Party& issuer, std::string_view from, std::string_view to,
                                 std::vector<CrlEntry> entries, Origin origin) {
  CrlWish wish;
  wish.this_update = at(from);
  wish.next_update = at(to);
  wish.entries = std::move(entries);
  return add_crl(issuer, wish, origin);
}

RevocationDataPtr Story::add_crl(const Party& issuer, const CrlWish& wish, Origin origin) {
  RevocationDataPtr data = checked(RevocationData::parse_crl(crl(issuer, wish)));
  parts.evidence.add(data, origin);
  return data;
}

RevocationDataPtr Story::add_ocsp(const Party& responder, const OcspWish& wish, Origin origin) {
  RevocationDataPtr data = checked(RevocationData::parse_ocsp(ocsp(responder, wish)));
  parts.evidence.add(data, origin);
  return data;
}

ValidationResult Story::validate_with_fresh(std::string_view time) {
  for (const Party* issuer : {&ca, &tsa}) {
    CrlWish wish;
    wish.this_update = at(time) - std::chrono::hours(12);
    wish.next_update = at(time) + std::chrono::hours(24 * 7);
    add_crl(*issuer, wish, Origin::file);
  }
  return validate(time);
}

ValidationResult Story::validate(std::string_view time) {
  policy.at = at(time);
  policy.now = policy.at;
  return validation::validate(parts, policy);
}

PdfChange change(ChangeKind kind, bool allowed, const Sentence& what) {
  PdfChange change;
  change.kind = kind;
  change.allowed = allowed;
  change.revision = 2;
  change.what = say(what);
  return change;
}

PdfCoverage faulty(const Sentence& fault) {
  PdfCoverage coverage;
  coverage.fault = say(fault);
  return coverage;
}

std::string text(const Conclusion& conclusion) {
  std::string text(name_of(conclusion.indication));
  if (conclusion.sub_indication != SubIndication::none)
    text += "/" + std::string(name_of(conclusion.sub_indication));
  return text;
}

std::string reasons(const Conclusion& conclusion) {
  std::string text;
  for (const Statement& reason : conclusion.reasons)
    text += text_of(reason, Language::english) + "\n";
  return text;
}

}  // namespace signet::validation::pki
