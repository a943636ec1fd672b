// PDFs taken apart: what is signed, what covers what, and what is wrong with byte ranges.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <span>
#include <stdexcept>

#include "common/testing/scratch_folder.h"
#include "pdf/testing/pdf_maker.h"
#include "validation/reading.h"
#include "validation/testing/read_parts.h"
#include "validation/testing/sealed_pdf.h"
#include "validation/testing/test_revocation.h"

namespace signet::validation {
namespace {

using pdf::MadeDocument;
using pdf::replaced;
using testing::HasSubstr;

ReadFault pdf_fault_of(const std::string& bytes, std::string_view password = {}) {
  const auto read = read_pdf(pdf::Source::of(view_of(bytes)), password);
  EXPECT_FALSE(read);
  return read ? ReadFault::cancelled : read.error().fault;
}

TEST(PdfReading, FindsASignatureWithItsRevision) {
  for (const auto form :
       {MadeDocument::Form::table, MadeDocument::Form::stream, MadeDocument::Form::hybrid}) {
    MadeDocument made;
    made.form = form;
    pdf::SignatureWish wish = pki::plain_pdf_wish();
    wish.reason = "Důvod";
    wish.location = "Praha";
    const DocumentParts parts = parts_of_pdf(pki::sealed_pdf(made.make(), signer(), {}, wish));
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
    EXPECT_EQ(one.filter, "Adobe.PPKLite");
    EXPECT_EQ(one.sub_filter, "ETSI.CAdES.detached");
    ASSERT_EQ(one.byte_range.size(), 4U);
    EXPECT_EQ(one.byte_range[0], 0U);
    EXPECT_GT(one.byte_range[2], one.byte_range[1]);
    EXPECT_EQ(english(one.baseline_faults), "");
    EXPECT_TRUE(parts.remarks.empty()) << english(parts.remarks);
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
  const DocumentParts parts = parts_of_pdf(bytes);
  ASSERT_EQ(parts.signatures.size(), 1U);
  ASSERT_EQ(parts.document_time_stamps.size(), 2U);
  const TimeStampPart& first = parts.document_time_stamps[0];
  const TimeStampPart& second = parts.document_time_stamps[1];
  EXPECT_EQ(first.time, pki::at("2015-01-02"));
  EXPECT_EQ(second.time, pki::at("2018-01-02"));
  for (const TimeStampPart* stamp : {&first, &second}) {
    EXPECT_EQ(stamp->kind, TimeStampKind::document);
    EXPECT_EQ(english(stamp->signer.fault), "");
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
  const DocumentParts parts = parts_of_pdf(bytes);
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
  EXPECT_EQ(parts_of_pdf(pki::with_dss(bytes, wish, 500)).evidence.revocations().size(), 1U);
}

TEST(PdfReading, TellsWhatInTheDssCannotBeRead) {
  std::string bytes = pki::sealed_pdf(MadeDocument{}.make(), signer());
  const DocumentParts parts =
      parts_of_pdf(pki::with_dss(bytes, {{Bytes{1, 2, 3}}, {Bytes{4}}, {Bytes{}}, {}, ""}, 500));
  expect_intact(parts.signatures.at(0));
  EXPECT_GE(parts.remarks.size(), 3U);
}

TEST(PdfReading, BoundsTheEntriesOfADss) {
  std::string bytes = pki::sealed_pdf(MadeDocument{}.make(), signer());
  std::string many;
  for (int at = 0; at < 120'000; ++at) many += "1 0 R ";
  pki::DssWish wish;
  wish.vri["AA"] = "<< /Cert [ " + many + "] >>";
  const DocumentParts parts = parts_of_pdf(pki::with_dss(bytes, wish, 500));
  EXPECT_EQ(parts.signatures.size(), 1U);
  EXPECT_THAT(english(parts.remarks), HasSubstr("hold more than is read"));
  wish.vri.clear();
  for (int at = 0; at < 5000; ++at) wish.vri[fmt::format("K{}", at)] = "<< >>";
  EXPECT_THAT(english(parts_of_pdf(pki::with_dss(bytes, wish, 500)).remarks),
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
  const DocumentParts parts = parts_of_pdf(bytes);
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
  const DocumentParts parts = parts_of_pdf(bytes);
  EXPECT_NE(*parts.signatures.at(0).signer.message_digest,
            parts.signatures[0].signer.content_digest);
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
    const DocumentParts parts = parts_of_pdf(bytes, "user");
    ASSERT_EQ(parts.signatures.size(), 1U);
    ASSERT_EQ(parts.document_time_stamps.size(), 1U);
    expect_intact(parts.signatures[0]);
    EXPECT_EQ(parts.document_time_stamps[0].imprint_matches, true);
    EXPECT_EQ(pdf_fault_of(bytes), ReadFault::password);
    EXPECT_EQ(pdf_fault_of(bytes, "wrong"), ReadFault::password);
  }
}

TEST(PdfReading, RemarksOnSignaturesInNoField) {
  std::string bytes = pki::sealed_pdf(MadeDocument{}.make(), signer());
  bytes = pdf::updated(bytes, {{700, "<< /Type /Sig /ByteRange [0 1 2 3] /Contents <00> >>"}});
  EXPECT_THAT(english(parts_of_pdf(bytes).remarks), HasSubstr("belong to no field of the form: 1"));
}

TEST(PdfReading, BaselineRules) {
  pki::MessageWish message;
  message.signing_time = pki::at("2015-01-01");
  message.certificate_reference = false;
  message.with_certificate = false;
  std::string bytes = pki::sealed_pdf(MadeDocument{}.make(), signer(), message);
  const DocumentParts parts = parts_of_pdf(bytes);
  const std::string faults = english(parts.signatures.at(0).baseline_faults);
  EXPECT_THAT(faults, HasSubstr("signing-time must not be there"));
  EXPECT_THAT(faults, HasSubstr("signing-certificate-v2 is missing"));
  EXPECT_THAT(faults, HasSubstr("certificate is not in the message"));
  const std::string good = pki::sealed_pdf(MadeDocument{}.make(), signer());
  const std::string changed = replaced(replaced(good, "/M ", "/X "), "/Filter ", "/Cert   ");
  const std::string more = english(parts_of_pdf(changed).signatures.at(0).baseline_faults);
  EXPECT_THAT(more, HasSubstr("/M, the claimed time"));
  EXPECT_THAT(more, HasSubstr("/Cert must not be there"));
  EXPECT_THAT(more, HasSubstr("/Filter is missing"));
}

// EN 319 142-1, 5.4.3.
TEST(PdfReading, TellsDocumentTimeStampsOfAnotherSubFilter) {
  const std::string stamped =
      pki::stamped_pdf(MadeDocument{}.make(), authority(), token_of("2015-01-02"));
  EXPECT_TRUE(parts_of_pdf(stamped).document_time_stamps.at(0).has_sub_filter);
  EXPECT_FALSE(parts_of_pdf(replaced(stamped, "ETSI.RFC3161", "ETSI.RFC9999"))
                   .document_time_stamps.at(0)
                   .has_sub_filter);
}

TEST(PdfReading, DocumentsThatCannotBeRead) {
  EXPECT_EQ(pdf_fault_of("not a PDF"), ReadFault::broken);
  EXPECT_EQ(pdf_fault_of(""), ReadFault::broken);
  const std::string good = MadeDocument{}.make();
  EXPECT_EQ(pdf_fault_of(good.substr(0, good.size() / 2)), ReadFault::broken);
  EXPECT_TRUE(parts_of_pdf(good).signatures.empty());
  const pdf::Source dead{1000, [](std::uint64_t, std::span<std::uint8_t>) { return false; }};
  const auto read = read_pdf(dead, {});
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().fault, ReadFault::unreadable);
}

// Incremental saving without a cross-reference: whoever repairs the document shows what nobody signed.
TEST(PdfReading, AnUpdateWithoutAnEndIsAChange) {
  const std::string sealed = pki::sealed_pdf(MadeDocument{}.make(), signer());
  const std::string body = "3 0 obj\n<< /Length 9 >>\nstream\n(another)\nendstream\nendobj\n";
  for (const std::string& more :
       {body, body + "trailer\n<< /Root 1 0 R >>\n", body + "startxref\n0\n"}) {
    const DocumentParts parts = parts_of_pdf(sealed + more);
    ASSERT_EQ(parts.signatures.size(), 1U);
    const PdfCoverage& coverage = *parts.signatures[0].pdf;
    EXPECT_FALSE(coverage.fault);
    EXPECT_FALSE(coverage.whole_document);
    ASSERT_EQ(coverage.changes.size(), 1U) << more;
    EXPECT_EQ(coverage.changes[0].kind, ChangeKind::hidden);
    EXPECT_FALSE(coverage.changes[0].allowed);
    EXPECT_EQ(
        text_of(coverage.changes[0].what, Language::english),
        fmt::format("behind the end of the document, at byte {}, objects were added without a "
                    "complete update",
                    sealed.size()));
  }
  const std::string unsealed = MadeDocument{}.make() + body;
  const auto read = read_pdf(pdf::Source::of(view_of(unsealed)), {});
  ASSERT_FALSE(read);
  EXPECT_THAT(read.error().sentence, testing::HasSubstr("truncated"));
}

// Whoever has the document can write behind its end what is in no revision, and was signed by nobody.
TEST(PdfReading, NoCrossReferenceStandsBehindTheEnd) {
  const std::string plain = pdf::MadeDocument{}.make();
  const std::size_t table = plain.rfind("\nxref\n") + 1;
  const std::size_t end = plain.rfind("startxref");
  std::string bytes = plain.substr(0, end) + "startxref\n";
  const std::size_t behind = bytes.size() + std::string("12345\n%%EOF\n").size();
  bytes += fmt::format("{:05}\n%%EOF\n", behind) + plain.substr(table, end - table);
  const auto read = read_pdf(pdf::Source::of(view_of(bytes)), {});
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().fault, ReadFault::broken);
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

// What cannot be read might be what forbids the rest: an object in it is not the same as one that is absent.
TEST(PdfReading, ADocumentOfWhichAPartCannotBeReadIsNotJudged) {
  const Bytes crl = pki::crl(root(), {});
  const std::string bytes =
      pki::stamped_pdf(pki::with_dss(pki::sealed_pdf(MadeDocument().make(), signer()),
                                     {{root().certificate->der()}, {crl}, {}, {}, {}}, 100),
                       authority());
  const pdf::Source whole = pdf::Source::of(view_of(bytes));
  std::size_t refused = 0;
  for (std::size_t which = 0; which < 10'000; ++which) {
    std::size_t asked = 0;
    const pdf::Source once{whole.size, [&](std::uint64_t offset, std::span<std::uint8_t> out) {
                             return asked++ != which && whole.read(offset, out);
                           }};
    const auto read = read_pdf(once, {});
    if (asked <= which) {
      EXPECT_TRUE(read);
      break;
    }
    ASSERT_FALSE(read) << "read " << which;
    EXPECT_EQ(read.error().fault, ReadFault::unreadable) << "read " << which;
    ++refused;
  }
  EXPECT_GT(refused, 3U);
}

// Each revision has all signatures before it; what is read of them must not grow with the square of their number.
TEST(PdfReading, ReadsASignatureAgainInNoLaterRevision) {
  std::string bytes = pki::sealed_pdf(MadeDocument().make(), signer());
  for (int stamps = 0; stamps < 30; ++stamps)
    bytes = pki::stamped_pdf(bytes, authority(), token_of("2015-01-02"));
  const pdf::Source whole = pdf::Source::of(view_of(bytes));
  std::uint64_t read = 0;
  const pdf::Source counted = {whole.size, [&](std::uint64_t offset, std::span<std::uint8_t> out) {
                                 read += out.size();
                                 return whole.read(offset, out);
                               }};
  const auto parts = read_pdf(counted, {});
  ASSERT_TRUE(parts);
  EXPECT_EQ(parts.value().document_time_stamps.size(), 30U);
  EXPECT_LT(read, 40 * bytes.size()) << "of " << bytes.size();  // measured: 22
}

}  // namespace
}  // namespace signet::validation
