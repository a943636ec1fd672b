// Time-stamps of PDF documents through the C ABI: at once, later, and in two steps.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "bindings/c/testing/pdf_scene.h"
#include "tests/support/test_authority.h"

namespace signet::c {
namespace {

using testing::HasSubstr;

class PdfStamps : public AbiPdf {
 protected:
  void make(Stamper& stamper, const std::string& url) {
    AbiAuthority authority;
    ASSERT_EQ(signet_seal_authority_new(context_, url.c_str(), &authority, error_), 0);
    ASSERT_EQ(signet_seal_authority_set_name(authority, "trial", error_), 0);
    const signet_seal_authority* const all[] = {authority};
    ASSERT_EQ(signet_seal_time_stamper_new(context_, all, 1, &stamper, error_), 0) << sentence();
  }

  int raise(const std::string& document, const char* password, signet_seal_time_stamper* stamper,
            std::size_t& added, std::string& raised) {
    AbiInput input;
    text_in_memory(input, document);
    AbiOutput output;
    EXPECT_EQ(signet_seal_output_memory(context_, &output, error_), 0);
    const int status = signet_seal_add_pdf_time_stamp(
        stamper, input, password, password == nullptr ? 0 : std::strlen(password), output, 10'000,
        &added, error_);
    const Bytes bytes = bytes_in(output);
    raised.assign(text_of(bytes));
    return status;
  }

  void SetUp() override {
    open(key_);
    make(working_, authority_.url() + "/tsa");
    make(absent_, "http://127.0.0.1:1/tsa");
  }

  const tests::TestAuthority authority_;
  Key key_;
  Stamper working_;
  Stamper absent_;
};

TEST_F(PdfStamps, ArePutIntoTheSeal) {
  std::string sealed;
  AbiResult result;
  ASSERT_EQ(seal_pdf(key_, document_, sealed, &result, working_), 0) << sentence();
  EXPECT_EQ(signet_seal_result_level(result), SIGNET_SEAL_LEVEL_B_T);
  EXPECT_GT(signet_seal_result_stamped_at(result), 0);
  EXPECT_STREQ(signet_seal_result_authority(result), "trial");
  EXPECT_EQ(valid_seals(sealed), 1);
  // Its time-stamp is there already.
  std::size_t added = 9;
  std::string raised;
  ASSERT_EQ(raise(sealed, nullptr, working_, added, raised), 0) << sentence();
  EXPECT_EQ(added, 0U);
  EXPECT_EQ(raised, "");
}

TEST_F(PdfStamps, RaiseADegradedSealOfAnEncryptedDocument) {
  ASSERT_EQ(signet_seal_options_set_without_time_stamp(options_, SIGNET_SEAL_DEGRADE, error_), 0);
  ASSERT_EQ(signet_seal_options_set_pdf_password(options_, "owner", 5, error_), 0);
  std::string degraded;
  AbiResult result;
  ASSERT_EQ(seal_pdf(key_, encrypted(document_), degraded, &result, absent_), 0) << sentence();
  EXPECT_EQ(signet_seal_result_is_degraded(result), 1);
  EXPECT_EQ(signet_seal_result_level(result), SIGNET_SEAL_LEVEL_B_B);
  EXPECT_EQ(valid_seals(degraded, "owner"), 1);

  std::size_t added = 9;
  std::string raised;
  EXPECT_EQ(raise(degraded, nullptr, working_, added, raised), SIGNET_SEAL_FORBIDDEN);
  EXPECT_EQ(raise(degraded, "wrong", working_, added, raised), SIGNET_SEAL_FORBIDDEN);
  EXPECT_EQ(raise(degraded, "owner", absent_, added, raised), SIGNET_SEAL_NO_TIME_STAMP);
  EXPECT_EQ(raise("no PDF", "owner", working_, added, raised), SIGNET_SEAL_BROKEN);
  EXPECT_EQ(raised, "");
  EXPECT_EQ(added, 9U);
  ASSERT_EQ(raise(degraded, "owner", working_, added, raised), 0) << sentence();
  EXPECT_EQ(added, 1U);
  EXPECT_EQ(raised.size(), degraded.size());
  EXPECT_EQ(valid_seals(raised, "owner"), 1);
  std::string again;
  ASSERT_EQ(raise(raised, "owner", working_, added, again), 0) << sentence();
  EXPECT_EQ(added, 0U);
}

TEST_F(PdfStamps, NeedTheRoomThatWasLeft) {
  std::string sealed;
  ASSERT_EQ(signet_seal_options_set_level(options_, SIGNET_SEAL_LEVEL_B_B, error_), 0);
  ASSERT_EQ(seal_pdf(key_, document_, sealed), 0) << sentence();
  std::size_t added = 9;
  std::string raised;
  EXPECT_EQ(raise(sealed, nullptr, working_, added, raised), SIGNET_SEAL_NO_TIME_STAMP);
  EXPECT_THAT(sentence(), HasSubstr("no room"));
  // One that was planned too small costs a second signature; a time-stamper remembers what its authorities' take.
  Stamper fresh;
  make(fresh, authority_.url() + "/tsa");
  ASSERT_EQ(signet_seal_options_set_level(options_, SIGNET_SEAL_LEVEL_B_T, error_), 0);
  ASSERT_EQ(signet_seal_options_set_pdf_time_stamp_room(options_, 100, error_), 0);
  for (const unsigned signatures : {2U, 1U}) {
    AbiResult result;
    ASSERT_EQ(seal_pdf(key_, document_, sealed, &result, fresh), 0) << sentence();
    EXPECT_EQ(signet_seal_result_signature_count(result), signatures);
    EXPECT_EQ(valid_seals(sealed), 1);
  }
}

TEST_F(PdfStamps, AskForSensibleLimits) {
  AbiInput input;
  text_in_memory(input, document_);
  AbiOutput output;
  ASSERT_EQ(signet_seal_output_memory(context_, &output, error_), 0);
  std::size_t added = 9;
  for (const std::uint32_t bad : {0U, 3'600'001U})
    EXPECT_EQ(
        signet_seal_add_pdf_time_stamp(working_, input, nullptr, 0, output, bad, &added, error_),
        SIGNET_SEAL_ARGUMENT);
  EXPECT_EQ(signet_seal_add_pdf_time_stamp(working_, input, nullptr, 3, output, 10, &added, error_),
            SIGNET_SEAL_ARGUMENT);
  EXPECT_EQ(
      signet_seal_add_pdf_time_stamp(working_, input, nullptr, 0, output, 10, nullptr, error_),
      SIGNET_SEAL_ARGUMENT);
  EXPECT_EQ(
      signet_seal_add_pdf_time_stamp(working_, nullptr, nullptr, 0, output, 10, &added, error_),
      SIGNET_SEAL_ARGUMENT);
  EXPECT_EQ(
      signet_seal_add_pdf_time_stamp(working_, input, nullptr, 0, nullptr, 10, &added, error_),
      SIGNET_SEAL_ARGUMENT);
  EXPECT_EQ(added, 9U);
}

TEST_F(PdfStamps, AreTakenInTheSecondStep) {
  const PkeyPtr elsewhere(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"));
  keygen::TestCertificate wish;
  wish.public_key = crypto::der_of(elsewhere.get(), i2d_PUBKEY);
  const Bytes certificate = root_.issue(wish).der();
  Signer signer;
  ASSERT_EQ(
      signet_seal_signer_new(context_, certificate.data(), certificate.size(), &signer, error_), 0);
  AbiInput input;
  text_in_memory(input, document_);
  AbiPrepared prepared;
  ASSERT_EQ(signet_seal_prepare(signer, options_, input, nullptr, &prepared, error_), 0)
      << sentence();
  std::size_t size = 0;
  const auto* const digest =
      static_cast<const unsigned char*>(signet_seal_prepared_digest(prepared, &size));
  const PkeyContextPtr work(
      EVP_PKEY_CTX_new_from_pkey(crypto::library_context(), elsewhere.get(), nullptr));
  Bytes signature(200);
  std::size_t signature_size = signature.size();
  ASSERT_EQ(EVP_PKEY_sign_init(work.get()), 1);
  ASSERT_EQ(EVP_PKEY_sign(work.get(), signature.data(), &signature_size, digest, size), 1);
  const void* const state = signet_seal_prepared_state(prepared, &size);
  AbiOutput output;
  ASSERT_EQ(signet_seal_output_memory(context_, &output, error_), 0);
  AbiResult result;
  ASSERT_EQ(signet_seal_finish(context_, working_, nullptr, state, size, signature.data(),
                               signature_size, input, output, nullptr, &result, error_),
            0)
      << sentence();
  EXPECT_EQ(signet_seal_result_level(result), SIGNET_SEAL_LEVEL_B_T);
  EXPECT_EQ(valid_seals(std::string(text_of(bytes_in(output)))), 1);
}

}  // namespace
}  // namespace signet::c
