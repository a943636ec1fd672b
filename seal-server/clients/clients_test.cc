#include "seal-server/clients/clients.h"

#include "crypto/testing/test_key.h"
#include "seal-server/testing/records_scene.h"

namespace signet::sealserver {
namespace {

class Clients : public RecordsScene {
 protected:
  Clients() {
    // The certificates of the test keys are valid from the system's time on.
    now_ = std::chrono::system_clock::now();
    id_ = add("Municipal office");
  }

  std::string add(const std::string& name) {
    Client client;
    client.name = name;
    client.organisation = "NTRCZ-00000019";
    return sequencer_->write([&](Group& group) { return add_client(group, client); });
  }

  AuthenticationKey add_certificate(const std::string& client, ByteView certificate) {
    return sequencer_->write([&](Group& group) { return add_key(group, client, certificate); });
  }

  void set_state(const std::string& state) {
    sequencer_->write([&](Group& group) { set_client_state(group, id_, state); });
  }

  std::string admission(const std::string& spki) {
    return problem([&] { EXPECT_EQ(admit(*sql_, spki, now()).client.id, id_); });
  }

  const Bytes certificate_ = crypto::TestKey::on_curve("P-256").certificate();
  const std::string spki_ =
      to_hex(crypto::digest_of(crypto::Hash::sha256, crypto::TestKey::on_curve("P-256").spki()));
  std::string id_;
};

TEST_F(Clients, AreAdmittedByTheirKey) {
  EXPECT_EQ(admission(spki_), "403 This key is not registered.");
  const AuthenticationKey key = add_certificate(id_, certificate_);
  EXPECT_EQ(key.spki, spki_);
  EXPECT_EQ(admission(spki_), "no problem");
  const Client client = admit(*sql_, spki_, now()).client;
  EXPECT_EQ(client.name, "Municipal office");
  EXPECT_EQ(client.organisation, "NTRCZ-00000019");
  ASSERT_EQ(keys_of(*sql_, id_).size(), 1U);
}

TEST_F(Clients, AreNotAdmittedAfterTheirCertificate) {
  const AuthenticationKey key = add_certificate(id_, certificate_);
  EXPECT_EQ(problem([&] { admit(*sql_, spki_, key.not_after); }),
            "403 The certificate has expired.");
}

TEST_F(Clients, AreNotAdmittedWhileSuspended) {
  add_certificate(id_, certificate_);
  set_state("suspended");
  EXPECT_NE(newest_event().find(R"("state":"suspended")"), std::string::npos) << newest_event();
  EXPECT_EQ(admission(spki_), "403 The client is suspended.");
  set_state("active");
  EXPECT_EQ(admission(spki_), "no problem");
  set_state("ended");
  EXPECT_EQ(admission(spki_), "403 The client has ended.");
  EXPECT_EQ(problem([&] { set_state("active"); }), "409 The client has ended.");
  EXPECT_EQ(problem([&] { set_state("gone"); }), "422 A client is active, suspended or ended.");
}

TEST_F(Clients, ARevokedKeyStaysRevokedAndLosesItsCryptogram) {
  add_certificate(id_, certificate_);
  sequencer_->write([&](Group& group) { put_cryptogram(group, spki_, {"Yw==", "Yw=="}); });
  sequencer_->write([&](Group& group) { revoke_key(group, spki_); });
  EXPECT_EQ(admission(spki_), "403 This key is revoked.");
  EXPECT_FALSE(find_cryptogram(*sql_, spki_));
  EXPECT_EQ(problem([&] { add_certificate(id_, certificate_); }),
            "409 This key is registered already.");
  EXPECT_EQ(
      problem([&] {
        sequencer_->write([&](Group& group) { put_cryptogram(group, spki_, {"Yw==", "Yw=="}); });
      }),
      "409 The key is revoked.");
}

TEST_F(Clients, AKeyHasOneOwner) {
  add_certificate(id_, certificate_);
  const std::string other = add("Another office");
  EXPECT_EQ(problem([&] { add_certificate(other, certificate_); }),
            "409 This key is registered already.");
  EXPECT_EQ(problem([&] { add_certificate("none", certificate_); }),
            "404 There is no client none.");
  EXPECT_EQ(problem([&] { add_certificate(id_, view_of("no DER")); }),
            "422 This is no certificate.");
}

TEST_F(Clients, ACryptogramIsKeptForEachKeyAndTheCredentialsForTheClient) {
  add_certificate(id_, certificate_);
  EXPECT_FALSE(find_cryptogram(*sql_, spki_));
  const std::int64_t before = events();
  sequencer_->write([&](Group& group) { put_cryptogram(group, spki_, {"YQ==", "Yg=="}); });
  EXPECT_EQ(find_cryptogram(*sql_, spki_)->cryptogram, "YQ==");
  EXPECT_EQ(find_cryptogram(*sql_, spki_)->credentials, "Yg==");
  EXPECT_EQ(events(), before + 1);
  // What only the client may read is in no event.
  EXPECT_EQ(newest_event().find("YQ=="), std::string::npos);
  EXPECT_EQ(newest_event().find("Yg=="), std::string::npos);
}

}  // namespace
}  // namespace signet::sealserver
