// Requests, as OpenSSL reads them, the anchors of trust, and excerpts of what strangers say.
#include "timestamps/request.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/ts.h>

#include <set>

#include "crypto/testing/test_key.h"
#include "timestamps/asn1.h"
#include "timestamps/excerpt.h"
#include "timestamps/trust.h"

namespace signet::timestamps {
namespace {

using crypto::Hash;
using crypto::test_context;
using crypto::TestKey;
using testing::HasSubstr;
using RequestPtr = OpensslPtr<TS_REQ, TS_REQ_free>;

RequestPtr read(const Bytes& der) {
  const unsigned char* at = der.data();
  return RequestPtr(d2i_TS_REQ(nullptr, &at, static_cast<long>(der.size())));
}

TEST(StampRequestTest, OpensslReadsWhatWasMeant) {
  const auto made = make_request(Hash::sha384, Bytes(48, 7), "1.3.6.1.4.1.32473.1");
  ASSERT_TRUE(made) << made.error();
  const auto request = read(made.value().der);
  ASSERT_TRUE(request);
  EXPECT_EQ(TS_REQ_get_version(request.get()), 1);
  EXPECT_EQ(TS_REQ_get_cert_req(request.get()), 1);
  EXPECT_EQ(dotted(TS_REQ_get_policy_id(request.get())), "1.3.6.1.4.1.32473.1");
  TS_MSG_IMPRINT* const imprint = TS_REQ_get_msg_imprint(request.get());
  EXPECT_TRUE(equal(bytes_of(TS_MSG_IMPRINT_get_msg(imprint)), Bytes(48, 7)));
  const ASN1_OBJECT* algorithm = nullptr;
  X509_ALGOR_get0(&algorithm, nullptr, nullptr, TS_MSG_IMPRINT_get_algo(imprint));
  EXPECT_EQ(OBJ_obj2nid(algorithm), NID_sha384);
  EXPECT_EQ(TS_REQ_get_ext_count(request.get()), 0);
  EXPECT_TRUE(equal(bytes_of(TS_REQ_get_nonce(request.get())), made.value().nonce));
}

TEST(StampRequestTest, WithoutAPolicyNoneIsAskedFor) {
  const auto made = make_request(Hash::sha256, Bytes(32, 7), {});
  ASSERT_TRUE(made);
  EXPECT_EQ(TS_REQ_get_policy_id(read(made.value().der).get()), nullptr);
}

TEST(StampRequestTest, NoncesArePositiveLongAndNeverTheSame) {
  std::set<Bytes> nonces;
  for (int i = 0; i < 1000; ++i) {
    const Bytes nonce = make_request(Hash::sha256, Bytes(32), {}).value().nonce;
    EXPECT_EQ(nonce.size(), 16U);
    EXPECT_EQ(nonce.front() & 0xC0U, 0x40U);
    nonces.insert(nonce);
  }
  EXPECT_EQ(nonces.size(), 1000U);
}

TEST(StampRequestTest, WhatCannotBeAskedIsRefused) {
  const auto refusal = [](Hash hash, std::size_t size, const std::string& policy) {
    const auto made = make_request(hash, Bytes(size), policy);
    return made ? std::string() : made.error();
  };
  EXPECT_THAT(refusal(Hash::sha1, 20, ""), HasSubstr("not of SHA-1"));
  EXPECT_THAT(refusal(Hash::none, 0, ""), HasSubstr("not of none"));
  EXPECT_THAT(refusal(Hash::sha256, 31, ""), HasSubstr("has 32 bytes, not 31"));
  for (const std::string policy : {"1", "timestamp", "1.2.x", "3.1.1", "-1.2"}) {
    EXPECT_THAT(refusal(Hash::sha256, 32, policy), HasSubstr("is not an object identifier"));
  }
}

TEST(TrustAnchorsTest, WhatHoldsNoCertificateIsRefused) {
  EXPECT_EQ(TrustAnchors::from_der(test_context(), {}).error(), "there is no certificate to trust");
  EXPECT_EQ(TrustAnchors::from_pem(test_context(), "nothing").error(),
            "there is no certificate to trust");
  EXPECT_EQ(TrustAnchors::from_der(test_context(), {Bytes{1, 2}}).error(),
            "certificate 1 cannot be read");
  EXPECT_EQ(TrustAnchors::from_pem(test_context(),
                                   "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")
                .error(),
            "certificate 1 cannot be read");
}

TEST(TrustAnchorsTest, OnlyWhatTheyKnowIsTrusted) {
  const auto now = std::chrono::system_clock::now();
  const Bytes own = TestKey::on_curve("P-256").certificate();
  const auto anchors = TrustAnchors::from_der(test_context(), {own}).value();
  EXPECT_TRUE(anchors->check(own, {}, now));
  EXPECT_THAT(anchors->check(TestKey::on_curve("P-384").certificate(), {}, now).error(),
              HasSubstr("self-signed certificate"));
  EXPECT_EQ(anchors->check(Bytes{1}, {}, now).error(), "it cannot be read");
  EXPECT_THAT(anchors->check(own, std::vector<Bytes>(41, own), now).error(),
              HasSubstr("more than 40 certificates"));
  // What cannot be read among the others is passed over.
  EXPECT_TRUE(anchors->check(own, {Bytes{1}}, now));
  EXPECT_FALSE(anchors->check(own, {}, now - std::chrono::hours(24 * 365 * 50)));
}

TEST(ExcerptTest, LongTextsAreCutBetweenCharacters) {
  EXPECT_EQ(excerpt("as it is"), "as it is");
  EXPECT_EQ(excerpt("a\x1b[2J"), "a\\x1b[2J");
  EXPECT_EQ(excerpt(std::string(200, 'a')), std::string(200, 'a'));
  EXPECT_EQ(excerpt(std::string(201, 'a')), std::string(200, 'a') + "...");
  EXPECT_EQ(excerpt(std::string(199, 'a') + "\u20ac\u20ac"), std::string(199, 'a') + "...");
  EXPECT_THAT(excerpt(std::string(300, '\x80')), HasSubstr("\\x80..."));
}

}  // namespace
}  // namespace signet::timestamps
