// Documents of many gigabytes, of which only the ends are there: offsets of 64 bits, and where tables have no room for them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "pdf/signature.h"
#include "pdf/testing/pdf_maker.h"

namespace signet::pdf {
namespace {

constexpr std::uint64_t kGigabyte = 1'000'000'000;

// A document with what is no object in front of its cross-reference, so that this begins at `start`.
class Stretched {
 public:
  Stretched(MadeDocument::Form form, std::uint64_t start, std::uint8_t filling = 'x')
      : filling_(filling) {
    MadeDocument wish;
    wish.form = form;
    const std::string made = wish.make();
    const std::size_t mark = made.rfind("startxref\n");
    const std::size_t before = std::stoull(made.substr(mark + 10));
    front_ = made.substr(0, before);
    back_ =
        made.substr(before, mark - before) + "startxref\n" + std::to_string(start) + "\n%%EOF\n";
    hole_ = start - before;
  }

  Source source() const {
    return {front_.size() + hole_ + back_.size(),
            [this](std::uint64_t offset, std::span<std::uint8_t> out) {
              std::ranges::fill(out, filling_);
              copy(front_, 0, offset, out);
              copy(back_, front_.size() + hole_, offset, out);
              read_ += out.size();
              return true;
            }};
  }

  // With what is appended.
  Source source(const Bytes& tail) const {
    Source before = source();
    return {before.size + tail.size(),
            [before, &tail](std::uint64_t offset, std::span<std::uint8_t> out) {
              (void)before.read(offset, out);
              copy(std::string(text_of(tail)), before.size, offset, out);
              return true;
            }};
  }

  std::uint64_t read() const { return read_; }

 private:
  static void copy(const std::string& part, std::uint64_t at, std::uint64_t offset,
                   std::span<std::uint8_t> out) {
    const std::uint64_t begin = std::max(at, offset);
    const std::uint64_t end = std::min(at + part.size(), offset + out.size());
    for (std::uint64_t place = begin; place < end; ++place)
      out[static_cast<std::size_t>(place - offset)] =
          static_cast<std::uint8_t>(part[static_cast<std::size_t>(place - at)]);
  }

  const std::uint8_t filling_;
  std::string front_;
  std::string back_;
  std::uint64_t hole_ = 0;
  mutable std::uint64_t read_ = 0;
};

PdfResult<PlannedSignature> planned(const Source& source) {
  BOOST_OUTCOME_TRY(const auto document, Document::open(source));
  SignatureWish wish;
  wish.room = 100;
  wish.digest = "SHA256";
  return plan_signature(*document, wish);
}

TEST(LargeDocuments, OfTwentyGigabytesAreContinued) {
  for (const auto& [form, start] : {std::pair{MadeDocument::Form::table, 9 * kGigabyte},
                                    {MadeDocument::Form::stream, 20 * kGigabyte}}) {
    const Stretched document(form, start);
    const auto done = planned(document.source());
    ASSERT_TRUE(done) << done.error().sentence;
    EXPECT_LT(document.read(), 1'000'000U);
    const Source whole = document.source(done.value().tail.bytes);
    const auto again = Document::open(whole);
    ASSERT_TRUE(again) << again.error().sentence;
    EXPECT_EQ(again.value()->cross_reference().revisions().size(), 2U);
    EXPECT_GT(again.value()->cross_reference().sections().front().offset, start);
    const auto twice = planned(whole);
    ASSERT_TRUE(twice) << twice.error().sentence;
    EXPECT_EQ(twice.value().field, "SignetSeal2");
  }
}

TEST(LargeDocuments, OfMoreThanTenDigitsDoNotFitIntoATable) {
  const Stretched document(MadeDocument::Form::table, 9'999'999'900);
  const auto done = planned(document.source());
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().kind, ErrorKind::unsupported);
  EXPECT_THAT(done.error().sentence, testing::HasSubstr("ten digits"));
}

TEST(LargeDocuments, OfBlanksEndInSeconds) {
  const Stretched document(MadeDocument::Form::table, 9 * kGigabyte, ' ');
  const auto done = planned(document.source());
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().kind, ErrorKind::broken);
  EXPECT_THAT(done.error().sentence, testing::HasSubstr("64 MiB"));
}

}  // namespace
}  // namespace signet::pdf
