// OCSP answers as RevocationData.

#include <gtest/gtest.h>

#include "crypto/der.h"
#include "validation/revocation_data.h"
#include "validation/testing/test_revocation.h"

namespace signet::validation {
namespace {

using pki::at;
using Kind = RevocationStatus::Kind;

struct OcspParties {
  pki::Party root = pki::root(pki::authority("Root"));
  pki::Party ca = pki::issue(root, pki::authority("CA"));
  pki::Party seal = pki::issue(ca, pki::signer("Seal"));
  pki::Party responder = pki::issue(ca, pki::responder("Responder"));
};
const OcspParties& ocsp_parties() {
  static const OcspParties made;
  return made;
}

pki::OcspWish good_answer() {
  pki::OcspWish wish;
  const OcspParties& all = ocsp_parties();
  wish.answers = {pki::good(all.seal, all.ca, at("2016-01-01"), at("2016-01-02"))};
  return wish;
}

RevocationDataPtr parsed_ocsp(Bytes der) {
  auto parsed = RevocationData::parse_ocsp(std::move(der));
  if (!parsed) {
    ADD_FAILURE() << parsed.error();
    return nullptr;
  }
  return std::move(parsed).value();
}

std::string ocsp_error(Bytes der) {
  const auto parsed = RevocationData::parse_ocsp(std::move(der));
  return parsed ? std::string() : parsed.error();
}

std::optional<RevocationStatus> seal_status(const pki::OcspWish& wish) {
  const OcspParties& all = ocsp_parties();
  return parsed_ocsp(pki::ocsp(all.responder, wish))
      ->status_of(*all.seal.certificate, *all.ca.certificate);
}

TEST(Ocsp, SaysGoodWholeAndBare) {
  const OcspParties& all = ocsp_parties();
  for (const bool by_key : {false, true}) {
    pki::OcspWish wish = good_answer();
    wish.by_key = by_key;
    wish.with_nonce = true;
    wish.produced_at = at("2016-01-01T00:00:05Z");
    for (const Bytes& der :
         {pki::ocsp(all.responder, wish), pki::basic_ocsp(all.responder, wish)}) {
      const auto ocsp = parsed_ocsp(der);
      EXPECT_EQ(ocsp->kind(), RevocationKind::ocsp);
      EXPECT_EQ(ocsp->der(), der);
      EXPECT_EQ(ocsp->issued(), at("2016-01-01T00:00:05Z"));
      EXPECT_EQ(text_of(ocsp->name(), Language::english),
                "OCSP answer of CN=Responder,O=Test of 2016-01-01T00:00:05Z");
      ASSERT_EQ(ocsp->certificates().size(), 1U);
      EXPECT_TRUE(ocsp->is_signed_by(*all.responder.certificate, *all.ca.certificate));
      const auto status = ocsp->status_of(*all.seal.certificate, *all.ca.certificate);
      ASSERT_TRUE(status);
      EXPECT_EQ(status->kind, Kind::good);
      EXPECT_EQ(status->this_update, at("2016-01-01"));
      EXPECT_EQ(status->next_update, at("2016-01-02"));
    }
  }
}

TEST(Ocsp, SaysSinceWhenAndWhy) {
  pki::OcspWish wish = good_answer();
  pki::OcspSingle& single = wish.answers[0];
  single.status = pki::OcspSingle::Status::revoked;
  single.revoked_at = at("2015-03-01");
  single.reason = 4;
  EXPECT_EQ(seal_status(wish)->kind, Kind::revoked);
  EXPECT_EQ(seal_status(wish)->revoked_at, at("2015-03-01"));
  EXPECT_EQ(seal_status(wish)->reason, 4);
  EXPECT_EQ(seal_status(wish)->invalid_since, std::nullopt);
  single.extensions = {{"2.5.29.24", pki::generalized_time(at("2015-02-01"))}};
  EXPECT_EQ(seal_status(wish)->revoked_at, at("2015-03-01"));
  EXPECT_EQ(seal_status(wish)->invalid_since, at("2015-02-01"));
  single.reason = 6;
  EXPECT_EQ(seal_status(wish)->kind, Kind::on_hold);
  single.reason.reset();
  EXPECT_EQ(seal_status(wish)->reason, std::nullopt);
  single.status = pki::OcspSingle::Status::unknown;
  EXPECT_EQ(seal_status(wish)->kind, Kind::unknown);
}

// RFC 6960, 4.1.1: whatever hash the responder chose.
TEST(Ocsp, FindsTheCertificateByAnyHash) {
  for (const crypto::Hash hash :
       {crypto::Hash::sha1, crypto::Hash::sha256, crypto::Hash::sha3_512}) {
    pki::OcspWish wish = good_answer();
    wish.answers[0].id_hash = hash;
    EXPECT_TRUE(seal_status(wish));
  }
}

TEST(Ocsp, SaysNothingOfOthers) {
  const OcspParties& all = ocsp_parties();
  const auto ocsp = parsed_ocsp(pki::ocsp(all.responder, good_answer()));
  EXPECT_FALSE(ocsp->status_of(*all.responder.certificate, *all.ca.certificate));
  EXPECT_FALSE(ocsp->status_of(*all.seal.certificate, *all.root.certificate));
}

TEST(Ocsp, OfSeveralAnswersTakesTheNewest) {
  const OcspParties& all = ocsp_parties();
  pki::OcspWish wish = good_answer();
  wish.answers.push_back(pki::good(all.seal, all.ca, at("2016-01-03"), {}));
  wish.answers.push_back(pki::good(all.responder, all.ca, at("2016-01-05"), {}));
  EXPECT_EQ(seal_status(wish)->this_update, at("2016-01-03"));
  EXPECT_EQ(seal_status(wish)->next_update, std::nullopt);
}

// RFC 6960, 4.2.2.2.
TEST(Ocsp, IsOfTheIssuerOrAResponderThatItMade) {
  const OcspParties& all = ocsp_parties();
  const auto own = parsed_ocsp(pki::ocsp(all.ca, good_answer()));
  EXPECT_TRUE(own->is_signed_by(*all.ca.certificate, *all.ca.certificate));
  EXPECT_FALSE(own->is_signed_by(*all.responder.certificate, *all.ca.certificate));
  // Of the CA above: not the issuer of the certificate.
  const pki::Party elder = pki::issue(all.root, pki::responder("Elder"));
  EXPECT_FALSE(parsed_ocsp(pki::ocsp(elder, good_answer()))
                   ->is_signed_by(*elder.certificate, *all.ca.certificate));
  // Without the purpose.
  const pki::Party plain = pki::issue(all.ca, pki::signer("Plain"));
  EXPECT_FALSE(parsed_ocsp(pki::ocsp(plain, good_answer()))
                   ->is_signed_by(*plain.certificate, *all.ca.certificate));
  // Of an issuer of the same name with another key.
  pki::CertificateWish wish = pki::authority("CA");
  wish.key_name = "another CA";
  const pki::Party namesake = pki::issue(all.root, wish);
  const pki::Party stranger = pki::issue(namesake, pki::responder("Responder"));
  EXPECT_FALSE(parsed_ocsp(pki::ocsp(stranger, good_answer()))
                   ->is_signed_by(*stranger.certificate, *all.ca.certificate));
}

TEST(Ocsp, IsNotSignedWhereItWasChanged) {
  const OcspParties& all = ocsp_parties();
  pki::OcspWish wish = good_answer();
  wish.with_certificate = false;
  Bytes der = pki::ocsp(all.responder, wish);
  der.back() ^= 1U;
  EXPECT_FALSE(parsed_ocsp(der)->is_signed_by(*all.responder.certificate, *all.ca.certificate));
}

TEST(Ocsp, TellsItsArchiveCutoffWhereAllAnswersHaveOne) {
  const OcspParties& all = ocsp_parties();
  pki::OcspWish wish = good_answer();
  wish.answers[0].archive_cutoff = at("2009-01-01");
  EXPECT_EQ(parsed_ocsp(pki::ocsp(all.responder, wish))->keeps_ended_since(), at("2009-01-01"));
  wish.answers.push_back(pki::good(all.responder, all.ca, at("2016-01-05"), {}));
  EXPECT_EQ(parsed_ocsp(pki::ocsp(all.responder, wish))->keeps_ended_since(), std::nullopt);
}

// Common PKI 2.0, part 4, 3.1.2.
TEST(Ocsp, KnowsACertificateOfWhichItHasADigest) {
  const OcspParties& all = ocsp_parties();
  const auto cert_hash = [](const Bytes& algorithm, const Bytes& digest, bool critical) {
    return pki::Extension{"1.3.36.8.3.13",
                          der::encode_sequence({algorithm, der::encode(der::kOctetString, digest)}),
                          critical};
  };
  const Bytes sha512 = pki::hash_algorithm(crypto::Hash::sha512);
  const Bytes unknown = der::encode_sequence({pki::oid("1.3.6.1.4.1.32473.1")});
  const Bytes right = pki::digest(crypto::Hash::sha512, all.seal.der());
  const Bytes wrong = pki::digest(crypto::Hash::sha512, all.ca.der());
  pki::OcspWish wish = good_answer();
  EXPECT_FALSE(seal_status(wish)->knows_certificate);
  for (const bool critical : {false, true}) {
    wish.answers[0].extensions = {cert_hash(sha512, right, critical)};
    EXPECT_TRUE(seal_status(wish)->knows_certificate);
    wish.answers[0].extensions = {cert_hash(sha512, wrong, critical)};
    EXPECT_FALSE(seal_status(wish));
    wish.answers[0].extensions = {cert_hash(unknown, right, critical)};
    EXPECT_EQ(seal_status(wish).has_value(), !critical);
  }
  wish.answers[0].extensions = {cert_hash(unknown, right, false)};
  EXPECT_FALSE(seal_status(wish)->knows_certificate);
  wish.answers[0].extensions = {{"1.3.36.8.3.13", right, false}};
  EXPECT_EQ(ocsp_error(pki::ocsp(all.responder, wish)),
            "the OCSP answer's certHash cannot be read");
  // It is said of one certificate.
  wish = good_answer();
  wish.extensions = {cert_hash(sha512, right, true)};
  EXPECT_NE(ocsp_error(pki::ocsp(all.responder, wish)), "");
}

TEST(Ocsp, IsRefusedWhereItIsBroken) {
  const OcspParties& all = ocsp_parties();
  EXPECT_EQ(ocsp_error({}), "it is not an OCSP answer in DER");
  EXPECT_EQ(ocsp_error(pki::ocsp_refusal(3)), "the OCSP responder refused to answer");
  const Bytes der = pki::ocsp(all.responder, good_answer());
  for (std::size_t size = 1; size < der.size(); size += 7)
    EXPECT_NE(ocsp_error(Bytes(der.begin(), der.begin() + static_cast<std::ptrdiff_t>(size))), "");
  EXPECT_NE(ocsp_error(der::concat(der, Bytes{0})), "");
}

TEST(Ocsp, IsRefusedWhereItSaysWhatIsNotKnown) {
  const OcspParties& all = ocsp_parties();
  constexpr const char* kSentence =
      "the OCSP answer has the critical extension 1.3.6.1.4.1.32473.99, which is not known here";
  pki::OcspWish wish = good_answer();
  wish.extensions = {pki::unknown_extension(true)};
  EXPECT_EQ(ocsp_error(pki::ocsp(all.responder, wish)), kSentence);
  wish.extensions = {pki::unknown_extension(false)};
  EXPECT_EQ(ocsp_error(pki::ocsp(all.responder, wish)), "");
  wish.answers[0].extensions = {pki::unknown_extension(true)};
  EXPECT_EQ(ocsp_error(pki::ocsp(all.responder, wish)), kSentence);
}

TEST(Ocsp, HasFewCertificates) {
  const OcspParties& all = ocsp_parties();
  pki::OcspWish wish = good_answer();
  wish.certificates.assign(64, all.seal.der());
  EXPECT_EQ(ocsp_error(pki::ocsp(all.responder, wish)),
            "the OCSP answer has more than 64 certificates");
  wish.certificates = {Bytes{0x30, 0x00}, all.seal.der()};  // what is none is left out
  EXPECT_EQ(parsed_ocsp(pki::ocsp(all.responder, wish))->certificates().size(), 2U);
}

}  // namespace
}  // namespace signet::validation
