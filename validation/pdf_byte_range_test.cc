// Byte ranges and /Contents: what is wrong with them is a fault of one signature, and hides no other.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <map>

#include "crypto/der.h"
#include "pdf/testing/pdf_maker.h"
#include "validation/testing/read_parts.h"
#include "validation/testing/sealed_pdf.h"

namespace signet::validation {
namespace {

using pdf::MadeDocument;
using pdf::replaced;
using testing::HasSubstr;

// The coverage's fault of the only signature in it.
std::string coverage_fault(const std::string& bytes) {
  const DocumentParts parts = parts_of_pdf(bytes);
  EXPECT_EQ(parts.signatures.size(), 1U);
  return parts.signatures.empty() ? "none" : english(parts.signatures[0].pdf->fault);
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

TEST(PdfByteRange, FaultsOfByteRanges) {
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

TEST(PdfByteRange, ContentsInBer) {
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
  const DocumentParts got = parts_of_pdf(bytes);
  ASSERT_EQ(got.signatures.size(), 1U);
  expect_intact(got.signatures[0]);
}

TEST(PdfByteRange, AGapElsewhereIsNotItsContents) {
  // The second signature's byte range names the first one's gap.
  std::string bytes = pki::sealed_pdf(MadeDocument{}.make(), signer());
  const auto [begin, end, rest] = numbers_of(bytes);
  bytes = pki::sealed_pdf(bytes, signer());
  bytes = with_range(bytes, fmt::format("0 {} {} {}", begin, end, bytes.size() - end));
  const DocumentParts parts = parts_of_pdf(bytes);
  ASSERT_EQ(parts.signatures.size(), 2U);
  EXPECT_EQ(english(parts.signatures[0].pdf->fault), "");
  EXPECT_THAT(english(parts.signatures[1].pdf->fault), HasSubstr("but something else"));
}

TEST(PdfByteRange, ABrokenSignatureHidesNoOther) {
  std::string bytes = pki::sealed_pdf(MadeDocument{}.make(), signer());
  const auto [begin, end, rest] = numbers_of(bytes);
  bytes.replace(begin + 3, 2, "80");  // a length
  bytes = pki::sealed_pdf(bytes, signer());
  const DocumentParts parts = parts_of_pdf(bytes);
  ASSERT_EQ(parts.signatures.size(), 2U);
  const bool first_is_broken = parts.signatures[0].pdf->fault || parts.signatures[0].signer.fault;
  expect_intact(parts.signatures[first_is_broken ? 1 : 0]);
}

// The dictionary once more in an update: not what the byte range leaves out, and what came with it is told all the same.
TEST(PdfByteRange, ACopiedSignatureDoesNotHideWhatCameWithIt) {
  const std::string good = pki::sealed_pdf(MadeDocument{}.make(), signer());
  const auto document = pdf::Document::open(pdf::Source::of(view_of(good)));
  ASSERT_TRUE(document);
  const std::size_t at = good.rfind(" 0 obj", good.rfind("/ByteRange"));
  const int number = std::stoi(good.substr(good.rfind('\n', at) + 1));
  const std::string copy = document.value()->qpdf().getObjectByID(number, 0).unparseResolved();
  const DocumentParts parts = parts_of_pdf(
      pdf::updated(good, {{number, copy}, {3, "<< /Length 0 >>\nstream\n\nendstream"}}));
  ASSERT_EQ(parts.signatures.size(), 1U);
  const PdfCoverage& coverage = *parts.signatures[0].pdf;
  EXPECT_THAT(english(coverage.fault), HasSubstr("but something else"));
  EXPECT_TRUE(std::ranges::any_of(coverage.changes, [](const PdfChange& change) {
    return change.kind == ChangeKind::page_content && !change.allowed;
  }));
}

// Signature wrapping: readers differ in which of the two entries counts. Nothing of the form can be read then.
TEST(PdfByteRange, ADictionaryThatCannotBeReadIsASignatureWithAFault) {
  const std::string good = pki::sealed_pdf(MadeDocument{}.make(), signer());
  const std::string padding = "0000000000>";
  const std::string bytes = replaced(good, padding, ">/Type /Sig");
  ASSERT_EQ(bytes.size(), good.size());
  const DocumentParts parts = parts_of_pdf(bytes);
  ASSERT_EQ(parts.signatures.size(), 1U);
  ASSERT_TRUE(parts.signatures[0].signer.fault && parts.signatures[0].pdf->fault);
  EXPECT_THAT(english(parts.signatures[0].signer.fault), HasSubstr("duplicated key /Type"));
  EXPECT_FALSE(parts.signatures[0].pdf->whole_document);
}

TEST(PdfByteRange, PkcsSevenAndSha1) {
  const auto wish = pki::plain_pdf_wish(pdf::SignatureKind::pkcs7);
  std::string bytes = pki::sealed_pdf(MadeDocument{}.make(), signer(), {}, wish);
  const DocumentParts detached = parts_of_pdf(bytes);
  ASSERT_EQ(detached.signatures.size(), 1U);
  expect_intact(detached.signatures[0]);
  EXPECT_EQ(detached.signatures[0].format, Format::pdf_pkcs7);
  EXPECT_THAT(english(detached.signatures[0].baseline_faults), HasSubstr("SubFilter"));

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
  const DocumentParts sha1 = parts_of_pdf(bytes);
  ASSERT_EQ(sha1.signatures.size(), 1U);
  EXPECT_EQ(sha1.signatures[0].format, Format::pdf_sha1);
  expect_intact(sha1.signatures[0]);
  bytes[9] ^= 1;
  const DocumentParts changed = parts_of_pdf(bytes);
  EXPECT_NE(*changed.signatures.at(0).signer.message_digest,
            changed.signatures[0].signer.content_digest);
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

TEST(PdfByteRange, SignaturesAreBounded) {
  const DocumentParts parts = parts_of_pdf(with_fields(4100, "<< /SubFilter /x >>"));
  // The last one stands for all that were not read: it is not good.
  ASSERT_EQ(parts.signatures.size(), 4097U);
  EXPECT_THAT(english(parts.signatures.back().pdf->fault), HasSubstr("only the first 4096"));
  EXPECT_THAT(english(parts.remarks), HasSubstr("only the first 4096"));
  EXPECT_THAT(english(parts.signatures[0].signer.fault), HasSubstr("kind \"x\""));
}

TEST(PdfByteRange, ContentsAreBounded) {
  // 15 MiB, in five fields.
  const int number = MadeDocument{}.first_free();
  const std::string contents = "308400F00000" + std::string(std::size_t{30} * 1024 * 1024, '0');
  const DocumentParts parts =
      parts_of_pdf(with_fields(5, fmt::format("{} 0 R", number),
                               {{number, "<< /SubFilter /x /Contents <" + contents + "> >>"}}));
  ASSERT_EQ(parts.signatures.size(), 5U);
  EXPECT_THAT(english(parts.signatures[3].pdf->fault), HasSubstr("no /ByteRange"));
  EXPECT_THAT(english(parts.signatures[4].pdf->fault), HasSubstr("larger than 64 MiB together"));

  MadeDocument large;
  const std::string data(std::size_t{36} * 1024 * 1024, 'x');
  large.objects[number] = fmt::format("<< /Length {} >>\nstream\n{}\nendstream", data.size(), data);
  const std::string sealed = pki::sealed_pdf(large.make(), signer());
  EXPECT_THAT(
      coverage_fault(with_range(sealed, fmt::format("0 100 {} {}", sealed.size() - 100, 100))),
      HasSubstr("larger than 16 MiB"));
}

}  // namespace
}  // namespace signet::validation
