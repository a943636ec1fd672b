// Messages and tokens taken apart: every wrapping, every time-stamp in them, and what each of these covers.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <stdexcept>

#include "common/testing/scratch_folder.h"
#include "crypto/cms/identifiers.h"
#include "crypto/cms/reader.h"
#include "crypto/cms/signer_info.h"
#include "crypto/cms/signer_parts.h"
#include "crypto/der.h"
#include "crypto/openssl.h"
#include "pdf/testing/pdf_maker.h"
#include "validation/reading.h"
#include "validation/reading/signer_reading.h"
#include "validation/testing/message_edits.h"
#include "validation/testing/read_parts.h"
#include "validation/testing/test_revocation.h"

namespace signet::validation {
namespace {

using testing::HasSubstr;

ReadFault fault_of(ByteView message, const Bytes* document = &kDocument) {
  const auto read = tried_message(message, document);
  EXPECT_FALSE(read);
  return read ? ReadFault::cancelled : read.error().fault;
}

TEST(MessageReading, ExternalAndInternal) {
  pki::MessageWish wish;
  wish.signing_time = pki::at("2015-02-03");
  const DocumentParts external = parts_of_message(pki::message(signer(), wish));
  wish.detached = false;
  const DocumentParts internal = parts_of_message(pki::message(signer(), wish), nullptr);
  for (const DocumentParts* parts : {&external, &internal}) {
    EXPECT_EQ(parts->format, Format::cades);
    ASSERT_EQ(parts->signatures.size(), 1U);
    const SignaturePart& one = parts->signatures[0];
    expect_intact(one);
    EXPECT_EQ(one.name, "signature 1");
    EXPECT_EQ(one.format, Format::cades);
    EXPECT_EQ(one.signer.signing_time, pki::at("2015-02-03"));
    EXPECT_EQ(english(one.baseline_faults), "");
    ASSERT_EQ(one.signer.certificate_references.size(), 1U);
    EXPECT_EQ(one.signer.certificate_references[0].digest,
              pki::digest(crypto::Hash::sha256, signer().der()));
    EXPECT_EQ(one.signer.issuer, signer().certificate->issuer());
    EXPECT_EQ(one.signer.serial_number, signer().certificate->serial_number());
  }
}

// signer-attributes and signer-attributes-v2: SEQUENCE OF [0] SEQUENCE OF Attribute.
TEST(MessageReading, ReadsTheRolesThatTheSignerClaims) {
  const Bytes text = der::encode(der::kUtf8String, view_of("Registrar"));
  const Bytes number = der::encode(der::kInteger, view_of("\x05"));
  Bytes role = pki::attribute("2.5.4.72", text);
  der::append(role, pki::attribute("2.5.4.73", number));
  const Bytes claimed = der::encode(der::kContext0, der::encode(der::kSequence, role));
  for (const char* const type : {"1.2.840.113549.1.9.16.2.18", "0.4.0.19122.1.1"}) {
    pki::MessageWish wish;
    wish.more_signed = {pki::attribute(type, der::encode(der::kSequence, claimed))};
    const DocumentParts parts = parts_of_message(pki::message(signer(), wish));
    EXPECT_EQ(parts.signatures.at(0).signer.claimed_roles, std::vector<std::string>{"Registrar"});
    wish.more_signed = {pki::attribute(type, Bytes{0x30, 0x03, 0xa0, 0x01, 0x30})};
    EXPECT_TRUE(parts_of_message(pki::message(signer(), wish))
                    .signatures.at(0)
                    .signer.claimed_roles.empty());
  }
}

// EN 319 122-1, 5.2.10: SEQUENCE of the specification's name, and the document or a URI.
TEST(MessageReading, ReadsTheSignaturePolicyThatTheMessageHolds) {
  const auto stored = [](const Bytes& document) {
    return pki::attribute("0.4.0.19122.1.3",
                          der::encode_sequence({pki::oid("0.4.0.19122.2.1"), document}));
  };
  const auto read = [](const pki::MessageWish& wish) {
    return parts_of_message(pki::message(signer(), wish)).signatures.at(0).signer;
  };
  pki::MessageWish wish;
  wish.unsigned_attributes = {stored(der::encode(der::kOctetString, view_of("rules")))};
  EXPECT_EQ(read(wish).policy_document, copy_of(view_of("rules")));
  wish.unsigned_attributes.push_back(stored(der::encode(der::kOctetString, view_of("others"))));
  EXPECT_EQ(read(wish).policy_document, std::nullopt);
  wish.unsigned_attributes = {stored(der::encode(der::kUtf8String, view_of("file:///rules")))};
  EXPECT_EQ(read(wish).policy_document, std::nullopt);
  // It is no signed attribute.
  wish.more_signed = {stored(der::encode(der::kOctetString, view_of("rules")))};
  wish.unsigned_attributes.clear();
  EXPECT_EQ(read(wish).policy_document, std::nullopt);
  EXPECT_EQ(read(wish).unknown_signed_attributes, std::vector<std::string>{"0.4.0.19122.1.3"});
}

TEST(MessageReading, ADocumentThatIsGivenIsWhatIsJudged) {
  pki::MessageWish wish;
  wish.detached = false;
  const Bytes other = copy_of(view_of("another document"));
  const DocumentParts parts = parts_of_message(pki::message(signer(), wish), &other);
  EXPECT_NE(*parts.signatures.at(0).signer.message_digest,
            parts.signatures[0].signer.content_digest);
  EXPECT_THAT(english(parts.remarks), HasSubstr("content of its own"));
}

TEST(MessageReading, PlainCmsAndItsFaults) {
  pki::MessageWish wish;
  wish.certificate_reference = false;
  wish.with_certificate = false;
  const DocumentParts parts = parts_of_message(pki::message(signer(), wish));
  EXPECT_EQ(parts.format, Format::cms);
  EXPECT_EQ(parts.signatures.at(0).format, Format::cms);
  const std::string faults = english(parts.signatures[0].baseline_faults);
  EXPECT_THAT(faults, HasSubstr("signing-certificate-v2 is missing"));
  EXPECT_THAT(faults, HasSubstr("signing-time is missing"));
  EXPECT_THAT(faults, HasSubstr("certificate is not in the message"));
  wish.signed_attributes = false;
  EXPECT_THAT(
      english(parts_of_message(pki::message(signer(), wish)).signatures.at(0).baseline_faults),
      HasSubstr("no signed attributes"));
}

// EN 319 122-1, 6.3.
TEST(MessageReading, BaselineSignaturesAreOverPlainData) {
  pki::MessageWish wish;
  wish.signing_time = pki::at("2014-05-06");
  wish.content_type = "1.2.840.113549.1.7.5";
  const DocumentParts parts = parts_of_message(pki::message(signer(), wish));
  EXPECT_FALSE(parts.signatures.at(0).signer.fault);
  EXPECT_THAT(english(parts.signatures.at(0).baseline_faults),
              HasSubstr("the content type is not id-data (EN 319 122-1"));
}

TEST(MessageReading, LongTermBaselineSignaturesHaveNoAttributesOfTheOlderForms) {
  pki::MessageWish wish;
  wish.signing_time = pki::at("2014-05-06");
  EXPECT_EQ(
      english(parts_of_message(pki::message(signer(), wish)).signatures.at(0).long_term_faults),
      "");
  const std::pair<const char*, const char*> attributes[] = {
      {"1.2.840.113549.1.9.16.2.21", "complete-certificate-references"},
      {"1.2.840.113549.1.9.16.2.22", "complete-revocation-references"},
      {"1.2.840.113549.1.9.16.2.23", "certificate-values"},
      {"1.2.840.113549.1.9.16.2.24", "revocation-values"},
      {"1.2.840.113549.1.9.16.2.25", "CAdES-C-time-stamp"},
      {"1.2.840.113549.1.9.16.2.26", "time-stamped-certs-crls-references"}};
  for (const auto& [type, name] : attributes) {
    wish.unsigned_attributes = {pki::attribute(type, der::encode_sequence({}))};
    const SignaturePart part = parts_of_message(pki::message(signer(), wish)).signatures.at(0);
    EXPECT_THAT(english(part.long_term_faults), HasSubstr(name));
    EXPECT_EQ(english(part.baseline_faults), "");
  }
}

// RFC 5652, 5.3 and 11.1: what a signature is over cannot be taken for content of another type.
TEST(MessageReading, TheTypeOfTheContentIsSigned) {
  pki::MessageWish wish;
  const Bytes data = pki::oid(wish.content_type);
  const Bytes other = pki::oid("1.2.840.113549.1.9.16.1.4");
  const auto fault = [&](const Bytes& content_type) {
    const SignerPart part =
        read_signer_part(pki::signer_part(signer(), wish).signer_info, content_type);
    return part.fault ? text_of(*part.fault, Language::english) : std::string();
  };
  EXPECT_EQ(fault(data), "");
  EXPECT_THAT(fault(other), HasSubstr("another type than the message has"));
  wish.more_signed = {pki::attribute(cms::kContentType, data)};
  EXPECT_THAT(fault(data), HasSubstr("another type than the message has"));
  wish.content_type_attribute = false;
  wish.more_signed.clear();
  EXPECT_EQ(fault(data), "");
  EXPECT_THAT(fault(other), HasSubstr("another type than the message has"));
  wish.signed_attributes = false;
  EXPECT_EQ(fault(data), "");
  EXPECT_THAT(fault(other), HasSubstr("no signed attributes"));
}

TEST(MessageReading, PemAndOtherWrappings) {
  const Bytes der = pki::message(signer(), {});
  const std::string pem = crypto::to_pem("CMS", der);
  expect_intact(parts_of_message(view_of(pem)).signatures.at(0));
  EXPECT_EQ(kind_of(cms::Source::of(view_of(pem))), FileKind::message);
  EXPECT_EQ(kind_of(cms::Source::of(der)), FileKind::message);
  EXPECT_EQ(kind_of(cms::Source::of(view_of("%PDF-1.7"))), FileKind::pdf);
  EXPECT_EQ(kind_of(cms::Source::of(view_of("text"))), FileKind::unknown);
  EXPECT_EQ(kind_of(cms::Source::of({})), FileKind::unknown);
  EXPECT_EQ(fault_of(view_of("-----BEGIN CMS-----\n!\n-----END CMS-----\n")), ReadFault::broken);
  EXPECT_EQ(fault_of(view_of("-----BEGIN CMS-----")), ReadFault::broken);
}

// %PDF- may stand anywhere in the first bytes of a PDF document, and in a message that holds one.
TEST(MessageReading, AMessageThatHoldsAPdfIsAMessage) {
  pki::MessageWish wish;
  wish.content = copy_of(view_of("%PDF-1.7\n"));
  wish.detached = false;
  for (const std::size_t size : {std::size_t{0}, std::size_t{100'000}}) {
    wish.content.resize(wish.content.size() + size);
    const Bytes der = pki::message(signer(), wish);
    EXPECT_EQ(kind_of(cms::Source::of(der)), FileKind::message) << size;
  }
  const auto begins = [](std::string_view first) {
    return kind_of(cms::Source::of(view_of(std::string(first) + "%PDF-1.7\n")));
  };
  EXPECT_EQ(begins("0\x80\x06\x09"), FileKind::message);
  EXPECT_EQ(begins("0\n"), FileKind::pdf);
  EXPECT_EQ(begins("0"), FileKind::pdf);
  EXPECT_EQ(begins("\x06 0"), FileKind::pdf);
}

TEST(MessageReading, AMessageWithoutItsDocumentSaysSo) {
  const Bytes der = pki::message(signer(), {});
  const auto parts = read_message(cms::Source::of(der), nullptr);
  ASSERT_TRUE(parts);
  EXPECT_TRUE(parts.value().signatures.at(0).signer.content_missing);
  EXPECT_TRUE(parts.value().signatures.at(0).signer.content_digest.empty());
  EXPECT_FALSE(parts_of_message(der).signatures.at(0).signer.content_missing);
}

TEST(MessageReading, WhatCannotBeRead) {
  const Bytes der = pki::message(signer(), {});
  EXPECT_EQ(fault_of(view_of("text")), ReadFault::not_sealed);
  EXPECT_EQ(fault_of({}), ReadFault::not_sealed);
  EXPECT_EQ(fault_of(root().der()), ReadFault::not_sealed);
  for (std::size_t size = 40; size < der.size(); size += 97)
    EXPECT_EQ(fault_of(ByteView(der).first(size)), ReadFault::broken) << size;
  const cms::Source dead{1000, [](std::uint64_t, std::span<std::uint8_t>) { return false; }};
  EXPECT_EQ(read_message(dead, nullptr).error().fault, ReadFault::unreadable);
  EXPECT_EQ(kind_of(dead), FileKind::unknown);
  const cms::Source source = cms::Source::of(der);
  EXPECT_EQ(read_message(source, &dead).error().fault, ReadFault::unreadable);
  const cms::Source document = cms::Source::of(kDocument);
  EXPECT_EQ(read_message(source, &document, [](std::uint64_t, std::uint64_t) { return false; })
                .error()
                .fault,
            ReadFault::cancelled);
}

TEST(MessageReading, ABrokenSignerHidesNoOther) {
  const Bytes first = pki::message(signer(), {});
  auto read = cms::read_signed_data(cms::Source::of(first));
  cms::SignedData parts = read.value().parts;
  parts.signers.push_back(parts.signers[0]);
  parts.signers[0] = der::encode(der::kSequence, Bytes{0x02, 0x01, 0x01});
  parts.in_order = true;
  const DocumentParts got = parts_of_message(parts.detached());
  ASSERT_EQ(got.signatures.size(), 2U);
  EXPECT_TRUE(got.signatures[0].signer.fault.has_value());
  expect_intact(got.signatures[1]);
  EXPECT_EQ(got.signatures[1].name, "signature 2");
}

TEST(MessageReading, UnknownHashesAreNoFault) {
  pki::MessageWish wish;
  wish.signature.md5 = true;
  const pki::Party rsa = [] {
    pki::CertificateWish certificate = pki::signer("RSA");
    certificate.key = pki::KeyKind::rsa2048;
    return pki::issue(root(), certificate);
  }();
  const DocumentParts parts = parts_of_message(pki::message(rsa, wish));
  EXPECT_FALSE(parts.signatures.at(0).signer.fault.has_value());
}

TEST(MessageReading, TimeStampsOfAllKinds) {
  pki::MessageWish wish;
  pki::TokenWish content = token_of("2014-01-01", kDocument);
  content.imprint_hash = crypto::Hash::sha512;  // another one than the signer's
  wish.more_signed = {
      pki::attribute(attribute::kContentTimeStamp, pki::token(authority(), content))};
  const Bytes plain = pki::message(signer(), wish);
  Bytes stamped =
      with_attribute(plain, cms::kSignatureTimeStamp,
                     pki::token(authority(), token_of("2015-01-01", signature_in(plain))));
  stamped = with_attribute(stamped, attribute::kArchiveTimeStamp2,
                           pki::token(authority(), token_of("2016-01-01", {})));
  stamped = with_attribute(stamped, cms::kSignatureTimeStamp, Bytes{0x05, 0x00});
  const DocumentParts parts = parts_of_message(stamped);
  const SignaturePart& one = parts.signatures.at(0);
  expect_intact(one);
  ASSERT_EQ(one.content_time_stamps.size(), 1U);
  EXPECT_EQ(one.content_time_stamps[0].imprint_matches, true);
  EXPECT_EQ(one.content_time_stamps[0].kind, TimeStampKind::content);
  EXPECT_EQ(one.content_time_stamps[0].policy, "1.3.6.1.4.1.32473.1");
  ASSERT_EQ(one.signature_time_stamps.size(), 2U);
  EXPECT_EQ(one.signature_time_stamps[0].imprint_matches, true);
  EXPECT_TRUE(one.signature_time_stamps[0].covered.contains(one.id));
  EXPECT_TRUE(one.signature_time_stamps[0].covered.contains(one.content_time_stamps[0].id));
  EXPECT_EQ(one.signature_time_stamps[0].signer.content_digest,
            *one.signature_time_stamps[0].signer.message_digest);
  EXPECT_TRUE(one.signature_time_stamps[1].signer.fault.has_value());
  ASSERT_EQ(one.archive_time_stamps.size(), 1U);
  EXPECT_EQ(one.archive_time_stamps[0].kind, TimeStampKind::references);
  EXPECT_TRUE(one.archive_time_stamps[0].covered.empty());
  EXPECT_FALSE(one.archive_time_stamps[0].imprint_matches.has_value());
  EXPECT_NE(parts.evidence.find(authority().certificate->id()), nullptr);
}

// ContentInfo with indefinite lengths (X.690, 8.1.3.6) around DER.
Bytes as_ber(ByteView message) {
  der::Reader parts(*der::only(der::kSequence, message));
  const ByteView type = *parts.read_any();
  const ByteView content = *parts.read(der::kContext0);
  Bytes ber = {0x30, 0x80};
  der::append(ber, type);
  der::append(ber, Bytes{0xA0, 0x80});
  der::append(ber, content);
  der::append(ber, Bytes{0, 0, 0, 0});
  return ber;
}

TEST(MessageReading, TokensInBer) {
  const Bytes plain = pki::message(signer(), {});
  const Bytes token = as_ber(pki::token(authority(), token_of("2015-01-01", signature_in(plain))));
  const DocumentParts parts =
      parts_of_message(with_attribute(plain, cms::kSignatureTimeStamp, token));
  ASSERT_EQ(parts.signatures.at(0).signature_time_stamps.size(), 1U);
  const TimeStampPart& one = parts.signatures[0].signature_time_stamps[0];
  EXPECT_FALSE(one.signer.fault.has_value());
  EXPECT_EQ(one.imprint_matches, true);
  EXPECT_EQ(one.id, ObjectId::of(token));
  expect_intact(parts_of_message(as_ber(plain)).signatures.at(0));
}

TEST(MessageReading, EvidenceInAllItsPlaces) {
  const Bytes crl = pki::crl(root(), {});
  const pki::Party responder = pki::issue(root(), pki::responder("OCSP"));
  pki::OcspWish asked;
  asked.answers = {pki::good(signer(), root(), pki::at("2016-01-01"), pki::at("2016-01-02"))};
  const Bytes basic = pki::basic_ocsp(responder, asked);
  asked.answers[0].this_update = pki::at("2017-01-01");
  const Bytes whole = pki::ocsp(responder, asked);
  const auto values = [](const std::vector<Bytes>& crls, const std::vector<Bytes>& answers) {
    return der::encode_sequence({der::encode(der::kContext0, der::encode_sequence(crls)),
                                 der::encode(der::kContext1, der::encode_sequence(answers))});
  };
  pki::MessageWish wish;
  wish.revocations = {crl, pki::other_revocation(whole)};
  const DocumentParts first = parts_of_message(pki::message(signer(), wish));
  EXPECT_EQ(first.evidence.revocations().size(), 2U);
  EXPECT_NE(first.evidence.find(responder.certificate->id()), nullptr);

  wish.revocations = {};
  wish.more_signed = {pki::attribute(attribute::kAdobeRevocation, values({crl}, {whole}))};
  EXPECT_EQ(parts_of_message(pki::message(signer(), wish)).evidence.revocations().size(), 2U);

  wish.more_signed = {};
  wish.unsigned_attributes = {
      pki::attribute(attribute::kCertificateValues, der::encode_sequence({root().der()})),
      pki::attribute(attribute::kRevocationValues, values({crl}, {basic}))};
  const DocumentParts third = parts_of_message(pki::message(signer(), wish));
  EXPECT_EQ(third.evidence.revocations().size(), 2U);
  EXPECT_NE(third.evidence.find(root().certificate->id()), nullptr);

  wish.unsigned_attributes = {pki::attribute(attribute::kRevocationValues, Bytes{0x30, 0x01}),
                              pki::attribute(attribute::kCertificateValues, Bytes{0x05, 0x00})};
  EXPECT_TRUE(parts_of_message(pki::message(signer(), wish)).evidence.revocations().empty());
}

TEST(MessageReading, TokensAlone) {
  const Bytes token = pki::token(authority(), token_of("2015-01-01", kDocument));
  const Bytes granted = der::encode_sequence({Bytes{0x02, 0x01, 0x00}});
  const Bytes answer = der::encode(der::kSequence, der::concat(granted, token));
  for (const Bytes* bytes : {&token, &answer}) {
    const DocumentParts parts = parts_of_message(*bytes);
    EXPECT_EQ(parts.format, Format::time_stamp);
    EXPECT_TRUE(parts.signatures.empty());
    ASSERT_EQ(parts.document_time_stamps.size(), 1U);
    const TimeStampPart& one = parts.document_time_stamps[0];
    EXPECT_EQ(one.kind, TimeStampKind::alone);
    EXPECT_EQ(one.imprint_matches, true);
    EXPECT_EQ(one.id, ObjectId::of(token));
    EXPECT_FALSE(
        parts_of_message(*bytes, nullptr).document_time_stamps.at(0).imprint_matches.has_value());
  }
}

// RFC 3161, 2.4.2.
TEST(MessageReading, TokensSayHowExactTheirTimeIs) {
  using std::chrono::microseconds;
  const auto read = [](std::optional<microseconds> accuracy, bool ordering) {
    pki::TokenWish wish = token_of("2015-01-01", kDocument);
    wish.accuracy = accuracy;
    wish.ordering = ordering;
    const DocumentParts parts = parts_of_message(pki::token(authority(), wish));
    EXPECT_FALSE(parts.document_time_stamps.at(0).signer.fault);
    EXPECT_EQ(parts.document_time_stamps.at(0).ordering, ordering);
    return parts.document_time_stamps.at(0).accuracy;
  };
  EXPECT_EQ(read({}, false), std::nullopt);
  EXPECT_EQ(read({}, true), std::nullopt);
  EXPECT_EQ(read(microseconds(1'250'007), false), microseconds(1'250'007));
  EXPECT_EQ(read(microseconds(500'000), true), microseconds(500'000));
}

// RFC 5652, 11.4.
TEST(MessageReading, CounterSignaturesAreReadAsSignaturesOfTheirOwn) {
  const pki::Party other =
      pki::issue(pki::root(pki::authority("Other CA")), pki::signer("Witness"));
  pki::MessageWish wish;
  wish.certificates = {other.der()};
  const Bytes message = pki::message(signer(), wish);
  const Bytes inner = pki::counter_signature(other, message);
  const Bytes bytes = with_attribute(message, attribute::kCounterSignature, inner);
  const DocumentParts parts = parts_of_message(bytes);
  ASSERT_EQ(parts.signatures.size(), 1U);
  ASSERT_EQ(parts.signatures[0].counter_signatures.size(), 1U);
  const SignaturePart& counter = parts.signatures[0].counter_signatures[0];
  EXPECT_FALSE(counter.signer.fault);
  EXPECT_EQ(counter.signer.message_digest, counter.signer.content_digest);
  EXPECT_EQ(counter.format, Format::cades);
  EXPECT_TRUE(counter.signer.content_type.empty());
}

TEST(MessageReading, BrokenCounterSignaturesAreTold) {
  const Bytes bytes =
      with_attribute(pki::message(signer(), {}), attribute::kCounterSignature, Bytes{0x30, 0x00});
  EXPECT_TRUE(parts_of_message(bytes).signatures.at(0).counter_signatures.at(0).signer.fault);
}

TEST(MessageReading, CounterSignaturesAreReadToALimit) {
  const Bytes message = pki::message(signer(), {});
  Bytes many;
  for (int i = 0; i < 1025; ++i) many.insert(many.end(), {0x30, 0x00});
  const DocumentParts parts =
      parts_of_message(with_attribute(message, attribute::kCounterSignature, many));
  EXPECT_EQ(parts.signatures.at(0).counter_signatures.size(), 1024U);
  EXPECT_EQ(parts.remarks.size(), 1U);
}

TEST(MessageReading, CounterSignaturesOfCounterSignaturesAreReadToALimit) {
  const Bytes message = pki::message(signer(), {});
  Bytes inner = pki::signer_info_in(message);
  for (int i = 0; i < 8; ++i)
    inner = cms::with_unsigned_attribute(pki::signer_info_in(message),
                                         pki::attribute(attribute::kCounterSignature, inner));
  const DocumentParts parts =
      parts_of_message(with_attribute(message, attribute::kCounterSignature, inner));
  std::size_t depth = 0;
  const std::vector<SignaturePart>* below = &parts.signatures;
  for (; !below->empty(); below = &below->front().counter_signatures) ++depth;
  EXPECT_EQ(depth, 5U) << "the signature's own, and four";
  EXPECT_EQ(parts.remarks.size(), 1U);
}

TEST(MessageReading, UnsortedAttributesAreKeptBothWays) {
  const Bytes message = pki::message(signer(), {});
  const auto again = cms::read_signed_data(cms::Source::of(message));
  cms::SignedData parts = again.value().parts;
  const auto signer_parts = cms::read_signer(parts.signers[0]);
  Bytes turned;
  for (const auto& one :
       cms::attributes_in(*der::only(der::kContext0, signer_parts->signed_attributes)))
    turned.insert(turned.begin(), one.whole.begin(), one.whole.end());
  Bytes info = parts.signers[0];
  const ByteView attributes = signer_parts->signed_attributes;
  const auto at = static_cast<std::ptrdiff_t>(attributes.data() - parts.signers[0].data() +
                                              static_cast<std::ptrdiff_t>(attributes.size()) -
                                              static_cast<std::ptrdiff_t>(turned.size()));
  std::copy(turned.begin(), turned.end(), info.begin() + at);
  parts.signers[0] = info;
  const SignerPart part = parts_of_message(parts.detached()).signatures.at(0).signer;
  EXPECT_FALSE(part.signed_attributes_sorted.empty());
  EXPECT_NE(part.signed_attributes, part.signed_attributes_sorted);
}

// What another writer makes: BER of indefinite lengths, several signers.
TEST(MessageReading, MessagesByOpenssl) {
  const ScratchFolder folder;
  const std::string at = folder.write("document", "content").string();
  const auto run = [](const std::string& command) {
    const auto ran = pdf::run(command);
    ASSERT_TRUE(ran.good) << ran.output;
  };
  for (const char* name : {"a", "b"})
    run(
        fmt::format("openssl req -x509 -newkey rsa:2048 -nodes -subj /CN={} -keyout {}.{}.key "
                    "-out {}.{}.pem",
                    name, at, name, at, name));
  const std::string signers =
      fmt::format("-signer {0}.a.pem -inkey {0}.a.key -signer {0}.b.pem -inkey {0}.b.key", at);
  for (const std::string options :
       {"-nodetach -stream", "-nodetach", "-md sha512", "-nodetach -keyid", "-outform PEM"}) {
    run(fmt::format("openssl cms -sign -binary -in {} -outform DER {} {} -out {}.cms", at, options,
                    signers, at));
    std::ifstream file(at + ".cms", std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(file), {}};
    const bool inside = options.find("nodetach") != std::string::npos;
    const DocumentParts parts = parts_of_message(view_of(bytes), inside ? nullptr : &kDocument);
    ASSERT_EQ(parts.signatures.size(), 2U) << options;
    for (const SignaturePart& one : parts.signatures) expect_intact(one);
    EXPECT_EQ(parts.evidence.certificates().size(), 2U);
    EXPECT_EQ(parts.signatures[0].format, Format::cms);
  }
}

TEST(MessageReading, AMessageOfWhichAPartCannotBeReadIsNotJudged) {
  pki::MessageWish wish;
  wish.detached = false;
  const Bytes message = pki::message(signer(), wish);
  const cms::Source whole = cms::Source::of(message);
  std::size_t refused = 0;
  for (std::size_t which = 0; which < 10'000; ++which) {
    std::size_t asked = 0;
    const cms::Source once{whole.size, [&](std::uint64_t offset, std::span<std::uint8_t> out) {
                             return asked++ != which && whole.read(offset, out);
                           }};
    const auto read = read_message(once, nullptr);
    if (asked <= which) {
      EXPECT_TRUE(read);
      break;
    }
    ASSERT_FALSE(read) << "read " << which;
    EXPECT_EQ(read.error().fault, ReadFault::unreadable) << "read " << which;
    ++refused;
  }
  EXPECT_GT(refused, 1U);
}

}  // namespace
}  // namespace signet::validation
