// Descriptors of a host that closes all and opens its own.
#include <gtest/gtest.h>
#include <stdlib.h>

#include <string>

#include "common/testing/scratch_folder.h"
#include "tests/support/client_config.h"
#include "tests/support/emulator.h"
#include "tests/support/files.h"
#include "tests/support/process.h"

namespace signet::tests {
namespace {

constexpr int kOwnStatus = 42;

std::string rounds() {
  const char* wanted = getenv("SIGNET_TEST_ROUNDS");
  return wanted == nullptr ? "5" : wanted;
}

TEST(DescriptorsTest, WhatTheHostOpensInThePlaceOfOursIsNotTouched) {
  const Emulator emulator({"ec:P-256:p256"});
  const ScratchFolder dir;
  // The emulator's client configuration, with a log in a file and short limits.
  write_file(dir / "client.toml",
             "[log]\nlevel = \"trace\"\nto = \"" + (dir / "log").string() +
                 "\"\n[[token]]\nlabel = \"seal\"\nuser = \"seal\"\n"
                 "limits = { call = \"2s\", connect = \"1s\", sign_attempt = \"1s\" }\n" +
                 members_text(members_of(emulator.client_config())));
  use_config(dir / "client.toml");
  setenv("SIGNET_TEST_PIN", emulator.pin().c_str(), 1);
  for (const char* kind : {"files", "pipes", "sockets", "nonblocking"}) {
    for (const char* where : {"here", "child"}) {
      Process host({SIGNET_TEST_DAEMON_HOST, kind, where, rounds()}, dir / "output",
                   dir / "output");
      EXPECT_EQ(host.wait(), kOwnStatus) << kind << " " << where << "\n"
                                         << read_file(dir / "output");
    }
  }
}

}  // namespace
}  // namespace signet::tests
