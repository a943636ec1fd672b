// CMS messages: each level with and without their content, and that nothing that is in them is encoded again.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "crypto/cms/reader.h"
#include "crypto/cms/signer_info.h"
#include "crypto/cms/signer_parts.h"
#include "crypto/der.h"
#include "preservation/draft.h"
#include "preservation/stamper.h"
#include "preservation/testing/scene.h"
#include "validation/testing/message_edits.h"

namespace signet::preservation {
namespace {

cms::Message message_in(const std::string& bytes) {
  auto message = cms::read_signed_data(cms::Source::of(view_of(bytes)));
  EXPECT_TRUE(message);
  return std::move(message).value();
}

class MessageExtension : public testing::TestWithParam<bool> {
 protected:
  MessageExtension() {
    detached_ = GetParam();
    scene_.publish("2012-06-01T09:00:00Z");
    scene_.request.certificates = {scene_.ca.certificate};
    file_ = scene_.message(detached_ ? "document.p7s" : "document.p7m", detached_);
  }

  Extended extended(Level level) {
    auto done = scene_.extend(file_, level);
    if (!done) {
      ADD_FAILURE() << done.error().sentence;
      return {};
    }
    EXPECT_EQ(text_of(done.value().after.verdict), "TOTAL-PASSED");
    return std::move(done).value();
  }

  bool detached_ = false;
  Scene scene_;
  std::filesystem::path file_;
};

INSTANTIATE_TEST_SUITE_P(Forms, MessageExtension, testing::Bool(), [](const auto& form) {
  return form.param ? std::string("External") : std::string("Internal");
});

TEST_P(MessageExtension, GivesLevelBTByASignatureTimeStamp) {
  const Extended done = extended(Level::b_t);
  EXPECT_EQ(done.before.level, Level::b_b);
  EXPECT_EQ(done.after.level, Level::b_t);
  EXPECT_FALSE(extended(Level::b_t).changed);
}

TEST_P(MessageExtension, GivesLevelBLTByTheMessagesOwnCertificatesAndLists) {
  const Extended done = extended(Level::b_lt);
  EXPECT_EQ(done.after.level, Level::b_lt);
  const cms::Message message = message_in(scene_.content(file_));
  EXPECT_EQ(message.parts.revocations.size(), 3U);
  EXPECT_GE(message.parts.certificates.size(), 3U);
}

TEST_P(MessageExtension, GivesLevelBLTAByAnArchiveTimeStamp) {
  const Extended done = extended(Level::b_lta);
  EXPECT_EQ(done.after.level, Level::b_lta);
  EXPECT_EQ(done.time_stamps, 2U);
  EXPECT_EQ(*done.after.verifiable_until, pki::at("2018-01-01"));
}

TEST_P(MessageExtension, KeepsEveryElementAsItIsEncoded) {
  const cms::Message before = message_in(scene_.content(file_));
  extended(Level::b_lta);
  const cms::Message after = message_in(scene_.content(file_));
  const auto signer = cms::read_signer(before.parts.signers.front());
  const auto grown = cms::read_signer(after.parts.signers.front());
  ASSERT_TRUE(signer && grown);
  EXPECT_TRUE(equal(signer->before_unsigned, grown->before_unsigned));
  ASSERT_GE(after.parts.certificates.size(), before.parts.certificates.size());
  for (std::size_t at = 0; at < before.parts.certificates.size(); ++at)
    EXPECT_EQ(before.parts.certificates[at], after.parts.certificates[at]);
  EXPECT_EQ(before.content_size, after.content_size);
}

TEST_P(MessageExtension, ProlongsThroughTheYears) {
  extended(Level::b_lta);
  scene_.set("2017-05-01T10:00:00Z");
  scene_.change_unit("TSU 2", "2016-01-01", "2022-01-01");
  scene_.publish("2017-05-01T09:00:00Z");
  EXPECT_EQ(extended(Level::b_lta).after.level, Level::b_lta);
  scene_.set("2021-05-01T10:00:00Z");
  scene_.change_unit("TSU 3", "2021-01-01", "2027-01-01");
  scene_.publish("2021-05-01T09:00:00Z");
  EXPECT_EQ(extended(Level::b_lta).after.level, Level::b_lta);
  scene_.set("2026-05-01T10:00:00Z");
  scene_.publish("2026-05-01T09:00:00Z");
  EXPECT_EQ(text_of(scene_.examine(file_).verdict), "TOTAL-PASSED");
}

TEST_P(MessageExtension, CarriesOcspAnswersAsOtherRevocationInformationInVersion5) {
  const pki::Party responder = pki::issue(scene_.ca, pki::responder("Responder"));
  pki::OcspWish answer;
  answer.answers = {
      pki::good(scene_.signer, scene_.ca, pki::at("2012-06-01T09:30:00Z"), pki::at("2012-06-02"))};
  scene_.request.revocations.push_back(
      validation::RevocationData::parse_ocsp(pki::ocsp(responder, answer)).value());
  EXPECT_EQ(extended(Level::b_lta).ocsp_answers, 1U);
  const cms::Message message = message_in(scene_.content(file_));
  EXPECT_EQ(message.parts.version, 5);
  const Bytes other = cms::encode_oid("1.3.6.1.5.5.7.16.2");
  std::size_t found = 0;
  for (const Bytes& info : message.parts.revocations)
    if (const auto content = der::only(der::kContext1, info))
      found += equal(content->first(other.size()), other) ? 1U : 0U;
  EXPECT_EQ(found, 1U);
}

TEST_P(MessageExtension, TakesTheHashThatIsAskedFor) {
  scene_.request.hash = crypto::Hash::sha512;
  EXPECT_EQ(extended(Level::b_lta).after.level, Level::b_lta);
}

// The content in pieces, every length indefinite.
TEST(MessageExtensionOfBer, LeavesAContentInPiecesAsItIs) {
  Scene scene;
  scene.publish("2012-06-01T09:00:00Z");
  scene.request.certificates = {scene.ca.certificate};
  const auto file = scene.message("document.p7m", false);
  const std::string der = scene.content(file);
  const cms::Frame frame = message_in(der).parts.around_pieces();
  std::string ber(signet::text_of(ByteView(frame.before)));
  ber += std::string("\x04\x03") + "con" + "\x04\x04" + "tent";
  ber += signet::text_of(ByteView(frame.after));
  scene.folder.write("document.p7m", ber);
  const auto done = scene.extend(file, Level::b_lta);
  ASSERT_TRUE(done) << done.error().sentence;
  EXPECT_EQ(text_of(done.value().after.verdict), "TOTAL-PASSED");
  EXPECT_NE(scene.content(file).find(std::string("\x04\x03") + "con" + "\x04\x04" + "tent"),
            std::string::npos);
}

// They are of no level above B-T, but can be kept verifiable.
TEST(MessageExtensionOfOthers, ProlongsSignaturesOfOlderForms) {
  Scene scene;
  scene.publish("2012-06-01T09:00:00Z");
  scene.request.certificates = {scene.ca.certificate};
  const auto file = scene.message("document.p7s", true);
  const Bytes older =
      pki::with_attribute(view_of(scene.content(file)), "1.2.840.113549.1.9.16.2.23",
                          der::encode_sequence({scene.ca.der()}));
  scene.folder.write("document.p7s", signet::text_of(ByteView(older)));
  const auto done = scene.extend(file, Level::b_lta);
  ASSERT_TRUE(done) << done.error().sentence;
  EXPECT_EQ(text_of(done.value().after.verdict), "TOTAL-PASSED");
  EXPECT_EQ(done.value().after.level, Level::b_t);
  EXPECT_EQ(*done.value().after.verifiable_until, pki::at("2018-01-01"));
}

TEST(MessageExtensionOfOthers, GivesASignatureTimeStampBesideAnArchiveTimeStamp) {
  Scene scene;
  scene.publish("2012-06-01T09:00:00Z");
  scene.request.certificates = {scene.ca.certificate};
  const auto file = scene.message("document.p7m", false);
  const auto input = InputFile::open(file.string());
  ASSERT_TRUE(input);
  const auto draft = Draft::open(input.value(), nullptr, {});
  ASSERT_TRUE(draft);
  LargestToken largest{0};
  const ExtensionControl control;
  Stamper stamper(scene.request, crypto::Context::create().value(), largest, control);
  ASSERT_TRUE(draft.value()->archive({}, {}, stamper));
  std::string bytes;
  ASSERT_TRUE(each_piece(draft.value()->bytes(), [&bytes](ByteView piece) {
    bytes += signet::text_of(piece);
    return true;
  }));
  scene.folder.write("document.p7m", bytes);
  const auto done = scene.extend(file, Level::b_lta);
  ASSERT_TRUE(done) << done.error().sentence;
  EXPECT_EQ(text_of(done.value().after.verdict), "TOTAL-PASSED");
  EXPECT_EQ(done.value().before.level, Level::b_b);
  EXPECT_EQ(done.value().after.level, Level::b_lta);
}

TEST(MessageExtensionOfOthers, RefusesWhatIsNoSealedMessage) {
  Scene scene;
  const auto file = scene.folder.write("document.p7s", "0123456789");
  const auto done = scene.extend(file, Level::b_lta);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().fault, ExtensionFault::broken);
}

TEST(MessageExtensionOfOthers, NeedsTheDocumentOfAnExternalSeal) {
  Scene scene;
  scene.publish("2012-06-01T09:00:00Z");
  scene.request.certificates = {scene.ca.certificate};
  const auto file = scene.message("document.p7s", true);
  std::filesystem::remove(scene.folder / "document");
  const auto done = scene.extend(file, Level::b_lta);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().fault, ExtensionFault::not_valid);
}

}  // namespace
}  // namespace signet::preservation
