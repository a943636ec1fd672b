// Certificates that were made to keep the search busy: a bounded number of signatures, and a word about it.

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "validation/chains.h"
#include "validation/signature_check.h"
#include "validation/testing/test_pki.h"

namespace signet::validation {
namespace {

struct Search {
  Evidence evidence;
  Policy policy;
  std::vector<Chain> chains;
  bool gave_up = false;
  std::size_t signatures = 0;  // computed

  void run(const CertificatePtr& certificate) {
    ChainFinder finder(evidence, policy);
    const std::size_t before = signature_checks();
    chains = finder.chains_for(certificate, Purpose::signing);
    signatures = signature_checks() - before;
    gave_up = finder.gave_up();
  }
};

TEST(ChainBounds, CutsAChainOfAThousand) {
  Search search;
  pki::Party issuer = pki::root(pki::authority("Root"));
  search.policy.anchors.push_back({issuer.certificate, {}});
  for (int i = 0; i < 1000; ++i) {
    issuer = pki::issue(issuer, pki::authority(fmt::format("CA {}", i)));
    ASSERT_TRUE(search.evidence.add(issuer.certificate, Origin::message));
  }
  search.run(pki::issue(issuer, pki::signer("Seal")).certificate);
  EXPECT_EQ(search.signatures, 31U);
  EXPECT_TRUE(search.gave_up);
  ASSERT_EQ(search.chains.size(), 1U);
  EXPECT_EQ(search.chains[0].certificates.size(), 32U);
  EXPECT_FALSE(search.chains[0].usable());
  EXPECT_EQ(search.chains[0].conclusion.warnings.size(), 1U);
}

TEST(ChainBounds, TakesAChainOfThirtyTwo) {
  Search search;
  pki::Party issuer = pki::root(pki::authority("Root"));
  search.policy.anchors.push_back({issuer.certificate, {}});
  for (int i = 0; i < 30; ++i) {
    issuer = pki::issue(issuer, pki::authority(fmt::format("CA {}", i)));
    search.evidence.add(issuer.certificate, Origin::message);
  }
  search.run(pki::issue(issuer, pki::signer("Seal")).certificate);
  EXPECT_TRUE(search.chains[0].usable());
  EXPECT_FALSE(search.gave_up);
  EXPECT_EQ(search.chains[0].certificates.size(), 32U);
}

// Thirty authorities, each certified by each other one: more ways than atoms.
TEST(ChainBounds, EndsInAMeshOfCrossCertificates) {
  constexpr int kAuthorities = 30;
  std::vector<pki::Party> roots;
  for (int i = 0; i < kAuthorities; ++i)
    roots.push_back(pki::root(pki::authority(fmt::format("CA {}", i))));
  Search search;
  for (int i = 0; i < kAuthorities; ++i) {
    for (int j = 0; j < kAuthorities; ++j) {
      const pki::Party cross =
          pki::issue(roots[static_cast<std::size_t>(j)], pki::authority(fmt::format("CA {}", i)));
      if (i != j) search.evidence.add(cross.certificate, Origin::message);
    }
  }
  const CertificatePtr seal = pki::issue(roots[0], pki::signer("Seal")).certificate;
  search.run(seal);
  EXPECT_LE(search.signatures, 2000U);
  EXPECT_TRUE(search.gave_up);
  EXPECT_FALSE(search.chains[0].usable());
  // An anchor that is near is found all the same.
  search.policy.anchors.push_back({roots[0].certificate, {}});
  search.run(seal);
  EXPECT_LE(search.signatures, 2000U);
  EXPECT_TRUE(search.chains[0].usable());
  EXPECT_EQ(search.chains[0].certificates.size(), 2U);
  EXPECT_LE(search.chains.size(), 64U);
}

// The bounds are not used up by many certificates of few keys before the way out of the mesh is found.
TEST(ChainBounds, FindsTheWayOutOfAMesh) {
  constexpr std::size_t kAuthorities = 30;
  std::vector<pki::Party> roots;
  for (std::size_t i = 0; i < kAuthorities; ++i)
    roots.push_back(pki::root(pki::authority(fmt::format("CA {}", i))));
  Search search;
  for (std::size_t by = 0; by < kAuthorities; ++by) {
    for (std::size_t to = 0; to < kAuthorities; ++to) {
      const auto cross = pki::issue(roots[by], pki::authority(fmt::format("CA {}", to)));
      if (by != to) search.evidence.add(cross.certificate, Origin::message);
    }
  }
  const pki::Party anchor = pki::root(pki::authority("Anchor"));
  search.policy.anchors.push_back({anchor.certificate, {}});
  search.evidence.add(pki::issue(anchor, pki::authority("CA 29")).certificate, Origin::message);
  search.run(pki::issue(roots[0], pki::signer("Seal")).certificate);
  EXPECT_TRUE(search.chains[0].usable());
  EXPECT_EQ(search.chains[0].certificates.size(), 4U);
}

TEST(ChainBounds, CutsACycle) {
  const pki::Party one = pki::root(pki::authority("One"));
  const pki::Party two = pki::root(pki::authority("Two"));
  Search search;
  search.evidence.add(pki::issue(one, pki::authority("Two")).certificate, Origin::message);
  search.evidence.add(pki::issue(two, pki::authority("One")).certificate, Origin::message);
  search.run(pki::issue(one, pki::signer("Seal")).certificate);
  EXPECT_EQ(search.signatures, 3U);
  EXPECT_FALSE(search.gave_up);
  EXPECT_EQ(search.chains[0].certificates.size(), 3U);
}

TEST(ChainBounds, ComputesNoMoreSignaturesOfNamesakesThanItMay) {
  const pki::Party ca = pki::root(pki::authority("CA"));
  Search search;
  search.policy.anchors.push_back({ca.certificate, {}});
  pki::CertificateWish wish = pki::authority("CA");
  wish.key_identifiers = false;
  for (int i = 0; i < 2500; ++i) {
    wish.key_name = fmt::format("namesake {}", i);
    search.evidence.add(pki::issue(ca, wish).certificate, Origin::message);
  }
  search.run(pki::issue(ca, pki::signer("Seal")).certificate);
  EXPECT_EQ(search.signatures, 2000U);
  EXPECT_TRUE(search.gave_up);
  EXPECT_TRUE(search.chains[0].usable());
}

// CVE-2023-0464: mappings that double the tree of policies with each certificate.
TEST(ChainBounds, IsNotBlownUpByPolicies) {
  const auto policy = [](int number) { return fmt::format("1.3.6.1.4.1.32473.1.{}", number); };
  std::vector<std::string> policies;
  std::vector<std::pair<std::string, std::string>> mappings;
  constexpr int kPolicies = 20;
  for (int i = 0; i < kPolicies; ++i) {
    policies.push_back(policy(i));
    for (int j = 0; j < kPolicies; ++j) mappings.emplace_back(policy(i), policy(j));
  }
  pki::CertificateWish root_wish = pki::authority("Root");
  pki::Party issuer = pki::root(root_wish);
  Search search;
  search.policy.anchors.push_back({issuer.certificate, {}});
  for (int i = 0; i < 5; ++i) {
    pki::CertificateWish wish = pki::authority(fmt::format("CA {}", i));
    wish.extensions.push_back(pki::require_explicit_policy(0));
    wish.extensions.push_back(pki::certificate_policies(policies));
    wish.extensions.push_back(pki::policy_mappings(mappings));
    issuer = pki::issue(issuer, wish);
    search.evidence.add(issuer.certificate, Origin::message);
  }
  pki::CertificateWish wish = pki::signer("Seal");
  wish.extensions.push_back(pki::certificate_policies(policies));
  search.run(pki::issue(issuer, wish).certificate);
  EXPECT_EQ(search.signatures, 6U);
  EXPECT_FALSE(search.chains[0].usable());
  ASSERT_FALSE(search.chains[0].conclusion.reasons.empty());
  EXPECT_EQ(text_of(search.chains[0].conclusion.reasons[0], Language::english),
            "Seal: the chain has more certificate policies than can be checked");
}

TEST(ChainBounds, RefusesNamesAndConstraintsWithoutEnd) {
  pki::Party issuer = pki::root(pki::authority("Root"));
  Search search;
  search.policy.anchors.push_back({issuer.certificate, {}});
  pki::CertificateWish wish = pki::authority("CA");
  wish.extensions.push_back(pki::subject_alternative_dns(std::string(100'000, 'a')));
  issuer = pki::issue(issuer, wish);
  search.evidence.add(issuer.certificate, Origin::message);
  search.run(pki::issue(issuer, pki::signer("Seal")).certificate);
  EXPECT_EQ(search.signatures, 2U);
  EXPECT_TRUE(search.gave_up);
  EXPECT_EQ(search.chains[0].conclusion.sub_indication,
            SubIndication::certificate_chain_general_failure);
}

}  // namespace
}  // namespace signet::validation
