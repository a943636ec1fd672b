// Seals in PDF documents through the C ABI, read by pdfsig and qpdf. Time-stamps: tests/seal-library/.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
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

// Another process prepares; what is kept of it are bytes.
class AbiPdfSteps : public AbiPdf {
 protected:
  AbiPdfSteps() {
    keygen::TestCertificate wish;
    wish.public_key = crypto::der_of(elsewhere_.get(), i2d_PUBKEY);
    certificate_ = root_.issue(wish).der();
  }

  int prepare(AbiPrepared& prepared) {
    Signer signer;
    EXPECT_EQ(
        signet_seal_signer_new(context_, certificate_.data(), certificate_.size(), &signer, error_),
        0);
    AbiInput input;
    text_in_memory(input, document_);
    return signet_seal_prepare(signer, options_, input, nullptr, &prepared, error_);
  }

  Bytes sign(const Bytes& digest) const {
    const PkeyContextPtr work(
        EVP_PKEY_CTX_new_from_pkey(crypto::library_context(), elsewhere_.get(), nullptr));
    Bytes signature(200);
    std::size_t size = signature.size();
    EXPECT_EQ(EVP_PKEY_sign_init(work.get()), 1);
    EXPECT_EQ(EVP_PKEY_sign(work.get(), signature.data(), &size, digest.data(), digest.size()), 1);
    signature.resize(size);
    return signature;
  }

  int finish(const Bytes& state, const Bytes& signature, const std::string* document,
             std::string& sealed, signet_seal_result** result = nullptr) {
    AbiInput input;
    if (document != nullptr) text_in_memory(input, *document);
    AbiOutput output;
    EXPECT_EQ(signet_seal_output_memory(context_, &output, error_), 0);
    const int status =
        signet_seal_finish(context_, nullptr, nullptr, state.data(), state.size(), signature.data(),
                           signature.size(), input, output, nullptr, result, error_);
    const Bytes bytes = bytes_in(output);
    sealed.assign(text_of(bytes));
    return status;
  }

  // What the child writes: the digest's bytes, and the state.
  std::pair<Bytes, Bytes> prepared_in_a_child() {
    int ends[2];
    EXPECT_EQ(pipe(ends), 0);
    const pid_t child = fork();
    if (child == 0) {
      AbiPrepared prepared;
      bool good = prepare(prepared) == 0;
      std::size_t size = 0;
      const void* const digest = signet_seal_prepared_digest(prepared, &size);
      good = good && size == 32 && ::write(ends[1], digest, size) == 32;
      const void* const state = signet_seal_prepared_state(prepared, &size);
      good = good && ::write(ends[1], state, size) == static_cast<ssize_t>(size);
      _exit(good ? 0 : 1);
    }
    close(ends[1]);
    Bytes all(1'000'000);
    std::size_t filled = 0;
    for (ssize_t got = 0; (got = ::read(ends[0], all.data() + filled, all.size() - filled)) > 0;)
      filled += static_cast<std::size_t>(got);
    close(ends[0]);
    int status = 0;
    EXPECT_EQ(waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0);
    EXPECT_GT(filled, 32U);
    return {Bytes(all.begin(), all.begin() + 32),
            Bytes(all.begin() + 32, all.begin() + static_cast<std::ptrdiff_t>(filled))};
  }

  const PkeyPtr elsewhere_{EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256")};
  Bytes certificate_;
};

TEST_F(AbiPdfSteps, FinishWhatAnotherProcessPrepared) {
  Visible visible;
  ASSERT_EQ(signet_seal_visible_new(context_, &visible, error_), 0);
  ASSERT_EQ(signet_seal_options_set_visible(options_, visible, error_), 0) << sentence();
  ASSERT_EQ(signet_seal_options_set_pdf_reason(options_, "Elsewhere", error_), 0);
  const auto [digest, state] = prepared_in_a_child();
  const Bytes signature = sign(digest);
  std::string sealed;
  AbiResult result;
  ASSERT_EQ(finish(state, signature, &document_, sealed, &result), 0) << sentence();
  EXPECT_EQ(valid_seals(sealed), 1);
  EXPECT_EQ(SealedField(sealed, "SignetSeal1").text("/Reason"), "Elsewhere");
  EXPECT_STREQ(signet_seal_result_field(result), "SignetSeal1");
  EXPECT_EQ(signet_seal_result_signature_count(result), 1U);

  EXPECT_EQ(finish(state, digest, &document_, sealed), SIGNET_SEAL_SIGNATURE);
  EXPECT_TRUE(sealed.empty());
  EXPECT_EQ(finish(state, signature, nullptr, sealed), SIGNET_SEAL_ARGUMENT);
  std::string other = document_;
  other.back() ^= 1;
  EXPECT_EQ(finish(state, signature, &other, sealed), SIGNET_SEAL_CHANGED);
  Bytes cut = state;
  cut.pop_back();
  EXPECT_EQ(finish(cut, signature, &document_, sealed), SIGNET_SEAL_BROKEN);
  EXPECT_TRUE(sealed.empty());
}

TEST_F(AbiPdfSteps, LeaveRoomForATimeStampUnlessNoneIsWanted) {
  AbiPrepared with;
  ASSERT_EQ(prepare(with), 0) << sentence();
  ASSERT_EQ(signet_seal_options_set_level(options_, SIGNET_SEAL_LEVEL_B_B, error_), 0);
  AbiPrepared without;
  ASSERT_EQ(prepare(without), 0) << sentence();
  std::size_t larger = 0;
  std::size_t smaller = 0;
  EXPECT_NE(signet_seal_prepared_state(with, &larger), nullptr);
  EXPECT_NE(signet_seal_prepared_state(without, &smaller), nullptr);
  EXPECT_GT(larger, smaller + 65'000);
}

TEST_F(AbiPdfSteps, SayAtOnceWhatReadersMayTakeAmiss) {
  ASSERT_EQ(signet_seal_options_set_pdf_certify(options_, SIGNET_SEAL_CERTIFY_NO_CHANGES, error_),
            0);
  AbiPrepared prepared;
  ASSERT_EQ(prepare(prepared), 0) << sentence();
  ASSERT_EQ(signet_seal_prepared_remark_count(prepared), 1U);
  EXPECT_THAT(signet_seal_prepared_remark(prepared, 0), HasSubstr("permission 1"));
  EXPECT_EQ(signet_seal_prepared_remark(prepared, 1), nullptr);
  ASSERT_EQ(signet_seal_options_set_encoding(options_, SIGNET_SEAL_BER, error_), 0);
  AbiPrepared none;
  EXPECT_EQ(prepare(none), SIGNET_SEAL_SETTINGS);
  EXPECT_EQ(none, nullptr);
}

}  // namespace
}  // namespace signet::c
