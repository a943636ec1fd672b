// Hosts that exit in awkward ways end with their own status, not with a signal of ours.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <chrono>

#include "common/testing/scratch_folder.h"
#include "cryptoki/cryptoki.h"
#include "tests/support/client_config.h"
#include "tests/support/emulator.h"
#include "tests/support/files.h"
#include "tests/support/process.h"

namespace signet::tests {
namespace {

constexpr int kOwnStatus = 42;
constexpr int kExitsWhileSigning = 40;
constexpr std::chrono::seconds kLongestExit{10};

class ExitTest : public testing::Test {
 protected:
  ExitTest() {
    use_config(emulator_.client_config());
    setenv("SIGNET_TEST_PIN", emulator_.pin().c_str(), 1);
  }

  int status_of(const char* host) {
    Process process({host}, output_, errors_);
    return process.wait();
  }

  std::string output() const { return read_file(output_); }
  std::string errors() const { return read_file(errors_); }

 private:
  Emulator emulator_{{"ec:P-256:p256"}};
  ScratchFolder dir_;
  std::filesystem::path output_ = dir_ / "output";
  std::filesystem::path errors_ = dir_ / "errors";
};

TEST_F(ExitTest, CallsFromExitHandlersAndStaticDestructorsAreAnswered) {
  EXPECT_EQ(status_of(SIGNET_TEST_EXIT_HANDLERS_HOST), kOwnStatus) << errors();
  const std::string gone = fmt::format("{:#x}", CKR_CRYPTOKI_NOT_INITIALIZED);
  // printf writes 0 without its prefix. The early ones run while OpenSSL is there, the late ones
  // after it has gone.
  EXPECT_EQ(output(), fmt::format("main C_Sign 0\n"
                                  "early-destructor C_Sign 0\n"
                                  "early-handler C_Sign 0\n"
                                  "late-handler C_Sign {0}\n"
                                  "late-handler C_CloseAllSessions {0}\n"
                                  "late-handler C_Finalize 0\n"
                                  "late-destructor C_CloseAllSessions {0}\n"
                                  "late-destructor C_Finalize {0}\n"
                                  "late-destructor C_Initialize {1:#x}\n",
                                  gone, CKR_GENERAL_ERROR));
}

TEST_F(ExitTest, AHostMayExitWithEverythingOpen) {
  EXPECT_EQ(status_of(SIGNET_TEST_OPEN_END_HOST), kOwnStatus) << errors();
}

TEST_F(ExitTest, AHostMayExitWhileOtherThreadsSign) {
  for (int i = 0; i < kExitsWhileSigning; ++i) {
    const auto begun = std::chrono::steady_clock::now();
    ASSERT_EQ(status_of(SIGNET_TEST_EXIT_WHILE_SIGNING_HOST), kOwnStatus)
        << "exit " << i << ": " << errors();
    EXPECT_LT(std::chrono::steady_clock::now() - begun, kLongestExit);
  }
}

}  // namespace
}  // namespace signet::tests
