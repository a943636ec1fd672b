// SOAP services that sign wrongly or for somebody else.
#include <fmt/format.h>

#include <mutex>
#include <thread>
#include <utility>

#include "tests/process/hostile_signatures.h"
#include "tests/process/sapiws_peer.h"
#include "tests/support/process.h"
#include "tests/support/x509.h"

namespace signet::tests {
namespace {

using https::TestRequest;

class HostileSapiwsSignatureTest : public HostileSignatureTest {};

TEST_F(HostileSapiwsSignatureTest, AreRightOrNone) {
  const auto kind = SigningKey::Kind::rsa_2048;
  std::vector<ForgeRow> rows = common_forgeries(kind);
  for (const ForgeRow& row : rows) {
    SCOPED_TRACE(row.name);
    SapiwsPeer peer(rsa_);
    peer.on("RSASSA-PKCS1-v1_5", [this, &row](const TestRequest& request) {
      return dss_reply(signature_xml(row.forge(*rsa_, digest_in(request))));
    });
    sign_through(peer.handler(), {.dialect = "sapiws", .call = kSignLimit}, "/SAPIWS", kind,
                 CKR_DEVICE_ERROR);
  }
}

TEST_F(HostileSapiwsSignatureTest, NeedAnswersThatCanBeRead) {
  const auto kind = SigningKey::Kind::rsa_2048;
  const Bytes good = rsa_->sign(sha256(view_of("sign")));
  const Bytes other = other_key(kind)->sign(sha256(view_of("sign")));
  for (const std::string& content :
       {std::string(), std::string("<Base64Signature/>"),
        std::string("<Base64Signature>@@@@</Base64Signature>"),
        "<Base64Signature>" + std::string(8'000'000, 'A') + "</Base64Signature>",
        signature_xml(other) + signature_xml(good),
        "<DocumentWithSignature>" + std::string(8'000'000, 'A') + "</DocumentWithSignature>"}) {
    SCOPED_TRACE(content.substr(0, 60));
    SapiwsPeer peer(rsa_);
    peer.on("RSASSA-PKCS1-v1_5", [&content](const TestRequest&) { return dss_reply(content); });
    sign_through(peer.handler(), {.dialect = "sapiws", .call = kSignLimit}, "/SAPIWS", kind,
                 CKR_DEVICE_ERROR);
  }
}

TEST_F(HostileSapiwsSignatureTest, ReachWhoAskedForThem) {
  SapiwsPeer peer(rsa_);
  const auto last = std::make_shared<std::pair<std::mutex, Bytes>>();
  peer.on("RSASSA-PKCS1-v1_5", [this, last](const TestRequest& request) {
    const std::lock_guard lock(last->first);
    const Bytes before = std::exchange(last->second, rsa_->sign(digest_in(request)));
    return dss_reply(signature_xml(before));
  });
  const HostileServer server(peer.handler());
  configure(folder_.path(), {.dialect = "sapiws", .call = kSignLimit}, server.member("/SAPIWS"));
  EXPECT_TRUE(in_other_process([&] {
    const Module module;
    Session first(module);
    first.login("1234");
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([&, i] {
        Session session(module);
        const auto key = session.find_one({CKO_PRIVATE_KEY, "signer", {}});
        for (int round = 0; round < 5; ++round) {
          EXPECT_EQ(sign_once(session, key, CKM_SHA256_RSA_PKCS, *rsa_,
                              fmt::format("document {}.{}", i, round)),
                    CKR_DEVICE_ERROR);
        }
      });
    }
    for (auto& thread : threads) thread.join();
  }));
}

}  // namespace
}  // namespace signet::tests
