#include "validation/chains.h"

#include <gtest/gtest.h>

#include "crypto/der.h"
#include "validation/testing/test_pki.h"

namespace signet::validation {
namespace {

std::vector<std::string> names_in(const Chain& chain) {
  std::vector<std::string> names;
  for (const CertificatePtr& one : chain.certificates) names.push_back(one->short_name());
  return names;
}

using Names = std::vector<std::string>;

struct World {
  Evidence evidence;
  Policy policy;

  void trust(const pki::Party& party) { policy.anchors.push_back({party.certificate, {}}); }
  void add(std::initializer_list<pki::Party> parties) {
    for (const pki::Party& one : parties) evidence.add(one.certificate, Origin::message);
  }
  std::vector<Chain> chains(const pki::Party& of, Purpose purpose = Purpose::signing) const {
    ChainFinder finder(evidence, policy);
    return finder.chains_for(of.certificate, purpose);
  }
  // The first chain's sub-indication, and the sentence.
  std::pair<SubIndication, std::string> verdict(const pki::Party& of,
                                                Purpose purpose = Purpose::signing) const {
    const Chain chain = chains(of, purpose).front();
    const auto& reasons = chain.conclusion.reasons;
    return {chain.conclusion.sub_indication,
            reasons.empty() ? "" : text_of(reasons.front(), Language::english)};
  }
};

TEST(Chains, GoToAnAnchor) {
  World world;
  const pki::Party root = pki::root(pki::authority("Root"));
  const pki::Party ca = pki::issue(root, pki::authority("CA"));
  const pki::Party seal = pki::issue(ca, pki::signer("Seal"));
  world.trust(root);
  world.add({ca});
  const auto chains = world.chains(seal);
  ASSERT_EQ(chains.size(), 1U);
  EXPECT_TRUE(chains[0].usable());
  EXPECT_EQ(names_in(chains[0]), (Names{"Seal", "CA", "Root"}));
  EXPECT_EQ(chains[0].anchor->certificate, root.certificate);
  // Revocation data's signers, and the time outside of every validity: not asked here.
  pki::CertificateWish ended = pki::signer("Ended");
  ended.not_after = pki::at("2011-01-01");
  EXPECT_TRUE(world.chains(pki::issue(ca, ended))[0].usable());
}

TEST(Chains, EndAtAnyAnchor) {
  World world;
  const pki::Party root = pki::root(pki::authority("Root"));
  const pki::Party ca = pki::issue(root, pki::authority("CA"));
  const pki::Party seal = pki::issue(ca, pki::signer("Seal"));
  world.trust(ca);
  EXPECT_EQ(names_in(world.chains(seal)[0]), (Names{"Seal", "CA"}));
  world.trust(seal);
  EXPECT_EQ(names_in(world.chains(seal)[0]), (Names{"Seal"}));
  EXPECT_TRUE(world.chains(seal)[0].usable());
}

TEST(Chains, WithoutAnAnchorGoAsFarAsTheyCan) {
  World world;
  const pki::Party root = pki::root(pki::authority("Root"));
  const pki::Party ca = pki::issue(root, pki::authority("CA"));
  const pki::Party seal = pki::issue(ca, pki::signer("Seal"));
  auto [sub, why] = world.verdict(seal);
  EXPECT_EQ(sub, SubIndication::no_certificate_chain_found);
  EXPECT_EQ(why, "no certificate of the issuer of Seal was found (CN=CA,O=Test)");
  world.add({ca, root});
  EXPECT_EQ(names_in(world.chains(seal)[0]), (Names{"Seal", "CA", "Root"}));
  EXPECT_FALSE(world.chains(seal)[0].usable());
  EXPECT_EQ(world.verdict(seal).second, "the chain ends at Root, which is not trusted");
}

TEST(Chains, AreNotLedAstrayByNamesakes) {
  World world;
  const pki::Party root = pki::root(pki::authority("Root"));
  pki::CertificateWish wish = pki::authority("CA");
  wish.key_identifiers = false;
  wish.key_name = "right";
  const pki::Party right = pki::issue(root, wish);
  wish.key_name = "wrong";
  const pki::Party wrong = pki::issue(root, wish);
  const pki::Party seal = pki::issue(right, pki::signer("Seal"));
  world.trust(root);
  world.add({wrong, right});
  const auto chains = world.chains(seal);
  ASSERT_EQ(chains.size(), 1U);
  EXPECT_EQ(chains[0].certificates[1], right.certificate);
  ChainFinder finder(world.evidence, world.policy);
  EXPECT_TRUE(finder.is_issued_by(*seal.certificate, *right.certificate));
  EXPECT_FALSE(finder.is_issued_by(*seal.certificate, *wrong.certificate));
  EXPECT_FALSE(finder.is_issued_by(*seal.certificate, *root.certificate));
}

// Two roots that certified each other: both ways are found, the shorter one first.
TEST(Chains, TakeEveryWayOfACrossCertification) {
  World world;
  const pki::Party old_root = pki::root(pki::authority("Old"));
  const pki::Party new_root = pki::root(pki::authority("New"));
  const pki::Party ca = pki::issue(new_root, pki::authority("CA"));
  const pki::Party seal = pki::issue(ca, pki::signer("Seal"));
  const pki::Party new_by_old = pki::issue(old_root, pki::authority("New"));
  const pki::Party old_by_new = pki::issue(new_root, pki::authority("Old"));
  world.add({new_by_old, old_by_new, ca, old_root, new_root});
  world.trust(old_root);
  auto chains = world.chains(seal);
  ASSERT_EQ(chains.size(), 1U);
  EXPECT_EQ(names_in(chains[0]), (Names{"Seal", "CA", "New", "Old"}));
  EXPECT_TRUE(chains[0].usable());
  world.trust(new_root);
  chains = world.chains(seal);
  ASSERT_EQ(chains.size(), 2U);
  EXPECT_EQ(names_in(chains[0]), (Names{"Seal", "CA", "New"}));
  EXPECT_EQ(names_in(chains[1]), (Names{"Seal", "CA", "New", "Old"}));
}

// RFC 4210, 4.4: a key that its owner exchanged. The old one signs the new one under the same name, and the other way round.
TEST(Chains, GoOnThroughARolloverOfTheKey) {
  for (const bool identifiers : {false, true}) {
    pki::CertificateWish wish = pki::authority("Root");
    wish.key_identifiers = identifiers;
    wish.key_name = "old key";
    const pki::Party old_root = pki::root(wish);
    wish.key_name = "new key";
    const pki::Party new_root = pki::root(wish);
    const pki::Party new_with_old = pki::issue(old_root, wish);
    wish.key_name = "old key";
    const pki::Party old_with_new = pki::issue(new_root, wish);
    pki::CertificateWish seal = pki::signer("Seal");
    seal.key_identifiers = identifiers;
    const pki::Party by_new = pki::issue(new_root, seal);
    const pki::Party by_old = pki::issue(old_root, seal);
    World of_old;
    of_old.trust(old_root);
    of_old.add({new_with_old, new_root});
    EXPECT_EQ(of_old.verdict(by_new), std::pair(SubIndication::none, std::string()));
    EXPECT_EQ(of_old.chains(by_new)[0].certificates,
              (std::vector{by_new.certificate, new_with_old.certificate, old_root.certificate}));
    World of_new;
    of_new.trust(new_root);
    of_new.add({old_with_new, old_root});
    EXPECT_EQ(of_new.verdict(by_old), std::pair(SubIndication::none, std::string()));
    EXPECT_EQ(of_new.chains(by_old)[0].certificates,
              (std::vector{by_old.certificate, old_with_new.certificate, new_root.certificate}));
    // An authority below, and the certificate of the rollover as the anchor itself.
    const pki::Party ca = pki::issue(new_with_old, pki::authority("CA"));
    const pki::Party below = pki::issue(ca, seal);
    of_old.add({ca});
    EXPECT_EQ(of_old.verdict(below), std::pair(SubIndication::none, std::string()));
    World of_rollover;
    of_rollover.trust(new_with_old);
    of_rollover.add({ca});
    EXPECT_EQ(of_rollover.verdict(below), std::pair(SubIndication::none, std::string()));
  }
}

TEST(Chains, PutUsableOnesFirst) {
  World world;
  const pki::Party root = pki::root(pki::authority("Root"));
  pki::CertificateWish no_ca = pki::signer("CA");
  const pki::Party wrong = pki::issue(root, no_ca);
  const pki::Party middle = pki::issue(root, pki::authority("Middle"));
  const pki::Party right = pki::issue(middle, pki::authority("CA"));
  const pki::Party seal = pki::issue(right, pki::signer("Seal"));
  world.trust(root);
  world.add({wrong, middle, right});
  const auto chains = world.chains(seal);
  ASSERT_EQ(chains.size(), 2U);
  EXPECT_TRUE(chains[0].usable());
  EXPECT_EQ(names_in(chains[0]), (Names{"Seal", "CA", "Middle", "Root"}));
  EXPECT_FALSE(chains[1].usable());
}

// RFC 5280, 6.1.4, k and n.
TEST(Chains, NeedAuthorities) {
  World world;
  const pki::Party root = pki::root(pki::authority("Root"));
  world.trust(root);
  const pki::Party leaf = pki::issue(root, pki::signer("Leaf"));
  world.add({leaf});
  auto [sub, why] = world.verdict(pki::issue(leaf, pki::signer("Seal")));
  EXPECT_EQ(sub, SubIndication::chain_constraints_failure);
  EXPECT_EQ(why, "Leaf is not the certificate of a certification authority");
  pki::CertificateWish wish = pki::authority("No signer of certificates");
  wish.extensions = {pki::basic_constraints(true), pki::key_usage({6})};
  const pki::Party no_signer = pki::issue(root, wish);
  world.add({no_signer});
  EXPECT_EQ(world.verdict(pki::issue(no_signer, pki::signer("Seal"))).first,
            SubIndication::chain_constraints_failure);
}

// RFC 5280, 6.1.4, k: a key usage for certificates does not make an authority; nor does Netscape's certificate type.
TEST(Chains, NeedBasicConstraints) {
  World world;
  const pki::Party root = pki::root(pki::authority("Root"));
  world.trust(root);
  const Bytes types = der::encode(der::kBitString, Bytes{0x00, 0x07});  // all kinds of authorities
  const std::vector<std::vector<pki::Extension>> extensions = {
      {pki::key_usage({5, 6})},
      {{.oid = "2.16.840.1.113730.1.1", .value = types}},
      {pki::basic_constraints(false), pki::key_usage({0, 5, 6})}};
  for (const auto& each : extensions) {
    pki::CertificateWish wish = pki::authority("No authority");
    wish.extensions = each;
    const pki::Party middle = pki::issue(root, wish);
    world.add({middle});
    auto [sub, why] = world.verdict(pki::issue(middle, pki::signer("Seal")));
    EXPECT_EQ(sub, SubIndication::chain_constraints_failure);
    EXPECT_EQ(why, "No authority is not the certificate of a certification authority");
  }
}

// RFC 5280, 6.1.4, l and m.
TEST(Chains, KeepToPathLengths) {
  World world;
  const pki::Party root = pki::root(pki::authority("Root"));
  world.trust(root);
  pki::CertificateWish wish = pki::authority("CA");
  wish.extensions = {pki::basic_constraints(true, 0), pki::key_usage({5, 6})};
  const pki::Party ca = pki::issue(root, wish);
  const pki::Party sub = pki::issue(ca, pki::authority("Sub"));
  world.add({ca, sub});
  EXPECT_TRUE(world.chains(pki::issue(ca, pki::signer("Seal")))[0].usable());
  auto [indication, why] = world.verdict(pki::issue(sub, pki::signer("Deep seal")));
  EXPECT_EQ(indication, SubIndication::chain_constraints_failure);
  EXPECT_EQ(why, "the chain is longer than the path length that CA allows");
}

TEST(Chains, KeepToNameConstraints) {
  World world;
  const pki::Party root = pki::root(pki::authority("Root"));
  world.trust(root);
  pki::CertificateWish wish = pki::authority("CA");
  wish.extensions.push_back(pki::permitted_dns("good.example"));
  const pki::Party ca = pki::issue(root, wish);
  world.add({ca});
  const auto verdict = [&](const std::string& host) {
    pki::CertificateWish seal = pki::signer("Seal");
    seal.extensions.push_back(pki::subject_alternative_dns(host));
    return world.verdict(pki::issue(ca, seal));
  };
  EXPECT_EQ(verdict("www.good.example").first, SubIndication::none);
  EXPECT_EQ(verdict("www.bad.example").first, SubIndication::chain_constraints_failure);
  EXPECT_EQ(verdict("www.bad.example").second,
            "the names in Seal are not allowed by the name constraints of its issuers");
  // A common name that looks like a host's is none.
  EXPECT_EQ(world.verdict(pki::issue(ca, pki::signer("seal.bad.example"))).first,
            SubIndication::none);
}

TEST(Chains, RefuseCriticalExtensionsThatAreNotKnown) {
  World world;
  const pki::Party root = pki::root(pki::authority("Root"));
  world.trust(root);
  pki::CertificateWish wish = pki::signer("Seal");
  wish.extensions.push_back(pki::unknown_extension(true));
  EXPECT_EQ(world.verdict(pki::issue(root, wish)).second,
            "Seal has a critical extension that is not known here");
}

TEST(Chains, KeepToPolicyConstraints) {
  World world;
  const pki::Party root = pki::root(pki::authority("Root"));
  world.trust(root);
  pki::CertificateWish wish = pki::authority("CA");
  wish.extensions.push_back(pki::require_explicit_policy(0));
  wish.extensions.push_back(pki::certificate_policies({"1.3.6.1.4.1.32473.1"}));
  const pki::Party ca = pki::issue(root, wish);
  world.add({ca});
  pki::CertificateWish seal = pki::signer("Seal");
  EXPECT_EQ(world.verdict(pki::issue(ca, seal)).first, SubIndication::chain_constraints_failure);
  seal.extensions.push_back(pki::certificate_policies({"1.3.6.1.4.1.32473.1"}));
  EXPECT_EQ(world.verdict(pki::issue(ca, seal)).second, "");
}

// Its owner trusts it, whatever it says of itself.
TEST(Chains, AskAnAnchorForNothing) {
  World world;
  pki::CertificateWish wish;
  wish.name = "Old root";
  wish.extensions = {pki::unknown_extension(true)};
  wish.not_after = pki::at("2011-01-01");
  const pki::Party root = pki::root(wish);
  world.trust(root);
  EXPECT_TRUE(world.chains(pki::issue(root, pki::signer("Seal")))[0].usable());
}

// RFC 3161, 2.3.
TEST(Chains, NeedTheRightPurpose) {
  World world;
  const pki::Party root = pki::root(pki::authority("Root"));
  world.trust(root);
  const pki::Party tsa = pki::issue(root, pki::time_stamper("TSA"));
  EXPECT_EQ(world.verdict(tsa, Purpose::time_stamps).first, SubIndication::none);
  EXPECT_EQ(world.verdict(tsa, Purpose::signing).first, SubIndication::none);
  const pki::Party seal = pki::issue(root, pki::signer("Seal"));
  EXPECT_EQ(world.verdict(seal, Purpose::time_stamps).second,
            "Seal is not a certificate for time-stamps alone (extended key usage, critical)");
  EXPECT_EQ(world.verdict(seal, Purpose::time_stamps).first,
            SubIndication::chain_constraints_failure);
  pki::CertificateWish wish = pki::signer("TSA");
  wish.extensions.push_back(pki::extended_key_usage({pki::kTimeStamping}, false));
  EXPECT_NE(world.verdict(pki::issue(root, wish), Purpose::time_stamps).second, "");
  wish = pki::signer("TSA");
  wish.extensions.push_back(pki::extended_key_usage({pki::kTimeStamping, pki::kOcspSigning}, true));
  EXPECT_NE(world.verdict(pki::issue(root, wish), Purpose::time_stamps).second, "");
  wish = pki::authority("CA");
  EXPECT_EQ(world.verdict(pki::issue(root, wish)).second,
            "the key usage of CA allows no signatures but of certificates or revocation data");
  EXPECT_EQ(world.verdict(pki::issue(root, wish), Purpose::revocation).first, SubIndication::none);
}

// Issued with an algorithm that nobody here knows: neither good nor bad.
TEST(Chains, AreInDoubtWhereASignatureCannotBeComputed) {
  World world;
  const pki::Party root = pki::root(pki::authority("Root"));
  world.trust(root);
  const pki::Party seal = pki::issue(root, pki::signer("Seal"));
  der::Reader outer(*der::only(der::kSequence, seal.der()));
  der::Reader body(*der::only(der::kSequence, *outer.read_whole(der::kSequence)));
  const Bytes unknown = der::encode_sequence({pki::oid("2.16.840.1.101.3.4.3.18")});
  std::vector<Bytes> parts;
  for (int i = 0; !body.at_end(); ++i)
    parts.push_back(i == 2 ? (body.read_any(), unknown) : copy_of(*body.read_any()));
  const auto changed = Certificate::parse(der::encode_sequence(
      {der::encode_sequence(parts), unknown, der::encode(der::kBitString, Bytes(100, 0))}));
  ASSERT_TRUE(changed) << changed.error();
  ChainFinder finder(world.evidence, world.policy);
  const Chain chain = finder.chains_for(changed.value(), Purpose::signing).front();
  EXPECT_TRUE(chain.anchor);
  EXPECT_FALSE(chain.usable());
  EXPECT_EQ(chain.conclusion.sub_indication, SubIndication::certificate_chain_general_failure);
  ASSERT_EQ(chain.conclusion.reasons.size(), 2U);
  EXPECT_EQ(text_of(chain.conclusion.reasons[0], Language::english),
            "whether Root issued Seal cannot be computed");
  EXPECT_FALSE(finder.is_issued_by(*changed.value(), *root.certificate));
}

}  // namespace
}  // namespace signet::validation
