// Seals whose signature is made elsewhere, here by keys that OpenSSL holds. Read by OpenSSL and by our own.
#include "sealing/two_steps.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/cms.h>
#include <openssl/rsa.h>

#include "crypto/cms/verify.h"
#include "crypto/digest.h"
#include "crypto/openssl.h"
#include "crypto/testing/test_key.h"
#include "keygen/testing/test_issuer.h"

namespace signet::sealing {
namespace {

using crypto::test_context;
using pkcs11::Padding;

const Bytes kText = crypto::patterned(2'500'000);

// A signer whose key no token holds.
struct Elsewhere {
  // "RSA", "ED25519", or a curve's name.
  explicit Elsewhere(const std::string& type) {
    if (type == "RSA") key.reset(EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", std::size_t{3072}));
    if (type == "ED25519") key.reset(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
    if (!key) key.reset(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", type.c_str()));
    keygen::TestCertificate wish;
    wish.public_key = crypto::der_of(key.get(), i2d_PUBKEY);
    certificate = root.issue(wish).der();
  }

  Signatory signatory() const { return {certificate, {root.certificate().der()}}; }

  Bytes sign(const Prepared& prepared) const {
    const std::unique_ptr<EVP_PKEY_CTX, decltype(&EVP_PKEY_CTX_free)> work(
        EVP_PKEY_CTX_new_from_pkey(crypto::library_context(), key.get(), nullptr),
        EVP_PKEY_CTX_free);
    EVP_PKEY_sign_init(work.get());
    const std::unique_ptr<EVP_MD, decltype(&EVP_MD_free)> hash(
        EVP_MD_fetch(crypto::library_context(), crypto::hash_name(prepared.algorithm.hash),
                     nullptr),
        EVP_MD_free);
    if (prepared.algorithm.scheme == crypto::Scheme::rsa_pss) {
      EVP_PKEY_CTX_set_rsa_padding(work.get(), RSA_PKCS1_PSS_PADDING);
      EVP_PKEY_CTX_set_rsa_pss_saltlen(work.get(), RSA_PSS_SALTLEN_DIGEST);
    }
    EVP_PKEY_CTX_set_signature_md(work.get(), hash.get());
    std::size_t size = 0;
    EVP_PKEY_sign(work.get(), nullptr, &size, prepared.digest.data(), prepared.digest.size());
    Bytes signature(size);
    EVP_PKEY_sign(work.get(), signature.data(), &size, prepared.digest.data(),
                  prepared.digest.size());
    signature.resize(size);
    return signature;
  }

  testing::AssertionResult openssl_accepts(ByteView der, ByteView content) const {
    const BioPtr in = crypto::bio_over(der);
    CMS_ContentInfo* cms = d2i_CMS_bio(in.get(), nullptr);
    X509_STORE* store = X509_STORE_new();
    X509_STORE_add_cert(store, root.certificate().x509());
    X509_STORE_set_purpose(store, X509_PURPOSE_ANY);
    const BioPtr detached = content.empty() ? BioPtr() : crypto::bio_over(content);
    const BioPtr out(BIO_new(BIO_s_null()));
    const bool good = cms != nullptr && CMS_verify(cms, nullptr, store, detached.get(), out.get(),
                                                   CMS_CADES | CMS_BINARY) == 1;
    X509_STORE_free(store);
    CMS_ContentInfo_free(cms);
    return good ? testing::AssertionSuccess()
                : testing::AssertionFailure() << crypto::openssl_reason();
  }

  keygen::TestIssuer root{"root"};
  PkeyPtr key;
  Bytes certificate;
};

Prepared prepared_by(const Elsewhere& signer, const SealWish& wish = {}) {
  auto prepared = prepare_cades(test_context(), signer.signatory(), Input::memory(kText), wish);
  if (!prepared) throw std::runtime_error(prepared.error().sentence);
  return std::move(prepared).value();
}

SealResult<Sealed> finished(const Prepared& prepared, ByteView signature, const Input* document,
                            Bytes& sealed, const SealWish& wish) {
  Output out = Output::memory(sealed);
  return finish_cades(test_context(), nullptr, prepared.state, signature, document, out, wish);
}

TEST(TwoSteps, EveryFormIsAcceptedByOpenssl) {
  const Elsewhere rsa("RSA");
  const Elsewhere ec("P-256");
  struct Row {
    const Elsewhere& signer;
    pkcs11::Signing signing;
  };
  for (const Row& row : {Row{rsa, {Padding::pkcs1, "SHA256"}}, Row{rsa, {Padding::pss, "SHA512"}},
                         Row{ec, {Padding::pkcs1, "SHA384"}}}) {
    SealWish wish;
    wish.signing = row.signing;
    wish.attributes.file_name = "contract.txt";
    const Prepared prepared = prepared_by(row.signer, wish);
    const Bytes signature = row.signer.sign(prepared);
    const Input document = Input::memory(kText);
    for (const bool external : {true, false}) {
      for (const bool indefinite : {false, true}) {
        wish.external = external;
        wish.indefinite = indefinite;
        Bytes sealed;
        const auto done =
            finished(prepared, signature, external ? nullptr : &document, sealed, wish);
        ASSERT_TRUE(done) << done.error().sentence;
        EXPECT_EQ(done.value().digest, prepared.document_digest);
        EXPECT_EQ(done.value().signed_at, prepared.signed_at);
        EXPECT_EQ(done.value().certificate, row.signer.certificate);
        EXPECT_TRUE(row.signer.openssl_accepts(sealed, external ? ByteView(kText) : ByteView()));
      }
    }
  }
}

TEST(TwoSteps, AnEdwardsKeySignsTheAttributesThemselves) {
  const Elsewhere signer("ED25519");
  const Prepared prepared = prepared_by(signer);
  EXPECT_EQ(prepared.algorithm.scheme, crypto::Scheme::eddsa);
  EXPECT_TRUE(prepared.digest.empty());
  EVP_MD_CTX* work = EVP_MD_CTX_new();
  Bytes signature(64);
  std::size_t size = signature.size();
  ASSERT_EQ(EVP_DigestSignInit_ex(work, nullptr, nullptr, crypto::library_context(), nullptr,
                                  signer.key.get(), nullptr),
            1);
  ASSERT_EQ(EVP_DigestSign(work, signature.data(), &size, prepared.attributes.data(),
                           prepared.attributes.size()),
            1);
  EVP_MD_CTX_free(work);
  Bytes sealed;
  SealWish wish;
  wish.external = true;
  const auto done = finished(prepared, signature, nullptr, sealed, wish);
  ASSERT_TRUE(done) << done.error().sentence;
}

TEST(TwoSteps, AWrongSignatureWritesNothing) {
  const Elsewhere signer("P-256");
  const Prepared prepared = prepared_by(signer);
  const Prepared another = prepared_by(Elsewhere("P-256"));
  SealWish wish;
  wish.external = true;
  Bytes signature = signer.sign(another);
  Bytes sealed;
  for (const Bytes& wrong : {signature, Bytes(), Bytes(70, 1)}) {
    const auto done = finished(prepared, wrong, nullptr, sealed, wish);
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().token.reason, pkcs11::Reason::bad_signature);
    EXPECT_TRUE(sealed.empty());
  }
}

TEST(TwoSteps, AnotherDocumentIsRefused) {
  const Elsewhere signer("P-256");
  const Prepared prepared = prepared_by(signer);
  const Bytes signature = signer.sign(prepared);
  Bytes other = kText;
  other.back() ^= 1U;
  const Input document = Input::memory(other);
  for (const bool external : {true, false}) {
    SealWish wish;
    wish.external = external;
    Bytes sealed;
    const auto done = finished(prepared, signature, &document, sealed, wish);
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().failure, Failure::changed);
    EXPECT_TRUE(sealed.empty());
  }
}

TEST(TwoSteps, ADocumentThatChangesWhileItIsWrittenIsRefused) {
  const Elsewhere signer("P-256");
  const Prepared prepared = prepared_by(signer);
  const Bytes signature = signer.sign(prepared);
  int passes = 0;
  const Input document =
      Input::callback(kText.size(), [&](std::uint64_t offset, std::span<std::uint8_t> out) {
        if (offset == 0) ++passes;
        std::copy_n(kText.begin() + static_cast<std::ptrdiff_t>(offset), out.size(), out.begin());
        if (passes > 1) out[0] ^= 1U;
        return true;
      });
  Bytes sealed;
  const auto done = finished(prepared, signature, &document, sealed, {});
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().failure, Failure::changed);
  EXPECT_TRUE(sealed.empty());
}

// Each byte of a state changed: it is refused, or what it makes verifies all the same (bytes that nobody signed, such as an
// issuer's certificate). Never a crash.
TEST(TwoSteps, ADamagedStateNeverMakesAWrongSeal) {
  const Elsewhere signer("P-256");
  Prepared prepared = prepared_by(signer);
  const Bytes signature = signer.sign(prepared);
  const Bytes whole = prepared.state;
  SealWish wish;
  wish.external = true;
  std::size_t refused = 0;
  for (std::size_t at = 0; at < whole.size(); ++at) {
    prepared.state = whole;
    prepared.state[at] ^= 0x21U;
    Bytes sealed;
    if (!finished(prepared, signature, nullptr, sealed, wish)) {
      ++refused;
      EXPECT_TRUE(sealed.empty());
      continue;
    }
    const auto read = cms::read_signed_data(cms::Source::of(sealed));
    ASSERT_TRUE(read) << at;
    const auto digest = crypto::digest_of(test_context(), crypto::Hash::sha256, kText).value();
    EXPECT_TRUE(
        cms::verify(test_context(), read.value().parts, {{crypto::Hash::sha256, digest}})[0].good())
        << at;
  }
  EXPECT_GT(refused, whole.size() / 2);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    prepared.state.assign(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
    Bytes sealed;
    const auto done = finished(prepared, signature, nullptr, sealed, wish);
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().failure, Failure::broken);
  }
}

TEST(TwoSteps, ContradictionsAreRefused) {
  const Elsewhere signer("P-256");
  const Prepared prepared = prepared_by(signer);
  const Bytes signature = signer.sign(prepared);
  Bytes sealed;
  SealWish wish;
  EXPECT_EQ(finished(prepared, signature, nullptr, sealed, wish).error().failure,
            Failure::settings);  // internal, without the document
  wish.external = true;
  wish.level = Level::b_t;
  EXPECT_EQ(finished(prepared, signature, nullptr, sealed, wish).error().failure,
            Failure::settings);
  // A seal that is finished is no state.
  wish.level = Level::b_b;
  ASSERT_TRUE(finished(prepared, signature, nullptr, sealed, wish));
  Prepared again = prepared;
  again.state = sealed;
  EXPECT_EQ(finished(again, signature, nullptr, sealed, wish).error().failure, Failure::broken);
  const Input document = Input::memory(kText);
  Signatory no_one{{1, 2, 3}, {}};
  EXPECT_EQ(prepare_cades(test_context(), no_one, document, {}).error().failure, Failure::settings);
  Signatory bad_issuer{signer.certificate, {{1, 2, 3}}};
  EXPECT_EQ(prepare_cades(test_context(), bad_issuer, document, {}).error().failure,
            Failure::settings);
  wish.signing.hash = "MD5";
  EXPECT_EQ(prepare_cades(test_context(), signer.signatory(), document, wish).error().token.reason,
            pkcs11::Reason::not_supported);
}

TEST(TwoSteps, BothStepsCanBeCancelled) {
  const Elsewhere signer("P-256");
  const Prepared prepared = prepared_by(signer);
  const Bytes signature = signer.sign(prepared);
  const Input document = Input::memory(kText);
  std::atomic<bool> cancelled{true};
  Control control;
  control.cancelled = &cancelled;
  EXPECT_EQ(
      prepare_cades(test_context(), signer.signatory(), document, {}, control).error().failure,
      Failure::cancelled);
  Bytes sealed;
  Output out = Output::memory(sealed);
  EXPECT_EQ(
      finish_cades(test_context(), nullptr, prepared.state, signature, &document, out, {}, control)
          .error()
          .failure,
      Failure::cancelled);
  EXPECT_TRUE(sealed.empty());
}

}  // namespace
}  // namespace signet::sealing
