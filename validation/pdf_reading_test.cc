// PDFs taken apart: what is signed, what covers what, and what is wrong with byte ranges.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <map>
#include <stdexcept>

#include "common/testing/scratch_folder.h"
#include "crypto/der.h"
#include "pdf/testing/pdf_maker.h"
#include "validation/reading.h"
#include "validation/testing/sealed_pdf.h"
#include "validation/testing/test_revocation.h"

namespace signet::validation {
namespace {

using pdf::MadeDocument;
using pdf::replaced;
using testing::HasSubstr;

const pki::Party& root() {
  static const pki::Party one = pki::root(pki::authority("Root"));
  return one;
}
const pki::Party& signer() {
  static const pki::Party one = pki::issue(root(), pki::signer("Seal"));
  return one;
}
const pki::Party& authority() {
  static const pki::Party one = pki::issue(root(), pki::time_stamper("TSU"));
  return one;
}

DocumentParts parts_of(const std::string& bytes, std::string_view password = {}) {
  auto read = read_pdf(pdf::Source::of(view_of(bytes)), password);
  if (!read) throw std::runtime_error(read.error().sentence);
  return std::move(read.value());
}

ReadFault fault_of(const std::string& bytes, std::string_view password = {}) {
  const auto read = read_pdf(pdf::Source::of(view_of(bytes)), password);
  EXPECT_FALSE(read);
  return read ? ReadFault::cancelled : read.error().fault;
}

std::string text(const std::optional<Statement>& statement) {
  return statement ? text_of(*statement, Language::english) : "";
}
std::string all(const std::vector<Statement>& statements) {
  std::string text;
  for (const Statement& one : statements) text += text_of(one, Language::english) + "\n";
  return text;
}

void expect_intact(const SignaturePart& part) {
  EXPECT_EQ(text(part.signer.fault), "");
  EXPECT_EQ(text(part.pdf->fault), "");
  ASSERT_TRUE(part.signer.message_digest.has_value());
  EXPECT_EQ(*part.signer.message_digest, part.signer.content_digest);
}

pki::TokenWish token_of(std::string_view time) {
  pki::TokenWish wish;
  wish.time = pki::at(time);
  return wish;
}

// The coverage's fault of the only signature in it.
std::string coverage_fault(const std::string& bytes) {
  const DocumentParts parts = parts_of(bytes);
  EXPECT_EQ(parts.signatures.size(), 1U);
  return parts.signatures.empty() ? "none" : text(parts.signatures[0].pdf->fault);
}

std::string byte_range(const std::string& bytes) {
  const std::size_t at = bytes.rfind("/ByteRange");
  return bytes.substr(at, bytes.find(']', at) + 1 - at);
}

// As long as before, so that nothing moves.
std::string with_range(const std::string& bytes, const std::string& range) {
  std::string before = byte_range(bytes);
  std::string now = "/ByteRange [" + range + "]";
  now.resize(std::max(before.size(), now.size()), ' ');
  EXPECT_EQ(now.size(), before.size());
  return replaced(bytes, before, now);
}

struct Numbers {
  std::size_t begin, end, rest;
};
Numbers numbers_of(const std::string& bytes) {
  const std::string range = byte_range(bytes);
  Numbers numbers{};
  EXPECT_EQ(std::sscanf(range.c_str() + range.find('['), "[ 0 %zu %zu %zu", &numbers.begin,
                        &numbers.end, &numbers.rest),
            3);
  return numbers;
}

TEST(PdfReading, FindsASignatureWithItsRevision) {
  for (const auto form :
       {MadeDocument::Form::table, MadeDocument::Form::stream, MadeDocument::Form::hybrid}) {
    MadeDocument made;
    made.form = form;
    pdf::SignatureWish wish = pki::plain_pdf_wish();
    wish.reason = "Důvod";
    wish.location = "Praha";
    const DocumentParts parts = parts_of(pki::sealed_pdf(made.make(), signer(), {}, wish));
    EXPECT_EQ(parts.format, Format::pades);
    EXPECT_EQ(parts.pages, 1U);
    ASSERT_EQ(parts.signatures.size(), 1U);
    const SignaturePart& one = parts.signatures[0];
    expect_intact(one);
    EXPECT_EQ(one.name, "SignetSeal1");
    EXPECT_EQ(one.format, Format::pades);
    EXPECT_EQ(one.pdf->revision, 1U);
    EXPECT_EQ(one.pdf->revisions, 2U);
    EXPECT_TRUE(one.pdf->whole_document);
    EXPECT_EQ(one.reason, "Důvod");
    EXPECT_EQ(one.location, "Praha");
    EXPECT_EQ(one.claimed_time, pki::at("2015-01-01"));
    EXPECT_EQ(all(one.baseline_faults), "");
    EXPECT_TRUE(parts.remarks.empty()) << all(parts.remarks);
    EXPECT_NE(parts.evidence.find(signer().certificate->id()), nullptr);
  }
}

TEST(PdfReading, NamesThePartsOfALongTermDocument) {
  const Bytes crl = pki::crl(root(), {});
  const ObjectId crl_id = ObjectId::of(crl);
  std::string bytes = pki::sealed_pdf(MadeDocument{}.make(), signer());
  bytes = pki::stamped_pdf(bytes, authority(), token_of("2015-01-02"));
  bytes = pki::with_dss(bytes, {{root().der()}, {crl}, {}, {}, ""}, 500);
  bytes = pki::stamped_pdf(bytes, authority(), token_of("2018-01-02"));
  const DocumentParts parts = parts_of(bytes);
  ASSERT_EQ(parts.signatures.size(), 1U);
  ASSERT_EQ(parts.document_time_stamps.size(), 2U);
  const TimeStampPart& first = parts.document_time_stamps[0];
  const TimeStampPart& second = parts.document_time_stamps[1];
  EXPECT_EQ(first.time, pki::at("2015-01-02"));
  EXPECT_EQ(second.time, pki::at("2018-01-02"));
  for (const TimeStampPart* stamp : {&first, &second}) {
    EXPECT_EQ(stamp->kind, TimeStampKind::document);
    EXPECT_EQ(text(stamp->signer.fault), "");
    EXPECT_EQ(stamp->imprint_matches, true);
    EXPECT_TRUE(stamp->covered.contains(parts.signatures[0].id));
    EXPECT_TRUE(stamp->covered.contains(signer().certificate->id()));
    EXPECT_FALSE(stamp->covered.contains(stamp->id));
  }
  EXPECT_FALSE(first.covered.contains(crl_id));
  EXPECT_FALSE(first.covered.contains(authority().certificate->id()));
  EXPECT_TRUE(second.covered.contains(crl_id));
  EXPECT_TRUE(second.covered.contains(root().certificate->id()));
  EXPECT_TRUE(second.covered.contains(first.id));
  EXPECT_TRUE(second.covered.contains(authority().certificate->id()));
  EXPECT_TRUE(second.pdf->whole_document);
  EXPECT_FALSE(first.pdf->whole_document);
  EXPECT_EQ(second.pdf->revisions, 5U);
  ASSERT_EQ(parts.evidence.revocations().size(), 1U);
  EXPECT_EQ(parts.evidence.revocations()[0].origins, std::vector{Origin::dss});
}

TEST(PdfReading, ReadsWhatAnEarlierDssHadAndALaterOneHasNot) {
  const Bytes crl = pki::crl(root(), {});
  std::string bytes = pki::sealed_pdf(MadeDocument{}.make(), signer());
  bytes = pki::with_dss(bytes, {{}, {crl}, {}, {}, ""}, 500);
  bytes = pki::stamped_pdf(bytes, authority(), token_of("2015-01-02"));
  bytes = pki::with_dss(bytes, {{root().der()}, {}, {}, {}, ""}, 600);
  const DocumentParts parts = parts_of(bytes);
  EXPECT_EQ(parts.evidence.revocations().size(), 1U);
  ASSERT_EQ(parts.document_time_stamps.size(), 1U);
  EXPECT_TRUE(parts.document_time_stamps[0].covered.contains(ObjectId::of(crl)));
  EXPECT_FALSE(parts.document_time_stamps[0].covered.contains(root().certificate->id()));
  EXPECT_NE(parts.evidence.find(root().certificate->id()), nullptr);
}

TEST(PdfReading, ReadsVriAndSurvivesCycles) {
  const Bytes crl = pki::crl(root(), {});
  std::string bytes = pki::sealed_pdf(MadeDocument{}.make(), signer());
  pki::DssWish wish;
  wish.crls = {crl};
  wish.vri["AA"] = "<< /CRL [ 500 0 R 501 0 R ] /Cert 12 >>";
  wish.vri["BB"] = "1 0 R";
  wish.vri["CC"] = "<< /CRL [ [ 1 0 R ] null (text) ] >>";
  EXPECT_EQ(parts_of(pki::with_dss(bytes, wish, 500)).evidence.revocations().size(), 1U);
}

TEST(PdfReading, TellsWhatInTheDssCannotBeRead) {
  std::string bytes = pki::sealed_pdf(MadeDocument{}.make(), signer());
  const DocumentParts parts =
      parts_of(pki::with_dss(bytes, {{Bytes{1, 2, 3}}, {Bytes{4}}, {Bytes{}}, {}, ""}, 500));
  expect_intact(parts.signatures.at(0));
  EXPECT_GE(parts.remarks.size(), 3U);
}

TEST(PdfReading, BoundsTheEntriesOfADss) {
  std::string bytes = pki::sealed_pdf(MadeDocument{}.make(), signer());
  std::string many;
  for (int at = 0; at < 120'000; ++at) many += "1 0 R ";
  pki::DssWish wish;
  wish.vri["AA"] = "<< /Cert [ " + many + "] >>";
  const DocumentParts parts = parts_of(pki::with_dss(bytes, wish, 500));
  EXPECT_EQ(parts.signatures.size(), 1U);
  EXPECT_THAT(all(parts.remarks), HasSubstr("hold more than is read"));
  wish.vri.clear();
  for (int at = 0; at < 5000; ++at) wish.vri[fmt::format("K{}", at)] = "<< >>";
  EXPECT_THAT(all(parts_of(pki::with_dss(bytes, wish, 500)).remarks),
              HasSubstr("hold more than is read"));
}

TEST(PdfReading, SeveralSignaturesAreDigestedEachOverItsOwn) {
  std::string bytes = MadeDocument{}.make();
  constexpr std::array hashes = {crypto::Hash::sha256, crypto::Hash::sha512, crypto::Hash::sha256,
                                 crypto::Hash::sha1, crypto::Hash::sha3_256};
  for (const auto hash : hashes) {
    pki::MessageWish message;
    message.signature.hash = hash;
    bytes = pki::sealed_pdf(bytes, signer(), message);
  }
  const DocumentParts parts = parts_of(bytes);
  ASSERT_EQ(parts.signatures.size(), hashes.size());
  for (std::size_t at = 0; at < hashes.size(); ++at) {
    expect_intact(parts.signatures[at]);
    EXPECT_EQ(parts.signatures[at].signer.hash, hashes[at]);
    EXPECT_EQ(parts.signatures[at].pdf->revision, at + 1);
    EXPECT_EQ(parts.signatures[at].name, fmt::format("SignetSeal{}", at + 1));
  }
}

TEST(PdfReading, AChangedByteChangesTheDigest) {
  std::string bytes = pki::sealed_pdf(MadeDocument{}.make(), signer());
  bytes[9] ^= 1;
  const DocumentParts parts = parts_of(bytes);
  EXPECT_NE(*parts.signatures.at(0).signer.message_digest,
            parts.signatures[0].signer.content_digest);
}

TEST(PdfReading, PkcsSevenAndSha1) {
  const auto wish = pki::plain_pdf_wish(pdf::SignatureKind::pkcs7);
  std::string bytes = pki::sealed_pdf(MadeDocument{}.make(), signer(), {}, wish);
  const DocumentParts detached = parts_of(bytes);
  ASSERT_EQ(detached.signatures.size(), 1U);
  expect_intact(detached.signatures[0]);
  EXPECT_EQ(detached.signatures[0].format, Format::pdf_pkcs7);
  EXPECT_THAT(all(detached.signatures[0].baseline_faults), HasSubstr("SubFilter"));

  // The content is the digest; the name of the filter keeps its length.
  bytes = replaced(bytes, "/adbe.pkcs7.detached", "/adbe.pkcs7.sha1    ");
  const Numbers numbers = numbers_of(bytes);
  pki::MessageWish message;
  message.detached = false;
  message.content = pki::digest(
      crypto::Hash::sha1,
      view_of(bytes.substr(0, numbers.begin) + bytes.substr(numbers.end, numbers.rest)));
  std::string contents = to_hex(pki::message(signer(), message));
  contents.resize(numbers.end - numbers.begin - 2, '0');
  bytes.replace(numbers.begin + 1, contents.size(), contents);
  const DocumentParts sha1 = parts_of(bytes);
  ASSERT_EQ(sha1.signatures.size(), 1U);
  EXPECT_EQ(sha1.signatures[0].format, Format::pdf_sha1);
  expect_intact(sha1.signatures[0]);
  bytes[9] ^= 1;
  const DocumentParts changed = parts_of(bytes);
  EXPECT_NE(*changed.signatures.at(0).signer.message_digest,
            changed.signatures[0].signer.content_digest);
}

TEST(PdfReading, FaultsOfByteRanges) {
  const std::string good = pki::sealed_pdf(MadeDocument{}.make(), signer());
  ASSERT_EQ(coverage_fault(good), "");
  const auto [begin, end, rest] = numbers_of(good);
  EXPECT_THAT(coverage_fault(with_range(good, fmt::format("1 {} {} {}", begin, end, rest))),
              HasSubstr("does not begin at the start"));
  EXPECT_EQ(coverage_fault(with_range(good, fmt::format("0 {} {} {}", begin, end, rest - 1))), "");
  EXPECT_THAT(coverage_fault(with_range(good, fmt::format("0 {} {} {}", begin, end, rest - 40))),
              HasSubstr("where a revision of the document ends"));
  EXPECT_THAT(coverage_fault(with_range(good, fmt::format("0 {} {} {}", begin, end, rest + 1))),
              HasSubstr("beyond the file"));
  EXPECT_THAT(coverage_fault(with_range(good, fmt::format("0 {} {} 9", end, begin))),
              HasSubstr("overlap"));
  EXPECT_THAT(coverage_fault(with_range(good, fmt::format("0 {} {} {}", begin - 1, end, rest))),
              HasSubstr("not exactly the /Contents"));
  EXPECT_THAT(coverage_fault(with_range(good, fmt::format("0 {} {} {}", begin, end + 1, rest - 1))),
              HasSubstr("not exactly the /Contents"));
  EXPECT_THAT(coverage_fault(with_range(good, "0 1 2")), HasSubstr("no /ByteRange"));
  EXPECT_THAT(coverage_fault(with_range(good, "0 1 2 -3")), HasSubstr("no /ByteRange"));
  EXPECT_THAT(coverage_fault(replaced(good, "/ByteRange", "/BiteRange")),
              HasSubstr("no /ByteRange"));
  std::string padded = good;
  padded[end - 2] = '1';
  EXPECT_THAT(coverage_fault(padded), HasSubstr("something else than zeros"));
  std::string nothing = good;
  nothing.replace(begin + 1, end - begin - 2, std::string(end - begin - 2, 'F'));
  EXPECT_THAT(coverage_fault(nothing), HasSubstr("hold no signature"));
}

TEST(PdfReading, ContentsInBer) {
  std::string bytes = pki::sealed_pdf(MadeDocument{}.make(), signer());
  const auto [begin, end, rest] = numbers_of(bytes);
  const Bytes contents = *from_hex(std::string_view(bytes).substr(begin + 1, end - begin - 2));
  der::Reader reader(contents);
  der::Reader parts(*reader.read(der::kSequence));
  Bytes ber = {0x30, 0x80};
  der::append(ber, *parts.read_any());
  der::append(ber, Bytes{0xA0, 0x80});
  der::append(ber, *parts.read(der::kContext0));
  der::append(ber, Bytes{0, 0, 0, 0});
  std::string hex = to_hex(ber);
  hex.resize(end - begin - 2, '0');
  bytes.replace(begin + 1, hex.size(), hex);
  const DocumentParts got = parts_of(bytes);
  ASSERT_EQ(got.signatures.size(), 1U);
  expect_intact(got.signatures[0]);
}

TEST(PdfReading, AGapElsewhereIsNotItsContents) {
  // The second signature's byte range names the first one's gap.
  std::string bytes = pki::sealed_pdf(MadeDocument{}.make(), signer());
  const auto [begin, end, rest] = numbers_of(bytes);
  bytes = pki::sealed_pdf(bytes, signer());
  bytes = with_range(bytes, fmt::format("0 {} {} {}", begin, end, bytes.size() - end));
  const DocumentParts parts = parts_of(bytes);
  ASSERT_EQ(parts.signatures.size(), 2U);
  EXPECT_EQ(text(parts.signatures[0].pdf->fault), "");
  EXPECT_THAT(text(parts.signatures[1].pdf->fault), HasSubstr("but something else"));
}

TEST(PdfReading, ABrokenSignatureHidesNoOther) {
  std::string bytes = pki::sealed_pdf(MadeDocument{}.make(), signer());
  const auto [begin, end, rest] = numbers_of(bytes);
  bytes.replace(begin + 3, 2, "80");  // a length
  bytes = pki::sealed_pdf(bytes, signer());
  const DocumentParts parts = parts_of(bytes);
  ASSERT_EQ(parts.signatures.size(), 2U);
  const bool first_is_broken = parts.signatures[0].pdf->fault || parts.signatures[0].signer.fault;
  expect_intact(parts.signatures[first_is_broken ? 1 : 0]);
}

TEST(PdfReading, EncryptedDocuments) {
  for (const std::string bits : {"128 --use-aes=y", "256"}) {
    const ScratchFolder folder;
    const std::string plain = folder.write("plain.pdf", MadeDocument{}.make()).string();
    const auto ran =
        pdf::run(fmt::format("qpdf --encrypt user owner {} -- {} {}.out", bits, plain, plain));
    ASSERT_TRUE(ran.good) << ran.output;
    std::ifstream file(plain + ".out", std::ios::binary);
    std::string bytes{std::istreambuf_iterator<char>(file), {}};
    bytes = pki::sealed_pdf(bytes, signer(), {}, pki::plain_pdf_wish(), "user");
    bytes = pki::stamped_pdf(bytes, authority(), token_of("2015-01-02"), "user");
    const DocumentParts parts = parts_of(bytes, "user");
    ASSERT_EQ(parts.signatures.size(), 1U);
    ASSERT_EQ(parts.document_time_stamps.size(), 1U);
    expect_intact(parts.signatures[0]);
    EXPECT_EQ(parts.document_time_stamps[0].imprint_matches, true);
    EXPECT_EQ(fault_of(bytes), ReadFault::password);
    EXPECT_EQ(fault_of(bytes, "wrong"), ReadFault::password);
  }
}

TEST(PdfReading, RemarksOnSignaturesInNoField) {
  std::string bytes = pki::sealed_pdf(MadeDocument{}.make(), signer());
  bytes = pdf::updated(bytes, {{700, "<< /Type /Sig /ByteRange [0 1 2 3] /Contents <00> >>"}});
  EXPECT_THAT(all(parts_of(bytes).remarks), HasSubstr("belong to no field of the form: 1"));
}

TEST(PdfReading, BaselineRules) {
  pki::MessageWish message;
  message.signing_time = pki::at("2015-01-01");
  message.certificate_reference = false;
  message.with_certificate = false;
  std::string bytes = pki::sealed_pdf(MadeDocument{}.make(), signer(), message);
  const DocumentParts parts = parts_of(bytes);
  const std::string faults = all(parts.signatures.at(0).baseline_faults);
  EXPECT_THAT(faults, HasSubstr("signing-time must not be there"));
  EXPECT_THAT(faults, HasSubstr("signing-certificate-v2 is missing"));
  EXPECT_THAT(faults, HasSubstr("certificate is not in the message"));
  const std::string good = pki::sealed_pdf(MadeDocument{}.make(), signer());
  const std::string changed = replaced(replaced(good, "/M ", "/X "), "/Filter ", "/Cert   ");
  const std::string more = all(parts_of(changed).signatures.at(0).baseline_faults);
  EXPECT_THAT(more, HasSubstr("/M, the claimed time"));
  EXPECT_THAT(more, HasSubstr("/Cert must not be there"));
  EXPECT_THAT(more, HasSubstr("/Filter is missing"));
}

TEST(PdfReading, DocumentsThatCannotBeRead) {
  EXPECT_EQ(fault_of("not a PDF"), ReadFault::broken);
  EXPECT_EQ(fault_of(""), ReadFault::broken);
  const std::string good = MadeDocument{}.make();
  EXPECT_EQ(fault_of(good.substr(0, good.size() / 2)), ReadFault::broken);
  EXPECT_TRUE(parts_of(good).signatures.empty());
  const pdf::Source dead{1000, [](std::uint64_t, std::span<std::uint8_t>) { return false; }};
  const auto read = read_pdf(dead, {});
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().fault, ReadFault::unreadable);
}

// Fields with such values, without byte ranges.
std::string with_fields(std::size_t count, const std::string& value,
                        const std::map<int, std::string>& more = {}) {
  MadeDocument made;
  made.objects = more;
  std::string fields;
  for (std::size_t at = 0; at < count; ++at)
    fields += fmt::format("<< /FT /Sig /T (S{}) /V {} >> ", at, value);
  made.catalog = "/AcroForm << /SigFlags 3 /Fields [ " + fields + "] >>";
  return made.make();
}

TEST(PdfReading, SignaturesAreBounded) {
  const DocumentParts parts = parts_of(with_fields(4100, "<< /SubFilter /x >>"));
  EXPECT_EQ(parts.signatures.size(), 4096U);
  EXPECT_THAT(all(parts.remarks), HasSubstr("only the first 4096"));
  EXPECT_THAT(text(parts.signatures[0].signer.fault), HasSubstr("kind \"x\""));
}

TEST(PdfReading, ContentsAreBounded) {
  // 15 MiB, in five fields.
  const int number = MadeDocument{}.first_free();
  const std::string contents = "308400F00000" + std::string(std::size_t{30} * 1024 * 1024, '0');
  const DocumentParts parts =
      parts_of(with_fields(5, fmt::format("{} 0 R", number),
                           {{number, "<< /SubFilter /x /Contents <" + contents + "> >>"}}));
  ASSERT_EQ(parts.signatures.size(), 5U);
  EXPECT_THAT(text(parts.signatures[3].pdf->fault), HasSubstr("no /ByteRange"));
  EXPECT_THAT(text(parts.signatures[4].pdf->fault), HasSubstr("larger than 64 MiB together"));

  MadeDocument large;
  const std::string data(std::size_t{36} * 1024 * 1024, 'x');
  large.objects[number] = fmt::format("<< /Length {} >>\nstream\n{}\nendstream", data.size(), data);
  const std::string sealed = pki::sealed_pdf(large.make(), signer());
  EXPECT_THAT(
      coverage_fault(with_range(sealed, fmt::format("0 100 {} {}", sealed.size() - 100, 100))),
      HasSubstr("larger than 16 MiB"));
}

TEST(PdfReading, CanBeCancelled) {
  const std::string bytes = pki::sealed_pdf(MadeDocument{}.make(), signer());
  std::uint64_t told = 0;
  const auto read = read_pdf(pdf::Source::of(view_of(bytes)), {}, [&](std::uint64_t done, auto) {
    told = done;
    return false;
  });
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().fault, ReadFault::cancelled);
  EXPECT_EQ(told, bytes.size());
}

}  // namespace
}  // namespace signet::validation
