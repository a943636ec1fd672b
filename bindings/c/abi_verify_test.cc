// Verifying through the C ABI: what a program sees of a document.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstring>

#include "bindings/c/testing/verify_scene.h"

namespace signet::c {
namespace {

using testing::HasSubstr;

TEST_F(AbiVerify, SaysWhatADocumentIsWorthAndWhy) {
  Verification found;
  ASSERT_EQ(verify(view_of(sealed()), found), 0) << sentence();
  EXPECT_EQ(signet_seal_verification_indication(found), SIGNET_SEAL_TOTAL_PASSED)
      << report(found, SIGNET_SEAL_REPORT_TEXT);
  EXPECT_STREQ(signet_seal_verification_sub_indication(found), "");
  EXPECT_STREQ(signet_seal_verification_format(found), "PAdES");
  EXPECT_EQ(signet_seal_verification_page_count(found), 1U);
  EXPECT_EQ(signet_seal_verification_time(found), second("2015-02-01T12:00:00Z"));
  EXPECT_STREQ(signet_seal_verification_suite(found), "119312-1.5.1");
  ASSERT_EQ(signet_seal_verification_signature_count(found), 1U);
  ASSERT_EQ(signet_seal_verification_time_stamp_count(found), 1U);

  const auto* const signature = signet_seal_verification_signature(found, 0);
  EXPECT_STREQ(signet_seal_verified_kind(signature), "PAdES");
  EXPECT_STREQ(signet_seal_verified_name(signature), "SignetSeal1");
  EXPECT_EQ(signet_seal_verified_indication(signature), SIGNET_SEAL_TOTAL_PASSED);
  EXPECT_EQ(signet_seal_verified_time(signature), second("2015-02-01"));
  EXPECT_EQ(signet_seal_verified_judged_at(signature), second("2015-02-01"));
  EXPECT_EQ(signet_seal_verified_claimed_time(signature), second("2015-01-01"));
  EXPECT_GT(signet_seal_verified_verifiable_until(signature), second("2015-02-01"));
  EXPECT_STRNE(signet_seal_verified_verifiable_because(signature, SIGNET_SEAL_ENGLISH), "");
  EXPECT_STREQ(signet_seal_verified_algorithm(signature, 0), "ECDSA P-256 with SHA-256");
  EXPECT_EQ(signet_seal_verified_text_count(signature, SIGNET_SEAL_ERRORS), 0U);
  EXPECT_STREQ(signet_seal_verified_qualification(signature), "");

  const auto* const stamp = signet_seal_verification_time_stamp(found, 0);
  EXPECT_STREQ(signet_seal_verified_kind(stamp), "document");
  EXPECT_STREQ(signet_seal_verified_level(stamp), "");
  EXPECT_EQ(signet_seal_verified_time(stamp), second("2015-02-01"));
  EXPECT_STREQ(signet_seal_verified_proven_by(signature), signet_seal_verified_id(stamp));
  EXPECT_STREQ(signet_seal_verified_proven_by(stamp), "");
  EXPECT_EQ(signet_seal_verified_covers_all(stamp), 1);
}

TEST_F(AbiVerify, ShowsTheChainAndItsRevocation) {
  Verification found;
  ASSERT_EQ(verify(view_of(sealed()), found), 0) << sentence();
  const auto* const signature = signet_seal_verification_signature(found, 0);
  ASSERT_EQ(signet_seal_verified_chain_count(signature), 2U);
  EXPECT_EQ(signet_seal_verified_is_trusted(signature), 1);
  const auto* const own = signet_seal_verified_chain(signature, 0);
  const auto* const anchor = signet_seal_verified_chain(signature, 1);
  EXPECT_THAT(signet_seal_certificate_subject(own), HasSubstr("CN=Seal"));
  EXPECT_THAT(signet_seal_certificate_issuer(own), HasSubstr("CN=Root"));
  EXPECT_STRNE(signet_seal_certificate_serial(own), "");
  EXPECT_EQ(signet_seal_certificate_not_before(own), second("2010-01-01"));
  EXPECT_EQ(signet_seal_certificate_not_after(own), second("2040-01-01"));
  std::size_t size = 0;
  const void* const der = signet_seal_certificate_der(own, &size);
  ASSERT_EQ(size, signer().der().size());
  EXPECT_EQ(std::memcmp(der, signer().der().data(), size), 0);
  EXPECT_EQ(signet_seal_certificate_revocation(own), SIGNET_SEAL_REVOCATION_GOOD);
  EXPECT_STREQ(signet_seal_certificate_revocation_source(own), "CRL");
  EXPECT_EQ(signet_seal_certificate_revocation_this_update(own), second("2015-02-01"));
  EXPECT_EQ(signet_seal_certificate_revocation_next_update(own), second("2015-02-08"));
  EXPECT_EQ(signet_seal_certificate_revoked_at(own), SIGNET_SEAL_NO_TIME);
  EXPECT_EQ(signet_seal_certificate_revocation(anchor), SIGNET_SEAL_REVOCATION_NONE);
  EXPECT_STRNE(signet_seal_certificate_revocation_reason(anchor, SIGNET_SEAL_ENGLISH), "");
  EXPECT_STRNE(signet_seal_certificate_revocation_reason(anchor, SIGNET_SEAL_CZECH),
               signet_seal_certificate_revocation_reason(anchor, SIGNET_SEAL_ENGLISH));
}

TEST_F(AbiVerify, ShowsRevisionsAndChanges) {
  Verification found;
  ASSERT_EQ(verify(view_of(sealed()), found), 0) << sentence();
  const auto* const signature = signet_seal_verification_signature(found, 0);
  EXPECT_EQ(signet_seal_verified_revision(signature), 2U);
  EXPECT_EQ(signet_seal_verified_revision_count(signature), 4U);
  EXPECT_EQ(signet_seal_verified_covers_all(signature), 0);
  // The extension level, validation data, a time-stamp, and what holds it.
  constexpr std::size_t kChanges = 4;
  ASSERT_EQ(signet_seal_verified_change_count(signature), kChanges);
  const signet_seal_change* change = nullptr;
  for (std::size_t at = 0; at < kChanges; ++at)
    if (std::strcmp(signet_seal_change_kind(signet_seal_verified_change(signature, at)),
                    "validation-data") == 0)
      change = signet_seal_verified_change(signature, at);
  ASSERT_NE(change, nullptr);
  EXPECT_EQ(signet_seal_change_is_allowed(change), 1);
  EXPECT_EQ(signet_seal_change_revision(change), 3U);
  EXPECT_EQ(signet_seal_change_page(change), 0U);
  EXPECT_STREQ(signet_seal_change_field(change), "");
  EXPECT_STRNE(signet_seal_change_what(change, SIGNET_SEAL_ENGLISH), "");
  EXPECT_STRNE(signet_seal_change_what(change, SIGNET_SEAL_CZECH),
               signet_seal_change_what(change, SIGNET_SEAL_ENGLISH));
  EXPECT_STREQ(signet_seal_change_rule(change, SIGNET_SEAL_ENGLISH), "");
  EXPECT_STREQ(signet_seal_change_warning(change, SIGNET_SEAL_ENGLISH), "");
  EXPECT_EQ(signet_seal_verified_change(signature, kChanges), nullptr);
}

TEST_F(AbiVerify, AVerdictIsNoFailure) {
  std::string changed = sealed();
  changed[12] ^= 1;
  Verification found;
  ASSERT_EQ(verify(view_of(changed), found), SIGNET_SEAL_OK);
  EXPECT_EQ(verdict_of(found), "FAILED/HASH_FAILURE");
  const auto* const signature = signet_seal_verification_signature(found, 0);
  EXPECT_EQ(signet_seal_verified_indication(signature), SIGNET_SEAL_TOTAL_FAILED);
  EXPECT_GT(signet_seal_verified_text_count(signature, SIGNET_SEAL_ERRORS), 0U);
  EXPECT_EQ(signet_seal_verified_text_count(signature, SIGNET_SEAL_EXPLANATIONS), 0U);
  EXPECT_EQ(signet_seal_verified_verifiable_until(signature), SIGNET_SEAL_NO_TIME);
  EXPECT_EQ(verdict(view_of(plain())), "none");
}

TEST_F(AbiVerify, ReadsADocumentWhereverItIs) {
  const std::string file = dir_.write("sealed.pdf", sealed()).string();
  AbiInput named;
  ASSERT_EQ(signet_seal_input_file(context_, file.c_str(), &named, error_), 0);
  const int descriptor = open(file.c_str(), O_RDONLY | O_CLOEXEC);
  AbiInput spooled;
  ASSERT_EQ(
      signet_seal_input_descriptor(context_, descriptor, dir_.path().c_str(), &spooled, error_), 0);
  close(descriptor);
  const auto read = [](void*, std::uint64_t offset, void* buffer, std::size_t size) {
    std::memcpy(buffer, sealed().data() + offset, size);
    return 0;
  };
  AbiInput asked;
  ASSERT_EQ(signet_seal_input_callback(context_, sealed().size(), read, nullptr, &asked, error_),
            0);
  Verification in_memory;
  ASSERT_EQ(verify(view_of(sealed()), in_memory), 0);
  const std::string wanted = report(in_memory, SIGNET_SEAL_REPORT_JSON);
  EXPECT_THAT(wanted, HasSubstr("\"TOTAL-PASSED\""));
  for (signet_seal_input* const input :
       std::initializer_list<signet_seal_input*>{named, spooled, asked}) {
    Verification found;
    ASSERT_EQ(signet_seal_verify(options_, input, nullptr, nullptr, &found, error_), 0)
        << sentence();
    EXPECT_EQ(report(found, SIGNET_SEAL_REPORT_JSON), wanted);
  }
}

TEST_F(AbiVerify, AnExternalSealWantsItsDocument) {
  const Bytes message = pki::message(signer(), {});
  AbiInput seal;
  AbiInput document;
  AbiInput other;
  in_memory(seal, message);
  in_memory(document, view_of("content"));
  in_memory(other, view_of("another"));
  Verification found;
  ASSERT_EQ(signet_seal_verify(options_, seal, document, nullptr, &found, error_), 0) << sentence();
  EXPECT_EQ(verdict_of(found), "PASSED");
  EXPECT_STREQ(signet_seal_verification_format(found), "CAdES");
  Verification wrong;
  ASSERT_EQ(signet_seal_verify(options_, seal, other, nullptr, &wrong, error_), 0);
  EXPECT_EQ(verdict_of(wrong), "FAILED/HASH_FAILURE");
  EXPECT_EQ(verdict(message), "INDETERMINATE/SIGNED_DATA_NOT_FOUND");
}

TEST_F(AbiVerify, WritesEachReportInBothLanguages) {
  Verification found;
  ASSERT_EQ(verify(view_of(sealed()), found), 0);
  ReportChoice choice;
  ASSERT_EQ(signet_seal_report_options_new(context_, &choice, error_), 0);
  ASSERT_EQ(signet_seal_report_options_set_file_name(choice, "letter.pdf", error_), 0);
  ASSERT_EQ(signet_seal_report_options_set_other_readers(choice, 1, error_), 0);
  ASSERT_EQ(signet_seal_report_options_set_picture(choice, "\x89PNG\r\n", 6, error_), 0);
  EXPECT_THAT(report(found, SIGNET_SEAL_REPORT_TEXT), HasSubstr("TOTAL-PASSED (valid)"));
  EXPECT_THAT(report(found, SIGNET_SEAL_REPORT_TEXT, choice), HasSubstr("Acrobat Reader"));
  EXPECT_THAT(report(found, SIGNET_SEAL_REPORT_JSON, choice), HasSubstr("\"letter.pdf\""));
  EXPECT_THAT(report(found, SIGNET_SEAL_REPORT_HTML, choice), HasSubstr("data:image/png"));
  EXPECT_THAT(report(found, SIGNET_SEAL_REPORT_XML), HasSubstr("mainindication:total-passed"));
  ASSERT_EQ(signet_seal_report_options_set_language(choice, SIGNET_SEAL_CZECH, error_), 0);
  EXPECT_THAT(report(found, SIGNET_SEAL_REPORT_TEXT, choice), HasSubstr("TOTAL-PASSED (platné)"));
  EXPECT_THAT(report(found, SIGNET_SEAL_REPORT_HTML, choice), HasSubstr("<html lang=\"cs\">"));
}

TEST_F(AbiVerify, TakesOutRevisionsAndContents) {
  AbiInput document;
  in_memory(document, view_of(sealed()));
  AbiOutput first;
  ASSERT_EQ(signet_seal_output_memory(context_, &first, error_), 0);
  ASSERT_EQ(signet_seal_extract_revision(nullptr, document, 1, first, error_), 0) << sentence();
  EXPECT_EQ(text_in(first), plain());
  AbiOutput ninth;
  ASSERT_EQ(signet_seal_output_memory(context_, &ninth, error_), 0);
  EXPECT_EQ(signet_seal_extract_revision(options_, document, 9, ninth, error_),
            SIGNET_SEAL_SETTINGS);
  EXPECT_THAT(sentence(), HasSubstr("there are 4"));

  AbiInput message;
  const Bytes bytes = internal();
  in_memory(message, bytes);
  Verification valid;
  ASSERT_EQ(verify(bytes, valid), 0);
  AbiOutput content;
  ASSERT_EQ(signet_seal_output_memory(context_, &content, error_), 0);
  ASSERT_EQ(signet_seal_extract_content(valid, message, content, error_), 0) << sentence();
  EXPECT_EQ(text_in(content), "content");
}

TEST_F(AbiVerify, TakesOutNothingThatWasNotVerified) {
  AbiInput message;
  const Bytes bytes = internal();
  in_memory(message, bytes);
  VerifyOptions nobody;
  fresh(nobody);
  Verification unknown;
  ASSERT_EQ(verify(bytes, unknown, nobody), 0);
  AbiOutput output;
  ASSERT_EQ(signet_seal_output_memory(context_, &output, error_), 0);
  EXPECT_EQ(signet_seal_extract_content(unknown, message, output, error_), SIGNET_SEAL_SIGNATURE);
  pki::MessageWish wish;
  wish.detached = false;
  wish.content = copy_of(view_of("another"));
  const Bytes other = pki::message(signer(), wish);
  AbiInput another;
  in_memory(another, other);
  Verification valid;
  ASSERT_EQ(verify(bytes, valid), 0);
  EXPECT_EQ(signet_seal_extract_content(valid, another, output, error_), SIGNET_SEAL_CHANGED);
  EXPECT_EQ(text_in(output), "");
  Verification pdf;
  ASSERT_EQ(verify(view_of(sealed()), pdf), 0);
  AbiInput document;
  in_memory(document, view_of(sealed()));
  AbiOutput none;
  ASSERT_EQ(signet_seal_output_memory(context_, &none, error_), 0);
  EXPECT_EQ(signet_seal_extract_content(pdf, document, none, error_), SIGNET_SEAL_SETTINGS);
}

}  // namespace
}  // namespace signet::c
