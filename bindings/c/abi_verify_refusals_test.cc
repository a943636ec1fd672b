// What verifying through the C ABI refuses, and what it says then.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/err.h>

#include <cstring>
#include <new>

#include "bindings/c/testing/verify_scene.h"

namespace signet::c {
namespace {

using testing::HasSubstr;

TEST_F(AbiVerify, RefusesWhatIsNoArgumentOfAnOption) {
  const auto refused = [&](int status) {
    return status == SIGNET_SEAL_ARGUMENT &&
           signet_seal_error_status(error_) == SIGNET_SEAL_ARGUMENT && !sentence().empty();
  };
  VerifyOptions none;
  signet_seal_verify_options* const options = options_;
  const std::string absent = dir_.path("absent.pem").string();
  EXPECT_TRUE(refused(signet_seal_verify_options_new(nullptr, &none, error_)));
  EXPECT_TRUE(refused(signet_seal_verify_options_new(context_, nullptr, error_)));
  const std::int64_t never = SIGNET_SEAL_NO_TIME;
  EXPECT_TRUE(refused(signet_seal_verify_options_add_trusted(options, "x", 1, never, error_)));
  EXPECT_TRUE(refused(signet_seal_verify_options_add_trusted(options, nullptr, 9, never, error_)));
  EXPECT_TRUE(refused(signet_seal_verify_options_add_trusted(options, "", 0, never, error_)));
  EXPECT_TRUE(
      refused(signet_seal_verify_options_add_trusted_file(options, absent.c_str(), never, error_)));
  EXPECT_THAT(sentence(), HasSubstr("absent.pem"));
  EXPECT_TRUE(refused(signet_seal_verify_options_add_trusted_file(options, "\xff", never, error_)));
  EXPECT_TRUE(refused(signet_seal_verify_options_add_certificates(options, "x", 1, error_)));
  EXPECT_TRUE(refused(
      signet_seal_verify_options_add_certificates_file(options, dir_.path().c_str(), error_)));
  EXPECT_THAT(sentence(), HasSubstr("holds no certificate"));
  const Bytes& der = root().der();
  EXPECT_TRUE(refused(signet_seal_verify_options_add_crl(options, der.data(), der.size(), error_)));
  EXPECT_TRUE(
      refused(signet_seal_verify_options_add_ocsp(options, der.data(), der.size(), error_)));
  EXPECT_TRUE(refused(signet_seal_verify_options_add_crl_file(options, absent.c_str(), error_)));
  EXPECT_TRUE(refused(signet_seal_verify_options_add_ocsp_file(options, absent.c_str(), error_)));
  for (const std::int64_t time : {INT64_MIN, INT64_MAX, INT64_MAX / 2})
    EXPECT_TRUE(refused(signet_seal_verify_options_set_time(options, time, error_)));
  EXPECT_TRUE(refused(signet_seal_verify_options_set_suite(options, "119312-9", error_)));
  EXPECT_TRUE(refused(signet_seal_verify_options_set_freshness(options, UINT32_MAX, error_)));
  for (const int bad : {-1, 2, 99}) {
    EXPECT_TRUE(refused(signet_seal_verify_options_set_without_revocation(options, bad, error_)));
    EXPECT_TRUE(refused(signet_seal_verify_options_set_online(options, bad, error_)));
    EXPECT_TRUE(bad == 2 || refused(signet_seal_verify_options_set_sliding(options, bad, error_)));
  }
  EXPECT_TRUE(
      refused(signet_seal_verify_options_add_signature_policy(options, "no.oid", "x", 1, error_)));
  EXPECT_TRUE(
      refused(signet_seal_verify_options_set_trusted_lists(options, absent.c_str(), "", error_)));
  EXPECT_TRUE(refused(signet_seal_verify_options_set_online_limits(options, 0, 10, 1, error_)));
  EXPECT_TRUE(refused(signet_seal_verify_options_set_online_limits(options, 10, 3601, 1, error_)));
  EXPECT_TRUE(refused(signet_seal_verify_options_add_online_host(options, "", error_)));
  EXPECT_TRUE(refused(signet_seal_verify_options_set_online_cache(options, nullptr, error_)));
  EXPECT_TRUE(refused(signet_seal_verify_options_set_password(options, nullptr, 2, error_)));
  const std::string long_password(1025, 'x');
  EXPECT_TRUE(refused(
      signet_seal_verify_options_set_password(options, long_password.data(), 1025, error_)));
  ReportChoice choice;
  ASSERT_EQ(signet_seal_report_options_new(context_, &choice, error_), 0);
  EXPECT_TRUE(refused(signet_seal_report_options_set_language(choice, 3, error_)));
  EXPECT_TRUE(refused(signet_seal_report_options_set_file_name(choice, "\xff", error_)));
  EXPECT_TRUE(refused(signet_seal_report_options_set_other_readers(choice, 2, error_)));
  EXPECT_TRUE(refused(signet_seal_report_options_set_picture(choice, "GIF89a", 6, error_)));
  EXPECT_TRUE(refused(signet_seal_report_options_set_picture(choice, nullptr, 6, error_)));
  // What was refused has changed nothing.
  EXPECT_EQ(verdict(internal()), "PASSED");
}

TEST_F(AbiVerify, RefusesNulls) {
  EXPECT_EQ(signet_seal_verify(nullptr, nullptr, nullptr, nullptr, nullptr, nullptr),
            SIGNET_SEAL_ARGUMENT);
  EXPECT_EQ(signet_seal_verification_report(nullptr, 1, nullptr, nullptr, error_),
            SIGNET_SEAL_ARGUMENT);
  EXPECT_EQ(signet_seal_extract_revision(nullptr, nullptr, 1, nullptr, error_),
            SIGNET_SEAL_ARGUMENT);
  EXPECT_EQ(signet_seal_extract_content(nullptr, nullptr, nullptr, error_), SIGNET_SEAL_ARGUMENT);
  EXPECT_EQ(signet_seal_verify_options_add_trusted(nullptr, "x", 1, 0, error_),
            SIGNET_SEAL_ARGUMENT);
  EXPECT_EQ(signet_seal_verify_options_set_revision(nullptr, 1, error_), SIGNET_SEAL_ARGUMENT);
  EXPECT_EQ(signet_seal_report_options_set_language(nullptr, 1, error_), SIGNET_SEAL_ARGUMENT);
  signet_seal_verify_options_free(nullptr);
  signet_seal_verification_free(nullptr);
  signet_seal_report_options_free(nullptr);
}

TEST_F(AbiVerify, AccessorsBearNulls) {
  EXPECT_EQ(signet_seal_verify_options_note_count(nullptr), 0U);
  EXPECT_EQ(signet_seal_verify_options_note(nullptr, 0), nullptr);
  EXPECT_EQ(signet_seal_verification_indication(nullptr), SIGNET_SEAL_NO_SIGNATURE);
  EXPECT_STREQ(signet_seal_verification_format(nullptr), "");
  EXPECT_EQ(signet_seal_verification_page_count(nullptr), 0U);
  EXPECT_EQ(signet_seal_verification_time(nullptr), SIGNET_SEAL_NO_TIME);
  EXPECT_EQ(signet_seal_verification_remark(nullptr, 0, SIGNET_SEAL_ENGLISH), nullptr);
  EXPECT_EQ(signet_seal_verification_fetch_url(nullptr, 0), nullptr);
  EXPECT_EQ(signet_seal_verification_fetch_problem(nullptr, 0), nullptr);
  EXPECT_EQ(signet_seal_verification_signature(nullptr, 0), nullptr);
  EXPECT_EQ(signet_seal_verification_time_stamp(nullptr, 0), nullptr);
  EXPECT_STREQ(signet_seal_verified_kind(nullptr), "");
  EXPECT_EQ(signet_seal_verified_indication(nullptr), SIGNET_SEAL_NO_SIGNATURE);
  EXPECT_EQ(signet_seal_verified_time(nullptr), SIGNET_SEAL_NO_TIME);
  EXPECT_EQ(signet_seal_verified_time_stamp(nullptr, 0), nullptr);
  EXPECT_EQ(signet_seal_verified_chain(nullptr, 0), nullptr);
  EXPECT_EQ(signet_seal_verified_change(nullptr, 0), nullptr);
  EXPECT_EQ(signet_seal_verified_algorithm(nullptr, 0), nullptr);
  EXPECT_STREQ(signet_seal_certificate_subject(nullptr), "");
  EXPECT_EQ(signet_seal_certificate_not_after(nullptr), SIGNET_SEAL_NO_TIME);
  std::size_t size = 5;
  EXPECT_EQ(signet_seal_certificate_der(nullptr, &size), nullptr);
  EXPECT_EQ(size, 0U);
  EXPECT_EQ(signet_seal_certificate_revocation(nullptr), SIGNET_SEAL_REVOCATION_NONE);
  EXPECT_EQ(signet_seal_certificate_revocation_next_update(nullptr), SIGNET_SEAL_NO_TIME);
  EXPECT_STREQ(signet_seal_change_kind(nullptr), "");
  EXPECT_EQ(signet_seal_change_page(nullptr), 0U);
  EXPECT_STREQ(signet_seal_change_what(nullptr, SIGNET_SEAL_CZECH), "");
}

TEST_F(AbiVerify, AccessorsBearNumbersThatAreNone) {
  Verification found;
  ASSERT_EQ(verify(view_of(sealed()), found), 0);
  const auto* const signature = signet_seal_verification_signature(found, 0);
  EXPECT_EQ(signet_seal_verification_signature(found, SIZE_MAX), nullptr);
  EXPECT_EQ(signet_seal_verified_chain(signature, SIZE_MAX), nullptr);
  for (const int bad : {-1, 0, 6, 99}) {
    EXPECT_EQ(signet_seal_verified_text_count(signature, bad), 0U);
    EXPECT_EQ(signet_seal_verified_text(signature, bad, 0, SIGNET_SEAL_ENGLISH), nullptr);
    EXPECT_EQ(signet_seal_verified_text(signature, SIGNET_SEAL_EXPLANATIONS, 0, bad), nullptr);
    AbiOutput output;
    ASSERT_EQ(signet_seal_output_memory(context_, &output, error_), 0);
    EXPECT_EQ(signet_seal_verification_report(found, bad, nullptr, output, error_),
              SIGNET_SEAL_ARGUMENT);
  }
}

TEST_F(AbiVerify, WithoutAVerdictThereIsAStatus) {
  const std::string broken = "%PDF-1.7\n" + std::string(100, 'x');
  EXPECT_EQ(verdict(view_of("a letter")), "status 10");
  EXPECT_EQ(verdict({}), "status 10");
  EXPECT_EQ(verdict(view_of(broken)), "status 10");
  AbiInput document;
  AbiInput data;
  in_memory(document, view_of(sealed()));
  in_memory(data, view_of("content"));
  Verification none;
  EXPECT_EQ(signet_seal_verify(options_, document, data, nullptr, &none, error_),
            SIGNET_SEAL_SETTINGS);
  const Bytes message = internal();
  AbiInput whole;
  in_memory(whole, message);
  EXPECT_EQ(signet_seal_verify(options_, whole, data, nullptr, &none, error_),
            SIGNET_SEAL_SETTINGS);
  EXPECT_EQ(none, nullptr);
}

// Only the end of the document, which no signature needs, cannot be read.
TEST_F(AbiVerify, AVerdictIsNeverOverAPartOfADocument) {
  const auto read = [](void*, std::uint64_t offset, void* buffer, std::size_t size) {
    if (offset + size > sealed().size() - 10 && size > 16) return 1;
    std::memcpy(buffer, sealed().data() + offset, size);
    return 0;
  };
  AbiInput input;
  ASSERT_EQ(signet_seal_input_callback(context_, sealed().size(), read, nullptr, &input, error_),
            0);
  Verification none;
  EXPECT_EQ(signet_seal_verify(options_, input, nullptr, nullptr, &none, error_),
            SIGNET_SEAL_INPUT);
  EXPECT_EQ(none, nullptr);
}

TEST_F(AbiVerify, ExceptionsOfAReadCallbackStayInside) {
  for (const bool memory : {true, false}) {
    const signet_seal_read_callback read =
        memory ? [](void*, std::uint64_t, void*, std::size_t) -> int { throw std::bad_alloc(); }
               : [](void*, std::uint64_t, void*, std::size_t) -> int { throw 5; };
    AbiInput input;
    ASSERT_EQ(signet_seal_input_callback(context_, 100, read, nullptr, &input, error_), 0);
    Verification none;
    EXPECT_EQ(signet_seal_verify(options_, input, nullptr, nullptr, &none, error_),
              memory ? SIGNET_SEAL_NO_MEMORY : SIGNET_SEAL_FAILED);
  }
}

TEST_F(AbiVerify, AnOutputThatTakesNothingIsTold) {
  Verification found;
  ASSERT_EQ(verify(internal(), found), 0);
  AbiOutput full;
  ASSERT_EQ(
      signet_seal_output_callback(
          context_, [](void*, const void*, std::size_t) { return 1; }, nullptr, &full, error_),
      0);
  EXPECT_EQ(signet_seal_verification_report(found, SIGNET_SEAL_REPORT_TEXT, nullptr, full, error_),
            SIGNET_SEAL_OUTPUT);
}

TEST_F(AbiVerify, TheHostsErrorQueueIsLeftAsItWas) {
  ERR_clear_error();
  ERR_raise(ERR_LIB_USER, 42);
  const unsigned long before = ERR_peek_last_error();
  EXPECT_EQ(verdict(internal()), "PASSED");
  EXPECT_EQ(verdict(view_of("a letter")), "status 10");
  EXPECT_EQ(ERR_get_error(), before);
  EXPECT_EQ(ERR_get_error(), 0U);
}

}  // namespace
}  // namespace signet::c
