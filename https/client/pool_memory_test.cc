// Taking a connection while memory runs out: a connection, or an exception; never a place that is lost.
#include <gtest/gtest.h>

#include <thread>

#include "common/testing/scarce_memory.h"
#include "https/client/pool.h"
#include "https/testing/tls_test_server.h"

namespace signet::https {
namespace {

using namespace std::chrono_literals;

constexpr Milliseconds kIdle{20};

// What it leaves in the pool is too old soon after.
void use_a_connection(Pool& pool) {
  auto lease = pool.try_take();
  ASSERT_TRUE(lease) << "a place is lost";
  Connection& connection = **lease;
  Request request{Method::get, "/thing", {}, {}};
  connection.start(request, Deadline::after(20s), 20s);
  while (!connection.step()) {
    const Wait wait = connection.wait();
    wait_for_any({&wait, 1});
  }
  ASSERT_TRUE(connection.finish());
  lease->keep();
}

TEST(PoolMemory, NoPlaceIsLostWhereverMemoryRunsOut) {
  constexpr long enough = 100;
  const auto identity = std::make_shared<TestIdentity>();
  TlsTestServer server(identity, [](const TestRequest&) { return TestReply{}; });
  SocketTable sockets;
  EndpointOptions options;
  options.url = server.url();
  options.pins = pinning::PinSet({server.pin()});
  options.idle = kIdle;
  options.connections = 1;
  Pool pool(std::make_shared<Endpoint>(std::move(options), sockets));
  long least = 0;
  for (std::optional<bool> taken; !taken && least < enough; ++least) {
    use_a_connection(pool);
    if (HasFatalFailure()) return;
    std::this_thread::sleep_for(2 * kIdle);
    taken = with_allocations(least, [&] { return pool.try_take().has_value(); });
    EXPECT_TRUE(taken.value_or(true)) << "a place is lost";
  }
  EXPECT_GT(least, 1) << "it needs memory";
  EXPECT_LT(least, enough);
}

}  // namespace
}  // namespace signet::https
