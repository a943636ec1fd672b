#include "dsa-transport/counters.h"

#include <gtest/gtest.h>

#include <numeric>
#include <thread>

namespace signet::transport {
namespace {

using namespace std::chrono_literals;

TEST(Counters, EachAttemptIsInTheCellOfTheLeastBoundThatHoldsIt) {
  Counters counters;
  for (const Milliseconds span : {0ms, 5ms, 6ms, 60'000ms, 60'001ms}) counters.took(span);
  const Latencies latencies = counters.read().latencies;
  EXPECT_EQ(latencies.cells.at(0), 2U);   // up to 5 ms
  EXPECT_EQ(latencies.cells.at(1), 1U);   // up to 10 ms
  EXPECT_EQ(latencies.cells.at(11), 1U);  // up to a minute
  EXPECT_EQ(latencies.cells.at(12), 1U);  // longer
  EXPECT_EQ(latencies.milliseconds, 120'012U);
}

TEST(Counters, ASumHasEachNumberOfEachMember) {
  Totals one;
  one.requests = 1;
  one.request_failures = 2;
  one.handshakes = 3;
  one.retries = 4;
  one.failovers = 5;
  one.stale_connections = 6;
  one.pin_failures = 7;
  one.uncertain = 12;
  one.bytes_sent = 8;
  one.bytes_received = 9;
  one.latencies.cells.fill(10);
  one.latencies.milliseconds = 11;
  const Totals sum = ApplianceFigures{0, 0, {{"a", one}, {"b", one}}}.sum();
  EXPECT_EQ(sum.requests, 2U);
  EXPECT_EQ(sum.request_failures, 4U);
  EXPECT_EQ(sum.handshakes, 6U);
  EXPECT_EQ(sum.retries, 8U);
  EXPECT_EQ(sum.failovers, 10U);
  EXPECT_EQ(sum.stale_connections, 12U);
  EXPECT_EQ(sum.pin_failures, 14U);
  EXPECT_EQ(sum.uncertain, 24U);
  EXPECT_EQ(sum.bytes_sent, 16U);
  EXPECT_EQ(sum.bytes_received, 18U);
  for (const std::uint64_t cell : sum.latencies.cells) EXPECT_EQ(cell, 20U);
  EXPECT_EQ(sum.latencies.milliseconds, 22U);
}

TEST(CounterBook, AReconfiguredMemberGoesOnCounting) {
  CounterBook book;
  Counters& first = book.of("https://a");
  ++first.requests;
  ++book.of("https://b").requests;
  EXPECT_EQ(&book.of("https://a"), &first);
  ++book.of("https://a").requests;
  const ApplianceFigures figures = book.read();
  ASSERT_EQ(figures.members.size(), 2U);
  EXPECT_EQ(figures.members.at(0).url, "https://a");
  EXPECT_EQ(figures.members.at(0).totals.requests, 2U);
  EXPECT_EQ(figures.members.at(1).totals.requests, 1U);
}

TEST(Counters, LoseNothingBetweenThreads) {
  Counters counters;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int k = 0; k < 1000; ++k) {
        ++counters.requests;
        counters.took(Milliseconds(k));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  const Totals totals = counters.read();
  EXPECT_EQ(totals.requests, 4000U);
  EXPECT_EQ(std::accumulate(totals.latencies.cells.begin(), totals.latencies.cells.end(), 0UL),
            4000U);
}

}  // namespace
}  // namespace signet::transport
