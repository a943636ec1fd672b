#include <fstream>

#include "seal-server/certificates/authentication.h"
#include "seal-server/certificates/orders.h"
#include "seal-server/clients/keys.h"
#include "seal-server/clients/revocations.h"
#include "seal-server/clients/users.h"
#include "seal-server/testing/service_scene.h"
#include "seal-server/testing/test_identity.h"

namespace signet::sealserver {
namespace {

using https::server::Request;

class AdministrationCalls : public ServiceScene {
 protected:
  AdministrationCalls() {
    sequencer_->write([&](Group& group) {
      add_caller(group, "ann", Role::administrator, ann_.certificate());
      add_caller(group, "bob", Role::auditor, bob_.certificate());
    });
  }

  static void add_caller(Group& group, const char* name, Role role, ByteView certificate) {
    User user;
    user.name = name;
    user.role = role;
    add_user(group, user);
    set_user_certificate(group, name, certificate);
  }

  Request as(const TestIdentity& who, const std::string& method, const std::string& target,
             const std::string& body = "") {
    Request made = request(method, target, body);
    made.peer.certificate = who.certificate();
    made.set_header("Idempotency-Key", "key-" + std::to_string(++keys_));
    return made;
  }
  boost::json::object done(const std::string& method, const std::string& target,
                           const std::string& body = "") {
    return answer(as(ann_, method, target, body));
  }
  std::string said(const std::string& method, const std::string& target,
                   const std::string& body = "") {
    return outcome(as(ann_, method, target, body));
  }
  static std::string certificate_json(const TestIdentity& identity, const std::string& more = "") {
    return R"({"certificate":")" + crypto::to_base64(identity.certificate()) + "\"" + more + "}";
  }

  const TestIdentity ann_{"Ann"};
  const TestIdentity bob_{"Bob"};
  const TestIdentity machine_{"machine"};
  int keys_ = 0;
};

TEST_F(AdministrationCalls, GovernClients) {
  const std::string id(done("POST", "clients",
                            R"({"name":"Archive","organisation":"NTRCZ-1","limits":{"sealsADay":5,)"
                            R"("until":"2099-01-01T00:00:00Z"},"members":["https://a.example"]})")
                           .at("id")
                           .as_string());
  const std::string path = "clients/" + id;
  auto client = done("GET", path);
  EXPECT_EQ(client.at("name").as_string(), "Archive");
  EXPECT_EQ(client.at("state").as_string(), "active");
  EXPECT_EQ(client.at("members").as_array().at(0).as_string(), "https://a.example");
  EXPECT_EQ(client.at("limits").as_object().at("sealsADay"), 5);
  EXPECT_EQ(client.at("limits").as_object().at("until").as_string(), "2099-01-01T00:00:00.000Z");
  done("PUT", path + "/limits", R"({"seals":7,"requestsASecond":3})");
  client = done("GET", path);
  EXPECT_EQ(client.at("limits"), (boost::json::object{{"seals", 7}, {"requestsASecond", 3}}));

  const std::string key(
      done("POST", path + "/keys",
           certificate_json(machine_, R"(,"card":true,"cryptogram":"YQ==","credentials":"Yg==")"))
          .at("key")
          .as_string());
  EXPECT_EQ(key, machine_.spki());
  Request own = as(machine_, "GET", "cryptogram");
  EXPECT_EQ(answer(own).at("cryptogram").as_string(), "YQ==");
  done("PUT", path + "/keys/" + key + "/cryptogram",
       R"({"cryptogram":"Yw==","credentials":"ZA=="})");
  EXPECT_EQ(answer(own).at("cryptogram").as_string(), "Yw==");
  done("POST", path + "/sealing-certificates", certificate_json(TestIdentity("seal")));
  client = done("GET", path);
  EXPECT_EQ(client.at("authenticationCertificates").as_array().at(0).as_object().at("card"), true);
  EXPECT_EQ(client.at("sealingCertificates").as_array().at(0).as_object().at("state").as_string(),
            "active");

  for (const auto& [state, expected] :
       {std::pair("suspended", "403 The client is suspended."), std::pair("active", "200")}) {
    done("PUT", path + "/state", R"({"state":")" + std::string(state) + "\"}");
    EXPECT_EQ(outcome(own), expected);
  }
  done("POST", path + "/keys/" + key + "/revoke", "{}");
  EXPECT_EQ(outcome(own), "403 This key is revoked.");
  done("PUT", path + "/state", R"({"state":"ended"})");
  EXPECT_EQ(said("PUT", path + "/state", R"({"state":"active"})"), "409 The client has ended.");
}

TEST_F(AdministrationCalls, ListClientsInPages) {
  for (int i = 0; i < 51; ++i) {
    sequencer_->write([](Group& group) { add_client(group, {}); });
  }
  const auto first = done("GET", "clients");
  EXPECT_EQ(first.at("clients").as_array().size(), 50U);
  const auto second = done("GET", "clients?cursor=" + std::string(first.at("cursor").as_string()));
  EXPECT_EQ(second.at("clients").as_array().size(), 2U);
  EXPECT_FALSE(second.contains("cursor"));
}

TEST_F(AdministrationCalls, RefuseWhatIsNotThere) {
  EXPECT_EQ(said("GET", "clients/none"), "404 There is no client none.");
  EXPECT_EQ(said("PUT", "clients/none/limits", "{}"), "404 There is no client none.");
  EXPECT_EQ(said("PUT", "clients/none/state", R"({"state":"ended"})"),
            "404 There is no client none.");
  EXPECT_EQ(said("POST", "clients/none/keys", certificate_json(machine_)),
            "404 There is no client none.");
  EXPECT_EQ(said("POST", "clients/none/sealing-certificates", certificate_json(machine_)),
            "404 There is no client none.");
  const std::string key = keys_of(*sql_, id_).front().spki;
  EXPECT_EQ(said("POST", "clients/none/keys/" + key + "/revoke", "{}"),
            "404 There is no such key.");
  EXPECT_EQ(said("POST", "clients/" + id_ + "/keys", R"({"certificate":"YQ=="})"),
            "422 This is no certificate.");
  EXPECT_EQ(said("POST", "clients/" + id_ + "/keys", certificate_json(machine_, R"(,"card":1)")),
            "422 \"card\" must be true or false.");
  EXPECT_EQ(said("PUT", "clients/" + id_ + "/limits", R"({"seals":-1})"),
            "422 \"seals\" must be a whole number from 0 on.");
  EXPECT_EQ(said("POST", "clients", R"({"name":"a"})"),
            "422 \"organisation\" is missing or empty.");
  for (const char* path : {"clients/a/b", "clients/a/keys/b", "clients/a/keys/b/c", "clients/"})
    EXPECT_TRUE(said("GET", path).starts_with("404 ")) << path;
  EXPECT_EQ(said("DELETE", "clients"), "405 This path takes GET, POST.");
}

// Who may make which call: by the role of a person, or the state of a client's key.
TEST_F(AdministrationCalls, AreForThoseWhoMayMakeThem) {
  const TestIdentity next("next");
  const TestIdentity superseded("superseded");
  sequencer_->write([&](Group& group) {
    const AuthenticationKey key = keys_of(group.sql(), id_).front();
    register_key(group, key, next.spki(), "Yw==");
    give_certificate(group, next.spki(), next.certificate());
    supersede_key(group, add_key(group, id_, superseded.certificate()), kGrace);
    put_cryptogram(group, key.spki, {"Yw==", "Yw=="});
    put_cryptogram(group, superseded.spki(), {"Yw==", "Yw=="});
  });
  const std::string to_confirm = "403 This key is to be confirmed first.";
  const std::string too_old = "403 This key is superseded: it may log in and report, nothing else.";
  const std::string for_clients = "403 This is for clients.";
  const std::string for_administrators = "403 This is for administrators.";
  const std::string empty = "422 \"transactions\" has no items.";
  const std::string no_order = "404 The client has no order x.";
  const std::string no_request = "422 \"request\" is missing or empty.";
  const std::string no_lease = "422 \"lease\" is missing or empty.";
  struct Row {
    const char* method;
    const char* target;
    std::string active, superseded, registered, administrator, auditor;
  };
  const std::vector<Row> table{
      {"GET", "client", "200", "200", "200", for_clients, for_clients},
      {"GET", "cryptogram", "200", "200", "200", for_clients, for_clients},
      {"GET", "transactions", "200", "200", to_confirm, for_clients, for_clients},
      {"POST", "transactions", empty, empty, to_confirm, for_clients, for_clients},
      {"PUT", "transactions/x", "422 \"state\" is missing or empty.",
       "422 \"state\" is missing or empty.", to_confirm, for_clients, for_clients},
      {"POST", "credentials/commit", no_lease, too_old, to_confirm, for_clients, for_clients},
      {"POST", "authentication-certificates", no_request, too_old, to_confirm, for_clients,
       for_clients},
      {"GET", "authentication-certificates/x", no_order, no_order, no_order, for_clients,
       for_clients},
      {"POST", "authentication-certificates/x/confirm", "404 This key has no order x.",
       "404 This key has no order x.", "404 This key has no order x.", for_clients, for_clients},
      {"POST", "sealing-certificates/lease", "200", too_old, to_confirm, for_clients, for_clients},
      {"POST", "sealing-certificates", no_lease, too_old, to_confirm, for_clients, for_clients},
      {"GET", "sealing-certificates/x", no_order, no_order, to_confirm, for_clients, for_clients},
      {"PUT", "sealing-certificates/x", "422 \"state\" is missing or empty.", too_old, to_confirm,
       for_clients, for_clients},
      {"POST", "credentials/change", "200", too_old, to_confirm, for_clients, for_clients},
      {"GET", "log/checkpoint", "200", "200", "200", "200", "200"},
      {"GET", "log/tile/0/000.p/1", "200", "200", "200", "200", "200"},
      {"GET", "log/tile/entries/000.p/1", "403 The entries of the log are for auditors.",
       "403 The entries of the log are for auditors.",
       "403 The entries of the log are for auditors.", "200", "200"},
      {"GET", "clients", for_administrators, for_administrators, for_administrators, "200",
       for_administrators},
      {"POST", "clients", for_administrators, for_administrators, for_administrators,
       "422 \"name\" is missing or empty.", for_administrators},
      {"PUT", "clients/x/state", for_administrators, for_administrators, for_administrators,
       "422 \"state\" is missing or empty.", for_administrators},
      {"POST", "clients/x/keys", for_administrators, for_administrators, for_administrators,
       "422 \"certificate\" is missing or empty.", for_administrators},
  };
  for (const Row& row : table) {
    const std::string body = std::string(row.method) == "GET" ? "" : "{}";
    const auto check = [&](const Bytes& certificate, const std::string& expected, const char* who) {
      Request made = request(row.method, row.target, body);
      made.peer.certificate = certificate;
      made.set_header("Idempotency-Key", "row-" + std::to_string(++keys_));
      EXPECT_EQ(outcome(made), expected) << row.method << " " << row.target << " by " << who;
    };
    check(superseded.certificate(), row.superseded, "a superseded key");
    check(next.certificate(), row.registered, "a registered key");
    check(ann_.certificate(), row.administrator, "an administrator");
    check(bob_.certificate(), row.auditor, "an auditor");
    check(certificate_, row.active, "an active key");
  }
}

TEST_F(AdministrationCalls, GiveAuditorsTheEntriesOfTheLog) {
  const std::string octets = service_->handle(as(bob_, "GET", "log/tile/entries/000.p/2")).body;
  std::string expected;
  for (const auto& row :
       sql_->query("SELECT entry FROM event WHERE sequence < 2 ORDER BY sequence")) {
    const std::string entry = row.text(0);
    expected += {static_cast<char>(entry.size() / 256), static_cast<char>(entry.size() % 256)};
    expected += entry;
  }
  EXPECT_EQ(octets, expected);
}

TEST_F(AdministrationCalls, KeepRevocationsOutsideTheDatabase) {
  const std::string key = keys_of(*sql_, id_).front().spki;
  const OutsideFile file(outside_file());
  const std::size_t before = file.lines().size();
  database_.save_clients();
  done("PUT", "clients/" + id_ + "/state", R"({"state":"suspended"})");
  EXPECT_EQ(file.lines().back(), state_line(now(), id_, "suspended"));
  done("POST", "clients/" + id_ + "/keys/" + key + "/revoke", "{}");
  EXPECT_EQ(file.lines().back(), revocation_line(now(), key));
  EXPECT_EQ(file.lines().size(), before + 2);
  // A process that was killed left half a line.
  std::ofstream(outside_file(), std::ios::app) << R"({"key":"half)";
  EXPECT_EQ(file.lines().size(), before + 2);

  database_.restore_clients();
  EXPECT_EQ(find_client(*sql_, id_)->state, "active");
  EXPECT_EQ(sequencer_->write([&](Group& group) { return apply_revocations(group, file); }), 2U);
  EXPECT_EQ(find_client(*sql_, id_)->state, "suspended");
  EXPECT_EQ(find_key(*sql_, key)->state, "revoked");
  EXPECT_EQ(sequencer_->write([&](Group& group) { return apply_revocations(group, file); }), 0U);
}

TEST_F(AdministrationCalls, AreOnlyDoneWhereTheyCanBeKeptOutside) {
  std::filesystem::remove(outside_file());
  std::filesystem::create_directory(outside_file());
  EXPECT_TRUE(
      said("PUT", "clients/" + id_ + "/state", R"({"state":"suspended"})").starts_with("500 "));
  EXPECT_EQ(find_client(*sql_, id_)->state, "active");
}

TEST_F(AdministrationCalls, OfSomebodyWhoseCertificateHasEndedAreRefused) {
  const Request made = as(ann_, "GET", "clients");
  now_ += std::chrono::days(366);
  EXPECT_EQ(outcome(made), "403 The certificate has expired.");
  EXPECT_TRUE(service_->knows(bob_.certificate()));
  sequencer_->write([&](Group& group) { remove_user(group, "bob"); });
  EXPECT_FALSE(service_->knows(bob_.certificate()));
}

// What one may do hangs on the key: it cannot be that of a person and of a client.
TEST_F(AdministrationCalls, AreNoMatterOfAClientsKey) {
  EXPECT_EQ(said("POST", "clients/" + id_ + "/keys", certificate_json(bob_)),
            "409 This key is registered already.");
  EXPECT_EQ(problem([&] {
              sequencer_->write([&](Group& group) {
                add_caller(group, "carl", Role::administrator, certificate_);
              });
            }),
            "409 This key is registered as that of a client.");
  sequencer_->write([&](Group& group) {
    User user;
    user.name = "dora";
    user.client = id_;
    add_user(group, user);
    set_user_certificate(group, "dora", machine_.certificate());
  });
  EXPECT_EQ(outcome(as(machine_, "GET", "client")), "403 This key is not registered.");
  EXPECT_EQ(outcome(as(machine_, "GET", "log/checkpoint")), "403 This key is not registered.");
}

TEST_F(AdministrationCalls, LimitTheRequestsOfOneClient) {
  sequencer_->write([&](Group& group) {
    SealLimits limits;
    limits.per_second = 0;
    set_client_limits(group, id_, limits);
  });
  EXPECT_EQ(outcome(request("GET", "client")), "429 More requests a second come than are allowed.");
  EXPECT_EQ(said("GET", "clients").substr(0, 3), "200");
}

}  // namespace
}  // namespace signet::sealserver
