#include "activation/installation.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "activation/client_code.h"
#include "common/testing/scratch_folder.h"
#include "seal-client/installation_key.h"
#include "seal-client/key_pair.h"

namespace signet::activation {
namespace {

using pkcs11::Reason;
using sealclient::kInstallationKeyFile;

mode_t mode_of(const std::filesystem::path& file) {
  struct stat status {};
  EXPECT_EQ(lstat(file.c_str(), &status), 0);
  return status.st_mode & 07777U;
}

TEST(Installation, KeyIsItsOwnersAlone) {
  const ScratchFolder scratch;
  const auto folder = scratch / "client";
  const auto made = make_installation(folder, "");
  ASSERT_TRUE(made) << made.error().sentence;
  EXPECT_EQ(mode_of(folder / kInstallationKeyFile), 0600U);
  EXPECT_EQ(mode_of(folder), 0700U);
  EXPECT_EQ(installation_of(folder).value(), made.value());
  const auto key = sealclient::read_installation_key(folder / kInstallationKeyFile);
  ASSERT_TRUE(key);
  EXPECT_EQ(sealclient::public_key_of(key.value().get()), made.value());
}

TEST(Installation, KeyMayBeItsGroupsToo) {
  const ScratchFolder scratch;
  ASSERT_TRUE(make_installation(scratch / "client", "nogroup")) << "as root";
  EXPECT_EQ(mode_of(scratch / "client" / kInstallationKeyFile), 0640U);
  EXPECT_EQ(mode_of(scratch / "client"), 0750U);
  EXPECT_TRUE(installation_of(scratch / "client"));
}

TEST(Installation, ThereIsOneKeyOnly) {
  const ScratchFolder scratch;
  const auto made = make_installation(scratch / "client", "");
  const auto again = make_installation(scratch / "client", "");
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().reason, Reason::exists);
  EXPECT_EQ(installation_of(scratch / "client").value(), made.value());
  // Nothing of the attempt is left.
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(scratch / "client"), {}), 1);
}

TEST(Installation, WithoutAKeySaysHowToMakeOne) {
  const ScratchFolder scratch;
  const auto found = installation_of(scratch / "client");
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().reason, Reason::not_found);
  EXPECT_NE(found.error().sentence.find("signet client init"), std::string::npos);
}

TEST(Installation, GroupThatIsNotThereIsRefusedBeforeAnything) {
  const ScratchFolder scratch;
  const auto made = make_installation(scratch / "client", "no-such-group");
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().reason, Reason::not_found);
  EXPECT_FALSE(std::filesystem::exists(scratch / "client"));
}

TEST(Installation, KeyThatOthersMayReadIsRefused) {
  const ScratchFolder scratch;
  ASSERT_TRUE(make_installation(scratch / "client", ""));
  const auto file = scratch / "client" / kInstallationKeyFile;
  std::filesystem::permissions(file, std::filesystem::perms(0604));
  const auto found = installation_of(scratch / "client");
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().reason, Reason::unreadable);
}

TEST(Installation, WhatIsNoKeyIsRefused) {
  const ScratchFolder scratch;
  scratch.write(kInstallationKeyFile,
                "-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----\n");
  const auto found = installation_of(scratch.path());
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().reason, Reason::unreadable);
}

TEST(Installation, ClientCodeIsItsPublicKey) {
  const ScratchFolder scratch;
  const Bytes public_key = make_installation(scratch / "client", "").value();
  const auto point =
      point_of_client_code(grouped_client_code(sealclient::compressed_point_of(public_key)));
  ASSERT_TRUE(point);
  EXPECT_EQ(sealclient::public_key_of_point(point.value()), public_key);
}

}  // namespace
}  // namespace signet::activation
