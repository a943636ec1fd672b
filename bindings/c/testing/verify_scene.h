// For tests of verifying through the C ABI: documents of parties whose certificates are trusted, and handles for them.
#ifndef SIGNET_BINDINGS_C_TESTING_VERIFY_SCENE_H_
#define SIGNET_BINDINGS_C_TESTING_VERIFY_SCENE_H_

#include <gtest/gtest.h>

#include <string>

#include "bindings/c/signet-seal-verify.h"
#include "bindings/c/testing/abi_handles.h"
#include "common/testing/scratch_folder.h"
#include "crypto/openssl.h"
#include "pdf/testing/pdf_maker.h"
#include "validation/testing/sealed_pdf.h"
#include "validation/testing/test_messages.h"
#include "validation/testing/test_pki.h"
#include "validation/testing/test_revocation.h"

namespace signet::c {

using VerifyOptions = Owned<signet_seal_verify_options, signet_seal_verify_options_free>;
using Verification = Owned<signet_seal_verification, signet_seal_verification_free>;
using ReportChoice = Owned<signet_seal_report_options, signet_seal_report_options_free>;

namespace pki = validation::pki;

inline std::int64_t second(std::string_view text) {
  return std::chrono::floor<std::chrono::seconds>(pki::at(text)).time_since_epoch().count();
}

// Everything is judged at 2015-02-01, a month after the signatures, with a CRL of that day.
class AbiVerify : public testing::Test {
 protected:
  AbiVerify() {
    EXPECT_EQ(signet_seal_context_new(&context_, error_), SIGNET_SEAL_OK);
    fresh(options_);
    EXPECT_EQ(add_trusted(options_), SIGNET_SEAL_OK);
  }
  ~AbiVerify() override { signet_seal_error_free(error_); }

  static const pki::Party& root() {
    static const pki::Party one = pki::root(pki::authority("Root"));
    return one;
  }
  static const pki::Party& signer() {
    static const pki::Party one = pki::issue(root(), pki::signer("Seal"));
    return one;
  }
  static const pki::Party& stamper() {
    static const pki::Party one = pki::issue(root(), pki::time_stamper("TSU"));
    return one;
  }
  static Bytes crl(std::vector<pki::CrlEntry> entries = {}) {
    pki::CrlWish wish;
    wish.this_update = pki::at("2015-02-01");
    wish.next_update = pki::at("2015-02-08");
    wish.entries = std::move(entries);
    return pki::crl(root(), wish);
  }
  // With a document time-stamp and a DSS.
  static const std::string& sealed() {
    static const std::string one = pki::stamped_pdf(
        pki::with_dss(pki::sealed_pdf(plain(), signer()), {{}, {crl()}, {}, {}, {}}, 100),
        stamper(), [] {
          pki::TokenWish wish;
          wish.time = pki::at("2015-02-01");
          return wish;
        }());
    return one;
  }
  static const std::string& plain() {
    static const std::string one = pdf::MadeDocument().make();
    return one;
  }
  static Bytes internal() {
    pki::MessageWish wish;
    wish.detached = false;
    return pki::message(signer(), wish);
  }

  std::string sentence() const { return signet_seal_error_sentence(error_); }

  // Nobody is trusted by them.
  void fresh(VerifyOptions& options) {
    ASSERT_EQ(signet_seal_verify_options_new(context_, &options, error_), 0) << sentence();
    ASSERT_EQ(signet_seal_verify_options_set_time(options, second("2015-02-01T12:00:00Z"), error_),
              0);
    const Bytes list = crl();
    ASSERT_EQ(signet_seal_verify_options_add_crl(options, list.data(), list.size(), error_), 0)
        << sentence();
  }
  int add_trusted(signet_seal_verify_options* options, std::int64_t until = SIGNET_SEAL_NO_TIME) {
    const Bytes& der = root().der();
    return signet_seal_verify_options_add_trusted(options, der.data(), der.size(), until, error_);
  }

  void in_memory(AbiInput& input, ByteView bytes) {
    ASSERT_EQ(signet_seal_input_memory(context_, bytes.data(), bytes.size(), &input, error_), 0);
  }
  int verify(ByteView document, Verification& verification,
             const signet_seal_verify_options* options = nullptr,
             signet_seal_control* control = nullptr) {
    AbiInput input;
    in_memory(input, document);
    return signet_seal_verify(options != nullptr ? options : options_, input, nullptr, control,
                              &verification, error_);
  }
  // "INDETERMINATE/NO_POE", or the status where there is no verdict.
  std::string verdict(ByteView document, const signet_seal_verify_options* options = nullptr) {
    Verification verification;
    if (const int status = verify(document, verification, options); status != 0)
      return "status " + std::to_string(status);
    return verdict_of(verification);
  }
  static std::string verdict_of(const signet_seal_verification* verification) {
    static const char* const kNames[] = {"none", "PASSED", "INDETERMINATE", "FAILED"};
    const std::string sub = signet_seal_verification_sub_indication(verification);
    return kNames[signet_seal_verification_indication(verification)] +
           (sub.empty() ? sub : "/" + sub);
  }
  std::string report(const signet_seal_verification* verification, int form,
                     const signet_seal_report_options* options = nullptr) {
    AbiOutput output;
    EXPECT_EQ(signet_seal_output_memory(context_, &output, error_), 0);
    EXPECT_EQ(signet_seal_verification_report(verification, form, options, output, error_), 0)
        << sentence();
    return text_in(output);
  }
  static std::string text_in(signet_seal_output* output) {
    std::size_t size = 0;
    const void* const data = signet_seal_output_bytes(output, &size);
    return {static_cast<const char*>(data), size};
  }

  ScratchFolder dir_;
  signet_seal_error* error_ = signet_seal_error_new();
  Context context_;
  VerifyOptions options_;
};

}  // namespace signet::c

#endif  // SIGNET_BINDINGS_C_TESTING_VERIFY_SCENE_H_
