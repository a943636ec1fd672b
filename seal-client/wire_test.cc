#include "seal-client/wire.h"

#include <gtest/gtest.h>

#include "seal-client/wire_administration.h"

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
      R"({"id":"c","name":"n","organisation":"o","state":"active","authenticationCertificates":[)"
      R"({"key":"01","state":"superseded","certificate":"02","notAfter":"t1"},)"
      R"({"key":"03","state":"registered"}],)"
      R"("sealingCertificates":[{"certificate":"04","key":"05","state":"retired","notAfter":"t2"}],)"
      R"("members":["https://a"],"limits":{"sealsLeft":5},"time":"t"})");
  ASSERT_TRUE(client);
  EXPECT_EQ(client->seals_left, 5);
  EXPECT_FALSE(client->seals_a_day);
  EXPECT_EQ(client->until, "");
  EXPECT_EQ(client->keys.at(0).state, KeyState::superseded);
  EXPECT_EQ(client->keys.at(0).certificate, Bytes(1, 2));
  EXPECT_EQ(client->keys.at(1).state, KeyState::registered);
  EXPECT_TRUE(client->keys.at(1).certificate.empty());
  EXPECT_FALSE(client->sealing_certificates.at(0).active);
  EXPECT_EQ(client->members.at(0), "https://a");
  const auto cryptogram =
      read_cryptogram(R"({"cryptogram":"AQ==","credentials":"Ag==","next":["Aw=="]})");
  ASSERT_TRUE(cryptogram);
  EXPECT_EQ(cryptogram->cryptogram, Bytes(1, 1));
  EXPECT_EQ(cryptogram->credentials, Bytes(1, 2));
  EXPECT_EQ(cryptogram->next.at(0), Bytes(1, 3));
  EXPECT_TRUE(cryptogram->statement.empty());
}

TEST(Wire, WritesAndReadsAChangeOfThePassword) {
  EXPECT_EQ(write_change("", {}), "{}");
  EXPECT_EQ(write_change("l", Bytes(1, 1)), R"({"lease":"l","next":"AQ=="})");
  EXPECT_EQ(write_commit("l", Bytes(1, 1)), R"({"lease":"l","credentials":"AQ=="})");
  const auto lease =
      read_credentials_lease(R"({"lease":"l","until":"t","credentials":"AQ==","next":["Ag=="]})");
  ASSERT_TRUE(lease);
  EXPECT_EQ(lease->id, "l");
  EXPECT_EQ(lease->credentials, Bytes(1, 1));
  EXPECT_EQ(lease->next, std::vector<Bytes>{Bytes(1, 2)});
  EXPECT_FALSE(read_credentials_lease(R"({"lease":"l","until":"t","credentials":"AQ=="})"));
  EXPECT_FALSE(
      read_credentials_lease(R"({"lease":"l","until":"t","credentials":"AQ==","next":[1]})"));
}

TEST(Wire, WritesAndReadsOrdersOfCertificates) {
  EXPECT_EQ(write_authentication_order(Bytes(1, 1), Bytes(1, 2), Succession::replaces),
            R"({"request":"AQ==","cryptogram":"Ag==","supersedes":true})");
  EXPECT_NE(write_authentication_order(Bytes(1, 1), Bytes(1, 2), Succession::joins)
                .find(R"("supersedes":false)"),
            std::string::npos);
  EXPECT_EQ(write_sealing_order("l", Bytes(1, 1)), R"({"lease":"l","request":"AQ=="})");
  EXPECT_EQ(read_ordered(R"({"id":"o"})"), "o");
  EXPECT_FALSE(read_ordered(R"({"id":""})"));
  using State = CertificateOrder::State;
  EXPECT_EQ(read_order(R"({"id":"o","state":"pending"})")->state, State::pending);
  const auto issued = read_order(R"({"id":"o","state":"issued","certificates":["AQ==","Ag=="]})");
  EXPECT_EQ(issued->state, State::issued);
  EXPECT_EQ(issued->certificates, (std::vector<Bytes>{Bytes(1, 1), Bytes(1, 2)}));
  const auto refused = read_order(R"({"id":"o","state":"refused","reason":"why"})");
  EXPECT_EQ(refused->state, State::refused);
  EXPECT_EQ(refused->reason, "why");
  for (const char* other : {R"({"state":"issued","certificates":[]})", R"({"state":"refused"})",
                            R"({"state":"lost"})", "{}"}) {
    EXPECT_FALSE(read_order(other)) << other;
  }
  const auto lease = read_sealing_lease(
      R"({"id":"l","keyLabel":"k","idempotencyKey":"i","until":"t","certificate":"o"})");
  ASSERT_TRUE(lease);
  EXPECT_EQ(lease->key_label, "k");
  EXPECT_EQ(lease->idempotency_key, "i");
  EXPECT_EQ(lease->order, "o");
  EXPECT_FALSE(read_sealing_lease(R"({"id":"l"})"));
}

TEST(Wire, ReadsWhyNothingWasDone) {
  EXPECT_EQ(read_problem(R"({"status":403,"detail":"The client is suspended."})"),
            "The client is suspended.");
  EXPECT_EQ(read_problem("<html>"), "");
}

TEST(Wire, WritesWhatAdministratorsSay) {
  EXPECT_EQ(write_new_client({.name = "Office", .organisation = "NTRCZ-1"}),
            R"({"name":"Office","organisation":"NTRCZ-1"})");
  EXPECT_EQ(write_new_client({.name = "Office",
                              .organisation = "NTRCZ-1",
                              .members = {"https://a"},
                              .seals_a_day = 3}),
            R"({"name":"Office","organisation":"NTRCZ-1","members":["https://a"],)"
            R"("limits":{"sealsADay":3}})");
  EXPECT_EQ(write_client_state(ClientState::ended), R"({"state":"ended"})");
  EXPECT_EQ(write_new_card(Bytes(1, 1), {.cryptogram = Bytes(1, 2), .credentials = Bytes(1, 3)}),
            R"({"cryptogram":"Ag==","credentials":"Aw==","certificate":"AQ==","card":true})");
}

TEST(Wire, ReadsAClientAsAdministratorsSeeIt) {
  const std::string text =
      R"({"id":"c1","name":"Office","organisation":"NTRCZ-1","state":"suspended","opened":0,)"
      R"("limits":{},"members":[],"authenticationCertificates":[{"key":"ab","state":"revoked"}],)"
      R"("sealingCertificates":[{"certificate":"cd","key":"ef","state":"active",)"
      R"("notAfter":"2027-01-01T00:00:00.000Z"}]})";
  const auto record = read_client_record(text);
  ASSERT_TRUE(record);
  EXPECT_EQ(record->state, ClientState::suspended);
  EXPECT_EQ(record->keys.at(0).state, KeyState::revoked);
  EXPECT_EQ(record->sealing_certificates.at(0).certificate, Bytes(1, 0xCD));
  EXPECT_FALSE(read_client_record(R"({"id":"c1"})"));
  EXPECT_EQ(read_added_client(R"({"id":"c1"})"), "c1");
  EXPECT_FALSE(read_added_client(R"({"id":""})"));
}

}  // namespace
}  // namespace signet::sealclient
