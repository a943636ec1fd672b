// Certificates and revocation data are shared: many validations at once read the same ones.

#include <gtest/gtest.h>

#include <thread>

#include "validation/chains.h"
#include "validation/reliability.h"
#include "validation/signature_check.h"
#include "validation/testing/test_revocation.h"

namespace signet::validation {
namespace {

constexpr int kThreads = 4;
constexpr int kRounds = 20;

RevocationDataPtr shared(const Result<RevocationDataPtr, std::string>& parsed) {
  return parsed ? parsed.value() : nullptr;
}

TEST(SharedEvidence, IsReadByManyThreads) {
  const pki::Party root = pki::root(pki::authority("Root"));
  const pki::Party ca = pki::issue(root, pki::authority("CA"));
  const pki::Party seal = pki::issue(ca, pki::signer("Seal"));
  const pki::Party responder = pki::issue(ca, pki::responder("Responder"));
  pki::OcspWish answer;
  answer.answers = {pki::good(seal, ca, pki::at("2016-01-01"), pki::at("2016-01-02"))};
  const RevocationDataPtr crl = shared(RevocationData::parse_crl(pki::crl(ca, {})));
  const RevocationDataPtr ocsp = shared(RevocationData::parse_ocsp(pki::ocsp(responder, answer)));
  ASSERT_TRUE(crl && ocsp);
  Evidence evidence;
  evidence.add(ca.certificate, Origin::message);
  evidence.add(crl, Origin::message);
  evidence.add(ocsp, Origin::message);
  Policy policy;
  policy.anchors = {{root.certificate, {}}};
  policy.suite =
      std::make_shared<crypto::Suite>(crypto::Suite::shipped(crypto::kDefaultSuite).value());

  const auto validate = [&] {
    for (int i = 0; i < kRounds; ++i) {
      ChainFinder finder(evidence, policy);
      EXPECT_TRUE(finder.chains_for(seal.certificate, Purpose::signing)[0].usable());
      EXPECT_EQ(seal.certificate->short_name(), "Seal");
      EXPECT_TRUE(crl->is_signed_by(*ca.certificate, *ca.certificate));
      EXPECT_TRUE(crl->status_of(*seal.certificate, *ca.certificate));
      EXPECT_TRUE(ocsp->is_signed_by(*responder.certificate, *ca.certificate));
      EXPECT_TRUE(ocsp->status_of(*seal.certificate, *ca.certificate));
      EXPECT_EQ(reliability_of_signature(policy, seal.certificate->signature_algorithm(),
                                         crypto::Hash::none, ca.certificate->public_key())
                    .end,
                std::nullopt);
    }
  };
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) threads.emplace_back(validate);
  for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace signet::validation
