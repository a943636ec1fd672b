// Extending through the C ABI, with time-stamps and revocation data of the trial authority; judged by signet_seal_verify().
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/err.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstring>
#include <ctime>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "bindings/c/signet-seal-extend.h"
#include "bindings/c/testing/abi_handles.h"
#include "common/testing/scratch_folder.h"
#include "crypto/openssl.h"
#include "pdf/testing/pdf_maker.h"
#include "tests/support/test_authority.h"
#include "validation/testing/sealed_pdf.h"
#include "validation/testing/test_revocation.h"

namespace signet::c {
namespace {

namespace pki = validation::pki;
using testing::HasSubstr;
using testing::StartsWith;

using VerifyOptions = Owned<signet_seal_verify_options, signet_seal_verify_options_free>;
using Verification = Owned<signet_seal_verification, signet_seal_verification_free>;
using ExtendOptions = Owned<signet_seal_extend_options, signet_seal_extend_options_free>;
using AbiExtender = Owned<signet_seal_extender, signet_seal_extender_free>;
using Extension = Owned<signet_seal_extension, signet_seal_extension_free>;

// The documents are sealed by a party whose root has a CRL of an hour ago; the time-stamps are the trial authority's.
class AbiExtend : public testing::Test {
 protected:
  AbiExtend() {
    EXPECT_EQ(signet_seal_context_new(&context_, error_), 0);
    trust(trust_);
    EXPECT_EQ(signet_seal_extend_options_new(context_, &options_, error_), 0);
    stamper(stamper_, authority().url() + "/tsa");
  }
  ~AbiExtend() override { signet_seal_error_free(error_); }

  static const tests::TestAuthority& authority() {
    static const tests::TestAuthority one;
    return one;
  }
  static const pki::Party& root() {
    static const pki::Party one = pki::root(pki::authority("Root"));
    return one;
  }
  static const pki::Party& signer() {
    static const pki::Party one = pki::issue(root(), pki::signer("Seal"));
    return one;
  }
  static pki::MessageWish just_now() {
    pki::MessageWish wish;
    wish.signing_time = std::chrono::system_clock::now();
    return wish;
  }

  std::string sentence() const { return signet_seal_error_sentence(error_); }

  void trust(VerifyOptions& options) {
    ASSERT_EQ(signet_seal_verify_options_new(context_, &options, error_), 0);
    const Bytes& der = root().der();
    ASSERT_EQ(signet_seal_verify_options_add_trusted(options, der.data(), der.size(),
                                                     SIGNET_SEAL_NO_TIME, error_),
              0);
    ASSERT_EQ(signet_seal_verify_options_add_trusted_file(
                  options, authority().file("root.pem").c_str(), SIGNET_SEAL_NO_TIME, error_),
              0)
        << sentence();
    pki::CrlWish wish;
    wish.this_update = std::chrono::system_clock::now() - std::chrono::hours(1);
    wish.next_update = wish.this_update + std::chrono::hours(7 * 24);
    const Bytes crl = pki::crl(root(), wish);
    ASSERT_EQ(signet_seal_verify_options_add_crl(options, crl.data(), crl.size(), error_), 0);
    ASSERT_EQ(signet_seal_verify_options_set_online(options, 1, error_), 0);
    std::string host = authority().url().substr(std::strlen("http://"));
    host.resize(host.find(':'));
    ASSERT_EQ(signet_seal_verify_options_add_online_host(options, host.c_str(), error_), 0);
  }
  void stamper(Stamper& made, const std::string& url) {
    AbiAuthority one;
    ASSERT_EQ(signet_seal_authority_new(context_, url.c_str(), &one, error_), 0);
    ASSERT_EQ(signet_seal_authority_set_name(one, "trial", error_), 0);
    const signet_seal_authority* const all[] = {one};
    ASSERT_EQ(signet_seal_time_stamper_new(context_, all, 1, &made, error_), 0);
  }

  std::string pdf(const std::string& name = "letter.pdf") const {
    return folder_.write(name, pki::sealed_pdf(pdf::MadeDocument().make(), signer())).string();
  }
  std::string content(const std::string& file) const {
    return folder_.read(std::filesystem::path(file).filename().string());
  }

  void make(AbiExtender& extender, const signet_seal_time_stamper* by) {
    ASSERT_EQ(signet_seal_extender_new(context_, trust_, by, options_, &extender, error_), 0)
        << sentence();
  }
  // In place, to that level.
  int extend(const std::string& file, int level, Extension& extension,
             const signet_seal_time_stamper* by) {
    EXPECT_EQ(signet_seal_extend_options_set_level(options_, level, error_), 0);
    AbiExtender extender;
    make(extender, by);
    return signet_seal_extend_file(extender, file.c_str(), nullptr, nullptr, 0, nullptr, &extension,
                                   error_);
  }
  int extend(const std::string& file, int level, Extension& extension) {
    return extend(file, level, extension, stamper_);
  }
  // "B-LTA" of a document that is valid, else the verdict.
  std::string verified_level(const std::string& file, const std::string& data = {}) {
    AbiInput input;
    AbiInput beside;
    Verification found;
    EXPECT_EQ(signet_seal_input_file(context_, file.c_str(), &input, error_), 0);
    if (!data.empty()) {
      EXPECT_EQ(signet_seal_input_file(context_, data.c_str(), &beside, error_), 0);
    }
    EXPECT_EQ(signet_seal_verify(trust_, input, beside, nullptr, &found, error_), 0) << sentence();
    if (signet_seal_verification_indication(found) != SIGNET_SEAL_TOTAL_PASSED)
      return signet_seal_verification_sub_indication(found);
    return signet_seal_verified_level(signet_seal_verification_signature(found, 0));
  }

  const ScratchFolder folder_;
  signet_seal_error* error_ = signet_seal_error_new();
  Context context_;
  VerifyOptions trust_;
  ExtendOptions options_;
  Stamper stamper_;
};

TEST_F(AbiExtend, RaisesADocumentFromLevelToLevel) {
  const std::string file = pdf();
  struct Step {
    int level;
    const char* before;
    const char* after;
    std::size_t stamps;
  };
  for (const Step& step : {Step{SIGNET_SEAL_LEVEL_B_T, "B-B", "B-T", 1},
                           Step{SIGNET_SEAL_LEVEL_B_LT, "B-T", "B-LT", 0},
                           Step{SIGNET_SEAL_LEVEL_B_LTA, "B-LT", "B-LTA", 1},
                           Step{SIGNET_SEAL_LEVEL_B_LTA, "B-LTA", "B-LTA", 1}}) {
    const std::string before = content(file);
    Extension extension;
    ASSERT_EQ(extend(file, step.level, extension), 0) << step.after << ": " << sentence();
    EXPECT_EQ(signet_seal_extension_is_changed(extension), 1);
    EXPECT_STREQ(signet_seal_extension_level_before(extension), step.before);
    EXPECT_STREQ(signet_seal_extension_level(extension), step.after);
    EXPECT_EQ(verified_level(file), step.after);
    EXPECT_THAT(content(file), StartsWith(before));
    EXPECT_EQ(signet_seal_extension_size_before(extension), before.size());
    EXPECT_EQ(signet_seal_extension_size(extension), content(file).size());
    EXPECT_EQ(signet_seal_extension_added(extension, SIGNET_SEAL_ADDED_TIME_STAMPS), step.stamps);
    EXPECT_EQ(signet_seal_extension_authority_count(extension), step.stamps);
    if (step.stamps > 0) {
      EXPECT_STREQ(signet_seal_extension_authority(extension, 0), "trial");
    }
    EXPECT_GT(signet_seal_extension_verifiable_until(extension), std::time(nullptr));
    EXPECT_STRNE(signet_seal_extension_verifiable_because(extension, SIGNET_SEAL_ENGLISH),
                 signet_seal_extension_verifiable_because(extension, SIGNET_SEAL_CZECH));
    if (step.level == SIGNET_SEAL_LEVEL_B_LT) {
      EXPECT_GT(signet_seal_extension_added(extension, SIGNET_SEAL_ADDED_CERTIFICATES), 0U);
      EXPECT_GT(signet_seal_extension_added(extension, SIGNET_SEAL_ADDED_CRLS), 0U);
      EXPECT_GT(signet_seal_extension_fetch_count(extension), 0U);
      EXPECT_THAT(signet_seal_extension_fetch_url(extension, 0), StartsWith(authority().url()));
      EXPECT_STREQ(signet_seal_extension_fetch_problem(extension, 0), "");
      // The signer's CRL is of an hour before its time-stamp.
      ASSERT_GT(signet_seal_extension_remark_count(extension), 0U);
      EXPECT_STRNE(signet_seal_extension_remark(extension, 0, SIGNET_SEAL_ENGLISH),
                   signet_seal_extension_remark(extension, 0, SIGNET_SEAL_CZECH));
    }
  }
  Extension extension;
  const std::string before = content(file);
  ASSERT_EQ(extend(file, SIGNET_SEAL_LEVEL_B_T, extension, nullptr), 0) << sentence();
  EXPECT_EQ(signet_seal_extension_is_changed(extension), 0);
  EXPECT_EQ(content(file), before);
}

TEST_F(AbiExtend, ExtendsAMessageWithItsDocumentIntoAnotherFile) {
  pki::MessageWish wish = just_now();
  const std::string message =
      folder_.write("other.p7s", text_of(ByteView(pki::message(signer(), wish)))).string();
  const std::string data = folder_.write("content", "content").string();
  const std::string out = folder_.path("out.p7s").string();
  ASSERT_EQ(signet_seal_extend_options_set_hash(options_, SIGNET_SEAL_SHA512, error_), 0);
  ASSERT_EQ(signet_seal_extend_options_set_time_stamp_limit(options_, 10'000, error_), 0);
  AbiExtender extender;
  make(extender, stamper_);
  ASSERT_EQ(signet_seal_extend_file(extender, message.c_str(), data.c_str(), out.c_str(), 0,
                                    nullptr, nullptr, error_),
            0)
      << sentence();
  EXPECT_EQ(verified_level(out, data), "B-LTA");
  EXPECT_EQ(verified_level(message, data), "B-B");
  const std::string before = content(out);
  EXPECT_EQ(signet_seal_extend_file(extender, message.c_str(), data.c_str(), out.c_str(), 0,
                                    nullptr, nullptr, error_),
            SIGNET_SEAL_EXISTS);
  EXPECT_EQ(content(out), before);
  EXPECT_EQ(signet_seal_extend_file(extender, message.c_str(), data.c_str(), out.c_str(), 1,
                                    nullptr, nullptr, error_),
            0)
      << sentence();
  EXPECT_NE(content(out), before);
}

TEST_F(AbiExtend, RefusesWhatCannotBeExtendedAndLeavesItAsItWas) {
  std::string changed = content(pdf());
  changed[12] ^= 1;
  const auto refused = [&](const std::string& file, int level, const signet_seal_time_stamper* by) {
    const std::string before = content(file);
    Extension extension;
    const int status = extend(file, level, extension, by);
    EXPECT_EQ(signet_seal_error_status(error_), status);
    EXPECT_EQ(static_cast<signet_seal_extension*>(extension), nullptr);
    EXPECT_EQ(content(file), before);
    return status;
  };
  const int lta = SIGNET_SEAL_LEVEL_B_LTA;
  EXPECT_EQ(refused(folder_.write("changed.pdf", changed).string(), lta, stamper_),
            SIGNET_SEAL_NOT_VALID);
  EXPECT_THAT(sentence(), HasSubstr("HASH_FAILURE"));
  EXPECT_EQ(refused(folder_.write("plain.pdf", pdf::MadeDocument().make()).string(), lta, stamper_),
            SIGNET_SEAL_BROKEN);
  EXPECT_EQ(refused(folder_.write("text", "a text").string(), lta, stamper_), SIGNET_SEAL_BROKEN);
  EXPECT_EQ(refused(folder_.path("none.pdf").string(), lta, stamper_), SIGNET_SEAL_INPUT);
  EXPECT_THAT(sentence(), HasSubstr("none.pdf"));
  EXPECT_EQ(refused(pdf(), lta, nullptr), SIGNET_SEAL_SETTINGS);
  Stamper absent;
  stamper(absent, "http://127.0.0.1:1/tsa");
  EXPECT_EQ(refused(pdf(), lta, absent), SIGNET_SEAL_NO_TIME_STAMP);
  // The signer's CRL never gets newer.
  ASSERT_EQ(signet_seal_extend_options_set_wait_fresh(options_, 1, error_), 0);
  EXPECT_EQ(refused(pdf(), lta, stamper_), SIGNET_SEAL_NO_DATA);
  ASSERT_EQ(signet_seal_extend_options_set_wait_fresh(options_, 0, error_), 0);

  ASSERT_EQ(signet_seal_extend_options_set_force_invalid(options_, 1, error_), 0);
  Extension extension;
  EXPECT_EQ(extend(folder_.path("changed.pdf").string(), SIGNET_SEAL_LEVEL_B_T, extension), 0)
      << sentence();
  EXPECT_EQ(signet_seal_extension_is_changed(extension), 1);
  EXPECT_EQ(signet_seal_extension_verifiable_until(extension), SIGNET_SEAL_NO_TIME);
}

TEST_F(AbiExtend, RefusesWhatIsNoArgument) {
  const auto is_argument = [&](int status) { return status == SIGNET_SEAL_ARGUMENT; };
  signet_seal_extend_options* const options = options_;
  for (const int bad : {-1, 0, int{SIGNET_SEAL_LEVEL_B_B}, 5})
    EXPECT_TRUE(is_argument(signet_seal_extend_options_set_level(options, bad, error_))) << bad;
  EXPECT_TRUE(is_argument(signet_seal_extend_options_set_hash(options, 9, error_)));
  EXPECT_TRUE(is_argument(signet_seal_extend_options_set_time_stamp_limit(options, 0, error_)));
  EXPECT_TRUE(is_argument(signet_seal_extend_options_set_wait_fresh(options, 604'801, error_)));
  EXPECT_TRUE(is_argument(signet_seal_extend_options_set_force_invalid(options, 2, error_)));
  EXPECT_TRUE(is_argument(signet_seal_extend_options_set_level(nullptr, 2, error_)));
  EXPECT_TRUE(is_argument(signet_seal_extend_options_new(nullptr, nullptr, error_)));
  AbiExtender extender;
  EXPECT_TRUE(is_argument(
      signet_seal_extender_new(context_, nullptr, stamper_, options, &extender, error_)));
  EXPECT_TRUE(
      is_argument(signet_seal_extender_new(context_, trust_, stamper_, options, nullptr, error_)));
  ASSERT_EQ(signet_seal_extender_new(context_, trust_, nullptr, nullptr, &extender, error_), 0);
  const char* const name = "letter.pdf";
  const auto call = [&](const char* file, const char* data, const char* out, int replace) {
    return signet_seal_extend_file(extender, file, data, out, replace, nullptr, nullptr, error_);
  };
  EXPECT_TRUE(is_argument(call(nullptr, nullptr, nullptr, 0)));
  EXPECT_TRUE(is_argument(call(name, "", nullptr, 0)));
  EXPECT_TRUE(is_argument(call(name, nullptr, "\xff", 0)));
  EXPECT_TRUE(is_argument(call(name, nullptr, "out.pdf", 2)));
  EXPECT_TRUE(is_argument(
      signet_seal_extend_file(nullptr, name, nullptr, nullptr, 0, nullptr, nullptr, nullptr)));
}

TEST_F(AbiExtend, RefusesSettingsThatContradictExtending) {
  AbiExtender extender;
  const auto refused = [&](const signet_seal_verify_options* trusted) {
    return signet_seal_extender_new(context_, trusted, stamper_, options_, &extender, error_);
  };
  VerifyOptions dated;
  trust(dated);
  ASSERT_EQ(signet_seal_verify_options_set_time(dated, 1'500'000'000, error_), 0);
  EXPECT_EQ(refused(dated), SIGNET_SEAL_SETTINGS);
  VerifyOptions part;
  trust(part);
  ASSERT_EQ(signet_seal_verify_options_set_revision(part, 1, error_), 0);
  EXPECT_EQ(refused(part), SIGNET_SEAL_SETTINGS);
  VerifyOptions offline;
  trust(offline);
  ASSERT_EQ(signet_seal_verify_options_set_online(offline, 0, error_), 0);
  ASSERT_EQ(signet_seal_extend_options_set_wait_fresh(options_, 60, error_), 0);
  EXPECT_EQ(refused(offline), SIGNET_SEAL_SETTINGS);
}

TEST_F(AbiExtend, AnExtensionThatIsNotThereSaysNothing) {
  EXPECT_EQ(signet_seal_extension_is_changed(nullptr), 0);
  EXPECT_STREQ(signet_seal_extension_level_before(nullptr), "");
  EXPECT_STREQ(signet_seal_extension_level(nullptr), "");
  EXPECT_EQ(signet_seal_extension_size_before(nullptr), 0U);
  EXPECT_EQ(signet_seal_extension_size(nullptr), 0U);
  for (const int what : {-1, 0, 1, 2, 3, 4, 5})
    EXPECT_EQ(signet_seal_extension_added(nullptr, what), 0U);
  EXPECT_EQ(signet_seal_extension_authority_count(nullptr), 0U);
  EXPECT_EQ(signet_seal_extension_authority(nullptr, 0), nullptr);
  EXPECT_EQ(signet_seal_extension_verifiable_until(nullptr), SIGNET_SEAL_NO_TIME);
  EXPECT_STREQ(signet_seal_extension_verifiable_because(nullptr, SIGNET_SEAL_ENGLISH), "");
  EXPECT_EQ(signet_seal_extension_remark_count(nullptr), 0U);
  EXPECT_EQ(signet_seal_extension_remark(nullptr, 0, SIGNET_SEAL_ENGLISH), nullptr);
  EXPECT_EQ(signet_seal_extension_fetch_count(nullptr), 0U);
  EXPECT_EQ(signet_seal_extension_fetch_url(nullptr, 0), nullptr);
  EXPECT_EQ(signet_seal_extension_fetch_problem(nullptr, 0), nullptr);
  signet_seal_extension_free(nullptr);
  signet_seal_extender_free(nullptr);
  signet_seal_extend_options_free(nullptr);
}

TEST_F(AbiExtend, IsCancelledWhileItReads) {
  const std::string file = pdf();
  const std::string before = content(file);
  AbiControl control;
  ASSERT_EQ(signet_seal_control_new(context_, &control, error_), 0);
  struct Seen {
    signet_seal_control* control;
    std::uint64_t done, all;
  } seen{control, 0, 0};
  const auto cancel = [](void* user, std::uint64_t done, std::uint64_t all) {
    auto* const told = static_cast<Seen*>(user);
    told->done = done;
    told->all = all;
    signet_seal_control_cancel(told->control);
  };
  ASSERT_EQ(signet_seal_control_set_progress(control, cancel, &seen, error_), 0);
  AbiExtender extender;
  make(extender, stamper_);
  const auto before_count = authority().count("/tsa").requests;
  EXPECT_EQ(signet_seal_extend_file(extender, file.c_str(), nullptr, nullptr, 0, control, nullptr,
                                    error_),
            SIGNET_SEAL_CANCELLED);
  EXPECT_GT(seen.done, 0U);
  EXPECT_LE(seen.done, seen.all);
  EXPECT_EQ(content(file), before);
  EXPECT_EQ(authority().count("/tsa").requests, before_count);
}

TEST_F(AbiExtend, ManyThreadsUseOneExtender) {
  AbiExtender extender;
  make(extender, stamper_);
  std::vector<std::string> files;
  for (int at = 0; at < 8; ++at) files.push_back(pdf(std::to_string(at) + ".pdf"));
  std::vector<int> statuses(files.size(), -1);
  std::vector<std::thread> threads;
  for (std::size_t at = 0; at < files.size(); ++at)
    threads.emplace_back([&, at] {
      statuses[at] = signet_seal_extend_file(extender, files[at].c_str(), nullptr, nullptr, 0,
                                             nullptr, nullptr, nullptr);
    });
  for (auto& thread : threads) thread.join();
  for (std::size_t at = 0; at < files.size(); ++at) {
    EXPECT_EQ(statuses[at], 0);
    EXPECT_EQ(verified_level(files[at]), "B-LTA");
  }
}

TEST_F(AbiExtend, IsAGuestOfItsProcess) {
  const std::string file = pdf();
  auto* const extender = [&] {
    signet_seal_extender* made = nullptr;
    EXPECT_EQ(signet_seal_extender_new(context_, trust_, stamper_, nullptr, &made, error_), 0);
    return made;
  }();
  ERR_clear_error();
  ERR_raise(ERR_LIB_USER, 42);
  const unsigned long before = ERR_peek_last_error();
  EXPECT_EQ(signet_seal_extend_file(extender, file.c_str(), nullptr, nullptr, 0, nullptr, nullptr,
                                    error_),
            0)
      << sentence();
  EXPECT_EQ(ERR_get_error(), before);
  EXPECT_EQ(ERR_get_error(), 0U);

  const pid_t child = fork();
  if (child == 0) {
    const int status = signet_seal_extend_file(extender, file.c_str(), nullptr, nullptr, 0, nullptr,
                                               nullptr, nullptr);
    signet_seal_extender_free(extender);
    _exit(status == SIGNET_SEAL_FORKED ? 0 : 1);
  }
  int status = -1;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
  EXPECT_EQ(signet_seal_extend_file(extender, file.c_str(), nullptr, nullptr, 0, nullptr, nullptr,
                                    error_),
            0)
      << sentence();
  signet_seal_extender_free(extender);
}

}  // namespace
}  // namespace signet::c
