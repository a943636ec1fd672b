// Documents that are sealed and looked at, for tests.
#pragma once

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "common/testing/scratch_folder.h"
#include "pdf/form.h"
#include "pdf/signature.h"
#include "pdf/testing/pdf_maker.h"

namespace signet::pdf {

inline SignatureWish plain_wish() {
  SignatureWish wish;
  wish.room = 100;
  wish.digest = "SHA256";
  wish.reason = "Žluťoučký kůň (1)";
  wish.signed_at = std::chrono::system_clock::from_time_t(1'800'000'000);
  return wish;
}

inline PdfResult<std::string> sealed(const std::string& bytes,
                                     const SignatureWish& wish = plain_wish(),
                                     std::string_view password = {}) {
  BOOST_OUTCOME_TRY(const auto document, Document::open(Source::of(view_of(bytes)), password));
  BOOST_OUTCOME_TRY(auto planned, plan_signature(*document, wish));
  EXPECT_EQ(planned.tail.offset, bytes.size());
  const Gap gap = planned.tail.gap.value();
  EXPECT_EQ(gap.room(), wish.room);
  EXPECT_FALSE(planned.tail.fill(Bytes(wish.room + 1, 0x30)));
  EXPECT_TRUE(planned.tail.fill(Bytes{0x30, 0x01, 0x02}));
  std::string out = bytes + std::string(text_of(planned.tail.bytes));
  EXPECT_EQ(out.substr(gap.begin, 9), "<30010200");
  EXPECT_EQ(out[gap.end - 1], '>');
  return out;
}

inline std::string refusal(const std::string& bytes, ErrorKind kind,
                           const SignatureWish& wish = plain_wish(),
                           std::string_view password = {}) {
  const auto done = sealed(bytes, wish, password);
  if (done) return "it was sealed";
  EXPECT_EQ(done.error().kind, kind) << done.error().sentence;
  return done.error().sentence;
}

inline std::vector<std::string> remarks(const std::string& bytes, const SignatureWish& wish) {
  const auto document = Document::open(Source::of(view_of(bytes)), {});
  const auto planned = plan_signature(*document.value(), wish);
  EXPECT_TRUE(planned) << planned.error().sentence;
  return planned ? planned.value().remarks : std::vector<std::string>();
}

// It is whole for qpdf and for us, and the signature is where the dictionary says.
inline void expect_good(const std::string& bytes, const std::string& out,
                        const std::string& field = "SignetSeal1", const std::string& password = {},
                        std::size_t covered = 0) {
  const ScratchFolder folder;
  const std::string file = folder.write("sealed.pdf", out).string();
  const Ran checked = run(fmt::format("qpdf --check --password='{}' {}", password, file));
  EXPECT_TRUE(checked.good) << checked.output;
  EXPECT_THAT(checked.output, testing::Not(testing::HasSubstr("WARNING")));
  ASSERT_EQ(out.substr(0, bytes.size()), bytes);
  const auto document = Document::open(Source::of(view_of(out)), password);
  ASSERT_TRUE(document) << document.error().sentence;
  const auto form = Form::read(*document.value());
  ASSERT_TRUE(form);
  const Field* const found = form.value().find(field);
  ASSERT_NE(found, nullptr);
  QPDFObjectHandle signature = found->value;
  ASSERT_TRUE(signature.isDictionary());
  EXPECT_EQ(signature.getKey("/SubFilter").getName(), "/ETSI.CAdES.detached");
  EXPECT_EQ(signature.getKey("/M").getStringValue(), "D:20270115080000+00'00'");
  EXPECT_EQ(signature.getKey("/Reason").getUTF8Value(), "Žluťoučký kůň (1)");
  QPDFObjectHandle range = signature.getKey("/ByteRange");
  ASSERT_EQ(range.getArrayNItems(), 4);
  EXPECT_EQ(range.getArrayItem(0).getIntValue(), 0);
  const auto begin = static_cast<std::size_t>(range.getArrayItem(1).getIntValue());
  const auto end = static_cast<std::size_t>(range.getArrayItem(2).getIntValue());
  EXPECT_EQ(end + static_cast<std::size_t>(range.getArrayItem(3).getIntValue()),
            covered == 0 ? out.size() : covered);
  EXPECT_EQ(out.substr(begin, 9), "<30010200");
  EXPECT_EQ(out.substr(end - 1, 2), "> ");
  EXPECT_TRUE(document.value()->check());
}

inline std::string added(const std::string& before, const std::string& after) {
  return after.substr(before.size());
}

}  // namespace signet::pdf
