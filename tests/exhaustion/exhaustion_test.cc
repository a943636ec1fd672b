// Memory, descriptors and the disk run out at every point of the module's life: it answers so, leaks
// nothing, and works once there is enough again. SIGNET_TEST_STRIDE=1 lets every allocation fail, one
// after the other; without it, it is one in very many.
#include <gtest/gtest.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>

#include <iostream>

#include "common/testing/scratch_folder.h"
#include "tests/support/client_config.h"
#include "tests/support/emulator.h"
#include "tests/support/files.h"
#include "tests/support/module.h"
#include "tests/support/process.h"
#include "tests/support/signed_call.h"

namespace signet::tests {
namespace {

std::string stride_or(const char* otherwise) {
  const char* wanted = getenv("SIGNET_TEST_STRIDE");
  return wanted == nullptr ? otherwise : wanted;
}

class ExhaustionTest : public testing::Test {
 protected:
  ExhaustionTest() {
    use_config(emulator_.client_config());
    setenv("SIGNET_TEST_PIN", emulator_.pin().c_str(), 1);
    setenv("XDG_CACHE_HOME", (dir_ / "cache").c_str(), 1);
  }

  // Runs the host; its answers, by kind, go to the output.
  void expect_good_end(std::vector<std::string> words) const {
    words.insert(words.begin(), SIGNET_TEST_EXHAUSTION_HOST);
    Process host(words, dir_ / "output", dir_ / "errors");
    const int status = host.wait();
    const std::string output = read_file(dir_ / "output");
    std::cout << (output.size() > 20'000 ? output.substr(output.size() - 20'000) : output);
    EXPECT_EQ(status, 0) << read_file(dir_ / "errors");
  }

  ScratchFolder dir_;
  Emulator emulator_{{"ec:P-256:signer"}};
};

TEST_F(ExhaustionTest, AnAllocationThatFailsAnywhereIsToldAndNothingLasts) {
  expect_good_end({"memory", stride_or("997"), "1"});
}

TEST_F(ExhaustionTest, AHundredAllocationsThatFailInARowAreTold) {
  expect_good_end({"drought", stride_or("1999"), "1"});
}

TEST_F(ExhaustionTest, WithoutADescriptorLeftCallsFailAndWorkAgainLater) {
  expect_good_end({"descriptors", getenv("SIGNET_TEST_STRIDE") == nullptr ? "0" : "3"});
}

TEST_F(ExhaustionTest, AFullDiskUnderLogCacheAndFiguresStopsNoCall) {
  const auto disk = dir_ / "disk";
  std::filesystem::create_directory(disk);
  write_file(dir_ / "client.toml",
             "cache_dir = \"" + disk.string() + "/cache\"\n[log]\nlevel = \"trace\"\nto = \"" +
                 (disk / "log").string() + "\"\n[metrics]\ndir = \"" + (disk / "figures").string() +
                 "\"\ninterval = \"1s\"\n[[token]]\nlabel = \"seal\"\nuser = \"seal\"\n" +
                 members_text(members_of(emulator_.client_config())));
  use_config(dir_ / "client.toml");
  expect_good_end({"disk", disk.string()});
}

TEST_F(ExhaustionTest, AnApplianceThatCannotWriteItsJournalSignsNothing) {
  // Inherited by the emulator: a write beyond the limit fails as on a full disk, and kills nobody.
  signal(SIGXFSZ, SIG_IGN);
  emulator_.stop();
  emulator_.start();
  const Module module;
  Session session(module);
  session.login(emulator_.pin());
  const auto key = session.find_one({CKO_PRIVATE_KEY, "signer", {}});
  ASSERT_EQ(sign_once(session, key, "before").code, CKR_OK);
  const auto limit_files_of_emulator = [&](rlim_t most) {
    const rlimit limit = {most, RLIM_INFINITY};
    ASSERT_EQ(prlimit(emulator_.member().process_id(), RLIMIT_FSIZE, &limit, nullptr), 0);
  };
  limit_files_of_emulator(1);
  const CK_RV refused = sign_once(session, key, "on a full disk").code;
  EXPECT_NE(refused, CKR_OK);
  EXPECT_TRUE(refused == CKR_DEVICE_ERROR || refused == CKR_DEVICE_MEMORY) << std::hex << refused;
  limit_files_of_emulator(RLIM_INFINITY);
  EXPECT_EQ(sign_once(session, key, "with room again").code, CKR_OK);
  EXPECT_EQ(emulator_.journal().size(), 2U);
}

}  // namespace
}  // namespace signet::tests
