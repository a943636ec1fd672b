// Documents of every kind, read as their callers have them.
#include "validation/any_document.h"

#include <gtest/gtest.h>

#include <string>

#include "crypto/openssl.h"
#include "pdf/testing/pdf_maker.h"
#include "validation/testing/read_parts.h"
#include "validation/testing/sealed_pdf.h"

namespace signet::validation {
namespace {

Result<DocumentParts, ReadingError> read_any(ByteView document, const Bytes* data = nullptr,
                                             std::size_t revision = 0) {
  const cms::Source source = cms::Source::of(document);
  if (data == nullptr) return read_document(source, nullptr, {{}, revision});
  const cms::Source content = cms::Source::of(*data);
  return read_document(source, &content, {{}, revision});
}

ReadFault fault_of_any(ByteView document, const Bytes* data = nullptr, std::size_t revision = 0) {
  const auto read = read_any(document, data, revision);
  EXPECT_FALSE(read);
  return read ? ReadFault::cancelled : read.error().fault;
}

TEST(AnyDocument, IsReadByItsKind) {
  const std::string pdf = pki::sealed_pdf(pdf::MadeDocument().make(), signer());
  EXPECT_EQ(read_any(view_of(pdf)).value().format, Format::pades);
  const Bytes external = pki::message(signer(), {});
  EXPECT_EQ(read_any(external, &kDocument).value().format, Format::cades);
  EXPECT_TRUE(read_any(external).value().signatures.at(0).signer.content_missing);
  EXPECT_EQ(read_any(pki::token(authority(), token_of("2015-02-03"))).value().format,
            Format::time_stamp);
  EXPECT_EQ(fault_of_any(view_of("a letter")), ReadFault::not_sealed);
  EXPECT_EQ(fault_of_any({}), ReadFault::not_sealed);
}

TEST(AnyDocument, IsNotNamedTwice) {
  const std::string pdf = pki::sealed_pdf(pdf::MadeDocument().make(), signer());
  EXPECT_EQ(fault_of_any(view_of(pdf), &kDocument), ReadFault::choice);
  pki::MessageWish internal;
  internal.detached = false;
  EXPECT_EQ(fault_of_any(pki::message(signer(), internal), &kDocument), ReadFault::choice);
}

TEST(AnyDocument, HasTheRevisionsThatAPdfHas) {
  const std::string plain = pdf::MadeDocument().make();
  const std::string pdf = pki::sealed_pdf(plain, signer());
  EXPECT_TRUE(read_any(view_of(pdf), nullptr, 1).value().signatures.empty());
  EXPECT_EQ(read_any(view_of(pdf), nullptr, 2).value().signatures.size(), 1U);
  EXPECT_EQ(fault_of_any(view_of(pdf), nullptr, 3), ReadFault::choice);
  EXPECT_EQ(fault_of_any(pki::message(signer(), {}), nullptr, 1), ReadFault::choice);
  const cms::Source source = cms::Source::of(view_of(pdf));
  EXPECT_EQ(end_of_revision(source, {}, 1).value(), plain.size());
  EXPECT_EQ(end_of_revision(source, {}, 2).value(), pdf.size());
  EXPECT_EQ(end_of_revision(source, {}, 0).error().fault, ReadFault::choice);
  EXPECT_EQ(end_of_revision(cms::Source::of(view_of("no PDF")), {}, 1).error().fault,
            ReadFault::broken);
}

TEST(AnyDocument, GivesTheContentThatWasJudged) {
  pki::MessageWish internal;
  internal.detached = false;
  const Bytes message = pki::message(signer(), internal);
  const DocumentParts parts = read_any(message).value();
  const SignerPart& judged = parts.signatures.at(0).signer;
  Bytes content;
  const auto take = [&](ByteView piece) {
    content.insert(content.end(), piece.begin(), piece.end());
    return true;
  };
  EXPECT_TRUE(read_content(cms::Source::of(message), judged, take).value());
  EXPECT_EQ(content, internal.content);
  content.clear();
  const std::string pem = crypto::to_pem("CMS", message);
  EXPECT_TRUE(read_content(cms::Source::of(view_of(pem)), judged, take).value());
  EXPECT_EQ(content, internal.content);
  internal.content = copy_of(view_of("another document"));
  const Bytes other = pki::message(signer(), internal);
  EXPECT_FALSE(read_content(cms::Source::of(other), judged, take).value());
  const Bytes external = pki::message(signer(), {});
  EXPECT_EQ(read_content(cms::Source::of(external), judged, take).error().fault, ReadFault::choice);
  const auto refuse = [](ByteView) { return false; };
  EXPECT_EQ(read_content(cms::Source::of(message), judged, refuse).error().fault,
            ReadFault::cancelled);
}

}  // namespace
}  // namespace signet::validation
