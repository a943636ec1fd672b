#include "softhsm-backend/faults.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "softhsm-backend/instance.h"

namespace signet::emulator {
namespace {

TEST(FaultQueue, MeetsRequestsThatFitInTheirOrder) {
  FaultQueue queue;
  ASSERT_EQ(queue
                .add(boost::json::parse(R"([
    {"kind": "reset", "match": {"method": "POST", "path_prefix": "/dsa/v1/keys"}},
    {"kind": "status", "status": 429, "retryAfter": 2, "times": 2}])"))
                .value(),
            2U);
  EXPECT_EQ(queue.next("GET", "/dsa/v1/objects")->status, 429U);
  EXPECT_EQ(queue.next("POST", "/dsa/v1/keys/x/signatures")->kind, Fault::Kind::reset);
  EXPECT_EQ(queue.next("POST", "/dsa/v1/keys")->retry_after, 2);
  EXPECT_FALSE(queue.next("POST", "/dsa/v1/keys"));
  EXPECT_TRUE(queue.list().as_array().empty());
}

TEST(FaultQueue, KeepsCertificatesForHandshakes) {
  FaultQueue queue;
  ASSERT_TRUE(queue.add(boost::json::parse(R"({"kind": "certificate", "variant": "backup"})")));
  EXPECT_FALSE(queue.next("GET", "/"));
  EXPECT_EQ(queue.next_certificate(), "backup");
  EXPECT_FALSE(queue.next_certificate());
}

TEST(FaultQueue, LastsUntilClearedWhereTimesIsZero) {
  FaultQueue queue;
  ASSERT_TRUE(queue.add(boost::json::parse(R"({"kind": "delay", "ms": 1, "times": 0})")));
  for (int i = 0; i < 100; ++i) EXPECT_TRUE(queue.next("GET", "/"));
  queue.clear();
  EXPECT_FALSE(queue.next("GET", "/"));
}

TEST(FaultQueue, TakesAllOrNone) {
  FaultQueue queue;
  for (const char* text :
       {R"([{"kind": "delay"}, {"kind": "unknown"}])", R"([7])", R"({"kind": 7})",
        R"({"kind": "delay", "ms": -1})", R"({"kind": "status", "status": 99})",
        R"({"kind": "certificate", "variant": "none"})",
        R"({"kind": "wrong-signature", "variant": "none"})", R"({"kind": "delay", "match": 7})"}) {
    EXPECT_FALSE(queue.add(boost::json::parse(text))) << text;
  }
  EXPECT_TRUE(queue.list().as_array().empty());
}

TEST(FaultQueue, AStatusSaysWhatItIsTold) {
  FaultQueue queue;
  ASSERT_TRUE(queue.add(boost::json::parse(R"({"kind": "status", "detail": "It is so."})")));
  EXPECT_EQ(queue.list().at(0).at("detail"), "It is so.");
  EXPECT_THAT(answer_under(*queue.next("GET", "/"), {}).body,
              testing::HasSubstr(R"("detail":"It is so.")"));
  EXPECT_FALSE(queue.add(boost::json::parse(R"({"kind": "status", "detail": 7})")));
}

TEST(FaultQueue, AStatusThatKnowsNoBodyHasNone) {
  for (const unsigned status : {204U, 304U}) {
    Fault fault;
    fault.kind = Fault::Kind::status;
    fault.status = status;
    const Answer answer = answer_under(fault, {.status = 200, .body = "{}"});
    EXPECT_THAT(
        https::server::octets_of("GET", answer, true).text,
        testing::AllOf(testing::EndsWith("\r\n\r\n"), testing::Not(testing::HasSubstr("{"))))
        << status;
  }
}

TEST(FaultQueue, AnXmlBombIsSmallUntilItIsExpanded) {
  FaultQueue queue;
  ASSERT_TRUE(queue.add(boost::json::parse(R"({"kind": "xml-bomb"})")));
  const auto fault = queue.next("POST", "/SAPIWS/dss.asmx");
  ASSERT_TRUE(fault);
  EXPECT_TRUE(fault->after_processing);
  const Answer answer = answer_under(*fault, {.status = 200, .body = "{}"});
  EXPECT_LT(answer.body.size(), 2000U);
  EXPECT_THAT(answer.body, testing::HasSubstr("<!ENTITY e10 \"&e9;&e9;"));
}

TEST(Endpoint, IsAnAddressAndAPort) {
  EXPECT_EQ(Endpoint::parse("127.0.0.1:8081")->url(), "https://127.0.0.1:8081/dsa/v1");
  EXPECT_EQ(Endpoint::parse("[::1]:8081")->url(), "https://[::1]:8081/dsa/v1");
  for (const char* text : {"", ":1", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "host:1"}) {
    EXPECT_FALSE(Endpoint::parse(text)) << text;
  }
}

TEST(NewKey, IsReadFromTheCommandLine) {
  EXPECT_EQ(NewKey::parse("rsa:3072:a:b")->label, "a:b");
  EXPECT_EQ(NewKey::parse("ec:P-384:")->spec.curve, crypto::Curve::p384);
  for (const char* text :
       {"", "rsa", "rsa:3072", "rsa:1024:x", "ec:P-224:x", "dsa:2048:x", ":", "::"}) {
    EXPECT_FALSE(NewKey::parse(text)) << text;
  }
}

}  // namespace
}  // namespace signet::emulator
