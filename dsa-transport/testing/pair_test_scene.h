// What the tests of pairs share: replies, clients with limits long or short, and what a server has seen.
#ifndef SIGNET_DSA_TRANSPORT_TESTING_PAIR_TEST_SCENE_H_
#define SIGNET_DSA_TRANSPORT_TESTING_PAIR_TEST_SCENE_H_

#include <atomic>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "dsa-transport/pair.h"
#include "dsa-transport/testing/native_test_scene.h"

namespace signet::transport {

inline Milliseconds time_of(const std::function<void()>& action) {
  const auto began = std::chrono::steady_clock::now();
  action();
  return std::chrono::duration_cast<Milliseconds>(std::chrono::steady_clock::now() - began);
}

class PairTest : public NativeTest {
 protected:
  // What a call may take in all. A bound on time in a test is far below it, and far above what a busy machine needs.
  static constexpr Milliseconds kCall{10'000};
  static constexpr Milliseconds kWellBelowACall{5'000};

  TestReply signature() const { return {.body = signatures_body(64)}; }
  TlsTestServer::Handler always(TestReply reply) const {
    return [reply](const TestRequest&) { return reply; };
  }

  // The first `count` requests get `first`, every other one `then`.
  static TlsTestServer::Handler at_first(int count, TestReply first, TestReply then) {
    auto number = std::make_shared<std::atomic<int>>(0);
    return [=](const TestRequest&) { return (*number)++ < count ? first : then; };
  }

  config::MemberConfig member_at(const std::string& url) const {
    return {url, pinning::PinSet({identity_->pin()}), {}};
  }
  config::MemberConfig dead_member() const {
    return member_at("https://127.0.0.1:" + std::to_string(closed_port()) + "/dsa/v1");
  }

  static std::unique_ptr<Appliance> client_of(std::vector<config::MemberConfig> members) {
    return make_appliance(hasty_options_for(std::move(members)));
  }

  static std::unique_ptr<Appliance> client_with_connect_limit(
      Milliseconds limit, std::vector<config::MemberConfig> members) {
    Settings options = patient_options_for(std::move(members));
    options.limits.connect = limit;
    return make_appliance(options);
  }

  static std::unique_ptr<Appliance> patient_client_of(std::vector<config::MemberConfig> members) {
    return make_appliance(patient_options_for(std::move(members)));
  }

  Answer<Signatures> sign(Appliance& client, Milliseconds allowed = kCall) {
    return client.sign(who_, sign_request(), Deadline::after(allowed));
  }
  Answer<Traced<KeyInfo>> generate(Appliance& client, Milliseconds allowed = kCall) {
    return client.generate_key(who_, {KeyType::ec, 0, Curve::p256, {}, {}},
                               Deadline::after(allowed));
  }

  static std::set<std::string> idempotency_keys(std::vector<TestRequest> requests) {
    std::set<std::string> keys;
    for (auto& request : requests) keys.insert(request.headers["idempotency-key"]);
    return keys;
  }

  static std::set<std::string> together(std::set<std::string> a, std::set<std::string> b) {
    a.merge(b);
    return a;
  }
};

}  // namespace signet::transport

#endif  // SIGNET_DSA_TRANSPORT_TESTING_PAIR_TEST_SCENE_H_
