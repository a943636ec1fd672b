// PDF documents: each level, prolonging through the years, growth, and what is refused.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "common/longest_name.h"
#include "pdf/document.h"
#include "pdf/security_store.h"
#include "pdf/testing/pdf_maker.h"
#include "preservation/testing/scene.h"
#include "validation/testing/sealed_pdf.h"

namespace signet::preservation {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

pdf::SecurityStore store_of(const std::string& bytes) {
  const auto document = pdf::Document::open(pdf::Source::of(view_of(bytes)));
  EXPECT_TRUE(document);
  auto store = pdf::read_security_store(*document.value());
  EXPECT_TRUE(store);
  return std::move(store).value();
}

std::size_t different(const std::vector<Bytes>& values) {
  return std::set<Bytes>(values.begin(), values.end()).size();
}

class PdfExtension : public testing::Test {
 protected:
  // Extends, and says why not.
  Extended extended(const std::filesystem::path& file, Level level) {
    auto done = scene_.extend(file, level);
    if (!done) {
      ADD_FAILURE() << done.error().sentence;
      return {};
    }
    return std::move(done).value();
  }
  // Refused, with the document as it was.
  ExtensionError refused(const std::filesystem::path& file, Level level) {
    const std::string before = scene_.content(file);
    const auto done = scene_.extend(file, level);
    EXPECT_EQ(scene_.content(file), before);
    if (done) {
      ADD_FAILURE() << "it was extended";
      return {};
    }
    return done.error();
  }

  Scene scene_;
};

TEST_F(PdfExtension, GivesLevelBTByADocumentTimeStampBehindTheOldBytes) {
  const auto file = scene_.pdf();
  const std::string before = scene_.content(file);
  scene_.publish("2012-06-01T09:00:00Z");
  const Extended done = extended(file, Level::b_t);
  EXPECT_TRUE(done.changed);
  EXPECT_EQ(done.before.level, Level::b_b);
  EXPECT_EQ(done.after.level, Level::b_t);
  EXPECT_EQ(done.time_stamps, 1U);
  EXPECT_THAT(scene_.content(file), StartsWith(before));
  EXPECT_EQ(scene_.content(file).size(), done.size_after);
  EXPECT_FALSE(extended(file, Level::b_t).changed) << "it has that level already";
}

TEST_F(PdfExtension, GivesLevelBLTByTheValuesOfEveryChainOnce) {
  const auto file = scene_.pdf();
  scene_.publish("2012-06-01T09:00:00Z");
  const Extended done = extended(file, Level::b_lt);
  EXPECT_EQ(done.after.level, Level::b_lt);
  EXPECT_EQ(done.crls, 3U);
  const pdf::SecurityStore store = store_of(scene_.content(file));
  EXPECT_EQ(store.data.crls.size(), 3U);
  EXPECT_EQ(different(store.data.certificates), store.data.certificates.size());
  EXPECT_FALSE(extended(file, Level::b_lt).changed) << "it has that level already";
}

// While it is made, the extended document lies beside it under a name that is made of the document's.
TEST_F(PdfExtension, TakesThePlaceOfADocumentWithTheLongestName) {
  const auto file = scene_.pdf(std::string(longest_name(scene_.folder.path()) - 4, 'n') + ".pdf");
  scene_.publish("2012-06-01T09:00:00Z");
  EXPECT_EQ(extended(file, Level::b_lt).after.level, Level::b_lt);
  EXPECT_FALSE(extended(file, Level::b_lt).changed);
}

// As programs save that never write to the file that is there.
TEST_F(PdfExtension, LeavesAloneANewerVersionThatTookTheDocumentsPlace) {
  const auto file = scene_.pdf();
  scene_.publish("2012-06-01T09:00:00Z");
  scene_.request.level = Level::b_lt;
  ExtensionControl control;
  control.entered = [&](ExtensionPhase phase) {
    if (phase == ExtensionPhase::writing)
      std::filesystem::rename(scene_.folder.write("saved", "a newer version"), file);
  };
  const auto done = Extender(scene_.request)
                        .extend_file(file, {.out = file, .data = {}, .replace = true}, control);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().fault, ExtensionFault::changed);
  EXPECT_EQ(scene_.content(file), "a newer version");
}

TEST_F(PdfExtension, SaysWhereRevocationDataIsOlderThanWhatItServes) {
  const auto file = scene_.pdf();
  scene_.publish("2012-06-01T09:00:00Z");
  const Extended older = extended(file, Level::b_lt);
  ASSERT_FALSE(older.remarks.empty());
  EXPECT_THAT(validation::text_of(older.remarks.front(), validation::Language::english),
              HasSubstr("before the moment that it has to serve"));
  scene_.now += std::chrono::hours(2);
  scene_.publish(scene_.now);
  const Extended newer = extended(file, Level::b_lt);
  EXPECT_TRUE(newer.remarks.empty());
  EXPECT_EQ(newer.crls, 3U) << "the newer data is added beside the older";
}

TEST_F(PdfExtension, DoesNotWaitForFreshDataThatNobodyCanFetch) {
  const auto file = scene_.pdf();
  scene_.publish("2012-06-01T09:00:00Z");
  scene_.request.wait_fresh = std::chrono::seconds(1);
  EXPECT_EQ(refused(file, Level::b_lt).fault, ExtensionFault::not_fresh);
}

// It has no level by its form, but is verifiable for as long.
TEST_F(PdfExtension, MakesASignatureWithoutCertificateReferenceVerifiableForLonger) {
  pki::MessageWish message;
  message.certificates = {scene_.ca.der()};
  message.certificate_reference = false;
  const auto file = scene_.folder.write(
      "old.pdf", pki::sealed_pdf(pdf::MadeDocument().make(), scene_.signer, message));
  scene_.publish("2012-06-01T09:00:00Z");
  const Extended done = extended(file, Level::b_lta);
  EXPECT_EQ(done.after.level, Level::none);
  EXPECT_EQ(done.before.verifiable_until, pki::at("2015-01-01"));
  EXPECT_EQ(done.after.verifiable_until, pki::at("2018-01-01"));
}

TEST_F(PdfExtension, GivesLevelBLTA) {
  const auto file = scene_.pdf();
  scene_.publish("2012-06-01T09:00:00Z");
  const Extended done = extended(file, Level::b_lta);
  EXPECT_EQ(done.after.level, Level::b_lta);
  EXPECT_EQ(done.time_stamps, 2U);
  EXPECT_EQ(text_of(done.after.verdict), "TOTAL-PASSED");
  ASSERT_TRUE(done.after.verifiable_until.has_value());
  EXPECT_EQ(*done.after.verifiable_until, pki::at("2018-01-01"));
}

// The life of the document of the seeds: sealed in 2012, extended in 2016, 2019 and 2022, each time before the unit that made the
// last time-stamp ends.
TEST_F(PdfExtension, KeepsADocumentVerifiableForFifteenYears) {
  const auto file = scene_.pdf();
  scene_.publish("2012-06-01T09:00:00Z");
  extended(file, Level::b_lta);
  struct Year {
    const char *time, *unit, *from, *to;
  };
  for (const Year& year : {Year{"2016-05-01T10:00:00Z", "TSU 2", "2016-01-01", "2020-01-01"},
                           Year{"2019-05-01T10:00:00Z", "TSU 3", "2019-01-01", "2023-01-01"},
                           Year{"2022-05-01T10:00:00Z", "TSU 4", "2022-01-01", "2027-01-01"}}) {
    const std::string before = scene_.content(file);
    scene_.set(year.time);
    scene_.change_unit(year.unit, year.from, year.to);
    scene_.publish(scene_.now - std::chrono::hours(1));
    const Extended done = extended(file, Level::b_lta);
    EXPECT_EQ(done.after.level, Level::b_lta);
    EXPECT_THAT(scene_.content(file), StartsWith(before));
  }
  scene_.set("2026-12-01T10:00:00Z");
  scene_.publish("2026-12-01T09:00:00Z");
  const DocumentState state = scene_.examine(file);
  EXPECT_EQ(text_of(state.verdict), "TOTAL-PASSED");
  EXPECT_EQ(state.level, Level::b_lta);
  EXPECT_EQ(state.verifiable_until, pki::at("2027-01-01"));
  scene_.set("2027-01-02T10:00:00Z");
  scene_.publish("2027-01-02T09:00:00Z");
  EXPECT_FALSE(scene_.examine(file).verdict.passed()) << "the last unit has ended";
  refused(file, Level::b_lta);
}

// What was published in the second of the time-stamp is in the document, and long outdated when that time-stamp is proven at last.
TEST_F(PdfExtension, TakesNewRevocationDataWhereWhatItHoldsIsOfTheSecondOfTheTimeStamp) {
  const auto file = scene_.pdf();
  scene_.publish(scene_.now);
  extended(file, Level::b_lta);
  scene_.set("2016-05-01T10:00:00Z");
  scene_.change_unit("TSU 2", "2016-01-01", "2020-01-01");
  scene_.publish("2016-05-01T09:00:00Z");
  EXPECT_GE(extended(file, Level::b_lta).crls, 1U);
  scene_.set("2019-05-01T10:00:00Z");
  scene_.publish("2019-05-01T09:00:00Z");
  EXPECT_EQ(text_of(scene_.examine(file).verdict), "TOTAL-PASSED") << "the first unit has ended";
}

TEST_F(PdfExtension, PassesByTheLetterWithALaterListOfAnEarlierAuthority) {
  const auto file = scene_.pdf();
  scene_.publish("2012-06-01T09:00:00Z");
  extended(file, Level::b_t);
  scene_.set("2012-06-02T10:00:00Z");
  scene_.publish("2012-06-02T09:00:00Z");
  extended(file, Level::b_lta);
  scene_.set("2016-05-01T10:00:00Z");
  scene_.change_unit("TSU 2", "2016-01-01", "2020-01-01");
  scene_.publish("2016-05-01T09:00:00Z");
  extended(file, Level::b_lta);
  // The list that is added now is later than the time-stamp of 2016, which proves those of 2012, and their unit is still valid.
  scene_.set("2017-05-01T10:00:00Z");
  scene_.publish("2017-05-01T09:00:00Z");
  extended(file, Level::b_lta);
  scene_.set("2019-05-01T10:00:00Z");
  scene_.publish("2019-05-01T09:00:00Z");
  scene_.request.policy.sliding = validation::Sliding::letter;
  EXPECT_EQ(text_of(scene_.examine(file).verdict), "TOTAL-PASSED");
}

TEST_F(PdfExtension, GrowsByTheNewDataAndLittleMore) {
  constexpr std::size_t kMost = 4096;  // bytes beside the data and the time-stamp
  const auto file = scene_.pdf();
  scene_.publish("2012-06-01T09:00:00Z");
  extended(file, Level::b_lta);
  for (int time = 0; time < 20; ++time) {
    scene_.now += std::chrono::hours(24 * 60);
    if (time == 15) scene_.change_unit("TSU 2", "2014-01-01", "2025-01-01");
    scene_.publish(scene_.now - std::chrono::hours(1));
    const Extended done = extended(file, Level::b_lta);
    // A time-stamp stands in hexadecimal digits.
    EXPECT_LE(done.size_after - done.size_before,
              done.new_data_bytes + 2 * done.token_bytes + kMost)
        << time;
  }
  const pdf::SecurityStore store = store_of(scene_.content(file));
  EXPECT_EQ(different(store.data.certificates), store.data.certificates.size());
  EXPECT_EQ(different(store.data.crls), store.data.crls.size());
  EXPECT_EQ(text_of(scene_.examine(file).verdict), "TOTAL-PASSED");
}

TEST_F(PdfExtension, TakesOcspAnswersAndTheirRespondersRevocationData) {
  const auto file = scene_.pdf();
  pki::CertificateWish wish = pki::responder("Responder");
  wish.extensions.pop_back();  // nocheck
  const pki::Party responder = pki::issue(scene_.ca, wish);
  scene_.publish("2012-06-01T09:00:00Z");
  pki::OcspWish answer;
  answer.answers = {
      pki::good(scene_.signer, scene_.ca, pki::at("2012-06-01T09:30:00Z"), pki::at("2012-06-02"))};
  scene_.request.revocations.push_back(
      validation::RevocationData::parse_ocsp(pki::basic_ocsp(responder, answer)).value());
  const Extended done = extended(file, Level::b_lta);
  EXPECT_EQ(done.ocsp_answers, 1U);
  EXPECT_EQ(done.crls, 3U) << "the responder may be revoked, too";
  scene_.request.revocations.clear();
  scene_.set("2012-06-01T11:00:00Z");
  EXPECT_EQ(text_of(scene_.examine(file).verdict), "TOTAL-PASSED")
      << "the whole OCSP response is in the document";
}

TEST_F(PdfExtension, RefusesWhatIsNotValidUnlessItIsForced) {
  const auto file = scene_.pdf();
  scene_.publish("2012-06-01T09:00:00Z");
  std::string changed = scene_.content(file);
  changed[changed.find("%PDF-") + 12] ^= 1;
  scene_.folder.write("letter.pdf", changed);
  const ExtensionError error = refused(file, Level::b_lta);
  EXPECT_EQ(error.fault, ExtensionFault::not_valid);
  EXPECT_THAT(error.sentence, HasSubstr("TOTAL-FAILED"));
  EXPECT_EQ(scene_.stamps, 0U) << "no time-stamp is spent";
  scene_.request.force_invalid = true;
  EXPECT_TRUE(extended(file, Level::b_lta).changed);
}

TEST_F(PdfExtension, RefusesWhatHasNoRevocationData) {
  const auto file = scene_.pdf();
  EXPECT_EQ(refused(file, Level::b_lt).fault, ExtensionFault::not_valid);
}

TEST_F(PdfExtension, LeavesTheDocumentAsItWasWhereThereIsNoTimeStamp) {
  const auto file = scene_.pdf();
  scene_.publish("2012-06-01T09:00:00Z");
  scene_.request.stamp = [](crypto::Hash, ByteView,
                            const std::atomic<bool>*) -> timestamps::StampResult {
    return timestamps::StampError{"the authority is down", {}};
  };
  EXPECT_EQ(refused(file, Level::b_lta).fault, ExtensionFault::no_time_stamp);
  scene_.request.stamp = {};
  EXPECT_EQ(refused(file, Level::b_lta).fault, ExtensionFault::settings);
}

TEST_F(PdfExtension, LeavesTheDocumentAsItWasWhereTheNewTimeStampIsNotTrusted) {
  const auto file = scene_.pdf();
  scene_.publish("2012-06-01T09:00:00Z");
  extended(file, Level::b_lta);
  const pki::Party stranger = pki::root(pki::authority("Stranger"));
  scene_.stamping_unit = pki::issue(stranger, pki::time_stamper("Unknown unit"));
  scene_.set("2016-01-01T10:00:00Z");
  scene_.publish("2016-01-01T09:00:00Z");
  EXPECT_EQ(refused(file, Level::b_lta).fault, ExtensionFault::not_valid);
}

TEST_F(PdfExtension, WritesAnotherFileWhereThatIsWished) {
  const auto file = scene_.pdf();
  const std::string before = scene_.content(file);
  scene_.publish("2012-06-01T09:00:00Z");
  scene_.request.level = Level::b_t;
  const Extender extender(scene_.request);
  const ExtensionFiles files{.out = scene_.folder / "out.pdf", .data = {}, .replace = false};
  EXPECT_TRUE(extender.extend_file(file, files));
  EXPECT_EQ(scene_.content(file), before);
  const auto again = extender.extend_file(file, files);
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().fault, ExtensionFault::exists);
}

TEST_F(PdfExtension, StopsWhereItIsCancelled) {
  const auto file = scene_.pdf();
  scene_.publish("2012-06-01T09:00:00Z");
  const std::atomic<bool> cancelled{true};
  ExtensionControl control;
  control.cancelled = &cancelled;
  const auto done = Extender(scene_.request)
                        .extend_file(file, {.out = file, .data = {}, .replace = true}, control);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().fault, ExtensionFault::cancelled);
}

}  // namespace
}  // namespace signet::preservation
