// Seals in PDF documents in two steps through the C ABI.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bindings/c/testing/pdf_scene.h"

namespace signet::c {
namespace {

using testing::HasSubstr;

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
