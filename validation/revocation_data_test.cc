#include "validation/revocation_data.h"

#include <gtest/gtest.h>

#include <chrono>

#include "crypto/der.h"
#include "tests/support/sanitizers.h"
#include "validation/testing/test_revocation.h"

namespace signet::validation {
namespace {

using pki::at;
using Kind = RevocationStatus::Kind;

// Made once: most tests only look at them.
struct Parties {
  pki::Party root = pki::root(pki::authority("Root"));
  pki::Party ca = pki::issue(root, pki::authority("CA"));
  pki::Party seal = pki::issue(ca, pki::signer("Seal"));
};
const Parties& parties() {
  static const Parties made;
  return made;
}

RevocationDataPtr parsed_crl(Bytes der) {
  auto parsed = RevocationData::parse_crl(std::move(der));
  if (!parsed) {
    ADD_FAILURE() << parsed.error();
    return nullptr;
  }
  return std::move(parsed).value();
}

std::string crl_error(Bytes der) {
  const auto parsed = RevocationData::parse_crl(std::move(der));
  return parsed ? std::string() : parsed.error();
}

std::optional<RevocationStatus> status_in(const pki::CrlWish& wish) {
  const Parties& all = parties();
  return parsed_crl(pki::crl(all.ca, wish))->status_of(*all.seal.certificate, *all.ca.certificate);
}

Bytes ca_crl_with(const pki::Extension& extension) {
  pki::CrlWish wish;
  wish.extensions = {extension};
  return pki::crl(parties().ca, wish);
}

TEST(Crl, SaysGoodOfWhatIsNotInIt) {
  const Parties& all = parties();
  pki::CrlWish wish;
  wish.expired_since = at("2010-05-01");
  const auto crl = parsed_crl(pki::crl(all.ca, wish));
  EXPECT_EQ(crl->kind(), RevocationKind::crl);
  EXPECT_EQ(crl->issued(), at("2016-01-01"));
  EXPECT_EQ(crl->keeps_ended_since(), at("2010-05-01"));
  EXPECT_EQ(text_of(crl->name(), Language::english), "CRL of CN=CA,O=Test of 2016-01-01T00:00:00Z");
  EXPECT_TRUE(crl->is_signed_by(*all.ca.certificate, *all.ca.certificate));
  const auto status = crl->status_of(*all.seal.certificate, *all.ca.certificate);
  ASSERT_TRUE(status);
  EXPECT_EQ(status->kind, Kind::good);
  EXPECT_EQ(status->this_update, at("2016-01-01"));
  EXPECT_EQ(status->next_update, at("2016-01-08"));
}

TEST(Crl, SaysSinceWhenAndWhy) {
  pki::CrlWish wish;
  pki::CrlEntry other = pki::entry_of(*parties().ca.certificate, at("2014-01-01"));
  wish.entries = {other, pki::entry_of(*parties().seal.certificate, at("2015-06-01T08:00:00Z"), 1)};
  wish.entries[1].invalid_since = at("2015-05-30T07:00:00Z");
  const auto status = status_in(wish);
  ASSERT_TRUE(status);
  EXPECT_EQ(status->kind, Kind::revoked);
  EXPECT_EQ(status->revoked_at, at("2015-06-01T08:00:00Z"));
  EXPECT_EQ(status->invalid_since, at("2015-05-30T07:00:00Z"));
  EXPECT_EQ(status->reason, 1);
  wish.entries[1].invalid_since.reset();
  wish.entries[1].reason.reset();
  EXPECT_EQ(status_in(wish)->invalid_since, std::nullopt);
  EXPECT_EQ(status_in(wish)->revoked_at, at("2015-06-01T08:00:00Z"));
  EXPECT_EQ(status_in(wish)->reason, std::nullopt);
}

// RFC 5280, 5.3.1.
TEST(Crl, DistinguishesHoldingAndTakingBack) {
  pki::CrlWish wish;
  wish.entries = {pki::entry_of(*parties().seal.certificate, at("2015-06-01"), 6)};
  EXPECT_EQ(status_in(wish)->kind, Kind::on_hold);
  wish.entries[0].reason = 8;
  EXPECT_EQ(status_in(wish)->kind, Kind::good);
  wish.entries = {pki::entry_of(*parties().seal.certificate, at("2015-07-01"), 6),
                  pki::entry_of(*parties().seal.certificate, at("2015-09-01")),
                  pki::entry_of(*parties().seal.certificate, at("2015-08-01"))};
  EXPECT_EQ(status_in(wish)->kind, Kind::revoked);
  EXPECT_EQ(status_in(wish)->revoked_at, at("2015-08-01"));
}

TEST(Crl, HasNoNextUpdateWhereThatIsNever) {
  pki::CrlWish wish;
  wish.next_update = pki::kNoEnd;
  EXPECT_EQ(status_in(wish)->next_update, std::nullopt);
  wish.next_update.reset();
  EXPECT_EQ(status_in(wish)->next_update, std::nullopt);
}

TEST(Crl, IsOfItsIssuerAlone) {
  const Parties& all = parties();
  const auto crl = parsed_crl(pki::crl(all.root, {}));
  EXPECT_FALSE(crl->status_of(*all.seal.certificate, *all.ca.certificate));
  EXPECT_TRUE(crl->status_of(*all.ca.certificate, *all.root.certificate));
  EXPECT_FALSE(crl->is_signed_by(*all.ca.certificate, *all.root.certificate));
  EXPECT_FALSE(crl->is_signed_by(*all.root.certificate, *all.ca.certificate));
}

TEST(Crl, IsNotSignedByAKeyOfTheSameNameOrOneThatMayNot) {
  const Parties& all = parties();
  pki::CertificateWish wish = pki::authority("CA");
  wish.key_name = "another CA";
  const pki::Party namesake = pki::issue(all.root, wish);
  const auto crl = parsed_crl(pki::crl(all.ca, {}));
  EXPECT_FALSE(crl->is_signed_by(*namesake.certificate, *all.ca.certificate));
  EXPECT_TRUE(crl->is_signed_by(*all.ca.certificate, *all.ca.certificate));
  // The CA's name and a key of its own for CRLs (RFC 5280, 4.2.1.3): allowed, with cRLSign.
  wish.extensions = {pki::key_usage({6})};
  const pki::Party crl_signer = pki::issue(all.root, wish);
  const auto second = parsed_crl(pki::crl(crl_signer, {}));
  EXPECT_TRUE(second->is_signed_by(*crl_signer.certificate, *all.ca.certificate));
  wish.extensions = {pki::key_usage({0})};
  const pki::Party no_signer = pki::issue(all.root, wish);
  EXPECT_FALSE(second->is_signed_by(*no_signer.certificate, *all.ca.certificate));
}

TEST(Crl, IsRefusedWhereItIsBroken) {
  const Bytes der = pki::crl(parties().ca, {});
  EXPECT_EQ(crl_error({}), "it is not a CRL in DER");
  for (std::size_t size = 1; size < der.size(); size += 5)
    EXPECT_NE(crl_error(Bytes(der.begin(), der.begin() + static_cast<std::ptrdiff_t>(size))), "");
  EXPECT_NE(crl_error(der::concat(der, Bytes{0})), "");
  EXPECT_EQ(crl_error(Bytes((64U << 20U) + 1)), "the CRL is larger than 64 MiB");
  Bytes changed = der;
  changed.back() ^= 1U;
  const CertificatePtr& ca = parties().ca.certificate;
  EXPECT_FALSE(parsed_crl(changed)->is_signed_by(*ca, *ca));
}

TEST(Crl, IsRefusedWhereItSaysWhatIsNotKnown) {
  EXPECT_EQ(crl_error(ca_crl_with(pki::delta_crl(7))), "it is a delta CRL, which says too little");
  EXPECT_EQ(crl_error(ca_crl_with(pki::unknown_extension(true))),
            "the CRL has the critical extension 1.3.6.1.4.1.32473.99, which is not known here");
  EXPECT_EQ(crl_error(ca_crl_with(pki::unknown_extension(false))), "");
  pki::CrlWish wish;
  wish.entries = {pki::entry_of(*parties().seal.certificate, at("2015-06-01"))};
  wish.entries[0].extensions = {pki::unknown_extension(true)};
  EXPECT_EQ(crl_error(pki::crl(parties().ca, wish)),
            "an entry has the critical extension 1.3.6.1.4.1.32473.99, which is not known here");
  wish.entries[0].extensions.clear();
  wish.entries[0].certificate_issuer = pki::name("Root");
  EXPECT_EQ(crl_error(pki::crl(parties().ca, wish)),
            "an entry names another issuer, though it is no indirect CRL");
}

TEST(Crl, HasANameThatFitsALineOfAReport) {
  pki::CrlWish wish;
  wish.issuer = pki::name("a\x1b[2J" + std::string(5000, 'x'));
  const std::string text =
      text_of(parsed_crl(pki::crl(parties().ca, wish))->name(), Language::english);
  EXPECT_LT(text.size(), 600U);
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
  wish.issuer = pki::name(std::string(70'000, 'x'));
  EXPECT_EQ(crl_error(pki::crl(parties().ca, wish)), "the name of the CRL's issuer cannot be read");
}

// RFC 5280, 6.3.3, b.
TEST(Crl, HasTheScopeOfItsDistributionPoint) {
  const Parties& all = parties();
  pki::CertificateWish wish = pki::signer("Seal with a point");
  wish.extensions.push_back(
      pki::crl_distribution_points({"http://ca.example/1.crl", "http://ca.example/2.crl"}));
  const pki::Party seal = pki::issue(all.ca, wish);
  const pki::Party sub = pki::issue(all.ca, pki::authority("Sub"));
  const auto in_scope = [&](const pki::Scope& scope, const pki::Party& of) {
    const auto crl = parsed_crl(ca_crl_with(pki::issuing_distribution_point(scope)));
    return crl->status_of(*of.certificate, *all.ca.certificate).has_value();
  };
  pki::Scope scope;
  scope.urls = {"http://elsewhere.example/2.crl", "http://ca.example/2.crl"};
  EXPECT_TRUE(in_scope(scope, seal));
  EXPECT_FALSE(in_scope(scope, all.seal));
  scope.urls = {"http://ca.example/3.crl"};
  EXPECT_FALSE(in_scope(scope, seal));
  // The point that each certificate has unsaid.
  scope.directory_name = all.ca.certificate->subject();
  EXPECT_TRUE(in_scope(scope, all.seal));
  scope = {};
  EXPECT_TRUE(in_scope(scope, seal));
  scope.user_only = true;
  EXPECT_TRUE(in_scope(scope, seal));
  EXPECT_FALSE(in_scope(scope, sub));
  scope = {};
  scope.ca_only = true;
  EXPECT_FALSE(in_scope(scope, seal));
  EXPECT_TRUE(in_scope(scope, sub));
  scope = {};
  scope.attribute_only = true;
  EXPECT_FALSE(in_scope(scope, seal));
}

// A list of some reasons can say "revoked", never "good".
TEST(Crl, OfSomeReasonsSaysNothingGood) {
  pki::CrlWish wish;
  pki::Scope scope;
  scope.reasons = {1, 2};
  wish.extensions = {pki::issuing_distribution_point(scope)};
  EXPECT_FALSE(status_in(wish));
  wish.entries = {pki::entry_of(*parties().seal.certificate, at("2015-06-01"), 1)};
  ASSERT_TRUE(status_in(wish));
  EXPECT_EQ(status_in(wish)->kind, Kind::revoked);
}

// RFC 5280, 5.2.5 and 5.3.3.
TEST(Crl, OfAnotherIssuerIsTakenWhereTheCertificateSaysSo) {
  const Parties& all = parties();
  const pki::Party service = pki::issue(all.root, pki::authority("CRL service"));
  pki::CertificateWish wish = pki::signer("Seal of a service");
  wish.extensions.push_back(pki::crl_distribution_point_of({}, service.certificate->subject()));
  const pki::Party seal = pki::issue(all.ca, wish);
  pki::CrlWish list;
  pki::Scope scope;
  scope.indirect = true;
  list.extensions = {pki::issuing_distribution_point(scope)};
  // The first entry is of the CRL's own issuer, the others of the CA until the next name.
  list.entries = {pki::entry_of(*seal.certificate, at("2014-01-01")),
                  pki::entry_of(*all.root.certificate, at("2014-02-01")),
                  pki::entry_of(*seal.certificate, at("2014-03-01"))};
  list.entries[1].certificate_issuer = all.ca.certificate->subject();
  const auto crl = parsed_crl(pki::crl(service, list));
  EXPECT_TRUE(crl->is_signed_by(*service.certificate, *all.ca.certificate));
  const auto status = crl->status_of(*seal.certificate, *all.ca.certificate);
  ASSERT_TRUE(status);
  EXPECT_EQ(status->revoked_at, at("2014-03-01"));
  // One that does not name the service is not looked for there.
  EXPECT_FALSE(crl->status_of(*all.seal.certificate, *all.ca.certificate));
}

TEST(Crl, TellsSerialNumbersThatBeginAlikeApart) {
  const Parties& all = parties();
  const Bytes& serial = all.seal.certificate->serial_number();
  pki::CrlWish wish;
  const auto add = [&](Bytes number) {
    pki::CrlEntry entry;
    entry.serial = std::move(number);
    wish.entries.push_back(std::move(entry));
  };
  Bytes longer = serial;
  longer.push_back(0);
  add(longer);
  add({serial.begin(), serial.end() - 1});
  Bytes next = serial;
  next.back() = static_cast<std::uint8_t>(next.back() ^ 1U);
  add(next);
  EXPECT_EQ(parsed_crl(pki::crl(all.ca, wish))
                ->status_of(*all.seal.certificate, *all.ca.certificate)
                ->kind,
            Kind::good);
  add(serial);
  EXPECT_EQ(parsed_crl(pki::crl(all.ca, wish))
                ->status_of(*all.seal.certificate, *all.ca.certificate)
                ->kind,
            Kind::revoked);
}

// Of one serial number under two issuers, in another spelling the second time.
TEST(Crl, OfAnIndirectServiceTellsIssuersOfOneSerialNumberApart) {
  const Parties& all = parties();
  pki::CrlWish list;
  pki::Scope scope;
  scope.indirect = true;
  list.extensions = {pki::issuing_distribution_point(scope)};
  const pki::Party stranger = pki::root(pki::authority("Stranger"));
  list.entries = {pki::entry_of(*all.seal.certificate, at("2013-01-01"), 1),
                  pki::entry_of(*all.seal.certificate, at("2014-03-01"), 6),
                  pki::entry_of(*all.seal.certificate, at("2014-02-01"), 1),
                  pki::entry_of(*all.seal.certificate, at("2014-04-01"), 1)};
  list.entries[0].certificate_issuer = stranger.certificate->subject();
  list.entries[1].certificate_issuer = all.ca.certificate->subject();
  const auto status =
      parsed_crl(pki::crl(all.ca, list))->status_of(*all.seal.certificate, *all.ca.certificate);
  ASSERT_TRUE(status);
  EXPECT_EQ(status->kind, Kind::revoked);
  EXPECT_EQ(status->revoked_at, at("2014-02-01"));
}

TEST(Crl, OfTooManyIssuersIsRefused) {
  const Parties& all = parties();
  pki::CrlWish list;
  pki::Scope scope;
  scope.indirect = true;
  list.extensions = {pki::issuing_distribution_point(scope)};
  Bytes issuer = all.ca.certificate->subject();
  for (std::uint8_t i = 0; i < 250; ++i) {
    pki::CrlEntry entry;
    entry.serial = {1};
    entry.certificate_issuer = all.ca.certificate->subject();
    for (std::uint8_t j = 0; j < 4; ++j) {
      entry.certificate_issuer.back() = static_cast<std::uint8_t>(i + 1);
      entry.certificate_issuer.end()[-2] = static_cast<std::uint8_t>(j + 1);
      list.entries.push_back(entry);
    }
  }
  EXPECT_TRUE(RevocationData::parse_crl(pki::crl(all.ca, list)));
  list.entries.push_back(list.entries.front());
  list.entries.back().certificate_issuer.back() = 0xFE;
  const auto refused = RevocationData::parse_crl(pki::crl(all.ca, list));
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().find("1,000 issuers"), std::string::npos) << refused.error();
}

TEST(Crl, OfAMillionEntriesIsSearchedInTime) {
  const Parties& all = parties();
  pki::CrlWish wish;
  wish.entries = {pki::entry_of(*all.seal.certificate, at("2015-06-01"), 4)};
  Bytes der = pki::large_crl(all.ca, wish, 1'000'000);
  EXPECT_GT(der.size(), 30'000'000U);
  const auto crl = parsed_crl(std::move(der));
  const auto status = crl->status_of(*all.seal.certificate, *all.ca.certificate);
  EXPECT_TRUE(crl->is_signed_by(*all.ca.certificate, *all.ca.certificate));
  ASSERT_TRUE(status);
  EXPECT_EQ(status->kind, Kind::revoked);
}

TEST(Crl, IsTriedWithFewSignersOnly) {
  const Parties& all = parties();
  const auto crl = parsed_crl(pki::crl(all.ca, {}));
  pki::CertificateWish wish = pki::authority("CA");
  for (int i = 0; i < 16; ++i) {
    wish.key_name = "CA " + std::to_string(i);
    EXPECT_FALSE(crl->is_signed_by(*pki::issue(all.root, wish).certificate, *all.ca.certificate));
  }
  EXPECT_FALSE(crl->is_signed_by(*all.ca.certificate, *all.ca.certificate));
}

}  // namespace
}  // namespace signet::validation
