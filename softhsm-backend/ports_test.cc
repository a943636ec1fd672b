#include "softhsm-backend/ports.h"

#include <gtest/gtest.h>

#include <mutex>
#include <set>
#include <thread>
#include <vector>

namespace signet::emulator {
namespace {

TEST(ReservePort, GivesNoPortTwiceToInstancesMadeAtTheSameTime) {
  constexpr int kThreads = 8;
  constexpr int kEach = 50;
  std::mutex mutex;
  std::set<unsigned> ports;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < kThreads; ++i) {
      threads.emplace_back([&] {
        for (int turn = 0; turn < kEach; ++turn) {
          const unsigned port = reserve_port("127.0.0.1");
          const std::lock_guard lock(mutex);
          ports.insert(port);
        }
      });
    }
  }
  EXPECT_EQ(ports.size(), static_cast<std::size_t>(kThreads * kEach));
}

TEST(ReservePort, GivesPortsThatNoConnectionTakes) {
  const PortRange range = PortRange::of_this_machine();
  ASSERT_GT(range.count, 0U);
  const unsigned port = reserve_port("127.0.0.1");
  EXPECT_GE(port, range.first);
  EXPECT_LT(port, range.first + range.count);
}

TEST(ReservePort, SaysWhereNoneIsFree) {
  EXPECT_THROW(reserve_port("192.0.2.1"), std::runtime_error) << "an address of another machine";
}

}  // namespace
}  // namespace signet::emulator
