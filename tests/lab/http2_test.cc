// The same behaviour, whether a member speaks HTTP/2 or HTTP/1.1 only.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "tests/lab/laboratory.h"
#include "tests/lab/signing_threads.h"
#include "tests/support/http2_front.h"

namespace signet::tests {
namespace {

using Offers = Http2Front::Offers;

constexpr int kThreads = 8;
constexpr Milliseconds kPause{5};

class Http2Test : public testing::TestWithParam<Offers> {
 protected:
  Http2Test() {
    lab_.reconfigure({Member{front_.url(), lab_.primary().member().pins}});
    // Nobody but the front reaches it.
    lab_.alternate().stop();
  }

  std::string protocol() const { return GetParam() == Offers::http2 ? "HTTP/2.0" : "HTTP/1.1"; }

  Laboratory lab_{Laboratory::Route::direct};
  Http2Front front_{lab_.primary().port(), lab_.tls_file("primary", "live.crt"),
                    lab_.tls_file("primary", "live.key"), GetParam()};
};

TEST_P(Http2Test, EachThreadKeepsOneConnectionOfTheBestProtocolThatIsOffered) {
  std::vector<SignedCall> calls;
  Bytes certificate;
  {
    const Module module;
    certificate = signer_certificate(module, lab_.pin());
    SigningThreads signers(module, lab_.pin(), kThreads, kPause);
    EXPECT_TRUE(comes_true(Milliseconds(30'000), [&] { return signers.successes() > 200; }));
    calls = signers.stop();
  }
  for (const auto& [code, count] : by_code(calls)) EXPECT_EQ(code, CKR_OK) << count << " calls";
  expect_reconciled(calls, lab_.journal(), certificate);
  std::set<std::string> connections;
  for (const auto& request : front_.requests()) {
    EXPECT_EQ(request.protocol, protocol());
    connections.insert(request.connection);
  }
  EXPECT_LE(connections.size(), static_cast<std::size_t>(kThreads) + 1);
}

TEST_P(Http2Test, ADeadKeptOpenConnectionIsReplacedWithoutTheCallerSeeingIt) {
  const Module module;
  Session session(module);
  session.login(lab_.pin());
  const auto key = session.find_one({CKO_PRIVATE_KEY, "signer", {}});
  ASSERT_EQ(sign_once(session, key, "before").code, CKR_OK);

  front_.kill();
  front_.start();

  EXPECT_EQ(sign_once(session, key, "after").code, CKR_OK);
  EXPECT_EQ(lab_.journal().size(), 2U);
}

TEST_P(Http2Test, ASilentMemberIsGivenUpAtTheDeadline) {
  const Module module;
  Session session(module);
  session.login(lab_.pin());
  const auto key = session.find_one({CKO_PRIVATE_KEY, "signer", {}});
  lab_.primary().queue_faults(R"({"kind": "stall", "ms": 60000, "times": 20})");

  const auto call = sign_once(session, key, "unheard");

  EXPECT_NE(call.code, CKR_OK);
  EXPECT_GT(lab_.primary().faults_met(), 0U);
  EXPECT_LE(call.took, lab_.limits().call + kPrompt);
}

INSTANTIATE_TEST_SUITE_P(Offering, Http2Test, testing::Values(Offers::http2, Offers::http1_only),
                         [](const auto& offers) {
                           return offers.param == Offers::http2 ? "Http2" : "Http11Only";
                         });

}  // namespace
}  // namespace signet::tests
