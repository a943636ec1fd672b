// A firewall forgets connections that are idle for longer than it likes, and tells nobody.
#include <gtest/gtest.h>

#include <iostream>

#include "tests/lab/laboratory.h"
#include "tests/lab/signing_threads.h"

namespace signet::tests {
namespace {

constexpr Milliseconds kIdle{1'000};
constexpr Milliseconds kFirewall{1'500};  // forgets sooner than a test likes to wait
constexpr int kIdleThreads = 8;

// A burst of signatures on several threads; every one succeeds.
std::vector<SignedCall> burst(const Module& module, const std::string& pin) {
  SigningThreads signers(module, pin, kIdleThreads, Milliseconds(0));
  EXPECT_TRUE(
      comes_true(Milliseconds(20'000), [&] { return signers.successes() >= 10 * kIdleThreads; }));
  auto calls = signers.stop();
  for (const auto& call : calls) EXPECT_EQ(call.code, CKR_OK) << call.message;
  return calls;
}

TEST(IdleTest, AfterAPauseLongerThanTheFirewallsASignatureSucceedsWithinTwoSeconds) {
  Laboratory lab(Laboratory::Route::proxied, {.idle = kIdle});
  lab.primary_proxy().set({.forget_after = kFirewall});
  lab.alternate_proxy().set({.forget_after = kFirewall});
  const Module module;
  Session session(module);
  session.login(lab.pin());
  burst(module, lab.pin());

  std::this_thread::sleep_for(2 * kFirewall);

  const auto before = lab.primary_proxy().connections();
  const auto calls = burst(module, lab.pin());
  std::cout << "[ measured ] slowest signature after the pause: " << slowest(calls).count()
            << " ms\n";
  EXPECT_LE(slowest(calls), 2 * kPrompt);
  EXPECT_GT(lab.primary_proxy().connections(), before) << "an old connection was used";
}

TEST(IdleTest, AFirewallQuickerThanTheIdleLimitCostsOneAttemptAndNoSignature) {
  Laboratory lab(Laboratory::Route::proxied);
  const Module module;
  Session session(module);
  session.login(lab.pin());
  burst(module, lab.pin());

  lab.primary_proxy().forget_connections();

  const auto calls = burst(module, lab.pin());
  std::cout << "[ measured ] slowest signature over forgotten connections: "
            << slowest(calls).count() << " ms\n";
  EXPECT_LE(slowest(calls), lab.limits().sign_attempt + kPrompt);
}

}  // namespace
}  // namespace signet::tests
