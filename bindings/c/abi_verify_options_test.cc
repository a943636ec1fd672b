// Verifying through the C ABI: each option, and threads, progress and cancelling.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "bindings/c/testing/verify_scene.h"
#include "validation/testing/list_folder.h"

namespace signet::c {
namespace {

using testing::HasSubstr;

TEST_F(AbiVerify, NobodyIsTrustedByDefault) {
  VerifyOptions nobody;
  fresh(nobody);
  EXPECT_EQ(verdict(view_of(sealed()), nobody), "INDETERMINATE/NO_CERTIFICATE_CHAIN_FOUND");
  ASSERT_EQ(signet_seal_verify_options_note_count(nobody), 1U);
  EXPECT_THAT(signet_seal_verify_options_note(nobody, 0), HasSubstr("no certificate is trusted"));
  EXPECT_EQ(signet_seal_verify_options_note(nobody, 1), nullptr);
  EXPECT_EQ(signet_seal_verify_options_note_count(options_), 0U);
}

TEST_F(AbiVerify, TrustMayEnd) {
  VerifyOptions until;
  fresh(until);
  ASSERT_EQ(add_trusted(until, second("2015-03-01")), 0);
  EXPECT_EQ(verdict(internal(), until), "PASSED");
  VerifyOptions ended;
  fresh(ended);
  ASSERT_EQ(add_trusted(ended, second("2014-01-01")), 0);
  EXPECT_THAT(verdict(internal(), ended), HasSubstr("INDETERMINATE"));
}

TEST_F(AbiVerify, TakesCertificatesFromFilesAndFolders) {
  const std::string pem = crypto::to_pem("CERTIFICATE", root().der());
  const std::string file = dir_.write("root.pem", pem).string();
  for (const std::string& path : {file, dir_.path().string()}) {
    VerifyOptions options;
    fresh(options);
    ASSERT_EQ(signet_seal_verify_options_add_trusted_file(options, path.c_str(),
                                                          SIGNET_SEAL_NO_TIME, error_),
              0)
        << sentence();
    EXPECT_EQ(verdict(internal(), options), "PASSED") << path;
  }
}

TEST_F(AbiVerify, ChainsMayGoOverGivenCertificates) {
  const pki::Party middle = pki::issue(root(), pki::authority("CA"));
  const pki::Party deep = pki::issue(middle, pki::signer("Deep"));
  pki::MessageWish wish;
  wish.detached = false;
  const Bytes message = pki::message(deep, wish);
  ASSERT_EQ(signet_seal_verify_options_set_without_revocation(options_, 1, error_), 0);
  EXPECT_EQ(verdict(message), "INDETERMINATE/NO_CERTIFICATE_CHAIN_FOUND");
  ASSERT_EQ(signet_seal_verify_options_add_certificates(options_, middle.der().data(),
                                                        middle.der().size(), error_),
            0);
  Verification found;
  ASSERT_EQ(verify(message, found), 0);
  EXPECT_EQ(verdict_of(found), "PASSED");
  // That nobody knows whether it was revoked.
  const auto* const signature = signet_seal_verification_signature(found, 0);
  ASSERT_GT(signet_seal_verified_text_count(signature, SIGNET_SEAL_WARNINGS), 0U);
  EXPECT_STRNE(signet_seal_verified_text(signature, SIGNET_SEAL_WARNINGS, 0, SIGNET_SEAL_ENGLISH),
               signet_seal_verified_text(signature, SIGNET_SEAL_WARNINGS, 0, SIGNET_SEAL_CZECH));
}

TEST_F(AbiVerify, RevocationDataDecides) {
  const Bytes revoking = crl({pki::entry_of(*signer().certificate, pki::at("2014-01-01"))});
  const std::string file = dir_.write("new.crl", std::string(text_of(ByteView(revoking)))).string();
  VerifyOptions options;
  ASSERT_EQ(signet_seal_verify_options_new(context_, &options, error_), 0);
  ASSERT_EQ(add_trusted(options), 0);
  ASSERT_EQ(signet_seal_verify_options_set_time(options, second("2015-02-01T12:00:00Z"), error_),
            0);
  EXPECT_EQ(verdict(internal(), options), "INDETERMINATE/CERTIFICATE_CHAIN_GENERAL_FAILURE");
  ASSERT_EQ(signet_seal_verify_options_add_crl_file(options, file.c_str(), error_), 0);
  EXPECT_EQ(verdict(internal(), options), "INDETERMINATE/REVOKED_NO_POE");
  VerifyOptions answered;
  ASSERT_EQ(signet_seal_verify_options_new(context_, &answered, error_), 0);
  ASSERT_EQ(add_trusted(answered), 0);
  ASSERT_EQ(signet_seal_verify_options_set_time(answered, second("2015-02-01T12:00:00Z"), error_),
            0);
  pki::OcspWish wish;
  wish.answers = {pki::good(signer(), root(), pki::at("2015-02-01"), pki::at("2015-02-08"))};
  const Bytes answer = pki::ocsp(root(), wish);
  ASSERT_EQ(signet_seal_verify_options_add_ocsp(answered, answer.data(), answer.size(), error_), 0)
      << sentence();
  EXPECT_EQ(verdict(internal(), answered), "PASSED");
}

TEST_F(AbiVerify, TheMomentAndTheRulesAreTheCallers) {
  // Twelve hours old.
  ASSERT_EQ(signet_seal_verify_options_set_freshness(options_, 86'400, error_), 0);
  EXPECT_EQ(verdict(internal()), "PASSED");
  ASSERT_EQ(signet_seal_verify_options_set_freshness(options_, 3'600, error_), 0);
  EXPECT_EQ(verdict(internal()), "INDETERMINATE/TRY_LATER");
  VerifyOptions later;
  fresh(later);
  ASSERT_EQ(add_trusted(later), 0);
  ASSERT_EQ(signet_seal_verify_options_set_time(later, second("2009-01-01"), error_), 0);
  EXPECT_NE(verdict(internal(), later), "PASSED");
  Verification found;
  ASSERT_EQ(signet_seal_verify_options_set_suite(later, "119312-2.1.1", error_), 0);
  ASSERT_EQ(signet_seal_verify_options_set_sliding(later, SIGNET_SEAL_SLIDE_LETTER, error_), 0);
  ASSERT_EQ(verify(internal(), found, later), 0);
  EXPECT_STREQ(signet_seal_verification_suite(found), "119312-2.1.1");
  EXPECT_THAT(report(found, SIGNET_SEAL_REPORT_JSON), HasSubstr("\"letter\""));
}

TEST_F(AbiVerify, RevisionsAreJudgedByThemselves) {
  ASSERT_EQ(signet_seal_verify_options_set_revision(options_, 1, error_), 0);
  EXPECT_EQ(verdict(view_of(sealed())), "none");
  ASSERT_EQ(signet_seal_verify_options_set_revision(options_, 2, error_), 0);
  Verification found;
  ASSERT_EQ(verify(view_of(sealed()), found), 0);
  EXPECT_EQ(signet_seal_verified_covers_all(signet_seal_verification_signature(found, 0)), 1);
  EXPECT_EQ(signet_seal_verification_time_stamp_count(found), 0U);
  ASSERT_EQ(signet_seal_verify_options_set_revision(options_, 5, error_), 0);
  EXPECT_EQ(verdict(view_of(sealed())), "status 13");
}

TEST_F(AbiVerify, AnEncryptedDocumentWantsItsPassword) {
  const std::string file = dir_.write("plain.pdf", plain()).string();
  const std::string locked = dir_.path("locked.pdf").string();
  ASSERT_TRUE(pdf::run("qpdf --encrypt user owner 256 -- " + file + " " + locked).good);
  const std::string document =
      pki::sealed_pdf(dir_.read("locked.pdf"), signer(), {}, pki::plain_pdf_wish(), "user");
  EXPECT_EQ(verdict(view_of(document)), "status 11");
  ASSERT_EQ(signet_seal_verify_options_set_password(options_, "wrong", 5, error_), 0);
  EXPECT_EQ(verdict(view_of(document)), "status 11");
  ASSERT_EQ(signet_seal_verify_options_set_password(options_, "user", 4, error_), 0);
  EXPECT_EQ(verdict(view_of(document)), "PASSED");
  AbiInput input;
  in_memory(input, view_of(document));
  AbiOutput first;
  ASSERT_EQ(signet_seal_output_memory(context_, &first, error_), 0);
  EXPECT_EQ(signet_seal_extract_revision(nullptr, input, 1, first, error_), SIGNET_SEAL_FORBIDDEN);
  ASSERT_EQ(signet_seal_extract_revision(options_, input, 1, first, error_), 0) << sentence();
  EXPECT_EQ(text_in(first), dir_.read("locked.pdf"));
}

TEST_F(AbiVerify, TrustedListsSayWhatIsQualified) {
  using validation::lists::signed_by;
  using validation::lists::world;
  validation::lists::Folder folder;
  const std::string journal =
      dir_.write("journal.pem", crypto::to_pem("CERTIFICATE", world().journal.der())).string();
  // By another operator than the one that the list of lists names.
  folder.write("sk.xml", signed_by(world().slovak_list(), world().czech));
  ASSERT_EQ(signet_seal_verify_options_set_trusted_lists(options_, folder.scratch().path().c_str(),
                                                         journal.c_str(), error_),
            0)
      << sentence();
  ASSERT_GT(signet_seal_verify_options_note_count(options_), 0U);
  EXPECT_THAT(signet_seal_verify_options_note(options_, 0), HasSubstr("is not used"));
  Verification found;
  ASSERT_EQ(verify(internal(), found), 0);
  const auto* const signature = signet_seal_verification_signature(found, 0);
  EXPECT_STRNE(signet_seal_verified_qualification(signature), "");
  EXPECT_GT(signet_seal_verified_text_count(signature, SIGNET_SEAL_QUALIFICATION_REASONS), 0U);
}

TEST_F(AbiVerify, NothingIsFetchedUnlessItIsAskedFor) {
  pki::CertificateWish wish = pki::signer("Online");
  wish.extensions.push_back(pki::crl_distribution_points({"http://127.0.0.1:1/root.crl"}));
  pki::MessageWish message;
  message.detached = false;
  const Bytes bytes = pki::message(pki::issue(root(), wish), message);
  VerifyOptions options;
  ASSERT_EQ(signet_seal_verify_options_new(context_, &options, error_), 0);
  ASSERT_EQ(add_trusted(options), 0);
  Verification offline;
  ASSERT_EQ(verify(bytes, offline, options), 0);
  EXPECT_EQ(signet_seal_verification_fetch_count(offline), 0U);
  ASSERT_EQ(signet_seal_verify_options_set_online(options, 1, error_), 0);
  ASSERT_EQ(signet_seal_verify_options_set_online_limits(options, 1, 2, 1024, error_), 0);
  ASSERT_EQ(signet_seal_verify_options_set_online_cache(options, dir_.path().c_str(), error_), 0);
  Verification local;
  ASSERT_EQ(verify(bytes, local, options), 0);
  ASSERT_EQ(signet_seal_verification_fetch_count(local), 1U);
  EXPECT_STREQ(signet_seal_verification_fetch_url(local, 0), "http://127.0.0.1:1/root.crl");
  const std::string refused = signet_seal_verification_fetch_problem(local, 0);
  EXPECT_NE(refused, "");
  ASSERT_EQ(signet_seal_verify_options_add_online_host(options, "127.0.0.1", error_), 0);
  Verification named;
  ASSERT_EQ(verify(bytes, named, options), 0);
  ASSERT_GE(signet_seal_verification_fetch_count(named), 1U);
  EXPECT_STRNE(signet_seal_verification_fetch_problem(named, 0), "");
  EXPECT_STRNE(signet_seal_verification_fetch_problem(named, 0), refused.c_str());
}

TEST_F(AbiVerify, ManyThreadsVerifyByTheSameOptions) {
  std::atomic<int> good{0};
  std::vector<std::thread> threads;
  const Bytes message = internal();
  for (int i = 0; i < 16; ++i)
    threads.emplace_back([&, i] {
      for (int n = 0; n < 2; ++n) {
        AbiInput input;
        Verification found;
        const ByteView bytes = i % 2 == 0 ? ByteView(message) : view_of(sealed());
        if (signet_seal_input_memory(context_, bytes.data(), bytes.size(), &input, nullptr) == 0 &&
            signet_seal_verify(options_, input, nullptr, nullptr, &found, nullptr) == 0 &&
            signet_seal_verification_indication(found) == SIGNET_SEAL_TOTAL_PASSED)
          ++good;
      }
    });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(good, 32);
}

TEST_F(AbiVerify, ManyThreadsReadOneVerification) {
  Verification found;
  ASSERT_EQ(verify(view_of(sealed()), found), 0);
  const std::string wanted = report(found, SIGNET_SEAL_REPORT_JSON);
  std::atomic<int> same{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&] {
      AbiOutput output;
      if (signet_seal_output_memory(context_, &output, nullptr) == 0 &&
          signet_seal_verification_report(found, SIGNET_SEAL_REPORT_JSON, nullptr, output,
                                          nullptr) == 0 &&
          text_in(output) == wanted && verdict_of(found) == "PASSED")
        ++same;
    });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(same, 4);
}

TEST_F(AbiVerify, ProgressIsToldAndACallCanBeCancelled) {
  AbiControl control;
  ASSERT_EQ(signet_seal_control_new(context_, &control, error_), 0);
  std::uint64_t most = 0;
  const auto progress = [](void* user, std::uint64_t done, std::uint64_t all) {
    EXPECT_LE(done, all);
    *static_cast<std::uint64_t*>(user) = done;
  };
  ASSERT_EQ(signet_seal_control_set_progress(control, progress, &most, error_), 0);
  Verification found;
  ASSERT_EQ(verify(view_of(sealed()), found, nullptr, control), 0);
  EXPECT_GT(most, 0U);
  // From within the call, and for each later one.
  const auto cancel = [](void* user, std::uint64_t, std::uint64_t) {
    signet_seal_control_cancel(static_cast<signet_seal_control*>(user));
  };
  signet_seal_control* const itself = control;
  ASSERT_EQ(signet_seal_control_set_progress(control, cancel, itself, error_), 0);
  Verification none;
  EXPECT_EQ(verify(view_of(sealed()), none, nullptr, control), SIGNET_SEAL_CANCELLED);
  EXPECT_EQ(verify(view_of(sealed()), none, nullptr, control), SIGNET_SEAL_CANCELLED);
  EXPECT_EQ(none, nullptr);
}

}  // namespace
}  // namespace signet::c
