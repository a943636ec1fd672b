// Visible seals through the C ABI, and what is refused of the options of PDF documents.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "bindings/c/testing/pdf_scene.h"
#include "pdf/look/testing/font_file.h"
#include "pdf/look/testing/picture_file.h"

namespace signet::c {
namespace {

using pdf::look::testing::default_font_file;
using pdf::look::testing::JpegWish;
using testing::HasSubstr;

class AbiVisible : public AbiPdf {
 protected:
  AbiVisible() { EXPECT_EQ(signet_seal_visible_new(context_, &visible_, error_), 0); }

  bool refused(int status, int wanted = SIGNET_SEAL_ARGUMENT) const {
    return status == wanted && signet_seal_error_status(error_) == wanted && !sentence().empty();
  }

  // The text of a page, with what is drawn in its fields.
  static std::string text_in(const std::string& document) {
    const ScratchFolder folder;
    const std::string file = folder.write("sealed.pdf", document).string();
    return pdf::run(fmt::format("pdftotext -layout {} -", file)).output;
  }

  std::string file(const char* name, const Bytes& bytes) const {
    return dir_.write(name, text_of(bytes)).string();
  }

  static Bytes jpeg() {
    JpegWish wish;
    wish.samples = Bytes(std::size_t{16} * 16 * 3, 90);
    return pdf::look::testing::jpeg_file(wish);
  }

  Visible visible_;
  const Bytes png_ = pdf::look::testing::plain_png(8, 8, 0x0a64c8ff);
};

TEST_F(AbiVisible, HaveALookWithoutAnySetting) {
  Key key;
  open(key);
  ASSERT_EQ(signet_seal_options_set_visible(options_, visible_, error_), 0) << sentence();
  ASSERT_EQ(signet_seal_options_set_pdf_reason(options_, "Approved", error_), 0);
  std::string sealed;
  ASSERT_EQ(seal_pdf(key, document_, sealed), 0) << sentence();
  EXPECT_EQ(valid_seals(sealed), 1);
  EXPECT_THAT(text_in(sealed), HasSubstr("Approved"));
  EXPECT_LT(sealed.size(), document_.size() + 60'000);
}

TEST_F(AbiVisible, TakeEverySetting) {
  Key key;
  open(key);
  EXPECT_EQ(signet_seal_visible_set_page(visible_, -1, error_), 0);
  EXPECT_EQ(
      signet_seal_visible_set_position(visible_, SIGNET_SEAL_BOTTOM_LEFT, 20, 30, 200, 80, error_),
      0);
  EXPECT_EQ(signet_seal_visible_set_text(visible_, "Řízení {reference}\n{reason}", error_), 0);
  EXPECT_EQ(signet_seal_visible_set_font_file(
                visible_, "/usr/share/fonts/truetype/dejavu/DejaVuSans-Bold.ttf", error_),
            0)
      << sentence();
  EXPECT_EQ(signet_seal_visible_set_image_memory(visible_, png_.data(), png_.size(), error_), 0);
  EXPECT_EQ(
      signet_seal_visible_set_background_file(visible_, file("back.jpg", jpeg()).c_str(), error_),
      0)
      << sentence();
  EXPECT_EQ(signet_seal_visible_set_text_size(visible_, 5, 9, error_), 0);
  EXPECT_EQ(signet_seal_visible_set_alignment(visible_, SIGNET_SEAL_ALIGN_END,
                                              SIGNET_SEAL_ALIGN_START, error_),
            0);
  EXPECT_EQ(signet_seal_visible_set_arrangement(visible_, SIGNET_SEAL_IMAGE_ABOVE_TEXT, error_), 0);
  EXPECT_EQ(signet_seal_visible_set_margin(visible_, 3.5, error_), 0);
  EXPECT_EQ(signet_seal_visible_set_text_color(visible_, 0x0a64c8, error_), 0);
  EXPECT_EQ(signet_seal_visible_set_background_color(visible_, 0xffffff, error_), 0);
  ASSERT_EQ(signet_seal_options_set_visible(options_, visible_, error_), 0) << sentence();
  // What the options hold is what it was then.
  EXPECT_EQ(signet_seal_visible_set_text(visible_, "later", error_), 0);
  ASSERT_EQ(signet_seal_options_set_reference(options_, "4711", error_), 0);
  std::string sealed;
  ASSERT_EQ(seal_pdf(key, document_, sealed), 0) << sentence();
  EXPECT_EQ(valid_seals(sealed), 1);
  const std::string text = text_in(sealed);
  EXPECT_THAT(text, HasSubstr("Řízení"));
  EXPECT_THAT(text, HasSubstr("4711"));
  EXPECT_THAT(text, testing::Not(HasSubstr("later")));
  EXPECT_EQ(SealedField(sealed, "SignetSeal1").rectangle(), "[ 20 30 220 110 ]");
  EXPECT_THAT(sealed, HasSubstr("/DCTDecode"));
}

TEST_F(AbiVisible, TakeTheirFilesFromMemoryAndFromFiles) {
  Key key;
  open(key);
  const Bytes font = default_font_file();
  EXPECT_EQ(signet_seal_visible_set_font_memory(visible_, font.data(), font.size(), error_), 0);
  EXPECT_EQ(signet_seal_visible_set_image_file(visible_, file("i.png", png_).c_str(), error_), 0)
      << sentence();
  const Bytes background = jpeg();
  EXPECT_EQ(signet_seal_visible_set_background_memory(visible_, background.data(),
                                                      background.size(), error_),
            0)
      << sentence();
  ASSERT_EQ(signet_seal_options_set_visible(options_, visible_, error_), 0) << sentence();
  std::string sealed;
  ASSERT_EQ(seal_pdf(key, document_, sealed), 0) << sentence();
  EXPECT_EQ(valid_seals(sealed), 1);
  // Images without a text of one's own have none.
  EXPECT_THAT(sealed, testing::Not(HasSubstr("/FontFile")));
}

TEST_F(AbiVisible, WhatDoesNotFitTheDocumentIsRefusedBeforeTheKeySigns) {
  Key key;
  open(key);
  std::string sealed;
  ASSERT_EQ(signet_seal_visible_set_page(visible_, 2, error_), 0);
  ASSERT_EQ(signet_seal_options_set_visible(options_, visible_, error_), 0);
  EXPECT_EQ(seal_pdf(key, document_, sealed), SIGNET_SEAL_FORBIDDEN);
  EXPECT_THAT(sentence(), HasSubstr("page"));
  ASSERT_EQ(signet_seal_visible_set_page(visible_, 1, error_), 0);
  ASSERT_EQ(
      signet_seal_visible_set_position(visible_, SIGNET_SEAL_TOP_LEFT, 0, 0, 14'400, 10, error_),
      0);
  ASSERT_EQ(signet_seal_options_set_visible(options_, visible_, error_), 0);
  EXPECT_EQ(seal_pdf(key, document_, sealed), SIGNET_SEAL_FORBIDDEN);
  ASSERT_EQ(
      signet_seal_visible_set_position(visible_, SIGNET_SEAL_TOP_RIGHT, 0, 0, 100, 20, error_), 0);
  ASSERT_EQ(signet_seal_visible_set_text(visible_, "\xF0\x93\x80\x80", error_), 0);  // U+13000
  ASSERT_EQ(signet_seal_options_set_visible(options_, visible_, error_), 0);
  EXPECT_EQ(seal_pdf(key, document_, sealed), SIGNET_SEAL_SETTINGS);
  EXPECT_THAT(sentence(), HasSubstr("U+13000"));
  ASSERT_EQ(signet_seal_visible_set_text(visible_, std::string(2000, 'x').c_str(), error_), 0);
  ASSERT_EQ(signet_seal_options_set_visible(options_, visible_, error_), 0);
  EXPECT_EQ(seal_pdf(key, document_, sealed), SIGNET_SEAL_SETTINGS);
}

TEST_F(AbiVisible, FontsAndImagesThatCannotBeUsedAreRefused) {
  const std::string text = dir_.write("text", "neither").string();
  for (const char* const name : {"/nonexistent", text.c_str()}) {
    EXPECT_TRUE(
        refused(signet_seal_visible_set_font_file(visible_, name, error_), SIGNET_SEAL_SETTINGS));
    EXPECT_TRUE(
        refused(signet_seal_visible_set_image_file(visible_, name, error_), SIGNET_SEAL_SETTINGS));
    EXPECT_TRUE(refused(signet_seal_visible_set_background_file(visible_, name, error_),
                        SIGNET_SEAL_SETTINGS));
  }
  EXPECT_TRUE(refused(signet_seal_visible_set_font_memory(visible_, "neither", 7, error_),
                      SIGNET_SEAL_SETTINGS));
  EXPECT_THAT(sentence(), HasSubstr("in memory"));
  EXPECT_TRUE(refused(signet_seal_visible_set_image_memory(visible_, "neither", 7, error_),
                      SIGNET_SEAL_SETTINGS));
  EXPECT_TRUE(refused(signet_seal_visible_set_background_memory(visible_, "neither", 7, error_),
                      SIGNET_SEAL_SETTINGS));
  const Bytes forbidden = pdf::look::testing::with_licence_bits(default_font_file(), 2);
  EXPECT_TRUE(refused(
      signet_seal_visible_set_font_memory(visible_, forbidden.data(), forbidden.size(), error_),
      SIGNET_SEAL_SETTINGS));
  EXPECT_THAT(sentence(), HasSubstr("licence"));
}

TEST_F(AbiVisible, RefuseWhatIsNoArgument) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double infinite = std::numeric_limits<double>::infinity();
  EXPECT_TRUE(refused(signet_seal_visible_set_page(visible_, 0, error_)));
  for (const int bad : {-1, 0, 5}) {
    EXPECT_TRUE(refused(signet_seal_visible_set_position(visible_, bad, 1, 1, 10, 10, error_)));
    EXPECT_TRUE(refused(signet_seal_visible_set_alignment(visible_, bad, 1, error_)));
    EXPECT_TRUE(refused(signet_seal_visible_set_alignment(visible_, 1, bad, error_)));
    EXPECT_TRUE(refused(signet_seal_visible_set_arrangement(visible_, bad, error_)));
  }
  for (const double bad : {-0.5, 14'400.5, nan, infinite}) {
    EXPECT_TRUE(refused(signet_seal_visible_set_position(visible_, 1, bad, 1, 10, 10, error_)));
    EXPECT_TRUE(refused(signet_seal_visible_set_position(visible_, 1, 1, bad, 10, 10, error_)));
    EXPECT_TRUE(refused(signet_seal_visible_set_position(visible_, 1, 1, 1, bad, 10, error_)));
    EXPECT_TRUE(refused(signet_seal_visible_set_position(visible_, 1, 1, 1, 10, bad, error_)));
    EXPECT_TRUE(refused(signet_seal_visible_set_margin(visible_, bad, error_)));
    EXPECT_TRUE(refused(signet_seal_visible_set_text_size(visible_, bad, 12, error_)));
    EXPECT_TRUE(refused(signet_seal_visible_set_text_size(visible_, 4, bad, error_)));
  }
  EXPECT_TRUE(refused(signet_seal_visible_set_position(visible_, 1, 1, 1, 0, 10, error_)));
  EXPECT_TRUE(refused(signet_seal_visible_set_position(visible_, 1, 1, 1, 10, 0, error_)));
  EXPECT_TRUE(refused(signet_seal_visible_set_text_size(visible_, 0, 12, error_)));
  EXPECT_TRUE(refused(signet_seal_visible_set_text_size(visible_, 12, 4, error_)));
  EXPECT_TRUE(refused(signet_seal_visible_set_text_color(visible_, 0x1000000, error_)));
  EXPECT_TRUE(refused(signet_seal_visible_set_background_color(visible_, 0x1000000, error_)));
  for (const char* const bad : {"", "\xff", "{unknown}", "{", "a\x01"})
    EXPECT_TRUE(refused(signet_seal_visible_set_text(visible_, bad, error_))) << bad;
  EXPECT_TRUE(
      refused(signet_seal_visible_set_text(visible_, std::string(16'385, 'x').c_str(), error_)));
  EXPECT_TRUE(refused(signet_seal_visible_set_font_file(visible_, "", error_)));
  EXPECT_TRUE(refused(signet_seal_visible_set_image_file(visible_, "\xff", error_)));
  // More than such a file may have is not even looked at.
  EXPECT_TRUE(refused(signet_seal_visible_set_image_memory(visible_, "x", SIZE_MAX, error_)));
  EXPECT_TRUE(refused(signet_seal_visible_set_font_memory(visible_, "x", SIZE_MAX, error_)));
}

TEST_F(AbiVisible, OptionsOfDocumentsRefuseWhatIsNoArgument) {
  for (const auto set : {signet_seal_options_set_pdf_field, signet_seal_options_set_pdf_reason,
                         signet_seal_options_set_pdf_location, signet_seal_options_set_pdf_contact})
    for (const char* const bad : {static_cast<const char*>(nullptr), "", "\xff"}) {
      EXPECT_TRUE(refused(set(options_, bad, error_)));
      EXPECT_TRUE(refused(set(nullptr, "good", error_)));
    }
  for (const int bad : {-1, 4, 99})
    EXPECT_TRUE(refused(signet_seal_options_set_pdf_certify(options_, bad, error_)));
  for (const int bad : {-1, 2})
    EXPECT_TRUE(refused(signet_seal_options_set_pdf_ignore_xfa(options_, bad, error_)) &&
                refused(signet_seal_options_set_pdf_repair_ok(options_, bad, error_)));
  for (const std::size_t bad : {std::size_t{0}, std::size_t{16'777'217}, SIZE_MAX})
    EXPECT_TRUE(refused(signet_seal_options_set_pdf_time_stamp_room(options_, bad, error_)));
  EXPECT_TRUE(refused(signet_seal_options_set_pdf_password(options_, nullptr, 1, error_)));
  EXPECT_TRUE(refused(signet_seal_options_set_pdf_password(options_, text_.data(), 1025, error_)));
}

TEST_F(AbiVisible, NullsAreRefusedAndFreeingThemIsAllowed) {
  EXPECT_TRUE(refused(signet_seal_options_set_pdf_certify(nullptr, 1, error_)));
  EXPECT_TRUE(refused(signet_seal_options_set_pdf_password(nullptr, "a", 1, error_)));
  EXPECT_TRUE(refused(signet_seal_options_set_pdf_ignore_xfa(nullptr, 1, error_)));
  EXPECT_TRUE(refused(signet_seal_options_set_pdf_repair_ok(nullptr, 1, error_)));
  EXPECT_TRUE(refused(signet_seal_options_set_pdf_time_stamp_room(nullptr, 4096, error_)));
  EXPECT_TRUE(refused(signet_seal_options_set_visible(nullptr, visible_, error_)));
  EXPECT_TRUE(refused(signet_seal_visible_new(nullptr, &visible_, error_)));
  EXPECT_TRUE(refused(signet_seal_visible_new(context_, nullptr, error_)));
  EXPECT_TRUE(refused(signet_seal_visible_set_page(nullptr, 1, error_)));
  EXPECT_TRUE(refused(signet_seal_visible_set_position(nullptr, 1, 1, 1, 10, 10, error_)));
  EXPECT_TRUE(refused(signet_seal_visible_set_text(nullptr, "a", error_)));
  EXPECT_TRUE(refused(signet_seal_visible_set_text(visible_, nullptr, error_)));
  for (const auto set : {signet_seal_visible_set_font_file, signet_seal_visible_set_image_file,
                         signet_seal_visible_set_background_file}) {
    EXPECT_TRUE(refused(set(nullptr, "a", error_)));
    EXPECT_TRUE(refused(set(visible_, nullptr, error_)));
  }
  for (const auto set : {signet_seal_visible_set_font_memory, signet_seal_visible_set_image_memory,
                         signet_seal_visible_set_background_memory}) {
    EXPECT_TRUE(refused(set(nullptr, png_.data(), png_.size(), error_)));
    EXPECT_TRUE(refused(set(visible_, nullptr, 5, error_)));
    EXPECT_TRUE(refused(set(visible_, nullptr, 0, error_)));
  }
  EXPECT_TRUE(refused(signet_seal_visible_set_text_size(nullptr, 4, 12, error_)));
  EXPECT_TRUE(refused(signet_seal_visible_set_alignment(nullptr, 1, 1, error_)));
  EXPECT_TRUE(refused(signet_seal_visible_set_arrangement(nullptr, 1, error_)));
  EXPECT_TRUE(refused(signet_seal_visible_set_margin(nullptr, 1, error_)));
  EXPECT_TRUE(refused(signet_seal_visible_set_text_color(nullptr, 1, error_)));
  EXPECT_TRUE(refused(signet_seal_visible_set_background_color(nullptr, 1, error_)));
  EXPECT_TRUE(refused(
      signet_seal_add_pdf_time_stamp(nullptr, nullptr, nullptr, 0, nullptr, 1, nullptr, error_)));
  signet_seal_visible_free(nullptr);
  EXPECT_STREQ(signet_seal_result_field(nullptr), "");
  EXPECT_EQ(signet_seal_result_signature_count(nullptr), 0U);
  EXPECT_EQ(signet_seal_result_remark_count(nullptr), 0U);
  EXPECT_EQ(signet_seal_result_remark(nullptr, 0), nullptr);
  EXPECT_EQ(signet_seal_prepared_remark_count(nullptr), 0U);
  EXPECT_EQ(signet_seal_prepared_remark(nullptr, 0), nullptr);
}

}  // namespace
}  // namespace signet::c
