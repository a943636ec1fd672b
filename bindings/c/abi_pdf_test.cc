// Seals in PDF documents through the C ABI, read by pdfsig and qpdf. Time-stamps: tests/seal-library/.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/err.h>

#include <atomic>
#include <new>
#include <thread>

#include "bindings/c/testing/pdf_scene.h"

namespace signet::c {
namespace {

using testing::HasSubstr;

// With a signature field "office", and more in its form.
std::string with_field(const std::string& form = {}) {
  pdf::MadeDocument made;
  const int field = made.first_free();
  made.catalog = fmt::format("/AcroForm << /Fields [{} 0 R] {} >>", field, form);
  made.page = fmt::format("/Annots [{} 0 R]", field);
  made.objects[field] =
      "<< /FT /Sig /T (office) /Type /Annot /Subtype /Widget /Rect [10 20 110 60] /F 4 /P 5 0 R >>";
  return made.make();
}

TEST_F(AbiPdf, SealsInMemoryAndInFiles) {
  Key key;
  open(key);
  std::string once;
  AbiResult result;
  ASSERT_EQ(seal_pdf(key, document_, once, &result), 0) << sentence();
  EXPECT_EQ(once.substr(0, document_.size()), document_);
  EXPECT_STREQ(signet_seal_result_field(result), "SignetSeal1");
  EXPECT_EQ(signet_seal_result_signature_count(result), 1U);
  EXPECT_EQ(signet_seal_result_remark_count(result), 0U);
  EXPECT_EQ(signet_seal_result_remark(result, 0), nullptr);
  EXPECT_EQ(signet_seal_result_level(result), SIGNET_SEAL_LEVEL_B_B);
  const auto from = dir_.write("letter.pdf", once);
  AbiInput input;
  AbiOutput output;
  ASSERT_EQ(signet_seal_input_file(context_, from.c_str(), &input, error_), 0);
  ASSERT_EQ(signet_seal_output_file(context_, from.c_str(), 1, &output, error_), 0);
  AbiResult second;
  ASSERT_EQ(signet_seal_document(key, nullptr, options_, input, output, nullptr, &second, error_),
            0)
      << sentence();
  EXPECT_STREQ(signet_seal_result_field(second), "SignetSeal2");
  const std::string twice = dir_.read("letter.pdf");
  EXPECT_EQ(twice.substr(0, once.size()), once);
  const std::string said = pdfsig(twice);
  EXPECT_EQ(times(said, "Signature is Valid."), 2) << said;
  EXPECT_EQ(times(said, "Total document signed"), 1) << said;
  EXPECT_THAT(said, HasSubstr("ETSI.CAdES.detached"));
}

TEST_F(AbiPdf, WithoutOptionsTheSealIsCades) {
  Key key;
  open(key);
  AbiInput input;
  AbiOutput output;
  text_in_memory(input, document_);
  ASSERT_EQ(signet_seal_output_memory(context_, &output, error_), 0);
  AbiResult result;
  ASSERT_EQ(signet_seal_document(key, nullptr, nullptr, input, output, nullptr, &result, error_),
            0);
  EXPECT_TRUE(is_good(bytes_in(output)));
  EXPECT_STREQ(signet_seal_result_field(result), "");
}

TEST_F(AbiPdf, TakesEveryOption) {
  Key key;
  open(key);
  EXPECT_EQ(signet_seal_options_set_hash(options_, SIGNET_SEAL_SHA384, error_), 0);
  EXPECT_EQ(signet_seal_options_set_pdf_field(options_, "office", error_), 0);
  EXPECT_EQ(signet_seal_options_set_pdf_reason(options_, "Schváleno", error_), 0);
  EXPECT_EQ(signet_seal_options_set_pdf_location(options_, "Brno", error_), 0);
  EXPECT_EQ(signet_seal_options_set_pdf_contact(options_, "podatelna@example.org", error_), 0);
  EXPECT_EQ(signet_seal_options_set_pdf_password(options_, "owner", 5, error_), 0);
  EXPECT_EQ(signet_seal_options_set_pdf_time_stamp_room(options_, 4096, error_), 0);
  EXPECT_EQ(signet_seal_options_set_pdf_certify(options_, SIGNET_SEAL_CERTIFY_NO_CHANGES, error_),
            0);
  std::string sealed;
  AbiResult result;
  ASSERT_EQ(seal_pdf(key, encrypted(with_field()), sealed, &result), 0) << sentence();
  EXPECT_EQ(valid_seals(sealed, "owner"), 1);
  const SealedField field(sealed, "office", "owner");
  ASSERT_TRUE(field.is_there());
  EXPECT_EQ(field.text("/Reason"), "Schváleno");
  EXPECT_EQ(field.text("/Location"), "Brno");
  EXPECT_EQ(field.text("/ContactInfo"), "podatelna@example.org");
  EXPECT_TRUE(field.certifies());
  EXPECT_EQ(signet_seal_result_hash(result), SIGNET_SEAL_SHA384);
  EXPECT_STREQ(signet_seal_result_field(result), "office");
  ASSERT_EQ(signet_seal_result_remark_count(result), 1U);
  EXPECT_THAT(signet_seal_result_remark(result, 0), HasSubstr("permission 1"));
  EXPECT_EQ(signet_seal_result_remark(result, 1), nullptr);
}

TEST_F(AbiPdf, WhatTheDocumentForbidsIsRefused) {
  Key key;
  open(key);
  std::string sealed;
  EXPECT_EQ(seal_pdf(key, "no PDF at all", sealed), SIGNET_SEAL_BROKEN);
  const std::string locked = encrypted(document_);
  EXPECT_EQ(seal_pdf(key, locked, sealed), SIGNET_SEAL_FORBIDDEN);
  EXPECT_THAT(sentence(), HasSubstr("password"));
  ASSERT_EQ(signet_seal_options_set_pdf_password(options_, "not this", 8, error_), 0);
  EXPECT_EQ(seal_pdf(key, locked, sealed), SIGNET_SEAL_FORBIDDEN);
  EXPECT_THAT(sentence(), testing::Not(HasSubstr("not this")));
  ASSERT_EQ(signet_seal_options_set_pdf_password(options_, nullptr, 0, error_), 0);
  const std::string xfa = with_field("/XFA [(template) 3 0 R]");
  EXPECT_EQ(seal_pdf(key, xfa, sealed), SIGNET_SEAL_FORBIDDEN);
  EXPECT_THAT(sentence(), HasSubstr("XFA"));
  ASSERT_EQ(signet_seal_options_set_pdf_ignore_xfa(options_, 1, error_), 0);
  EXPECT_EQ(seal_pdf(key, xfa, sealed), 0) << sentence();
  ASSERT_EQ(signet_seal_options_set_pdf_certify(options_, SIGNET_SEAL_CERTIFY_FORMS, error_), 0);
  std::string certified;
  ASSERT_EQ(seal_pdf(key, document_, certified), 0) << sentence();
  EXPECT_EQ(seal_pdf(key, certified, sealed), SIGNET_SEAL_FORBIDDEN);
  ASSERT_EQ(signet_seal_options_set_pdf_certify(options_, SIGNET_SEAL_CERTIFY_NOT, error_), 0);
  EXPECT_EQ(seal_pdf(key, certified, sealed), 0) << sentence();
  EXPECT_EQ(valid_seals(sealed), 2);
  ASSERT_EQ(signet_seal_options_set_pdf_field(options_, "absent", error_), 0);
  EXPECT_EQ(seal_pdf(key, document_, sealed), SIGNET_SEAL_FORBIDDEN);
}

TEST_F(AbiPdf, DamagedDocumentsAreRepairedWhereThatIsWished) {
  Key key;
  open(key);
  const std::string cut = document_.substr(0, document_.size() - 20);
  std::string sealed;
  EXPECT_EQ(seal_pdf(key, cut, sealed), SIGNET_SEAL_BROKEN);
  ASSERT_EQ(signet_seal_options_set_pdf_repair_ok(options_, 1, error_), 0);
  AbiResult result;
  ASSERT_EQ(seal_pdf(key, cut, sealed, &result), 0) << sentence();
  EXPECT_EQ(sealed.substr(0, cut.size()), cut);
  EXPECT_EQ(valid_seals(sealed), 1);
  ASSERT_EQ(signet_seal_result_remark_count(result), 1U);
  EXPECT_THAT(signet_seal_result_remark(result, 0), HasSubstr("damaged"));
  ASSERT_EQ(signet_seal_options_set_pdf_repair_ok(options_, 0, error_), 0);
  EXPECT_EQ(seal_pdf(key, cut, sealed), SIGNET_SEAL_BROKEN);
}

TEST_F(AbiPdf, OptionsThatContradictTheFormatAreRefused) {
  Key key;
  open(key);
  std::string sealed;
  const auto refuses = [&](int (*set)(signet_seal_options*, signet_seal_error*), const char* why) {
    Options options;
    ASSERT_EQ(signet_seal_options_new(context_, &options, error_), 0);
    ASSERT_EQ(set(options, error_), 0);
    AbiInput input;
    AbiOutput output;
    text_in_memory(input, document_);
    ASSERT_EQ(signet_seal_output_memory(context_, &output, error_), 0);
    EXPECT_EQ(signet_seal_document(key, nullptr, options, input, output, nullptr, nullptr, error_),
              SIGNET_SEAL_SETTINGS);
    EXPECT_THAT(sentence(), HasSubstr(why));
  };
  const char* const pades_alone = "SIGNET_SEAL_PADES alone";
  refuses([](auto* o, auto* e) { return signet_seal_options_set_pdf_field(o, "a", e); },
          pades_alone);
  refuses([](auto* o, auto* e) { return signet_seal_options_set_pdf_reason(o, "a", e); },
          pades_alone);
  refuses([](auto* o, auto* e) { return signet_seal_options_set_pdf_location(o, "a", e); },
          pades_alone);
  refuses([](auto* o, auto* e) { return signet_seal_options_set_pdf_contact(o, "a", e); },
          pades_alone);
  refuses([](auto* o, auto* e) { return signet_seal_options_set_pdf_certify(o, 1, e); },
          pades_alone);
  refuses([](auto* o, auto* e) { return signet_seal_options_set_pdf_password(o, "a", 1, e); },
          pades_alone);
  refuses([](auto* o, auto* e) { return signet_seal_options_set_pdf_ignore_xfa(o, 1, e); },
          pades_alone);
  refuses([](auto* o, auto* e) { return signet_seal_options_set_pdf_repair_ok(o, 1, e); },
          pades_alone);
  refuses([](auto* o, auto* e) { return signet_seal_options_set_pdf_time_stamp_room(o, 1024, e); },
          pades_alone);
  refuses(
      [](auto* o, auto* e) {
        return signet_seal_options_set_format(o, SIGNET_SEAL_PADES, e) +
               signet_seal_options_set_packaging(o, SIGNET_SEAL_EXTERNAL, e);
      },
      "external");
  refuses(
      [](auto* o, auto* e) {
        return signet_seal_options_set_format(o, SIGNET_SEAL_PADES, e) +
               signet_seal_options_set_encoding(o, SIGNET_SEAL_BER, e);
      },
      "BER");
  refuses(
      [](auto* o, auto* e) {
        return signet_seal_options_set_format(o, SIGNET_SEAL_PADES, e) +
               signet_seal_options_set_media_type(o, "application/pdf", e);
      },
      "media type");
  refuses(
      [](auto* o, auto* e) {
        return signet_seal_options_set_format(o, SIGNET_SEAL_PADES, e) +
               signet_seal_options_set_location(o, "CZ", nullptr, e) +
               signet_seal_options_set_pdf_location(o, "Brno", e);
      },
      "not both");
  // A visible seal is of the PDF options, too, and NULL takes it away.
  Visible visible;
  ASSERT_EQ(signet_seal_visible_new(context_, &visible, error_), 0);
  ASSERT_EQ(signet_seal_options_set_visible(options_, visible, error_), 0) << sentence();
  ASSERT_EQ(signet_seal_options_set_format(options_, SIGNET_SEAL_CADES, error_), 0);
  EXPECT_EQ(seal_pdf(key, document_, sealed), SIGNET_SEAL_SETTINGS);
  ASSERT_EQ(signet_seal_options_set_visible(options_, nullptr, error_), 0);
  EXPECT_EQ(seal_pdf(key, document_, sealed), 0) << sentence();
}

TEST_F(AbiPdf, HaveNoParallelSignatures) {
  Key key;
  open(key);
  AbiInput message;
  text_in_memory(message, document_);
  AbiOutput output;
  ASSERT_EQ(signet_seal_output_memory(context_, &output, error_), 0);
  EXPECT_EQ(signet_seal_add_signature(key, nullptr, options_, message, nullptr, output, nullptr,
                                      nullptr, error_),
            SIGNET_SEAL_SETTINGS);
  EXPECT_THAT(sentence(), HasSubstr("signet_seal_document()"));
}

TEST_F(AbiPdf, ManyThreadsSealWithTheSameHandles) {
  Key key;
  open(key);
  Visible visible;
  ASSERT_EQ(signet_seal_visible_new(context_, &visible, error_), 0);
  ASSERT_EQ(signet_seal_options_set_visible(options_, visible, error_), 0) << sentence();
  std::atomic<int> good{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 16; ++i)
    threads.emplace_back([&] {
      signet_seal_error* error = signet_seal_error_new();
      for (int n = 0; n < 3; ++n) {
        AbiInput input;
        AbiOutput output;
        if (signet_seal_input_memory(context_, document_.data(), document_.size(), &input, error) ==
                0 &&
            signet_seal_output_memory(context_, &output, error) == 0 &&
            signet_seal_document(key, nullptr, options_, input, output, nullptr, nullptr, error) ==
                0 &&
            (n != 0 || valid_seals(std::string(text_of(bytes_in(output)))) == 1))
          ++good;
      }
      signet_seal_error_free(error);
    });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(good, 48);
}

TEST_F(AbiPdf, ACancelledSealLeavesNothing) {
  Key key;
  open(key);
  AbiControl control;
  ASSERT_EQ(signet_seal_control_new(context_, &control, error_), 0);
  signet_seal_control_cancel(control);
  AbiInput input;
  AbiOutput output;
  text_in_memory(input, document_);
  ASSERT_EQ(signet_seal_output_memory(context_, &output, error_), 0);
  EXPECT_EQ(signet_seal_document(key, nullptr, options_, input, output, control, nullptr, error_),
            SIGNET_SEAL_CANCELLED);
  EXPECT_TRUE(bytes_in(output).empty());
}

// Also where it is read by a library of others.
TEST_F(AbiPdf, InputsThatFailEndTheSeal) {
  Key key;
  open(key);
  const auto status_with = [&](signet_seal_read_callback read) {
    AbiInput input;
    AbiOutput output;
    EXPECT_EQ(signet_seal_input_callback(context_, 1000, read, nullptr, &input, error_), 0);
    EXPECT_EQ(signet_seal_output_memory(context_, &output, error_), 0);
    const int status =
        signet_seal_document(key, nullptr, options_, input, output, nullptr, nullptr, error_);
    EXPECT_TRUE(bytes_in(output).empty());
    return status;
  };
  EXPECT_EQ(status_with([](void*, std::uint64_t, void*, std::size_t) { return 1; }),
            SIGNET_SEAL_INPUT);
  EXPECT_EQ(
      status_with([](void*, std::uint64_t, void*, std::size_t) -> int { throw std::bad_alloc(); }),
      SIGNET_SEAL_NO_MEMORY);
  EXPECT_EQ(status_with([](void*, std::uint64_t, void*, std::size_t) -> int { throw 5; }),
            SIGNET_SEAL_FAILED);
}

TEST_F(AbiPdf, TheHostsErrorQueueIsLeftAsItWas) {
  Key key;
  open(key);
  ERR_clear_error();
  ERR_raise(ERR_LIB_USER, 42);
  const unsigned long before = ERR_peek_last_error();
  std::string sealed;
  ASSERT_EQ(signet_seal_options_set_pdf_password(options_, "owner", 5, error_), 0);
  ASSERT_EQ(seal_pdf(key, encrypted(document_), sealed), 0) << sentence();
  EXPECT_EQ(ERR_peek_last_error(), before);
  EXPECT_EQ(ERR_get_error(), before);
  EXPECT_EQ(ERR_get_error(), 0U);
}

}  // namespace
}  // namespace signet::c
