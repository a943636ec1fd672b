// A server with the wrong key learns nothing, and the operator learns why.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "common/testing/scratch_folder.h"
#include "crypto/base64.h"
#include "tests/support/client_config.h"
#include "tests/support/emulator.h"
#include "tests/support/files.h"
#include "tests/support/module.h"
#include "tests/support/tls_recorder.h"
#include "tests/support/x509.h"

namespace signet::tests {
namespace {

std::string pin_of_nobody() {
  return "sha256//" + crypto::to_base64(sha256(view_of("nobody's key")));
}

// The code of C_Login through the module in this process.
CK_RV login_code(const std::string& pin) {
  const Module module;
  Session session(module);
  return session.try_login(pin);
}

TEST(TrustTest, AWrongPinSendsNeitherARequestNorACredential) {
  const Emulator emulator;
  const TlsRecorder recorder(emulator.port());
  const ScratchFolder dir;
  write_config(dir / "client.toml",
               {{fmt::format("https://127.0.0.1:{}/dsa/v1", recorder.port()), {pin_of_nobody()}}},
               dir / "log");
  use_config(dir / "client.toml");
  const auto before = emulator.counters();

  EXPECT_EQ(login_code(emulator.pin()), CKR_DEVICE_ERROR);

  EXPECT_GE(recorder.connections(), 1U) << "nobody tried to connect";
  EXPECT_EQ(recorder.received(), "");
  EXPECT_EQ(emulator.counters().requests, before.requests);
}

TEST(TrustTest, TheLogNamesTheSeenAndTheExpectedPin) {
  const Emulator emulator;
  Member member = members_of(emulator.client_config()).front();
  const std::string seen = member.pins.front();
  member.pins = {pin_of_nobody()};
  const ScratchFolder dir;
  write_config(dir / "client.toml", {member}, dir / "log");
  use_config(dir / "client.toml");
  const auto before = emulator.counters();

  EXPECT_EQ(login_code(emulator.pin()), CKR_DEVICE_ERROR);

  const std::string log = read_file(dir / "log");
  EXPECT_NE(log.find(seen), std::string::npos) << log;
  EXPECT_NE(log.find(pin_of_nobody()), std::string::npos) << log;
  EXPECT_EQ(log.find(emulator.pin()), std::string::npos) << "the log holds the PIN";
  EXPECT_EQ(emulator.counters().requests, before.requests);
}

TEST(TrustTest, ABackupPinIsAsGoodAsTheLiveOne) {
  const Emulator emulator;
  Member member = members_of(emulator.client_config()).front();
  member.pins.insert(member.pins.begin(), pin_of_nobody());
  const ScratchFolder dir;
  write_config(dir / "client.toml", {member}, dir / "log");
  use_config(dir / "client.toml");

  EXPECT_EQ(login_code(emulator.pin()), CKR_OK);
}

}  // namespace
}  // namespace signet::tests
