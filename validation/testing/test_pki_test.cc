// What tests make, read by OpenSSL: a mistake in it must not look like one of the validator's.

#include <gtest/gtest.h>
#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/ocsp.h>
#include <openssl/ts.h>
#include <openssl/x509v3.h>

#include "crypto/openssl.h"
#include "validation/testing/test_messages.h"
#include "validation/testing/test_revocation.h"

namespace signet::validation {
namespace {

using CmsPtr = OpensslPtr<CMS_ContentInfo, CMS_ContentInfo_free>;
using CrlPtr = OpensslPtr<X509_CRL, X509_CRL_free>;
using OcspPtr = OpensslPtr<OCSP_RESPONSE, OCSP_RESPONSE_free>;
using BasicPtr = OpensslPtr<OCSP_BASICRESP, OCSP_BASICRESP_free>;
using StorePtr = OpensslPtr<X509_STORE, X509_STORE_free>;
using TstInfoPtr = OpensslPtr<TS_TST_INFO, TS_TST_INFO_free>;

CmsPtr parsed_message(const Bytes& der) {
  const BioPtr source = crypto::bio_over(der);
  CMS_ContentInfo* message = CMS_ContentInfo_new_ex(crypto::library_context(), nullptr);
  return CmsPtr(d2i_CMS_bio(source.get(), &message));
}

// By the message's own certificate.
bool openssl_verifies(const Bytes& message, const Bytes& content) {
  const CmsPtr parsed = parsed_message(message);
  if (!parsed) return false;
  const BioPtr document = crypto::bio_over(content);
  return CMS_verify(parsed.get(), nullptr, nullptr, document.get(), nullptr,
                    CMS_BINARY | CMS_NO_SIGNER_CERT_VERIFY) == 1;
}

TEST(TestPki, MakesCertificatesThatOpensslReads) {
  for (const pki::KeyKind kind : {pki::KeyKind::rsa2048, pki::KeyKind::p384, pki::KeyKind::ed448,
                                  pki::KeyKind::dsa2048, pki::KeyKind::brainpool256}) {
    pki::CertificateWish wish = pki::authority("Root");
    wish.key = kind;
    const pki::Party root = pki::root(wish);
    EXPECT_EQ(X509_verify(root.certificate->x509(), root.key->pkey), 1);
    EXPECT_EQ(X509_check_ca(root.certificate->x509()), 1);
  }
}

TEST(TestPki, MakesMessagesThatOpensslVerifies) {
  pki::MessageWish wish;
  wish.signing_time = pki::at("2015-01-01");
  for (const pki::SignatureWish& signature :
       {pki::SignatureWish{}, pki::SignatureWish{.hash = crypto::Hash::sha1},
        pki::SignatureWish{.hash = crypto::Hash::sha384, .pss = true}}) {
    wish.signature = signature;
    pki::CertificateWish signer = pki::signer("Seal");
    signer.key = pki::KeyKind::rsa2048;
    const pki::Party seal = pki::root(signer);
    wish.detached = true;
    EXPECT_TRUE(openssl_verifies(pki::message(seal, wish), wish.content));
    EXPECT_FALSE(openssl_verifies(pki::message(seal, wish), {1, 2, 3}));
    wish.detached = false;
    const CmsPtr inside = parsed_message(pki::message(seal, wish));
    ASSERT_TRUE(inside);
    EXPECT_EQ(CMS_verify(inside.get(), nullptr, nullptr, nullptr, nullptr,
                         CMS_BINARY | CMS_NO_SIGNER_CERT_VERIFY),
              1);
  }
}

TEST(TestPki, MakesTokensThatOpensslReads) {
  const pki::Party tsa = pki::root(pki::time_stamper("TSA"));
  pki::TokenWish wish;
  wish.time = pki::at("2012-03-01T12:00:00Z");
  wish.stamped = {1, 2, 3};
  const CmsPtr token = parsed_message(pki::token(tsa, wish));
  ASSERT_TRUE(token);
  EXPECT_EQ(CMS_verify(token.get(), nullptr, nullptr, nullptr, nullptr,
                       CMS_BINARY | CMS_NO_SIGNER_CERT_VERIFY),
            1);
  const ASN1_OCTET_STRING* const content = *CMS_get0_content(token.get());
  const unsigned char* at = ASN1_STRING_get0_data(content);
  const TstInfoPtr info(d2i_TS_TST_INFO(nullptr, &at, ASN1_STRING_length(content)));
  ASSERT_TRUE(info);
  EXPECT_EQ(TS_TST_INFO_get_version(info.get()), 1);
  EXPECT_STREQ(
      reinterpret_cast<const char*>(ASN1_STRING_get0_data(TS_TST_INFO_get_time(info.get()))),
      "20120301120000Z");
  const TimeStampPart part =
      pki::time_stamp_part(tsa, TimeStampKind::signature, wish, {ObjectId::of(wish.stamped)});
  EXPECT_TRUE(parsed_message(part.der));
  EXPECT_EQ(part.id, ObjectId::of(part.der));
}

TEST(TestPki, MakesCrlsThatOpensslVerifies) {
  const pki::Party ca = pki::root(pki::authority("CA"));
  const pki::Party seal = pki::issue(ca, pki::signer("Seal"));
  pki::CrlWish wish;
  wish.entries = {pki::entry_of(*seal.certificate, pki::at("2015-01-01"), 1)};
  wish.expired_since = pki::at("2009-01-01");
  pki::Scope scope;
  scope.urls = {"http://ca.example/crl"};
  scope.reasons = {1, 8};
  wish.extensions = {pki::issuing_distribution_point(scope)};
  const Bytes der = pki::crl(ca, wish);
  const unsigned char* at = der.data();
  const CrlPtr crl(d2i_X509_CRL(nullptr, &at, static_cast<long>(der.size())));
  ASSERT_TRUE(crl);
  EXPECT_EQ(X509_CRL_verify(crl.get(), ca.key->pkey), 1);
  X509_REVOKED* entry = nullptr;
  EXPECT_EQ(X509_CRL_get0_by_cert(crl.get(), &entry, seal.certificate->x509()), 1);
}

TEST(TestPki, MakesOcspAnswersThatOpensslVerifies) {
  const pki::Party ca = pki::root(pki::authority("CA"));
  const pki::Party seal = pki::issue(ca, pki::signer("Seal"));
  const pki::Party responder = pki::issue(ca, pki::responder("Responder"));
  pki::OcspWish wish;
  wish.answers = {pki::good(seal, ca, pki::at("2016-01-01"), pki::at("2016-01-02"))};
  wish.with_nonce = true;
  wish.by_key = true;
  const Bytes der = pki::ocsp(responder, wish);
  const unsigned char* at = der.data();
  const OcspPtr answer(d2i_OCSP_RESPONSE(nullptr, &at, static_cast<long>(der.size())));
  ASSERT_TRUE(answer);
  EXPECT_EQ(OCSP_response_status(answer.get()), OCSP_RESPONSE_STATUS_SUCCESSFUL);
  const BasicPtr basic(OCSP_response_get1_basic(answer.get()));
  const StorePtr store(X509_STORE_new());
  ASSERT_EQ(X509_STORE_add_cert(store.get(), ca.certificate->x509()), 1);
  EXPECT_EQ(OCSP_basic_verify(basic.get(), nullptr, store.get(), 0), 1);
}

}  // namespace
}  // namespace signet::validation
