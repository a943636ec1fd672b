#include "seal-server/clients/credentials.h"

#include "crypto/cms/signed_data.h"
#include "crypto/cms/signer_info.h"
#include "crypto/testing/test_key.h"
#include "seal-server/clients/clients.h"
#include "seal-server/testing/records_scene.h"

namespace signet::sealserver {
namespace {

class ClientCredentials : public RecordsScene {
 protected:
  ClientCredentials() {
    id_ = sequencer_->write([&](Group& group) {
      const std::string id = add_client(group, {});
      const auto key = add_key(group, id, crypto::TestKey::on_curve("P-256").certificate());
      put_cryptogram(group, key.spki, {"Y3J5cHQ=", "Zmlyc3Q="});
      return id;
    });
  }

  CredentialsLease change(const std::string& key, const CredentialsChange& change) {
    return sequencer_->write(
        [&](Group& group) { return change_credentials(group, id_, key, change); });
  }
  std::string refusal(const std::string& key, const CredentialsChange& wanted) {
    return problem([&] { change(key, wanted); });
  }
  std::string commit(const std::string& key, const std::string& lease,
                     const std::string& credentials) {
    return problem([&] {
      sequencer_->write(
          [&](Group& group) { commit_credentials(group, id_, key, lease, credentials); });
    });
  }

  static Bytes statement(const std::string& content) {
    cms::SignedData message;
    message.content_type = Bytes(std::begin(cms::kOidData), std::end(cms::kOidData));
    const cms::Frame frame = message.around(content.size());
    Bytes der = frame.before;
    der.insert(der.end(), content.begin(), content.end());
    der.insert(der.end(), frame.after.begin(), frame.after.end());
    return der;
  }
  std::string keep(const std::string& content) {
    return problem([&] {
      sequencer_->write([&](Group& group) { put_statement(group, id_, statement(content)); });
    });
  }

  std::string id_;
};

using Next = std::vector<std::string>;

TEST_F(ClientCredentials, AreChangedByOneMachineAtATime) {
  const CredentialsLease lease = change("key-a", {.lease = {}, .next = "c2Vjb25k"});
  EXPECT_EQ(lease.until, utc_text(now_ + std::chrono::seconds(60)));
  EXPECT_EQ(lease.credentials.current, "Zmlyc3Q=");
  EXPECT_EQ(lease.credentials.next, Next{"c2Vjb25k"});
  EXPECT_EQ(newest_event().find("c2Vjb25k"), std::string::npos) << newest_event();
  const std::string wait =
      "409 The client's credentials are being changed; the lease on that ends at " + lease.until +
      ".";
  EXPECT_EQ(refusal("key-b", {}), wait);
  EXPECT_EQ(refusal("key-a", {}), wait);  // another process of the same machine
  EXPECT_EQ(commit("key-b", lease.id, "c2Vjb25k"),
            "409 This lease is not this key's, or another one was given since.");
  EXPECT_EQ(commit("key-a", lease.id, "c2Vjb25k"), "no problem");
  EXPECT_EQ(credentials_of(*sql_, id_).current, "c2Vjb25k");
  EXPECT_TRUE(credentials_of(*sql_, id_).next.empty());
  EXPECT_FALSE(leased_until(*sql_, id_, now()));
  EXPECT_EQ(change("key-b", {}).credentials.current, "c2Vjb25k");
}

TEST_F(ClientCredentials, ThatMayHaveBecomeTheCurrentOnesStayUntilACommit) {
  const CredentialsLease first = change("key-a", {.lease = {}, .next = "c2Vjb25k"});
  now_ += kCredentialsLease - std::chrono::milliseconds(1);
  EXPECT_EQ(leased_until(*sql_, id_, now()), first.until);
  now_ += std::chrono::milliseconds(1);
  EXPECT_FALSE(leased_until(*sql_, id_, now()));
  EXPECT_EQ(refusal("key-a", {.lease = first.id, .next = "dGhpcmQ="}),
            "409 The lease has ended at " + first.until + ".");
  const CredentialsLease second = change("key-b", {});
  EXPECT_NE(second.id, first.id);
  EXPECT_EQ(second.credentials.next, Next{"c2Vjb25k"});
  EXPECT_EQ(change("key-b", {.lease = second.id, .next = "dGhpcmQ="}).credentials.next,
            (Next{"c2Vjb25k", "dGhpcmQ="}));
  EXPECT_EQ(commit("key-a", first.id, "c2Vjb25k"),
            "409 This lease is not this key's, or another one was given since.");
  EXPECT_EQ(commit("key-b", second.id, "Zm91cnRo"),
            "409 These credentials are neither the current nor next ones.");
  EXPECT_EQ(commit("key-b", second.id, "Zmlyc3Q="), "no problem");
  EXPECT_EQ(credentials_of(*sql_, id_).current, "Zmlyc3Q=");
  EXPECT_TRUE(credentials_of(*sql_, id_).next.empty());
}

TEST_F(ClientCredentials, AreCommittedAfterTheLeaseWhereNobodyElseHasOne) {
  const CredentialsLease lease = change("key-a", {.lease = {}, .next = "c2Vjb25k"});
  now_ += std::chrono::hours(1);
  EXPECT_EQ(commit("key-a", lease.id, "c2Vjb25k"), "no problem");
}

TEST_F(ClientCredentials, AreNoMoreThanAnAccountAllowsToTry) {
  const CredentialsLease lease = change("key-a", {});
  for (const char* next : {"MQ==", "Mg==", "Mw==", "NA=="}) {
    change("key-a", {.lease = lease.id, .next = next});
    change("key-a", {.lease = lease.id, .next = next});  // is there already
  }
  EXPECT_EQ(credentials_of(*sql_, id_).next.size(), kMostNext);
  EXPECT_EQ(refusal("key-a", {.lease = lease.id, .next = "NQ=="}),
            "409 There are 4 next credentials already: one must be committed first.");
}

// An enrolment makes others, under another content key.
TEST_F(ClientCredentials, OfAnEnrolmentTakeThePlaceOfAllOthers) {
  change("key-a", {.lease = {}, .next = "c2Vjb25k"});
  const std::string spki = keys_of(*sql_, id_).at(0).spki;
  sequencer_->write([&](Group& group) { put_cryptogram(group, spki, {"b3RoZXI=", "dGhpcmQ="}); });
  EXPECT_EQ(credentials_of(*sql_, id_).current, "dGhpcmQ=");
  EXPECT_TRUE(credentials_of(*sql_, id_).next.empty());
}

TEST_F(ClientCredentials, AreNotChangedWhereThereAreNone) {
  id_ = sequencer_->write([&](Group& group) { return add_client(group, {}); });
  EXPECT_EQ(refusal("key-a", {.lease = {}, .next = "c2Vjb25k"}),
            "404 The client has no credentials.");
}

TEST_F(ClientCredentials, HaveStatementsWithRisingNumbers) {
  EXPECT_EQ(statement_of(*sql_, id_), "");
  EXPECT_EQ(keep(R"({"client":")" + id_ + R"(","number":2,"members":[]})"), "no problem");
  const std::string kept = statement_of(*sql_, id_);
  EXPECT_EQ(keep(R"({"client":")" + id_ + R"(","number":2,"members":[]})"),
            "409 The statement's number must exceed 2.");
  EXPECT_EQ(keep(R"({"client":"another","number":3})"),
            "422 The statement is about another client.");
  for (const char* other : {"", "[]", R"({"client":1,"number":3})", R"({"client":"a"})",
                            R"({"client":"a","number":3,"number":4})"}) {
    EXPECT_TRUE(keep(other).starts_with("422 A statement is a CMS SignedData")) << other;
  }
  EXPECT_EQ(statement_of(*sql_, id_), kept);
  EXPECT_EQ(keep(R"({"client":")" + id_ + R"(","number":3})"), "no problem");
  EXPECT_NE(statement_of(*sql_, id_), kept);
}

}  // namespace
}  // namespace signet::sealserver
