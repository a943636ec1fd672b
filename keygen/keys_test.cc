// Keys and certificates on a SoftHSM token, through the library alone.
#include <gtest/gtest.h>
#include <openssl/cms.h>
#include <openssl/pem.h>

#include "keygen/generate.h"
#include "keygen/import.h"
#include "keygen/request.h"
#include "keygen/signed_data.h"
#include "keygen/subject.h"
#include "keygen/testing/test_issuer.h"
#include "pkcs11-client/session.h"
#include "pkcs11-client/testing/softhsm_token.h"
#include "tests/support/sanitizers.h"

#ifdef SIGNET_ADDRESS_SANITIZER
#include <sanitizer/lsan_interface.h>
#endif

namespace signet::keygen {
namespace {

const KeyType kP256 = pkcs11::KeyType::parse("ec:P-256").value();

class OnToken : public testing::Test {
 protected:
  Key make(const std::string& label, const Bytes& id, const std::string& type = "ec:P-256") {
    auto made = token_->generate({pkcs11::KeyType::parse(type).value(), label, id});
    if (!made) throw std::runtime_error(made.error().sentence);
    return std::move(made).value();
  }

  Certificate certified(const Key& key, const std::string& name = "seal") {
    TestCertificate wish;
    wish.common_name = name;
    wish.public_key = key.public_key;
    return issuing_.issue(wish);
  }

  pkcs11::SoftHsmToken token_;
  TestIssuer root_{"root"};
  TestIssuer issuing_{"issuing", root_};
};

TEST_F(OnToken, AnOrderIsFulfilledOnce) {
  const KeyOrder order{kP256, "seal", std::nullopt};
  const auto first = generate_once(*token_, order);
  ASSERT_TRUE(first) << first.error().sentence;
  EXPECT_TRUE(first.value().made);
  token_.reopen();
  const auto again = generate_once(*token_, order);
  ASSERT_TRUE(again);
  EXPECT_FALSE(again.value().made);
  EXPECT_EQ(again.value().key.public_key, first.value().key.public_key);
  EXPECT_EQ(token_->keys().value().size(), 1U);
}

TEST_F(OnToken, AnOrderNeverTakesAnotherKeyForItsOwn) {
  make("seal", {1});
  const auto rsa = pkcs11::KeyType::parse("rsa:2048").value();
  EXPECT_EQ(generate_once(*token_, {rsa, "seal", std::nullopt}).error().reason, Reason::exists);
  EXPECT_EQ(generate_once(*token_, {kP256, "other", Bytes{1}}).error().reason, Reason::exists);
  EXPECT_TRUE(generate_once(*token_, {kP256, "seal", Bytes{2}}).value().made);
}

TEST_F(OnToken, ADisabledKeySignsNothing) {
  const Key key = make("seal", {1});
  pkcs11::ObjectTemplate change;
  change.flag(CKA_SIGN, false);
  ASSERT_EQ(token_.module()->functions().C_SetAttributeValue(token_->handle(), key.private_handle,
                                                             change.data(), change.size()),
            CKR_OK);
  const Key disabled = token_->key({"seal", std::nullopt}).value();
  EXPECT_FALSE(disabled.can_sign);
  RequestWish wish;
  wish.subject = parse_subject("CN=seal").value();
  const auto request = make_request(*token_, disabled, wish);
  ASSERT_FALSE(request);
  EXPECT_EQ(request.error().reason, Reason::key_disabled);
  EXPECT_EQ(token_->sign(disabled, {}, Bytes(32)).error().reason, Reason::key_disabled);
  // Known too late: the token itself refuses then.
  EXPECT_EQ(make_request(*token_, key, wish).error().reason, Reason::key_disabled);
}

TEST_F(OnToken, ASignedMessageIsWhatOpenSslVerifies) {
  int id = 0;
  for (const char* type : {"rsa:2048", "ec:P-384"}) {
    for (const auto padding : {pkcs11::Padding::pkcs1, pkcs11::Padding::pss}) {
      const Key key = make("seal", {static_cast<std::uint8_t>(++id)}, type);
      const Certificate signer = certified(key);
      const auto message =
          make_signed_data(*token_, key, {signer, {issuing_.certificate()}, {padding, "SHA384"}},
                           view_of("content"));
      ASSERT_TRUE(message) << message.error().sentence;
      const BioPtr in = crypto::bio_over(message.value());
      CMS_ContentInfo* cms = d2i_CMS_bio(in.get(), nullptr);
      X509_STORE* store = X509_STORE_new();
      X509_STORE_add_cert(store, root_.certificate().x509());
      X509_STORE_set_purpose(store, X509_PURPOSE_ANY);
      const BioPtr out(BIO_new(BIO_s_mem()));
      EXPECT_EQ(CMS_verify(cms, nullptr, store, nullptr, out.get(), CMS_CADES | CMS_BINARY), 1)
          << type << crypto::openssl_reason();
      EXPECT_EQ(crypto::text_in(out.get()), "content");
      X509_STORE_free(store);
      CMS_ContentInfo_free(cms);
    }
  }
}

TEST_F(OnToken, AnEd25519KeySignsRequestsAndMessages) {
  const Key key = make("seal", {1}, "Ed25519");
  RequestWish wish;
  wish.subject = parse_subject("CN=seal").value();
  const auto der = [&] {
#ifdef SIGNET_ADDRESS_SANITIZER
    // SoftHSMv2 2.6.1 loses 37 bytes of a decoded key at each C_SignInit with CKM_EDDSA.
    const __lsan::ScopedDisabler softhsm_leaks;
#endif
    return make_request(*token_, key, wish);
  }();
  ASSERT_TRUE(der) << der.error().sentence;
  const unsigned char* in = der.value().data();
  const RequestPtr request(d2i_X509_REQ(nullptr, &in, static_cast<long>(der.value().size())));
  ASSERT_TRUE(request);
  EXPECT_EQ(X509_REQ_get_signature_nid(request.get()), NID_ED25519);
  EXPECT_EQ(X509_REQ_verify(request.get(), X509_REQ_get0_pubkey(request.get())), 1);
  const auto message = [&] {
#ifdef SIGNET_ADDRESS_SANITIZER
    const __lsan::ScopedDisabler softhsm_leaks;
#endif
    return make_signed_data(*token_, key, {certified(key), {}, {}}, view_of("content"));
  }();
  ASSERT_TRUE(message) << message.error().sentence;
  // OpenSSL 3.0 reads it, but cannot verify it; make_signed_data() has.
  const BioPtr in_message = crypto::bio_over(message.value());
  CMS_ContentInfo* cms = d2i_CMS_bio(in_message.get(), nullptr);
  EXPECT_NE(cms, nullptr);
  CMS_ContentInfo_free(cms);
}

TEST_F(OnToken, AMessageIsNotSignedUnderAnothersCertificate) {
  const Key key = make("seal", {1});
  const auto message =
      make_signed_data(*token_, key, {issuing_.certificate(), {}, {}}, view_of("content"));
  ASSERT_FALSE(message);
  EXPECT_EQ(message.error().reason, Reason::other_key);
}

TEST_F(OnToken, AnImportTiesTheCertificateToItsKey) {
  const Key key = make("seal", {1});
  ImportOrder order;
  order.certificates = {issuing_.certificate(), certified(key)};  // in any order
  order.roots = {root_.certificate()};
  const auto done = import_certificate(*token_, order);
  ASSERT_TRUE(done) << done.error().sentence;
  EXPECT_EQ(done.value().certificate.label, "seal");
  EXPECT_EQ(done.value().certificate.id, Bytes{1});
  ASSERT_EQ(done.value().issuers.size(), 1U);
  EXPECT_EQ(done.value().issuers[0].label, "issuing");
  EXPECT_EQ(token_->certificates().value().size(), 2U);
}

TEST_F(OnToken, AnImportThatWasCutShortIsFinishedByTheNext) {
  const Key key = make("seal", {1});
  ImportOrder order;
  order.certificates = {certified(key), issuing_.certificate()};
  ASSERT_TRUE(token_->store(issuing_.certificate().der(), "issuing", {}));  // as far as it came
  const auto done = import_certificate(*token_, order);
  ASSERT_TRUE(done) << done.error().sentence;
  EXPECT_TRUE(done.value().issuers.empty());
  EXPECT_EQ(token_->certificates().value().size(), 2U);
  EXPECT_EQ(import_certificate(*token_, order).error().reason, Reason::duplicate);
  EXPECT_EQ(token_->certificates().value().size(), 2U);
}

TEST_F(OnToken, AnImportStoresNothingWhereSomethingIsWrong) {
  const Key key = make("seal", {1});
  const TestIssuer old("issuing", root_, -1);
  TestCertificate wish;
  wish.public_key = key.public_key;
  const auto reason = [&](const Certificate& leaf, const Certificate& issuer) {
    ImportOrder order;
    order.certificates = {leaf, issuer};
    order.roots = {root_.certificate()};
    const auto done = import_certificate(*token_, order);
    return done ? Reason::failed : done.error().reason;
  };
  EXPECT_EQ(reason(old.issue(wish), old.certificate()), Reason::expired);
  const TestIssuer namesake("issuing", root_);
  EXPECT_EQ(reason(issuing_.issue(wish), namesake.certificate()), Reason::wrong_chain);
  wish.hash = "SHA1";
  EXPECT_EQ(reason(issuing_.issue(wish), issuing_.certificate()), Reason::weak_hash);
  wish = {};
  wish.public_key = TestIssuer("weak", "RSA", 1024).public_key();
  EXPECT_EQ(reason(issuing_.issue(wish), issuing_.certificate()), Reason::weak_key);
  wish.public_key = TestIssuer("someone").public_key();
  EXPECT_EQ(reason(issuing_.issue(wish), issuing_.certificate()), Reason::other_key);
  EXPECT_TRUE(token_->certificates().value().empty());
}

TEST_F(OnToken, ARequestTakesOverWhatItsPredecessorHad) {
  const Key key = make("seal", {1});
  RequestWish wish;
  wish.subject = parse_subject("C=CZ,CN=seal").value();
  wish.statements = {true, true, "eseal"};
  wish.key_usage = {"nonRepudiation"};
  const auto first = make_request(*token_, key, wish);
  ASSERT_TRUE(first) << first.error().sentence;
  const RequestWish like = wish_like(certified(key, "seal"));
  EXPECT_EQ(subject_text(like.subject), "CN=seal");
  RequestWish broken = wish;
  broken.extensions = {Bytes{0x30, 0x01}};
  EXPECT_EQ(make_request(*token_, key, broken).error().reason, Reason::unreadable);
}

TEST(Certificates, AreReadInEveryForm) {
  const TestIssuer root("root");
  const TestIssuer issuing("issuing", root);
  const std::string pem = "text before\n" +
                          crypto::to_pem(PEM_STRING_X509, root.certificate().der()) +
                          crypto::to_pem(PEM_STRING_X509, issuing.certificate().der());
  EXPECT_EQ(parse_certificates(view_of(pem)).value().size(), 2U);
  EXPECT_EQ(parse_certificates(root.certificate().der()).value().size(), 1U);
  PKCS7* bag = PKCS7_new();
  PKCS7_set_type(bag, NID_pkcs7_signed);
  PKCS7_content_new(bag, NID_pkcs7_data);
  PKCS7_add_certificate(bag, root.certificate().x509());
  PKCS7_add_certificate(bag, issuing.certificate().x509());
  const Bytes der = crypto::der_of(bag, i2d_PKCS7);
  PKCS7_free(bag);
  EXPECT_EQ(parse_certificates(der).value().size(), 2U);
  EXPECT_EQ(parse_certificates(view_of(crypto::to_pem(PEM_STRING_PKCS7, der))).value().size(), 2U);
  EXPECT_EQ(parse_certificates(view_of("nothing")).error().reason, Reason::unreadable);
  Bytes longer = root.certificate().der();
  longer.push_back(0);
  EXPECT_FALSE(Certificate::from_der(longer));
}

TEST(Certificates, AValueTellsWhatIsInIt) {
  const TestIssuer root("root");
  EXPECT_EQ(root.certificate().subject(), "CN=root");
  EXPECT_EQ(root.certificate().common_name(), "root");
  EXPECT_TRUE(root.certificate().is_authority());
  EXPECT_TRUE(root.certificate().is_self_issued());
  EXPECT_EQ(root.certificate().public_key(), root.public_key());
  EXPECT_LT(root.certificate().not_before(), root.certificate().not_after());
}

}  // namespace
}  // namespace signet::keygen
