// Services of the CSC API that sign wrongly, too late or for somebody else.
#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <iostream>
#include <thread>

#include "tests/process/csc_peer.h"
#include "tests/process/hostile_signatures.h"
#include "tests/support/process.h"
#include "tests/support/x509.h"

namespace signet::tests {
namespace {

using https::TestReply;
using https::TestRequest;
using namespace std::chrono_literals;

class HostileCscSignatureTest : public HostileSignatureTest {
 protected:
  void sign_csc(const CscPeer& peer, std::string_view path, SigningKey::Kind kind, CK_RV expected,
                const std::string& further = {}) {
    sign_through(peer.handler(), csc_token(further), path, kind, expected);
  }

  static BoundedToken csc_token(const std::string& further = {}) {
    return {.dialect = "csc",
            .call = kSignLimit,
            .tables = "[token.csc]\naccess = \"none\"\n" + further};
  }

  CscCredential credential_of(SigningKey::Kind kind, const std::string& algorithm = {}) const {
    const bool ec = kind == SigningKey::Kind::p256;
    const std::string usual = ec ? "1.2.840.10045.4.3.2" : "1.2.840.113549.1.1.11";
    return {.algorithms = {algorithm.empty() ? usual : algorithm},
            .chain = {key_of(kind)->certificate()}};
  }

  // One whose signatures are made by `forge`.
  CscPeer forging_csc(SigningKey::Kind kind, const Forge& forge,
                      const std::string& algorithm = {}) const {
    CscPeer peer(key_of(kind), credential_of(kind, algorithm));
    peer.on("signatures/signHash",
            [key = key_of(kind), forge](const TestRequest& request) -> TestReply {
              std::vector<Bytes> signatures;
              for (const Bytes& digest : digests_in(request))
                signatures.push_back(forge(*key, digest));
              return {.body = signatures_text(signatures)};
            });
    return peer;
  }
};

TEST_F(HostileCscSignatureTest, AreRightOrNone) {
  for (const char* const path : {"/csc/v1", "/csc/v2"}) {
    for (const auto kind : {SigningKey::Kind::p256, SigningKey::Kind::rsa_2048}) {
      for (const ForgeRow& row : common_forgeries(kind)) {
        SCOPED_TRACE(fmt::format("{} {} {}", path, static_cast<int>(kind), row.name));
        sign_csc(forging_csc(kind, row.forge), path, kind, CKR_DEVICE_ERROR);
      }
    }
  }
}

TEST_F(HostileCscSignatureTest, OfEcdsaInTheOtherEncodingAreReadAsWhatTheyAre) {
  const auto kind = SigningKey::Kind::p256;
  const Forge der = [](const SigningKey& key, const Bytes& d) { return key.sign(d); };
  const Forge pair = [](const SigningKey& key, const Bytes& d) {
    return concatenated_ecdsa(key.sign(d));
  };
  const Forge wrong_pair = [](const SigningKey& key, const Bytes& d) {
    return concatenated_ecdsa(key.sign(other_digest(d)));
  };
  const Forge turned = [](const SigningKey& key, const Bytes& d) {
    Bytes both = concatenated_ecdsa(key.sign(d));
    std::rotate(both.begin(), both.begin() + 32, both.end());
    return both;
  };
  const Forge der_in_der = [](const SigningKey& key, const Bytes& d) {
    Bytes inner = key.sign(d);
    inner.insert(inner.begin(), {0x04, static_cast<std::uint8_t>(inner.size())});
    return inner;
  };
  const Forge long_length = [](const SigningKey& key, const Bytes& d) {
    Bytes signature = key.sign(d);  // 30 81 LL, which is BER
    signature.insert(signature.begin() + 1, 0x81);
    return signature;
  };
  struct Row {
    const char* name;
    Forge forge;
    CK_RV expected;
  };
  const std::vector<Row> rows = {{"DER", der, CKR_OK},
                                 {"r and s", pair, CKR_OK},
                                 {"r and s of another digest", wrong_pair, CKR_DEVICE_ERROR},
                                 {"s and r", turned, CKR_DEVICE_ERROR},
                                 {"DER in an OCTET STRING", der_in_der, CKR_DEVICE_ERROR},
                                 {"BER", long_length, CKR_DEVICE_ERROR}};
  for (const char* const oid : {"1.2.840.10045.4.3.2", "0.4.0.127.0.7.1.1.4.1.3"}) {
    for (const Row& row : rows) {
      SCOPED_TRACE(fmt::format("{} {}", oid, row.name));
      sign_csc(forging_csc(kind, row.forge, oid), "/csc/v2", kind, row.expected);
    }
  }
}

TEST_F(HostileCscSignatureTest, AreAsManyAsWereAskedFor) {
  const auto kind = SigningKey::Kind::p256;
  const auto with = [&](std::function<std::vector<Bytes>(const Bytes&)> signatures) {
    CscPeer peer(ec_, credential_of(kind));
    peer.on("signatures/signHash", [signatures](const TestRequest& request) -> TestReply {
      return {.body = signatures_text(signatures(digests_in(request).front()))};
    });
    sign_csc(peer, "/csc/v2", kind, CKR_DEVICE_ERROR);
  };
  with([](const Bytes&) { return std::vector<Bytes>(); });
  with([this](const Bytes& d) { return std::vector<Bytes>(2, ec_->sign(d)); });
  with([this](const Bytes& d) { return std::vector<Bytes>(50'000, ec_->sign(d)); });
}

TEST_F(HostileCscSignatureTest, NeedAnswersThatCanBeRead) {
  const auto kind = SigningKey::Kind::p256;
  for (const std::string& body :
       {std::string("{}"), std::string("null"), std::string(R"({"signatures":null})"),
        std::string(R"({"signatures":{"0":"AAAA"}})"), std::string(R"({"signatures":[["AAAA"]]})"),
        std::string(R"({"signatures":["@@@@"]})"), std::string(4'000'000, '['),
        R"({"signatures":[")" + std::string(8'000'000, 'A') + "\"]}",
        R"({"responseID":")" + std::string(4'000'000, 'r') + "\"}"}) {
    SCOPED_TRACE(body.substr(0, 40));
    CscPeer peer(ec_, credential_of(kind));
    peer.on("signatures/signHash",
            [body](const TestRequest&) -> TestReply { return {.body = body}; });
    sign_csc(peer, "/csc/v2", kind, CKR_DEVICE_ERROR);
  }
}

// "requestID" of megabytes, answers that never come, answers of others.
TEST_F(HostileCscSignatureTest, ThatAreMadeLaterComeInTimeOrNotAtAll) {
  const auto kind = SigningKey::Kind::p256;
  const auto later = [](const TestRequest&) -> TestReply {
    return {.body = R"({"responseID":"r\u001b[2J\r\n"})"};
  };
  struct Row {
    const char* name;
    HostileServer::Handler polling;
  };
  const auto text = [](int status, std::string body) -> HostileServer::Handler {
    return [=](const TestRequest&) -> TestReply { return {.status = status, .body = body}; };
  };
  const auto forged = [&](const Bytes& signature) {
    return text(200, signatures_text({signature}));
  };
  const std::vector<Row> rows = {
      {"another responseID each time", text(200, R"({"responseID":"other"})")},
      {"accepted for ever", text(202, R"({"error":"accepted_request"})")},
      {"refused as too early for ever",
       text(400, R"({"error":"invalid_request","error_description":)"
                 R"("The previous asynchronous signature request is still pending"})")},
      {"no answer at all",
       [](const TestRequest&) -> TestReply { return {.ending = TestReply::Ending::stall}; }},
      {"busy for ever",
       [](const TestRequest&) -> TestReply {
         return {.status = 503, .headers = {{"Retry-After", "99999999999999999999"}}};
       }},
      {"another key's", forged(other_key(kind)->sign(sha256(view_of("sign"))))},
      {"of another digest", forged(ec_->sign(sha256(view_of("something else"))))},
      {"megabytes", forged(Bytes(std::size_t{4} << 20U, 1))},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    CscPeer peer(ec_, credential_of(kind));
    peer.on("signatures/signHash", later).on("signatures/signPolling", row.polling);
    sign_csc(peer, "/csc/v2", kind, CKR_DEVICE_ERROR, "asynchronous = true\n");
  }
}

TEST_F(HostileCscSignatureTest, NeedAnAuthorisationOfABoundedSize) {
  const auto kind = SigningKey::Kind::p256;
  for (const std::string& body :
       {R"({"SAD":")" + std::string(4'000'000, 's') + "\"}", std::string("{}"),
        std::string(R"({"SAD":""})"), std::string(R"({"SAD":7})"),
        std::string(R"({"handle":"still waiting"})"),
        R"({"handle":")" + std::string(4'000'000, 'h') + "\"}"}) {
    SCOPED_TRACE(body.substr(0, 40));
    CscCredential credential = credential_of(kind);
    credential.scal = "2";  // with SCAL 1 it is asked for at login
    CscPeer peer(ec_, credential);
    const auto answer = [body](const TestRequest&) -> TestReply { return {.body = body}; };
    peer.on("credentials/authorize", answer).on("credentials/authorizeCheck", answer);
    sign_csc(peer, "/csc/v2", kind, CKR_DEVICE_ERROR);
  }
}

// A certificate that is not of the key which signs.
TEST_F(HostileCscSignatureTest, AreOfTheKeyThatTheCertificateIsOf) {
  const auto kind = SigningKey::Kind::p256;
  CscCredential credential = credential_of(kind);
  credential.chain = {ec_->certificate(), other_key(kind)->certificate()};
  sign_csc(CscPeer(other_key(kind), credential), "/csc/v2", kind, CKR_DEVICE_ERROR);
}

// Each requester of a batch gets a signature over what he gave, or none.
TEST_F(HostileCscSignatureTest, OfABatchInAnotherOrderReachNobody) {
  const auto kind = SigningKey::Kind::p256;
  CscCredential credential = credential_of(kind);
  credential.multisign = 8;
  struct Row {
    const char* name;
    std::function<void(std::vector<Bytes>&)> change;
  };
  const std::vector<Row> rows = {
      {"turned", [](auto& all) { std::ranges::reverse(all); }},
      {"moved by one", [](auto& all) { std::ranges::rotate(all, all.begin() + 1); }},
      {"one for all", [](auto& all) { std::ranges::fill(all, Bytes(all.front())); }},
      {"one missing", [](auto& all) { all.pop_back(); }},
      {"one too many", [](auto& all) { all.push_back(all.front()); }}};
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    CscPeer peer(ec_, credential);
    peer.on("signatures/signHash", [this, &row](const TestRequest& request) -> TestReply {
      std::vector<Bytes> signatures;
      for (const Bytes& digest : digests_in(request)) signatures.push_back(ec_->sign(digest));
      const bool batch = signatures.size() > 1;
      if (batch) row.change(signatures);
      return {.body = signatures_text(signatures), .delay = batch ? 0ms : 200ms};
    });
    BoundedToken token = csc_token();
    token.limits = "connections = 1\n";
    const HostileServer server(peer.handler());
    configure(folder_.path(), token, server.member("/csc/v2"));
    EXPECT_TRUE(in_other_process([&] {
      const Module module;
      Session first(module);
      first.login("1234");
      std::atomic<int> good{0};
      std::atomic<int> refused{0};
      std::vector<std::thread> threads;
      for (int i = 0; i < 7; ++i) {
        threads.emplace_back([&, i] {
          Session session(module);
          const auto key = session.find_one({CKO_PRIVATE_KEY, "signer", {}});
          if (i > 0) std::this_thread::sleep_for(50ms);  // while the first is under way
          const CK_RV answer =
              sign_once(session, key, CKM_ECDSA_SHA256, *ec_, fmt::format("document {}", i));
          EXPECT_TRUE(answer == CKR_OK || answer == CKR_DEVICE_ERROR) << std::hex << answer;
          ++(answer == CKR_OK ? good : refused);
        });
      }
      for (auto& thread : threads) thread.join();
      EXPECT_GE(refused, 1) << "no batch was sent";
      std::cout << row.name << ": " << good << " signatures, " << refused << " refused\n";
    }));
  }
}

}  // namespace
}  // namespace signet::tests
