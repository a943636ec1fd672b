#include "https/client/multi.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "common/testing/open_descriptors.h"
#include "https/client/curl_start.h"

namespace signet::https {
namespace {

TEST(Multi, KnowsItsSocketsWhereThreadsMakeManyAtTheSameMoment) {
  ASSERT_TRUE(start_curl());
  SocketTable sockets;
  const auto before = open_descriptors();
  std::atomic<int> broken = 0;
  const auto make_some = [&] {
    for (int i = 0; i < 500; ++i) {
      const Multi one(sockets);
      const Multi other(sockets);
      if (!one.is_whole() || !other.is_whole()) ++broken;
    }
  };
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) threads.emplace_back(make_some);
  for (std::thread& each : threads) each.join();
  EXPECT_EQ(broken, 0);
  EXPECT_EQ(open_descriptors(), before);
}

}  // namespace
}  // namespace signet::https
