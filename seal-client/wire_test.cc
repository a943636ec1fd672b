#include "seal-client/wire.h"

#include <gtest/gtest.h>

namespace signet::sealclient {
namespace {

SealResult full_result() {
  SealResult result;
  result.sealed = true;
  result.signature_digest = Bytes(32, 1);
  result.sealed_digest = Bytes(32, 2);
  result.signed_at = "2026-11-29T02:00:00Z";
  result.timestamped_at = "2026-11-29T02:00:01Z";
  result.certificate = Bytes(32, 3);
  result.reason = "Žádný \"důvod\"";
  return result;
}

constexpr const char* kDigest = "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=";  // 32 times 1

TEST(Wire, WritesWhatTheContractHas) {
  NewSeal seal;
  seal.reference = "A/1";
  seal.digest = Bytes(32, 1);
  seal.certificate = Bytes(2, 0xAB);
  EXPECT_EQ(write_opening({&seal, 1}, {}),
            std::string(R"({"transactions":[{"kind":"seal","reference":"A/1","digest":")") +
                kDigest + R"(","sealingCertificate":"abab"}],"results":[]})");
  NamedResult named;
  named.id = "t1";
  EXPECT_EQ(write_opening({}, {&named, 1}),
            R"({"transactions":[],"results":[{"state":"failed","id":"t1"}]})");
  seal.document = false;
  EXPECT_NE(write_opening({&seal, 1}, {}).find(R"("kind":"signature")"), std::string::npos);
}

TEST(Wire, ReadsTheResultThatItWrote) {
  EXPECT_EQ(read_result(write_result(full_result())), full_result());
  EXPECT_EQ(read_result(write_result({})), SealResult());
  EXPECT_FALSE(read_result(R"({"state":"opened"})"));
  EXPECT_FALSE(read_result(R"({"state":"sealed","sealedDigest":"?"})"));
  EXPECT_FALSE(read_result("{}"));
  EXPECT_FALSE(read_result(""));
}

TEST(Wire, ReadsWhatWasOpened) {
  const auto opening = read_opening(
      R"({"transactions":[{"id":"t1","receipt":{"sequence":7,"random":"AQ==","entry":"e"}}],)"
      R"("results":[{"id":"a","outcome":"recorded"},{"id":"b","outcome":"conflict"},)"
      R"({"id":"c","outcome":"unknown-transaction","more":1}]})");
  ASSERT_TRUE(opening);
  EXPECT_EQ(opening->seals.at(0).id, "t1");
  EXPECT_EQ(opening->seals.at(0).receipt.sequence, 7U);
  EXPECT_EQ(opening->seals.at(0).receipt.random, Bytes(1, 1));
  EXPECT_EQ(opening->results.at(0).outcome, Outcome::recorded);
  EXPECT_EQ(opening->results.at(1).outcome, Outcome::conflict);
  EXPECT_EQ(opening->results.at(2).outcome, Outcome::unknown_transaction);
}

TEST(Wire, TakesNothingThatTheContractDoesNotHave) {
  for (
      const char* text :
      {"", "[]", "{}", R"({"transactions":[]})", R"({"transactions":[1],"results":[]})",
       R"({"transactions":[{"id":"t1"}],"results":[]})",
       R"({"transactions":[{"id":"t1","receipt":{"sequence":-1,"random":"AQ==","entry":"e"}}],"results":[]})",
       R"({"transactions":[{"id":"t1","receipt":{"sequence":1,"random":"A","entry":"e"}}],"results":[]})",
       R"({"transactions":[],"results":[{"id":"a","outcome":"maybe"}]})",
       R"({"transactions":[],"results":[{"outcome":"recorded"}]})"}) {
    EXPECT_FALSE(read_opening(text)) << text;
  }
  EXPECT_FALSE(read_client(R"({"id":"c"})"));
  EXPECT_FALSE(read_cryptogram(R"({"cryptogram":"AQ=="})"));
}

TEST(Wire, ReadsAClientAndItsCiphertexts) {
  const auto client = read_client(
      R"({"id":"c","name":"n","organisation":"o","state":"active","authenticationCertificates":[],)"
      R"("limits":{"sealsLeft":5},"time":"t"})");
  ASSERT_TRUE(client);
  EXPECT_EQ(client->seals_left, 5);
  EXPECT_FALSE(client->seals_a_day);
  EXPECT_EQ(client->until, "");
  const auto cryptogram = read_cryptogram(R"({"cryptogram":"AQ==","credentials":"Ag=="})");
  ASSERT_TRUE(cryptogram);
  EXPECT_EQ(cryptogram->cryptogram, Bytes(1, 1));
  EXPECT_EQ(cryptogram->credentials, Bytes(1, 2));
}

TEST(Wire, ReadsWhyNothingWasDone) {
  EXPECT_EQ(read_problem(R"({"status":403,"detail":"The client is suspended."})"),
            "The client is suspended.");
  EXPECT_EQ(read_problem("<html>"), "");
}

}  // namespace
}  // namespace signet::sealclient
