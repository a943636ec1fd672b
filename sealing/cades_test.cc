// CAdES seals by keys of a SoftHSM token, read by OpenSSL (another reader) and by our own. Time-stamps and other readers:
// tests/sealing/.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/cms.h>

#include <atomic>
#include <chrono>
#include <future>
#include <thread>

#include "crypto/cms/verify.h"
#include "crypto/digest.h"
#include "crypto/openssl.h"
#include "crypto/testing/test_key.h"
#include "keygen/testing/test_issuer.h"
#include "pkcs11-client/testing/softhsm_token.h"
#include "sealing/content.h"
#include "sealing/sealer.h"
#include "tests/support/sanitizers.h"

#ifdef SIGNET_ADDRESS_SANITIZER
#include <sanitizer/lsan_interface.h>
#endif

namespace signet::sealing {
namespace {

using crypto::test_context;
using pkcs11::Padding;
using pkcs11::Signing;

const Bytes kDocument = crypto::patterned(3'000'000);

class Sealing : public testing::Test {
 protected:
  // A key with this label, its certificate and the issuer's on the token.
  pkcs11::Key make(const std::string& label, const std::string& type) {
    const auto made =
        token_->generate({pkcs11::KeyType::parse(type).value(), label, view_copy(label)});
    if (!made) throw std::runtime_error(made.error().sentence);
    keygen::TestCertificate wish;
    wish.common_name = label;
    wish.public_key = made.value().public_key;
    store(issuing_.issue(wish), label);
    if (!issuer_stored_) store(issuing_.certificate(), "issuing");
    issuer_stored_ = true;
    return made.value();
  }

  void store(const keygen::Certificate& certificate, const std::string& label) {
    const auto stored = token_->store(certificate.der(), label, view_copy(label));
    if (!stored) throw std::runtime_error(stored.error().sentence);
  }

  static Bytes view_copy(const std::string& text) { return copy_of(view_of(text)); }

  SealKeyChoice choice(const std::string& label) {
    SealKeyChoice choice;
    choice.module = token_.module();
    choice.token = token_->info();
    choice.pin = [](const pkcs11::TokenInfo&) {
      return std::optional(Secret(std::string_view("correct horse")));
    };
    choice.key.label = label;
    return choice;
  }

  std::shared_ptr<SealKey> key(const std::string& label) {
    auto opened = SealKey::open(choice(label));
    if (!opened) throw std::runtime_error(opened.error().sentence);
    return std::move(opened).value();
  }

  Sealer sealer(const std::string& label) { return Sealer(test_context(), key(label), nullptr); }

  // By OpenSSL with the root, CAdES attributes and all.
  testing::AssertionResult openssl_accepts(ByteView der, ByteView content) {
    const BioPtr in = crypto::bio_over(der);
    CMS_ContentInfo* cms = d2i_CMS_bio(in.get(), nullptr);
    X509_STORE* store = X509_STORE_new();
    X509_STORE_add_cert(store, root_.certificate().x509());
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

  static std::vector<cms::Verdict> verdicts(ByteView der, ByteView document = kDocument) {
    const Input input = Input::memory(der);
    const auto message = read_message(input);
    if (!message) throw std::runtime_error(message.error().sentence);
    const Control control;
    Meter meter(control, 0);
    const Input outside = Input::memory(document);
    const Pass pass =
        message.value().has_content ? pass_over(input, message.value()) : pass_over(outside);
    const auto digests =
        digest_all(test_context(), cms::hashes_of(message.value().parts), pass, meter);
    return cms::verify(test_context(), message.value().parts, digests.value());
  }

  pkcs11::SoftHsmToken token_;
  keygen::TestIssuer root_{"root"};
  keygen::TestIssuer issuing_{"issuing", root_};
  bool issuer_stored_ = false;
};

TEST_F(Sealing, EveryKeyAndFormIsAcceptedByOpensslAndByUs) {
  struct Row {
    const char* type;
    Signing signing;
  };
  for (const Row& row :
       {Row{"rsa:3072", {Padding::pkcs1, "SHA256"}}, Row{"rsa:3072", {Padding::pss, "SHA384"}},
        Row{"ec:P-256", {{}, "SHA256"}}, Row{"ec:P-384", {{}, "SHA384"}},
        Row{"ec:P-256", {{}, "SHA512"}}, Row{"Ed25519", {{}, "SHA256"}}}) {
    const std::string label = std::string(row.type) + row.signing.hash;
    SCOPED_TRACE(label);
#ifdef SIGNET_ADDRESS_SANITIZER
    // SoftHSMv2 2.6.1 loses 37 bytes of a decoded key at each C_SignInit with CKM_EDDSA.
    const __lsan::ScopedDisabler softhsm_leaks;
#endif
    make(label, row.type);
    const Sealer sealer = this->sealer(label);
    for (const bool external : {true, false}) {
      for (const bool indefinite : {false, true}) {
        if (external && indefinite) continue;
        SealWish wish;
        wish.external = external;
        wish.indefinite = indefinite;
        wish.signing = row.signing;
        Bytes sealed;
        Output out = Output::memory(sealed);
        const auto done = sealer.seal_cades(Input::memory(kDocument), out, wish);
        ASSERT_TRUE(done) << done.error().sentence;
        EXPECT_EQ(done.value().level, Level::b_b);
        EXPECT_EQ(done.value().digest, crypto::digest_of(done.value().algorithm.hash, kDocument));
        // OpenSSL 3.0 cannot verify Ed25519 in CMS.
        if (done.value().algorithm.scheme != crypto::Scheme::eddsa) {
          EXPECT_TRUE(openssl_accepts(sealed, external ? ByteView(kDocument) : ByteView()));
        }
        const auto found = verdicts(sealed);
        ASSERT_EQ(found.size(), 1U);
        EXPECT_THAT(found[0].problems, testing::IsEmpty());
        EXPECT_EQ(found[0].signing_time, done.value().signed_at);
      }
    }
  }
}

TEST_F(Sealing, AParallelSealLeavesTheFirstAsItIs) {
  make("one", "ec:P-256");
  make("two", "rsa:2048");
  for (const bool external : {true, false}) {
    SealWish wish;
    wish.external = external;
    Bytes first;
    Output out = Output::memory(first);
    ASSERT_TRUE(sealer("one").seal_cades(Input::memory(kDocument), out, wish));
    Bytes both;
    Output second = Output::memory(both);
    const Input document = Input::memory(kDocument);
    wish.signing = {Padding::pss, "SHA512"};
    const auto done =
        sealer("two").add_cades(Input::memory(first), external ? &document : nullptr, second, wish);
    ASSERT_TRUE(done) << done.error().sentence;
    EXPECT_TRUE(openssl_accepts(both, external ? ByteView(kDocument) : ByteView()));
    const auto found = verdicts(both);
    ASSERT_EQ(found.size(), 2U);
    EXPECT_TRUE(found[0].good() && found[1].good());
    // The first signer's bytes are in it.
    const auto before = cms::read_signed_data(cms::Source::of(first)).value().parts.signers[0];
    EXPECT_EQ(cms::read_signed_data(cms::Source::of(both)).value().parts.signers[0], before);
  }
}

TEST_F(Sealing, NothingIsAddedToAWrongSignature) {
  make("one", "ec:P-256");
  SealWish wish;
  wish.external = true;
  Bytes first;
  Output out = Output::memory(first);
  ASSERT_TRUE(sealer("one").seal_cades(Input::memory(kDocument), out, wish));
  Bytes other = kDocument;
  other[7] ^= 1U;
  Bytes both;
  Output second = Output::memory(both);
  const Input document = Input::memory(other);
  const auto done = sealer("one").add_cades(Input::memory(first), &document, second, wish);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().failure, Failure::broken);
  EXPECT_TRUE(both.empty());
}

TEST_F(Sealing, SealsAnEmptyDocument) {
  make("one", "ec:P-256");
  for (const bool external : {true, false}) {
    SealWish wish;
    wish.external = external;
    Bytes sealed;
    Output out = Output::memory(sealed);
    ASSERT_TRUE(sealer("one").seal_cades(Input::memory({}), out, wish));
    const auto found = verdicts(sealed, {});
    ASSERT_EQ(found.size(), 1U);
    EXPECT_TRUE(found[0].good());
  }
}

TEST_F(Sealing, ADocumentThatChangesIsRefused) {
  make("one", "ec:P-256");
  int passes = 0;
  const Input document = Input::callback(kDocument.size(), [&](std::uint64_t offset,
                                                               std::span<std::uint8_t> out) {
    if (offset == 0) ++passes;
    std::copy_n(kDocument.begin() + static_cast<std::ptrdiff_t>(offset), out.size(), out.begin());
    if (passes > 1) out[0] ^= 1U;
    return true;
  });
  Bytes sealed;
  Output out = Output::memory(sealed);
  const auto done = sealer("one").seal_cades(document, out, {});
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().failure, Failure::changed);
  EXPECT_TRUE(sealed.empty());
}

TEST_F(Sealing, ACancelledSealLeavesNothing) {
  make("one", "ec:P-256");
  std::atomic<bool> cancelled{false};
  std::uint64_t seen = 0;
  Control control;
  control.cancelled = &cancelled;
  control.progress = [&](std::uint64_t done, std::uint64_t all) {
    EXPECT_EQ(all, 2 * kDocument.size());
    seen = done;
    if (done > kDocument.size()) cancelled = true;
  };
  Bytes sealed;
  Output out = Output::memory(sealed);
  const auto done = sealer("one").seal_cades(Input::memory(kDocument), out, {}, control);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().failure, Failure::cancelled);
  EXPECT_LT(seen, 2 * kDocument.size());
  EXPECT_TRUE(sealed.empty());
}

TEST_F(Sealing, ManyThreadsSealWithOneSealer) {
  make("one", "ec:P-256");
  const Sealer sealer = this->sealer("one");
  std::vector<std::future<bool>> all;
  for (int thread = 0; thread < 8; ++thread)
    all.push_back(std::async(std::launch::async, [&] {
      for (int i = 0; i < 5; ++i) {
        Bytes sealed;
        Output out = Output::memory(sealed);
        SealWish wish;
        wish.external = true;
        if (!sealer.seal_cades(Input::memory(kDocument), out, wish)) return false;
        if (!verdicts(sealed).at(0).good()) return false;
      }
      return true;
    }));
  for (auto& one : all) EXPECT_TRUE(one.get());
}

// In the place of the module's C_Sign: counts how many are under way.
CK_C_Sign true_sign = nullptr;
std::atomic<int> under_way = 0;
std::atomic<int> most_under_way = 0;

CK_RV count_and_sign(CK_SESSION_HANDLE session, CK_BYTE_PTR data, CK_ULONG size,
                     CK_BYTE_PTR signature, CK_ULONG_PTR signature_size) {
  const int now = ++under_way;
  int most = most_under_way;
  while (most < now && !most_under_way.compare_exchange_weak(most, now)) {
  }
  std::this_thread::sleep_for(std::chrono::milliseconds(5));
  const CK_RV result = true_sign(session, data, size, signature, signature_size);
  --under_way;
  return result;
}

TEST_F(Sealing, NoMoreSignaturesAreMadeAtATimeThanAreWanted) {
  make("one", "ec:P-256");
  SealKeyChoice choice = this->choice("one");
  choice.most_signatures = 2;
  const auto key = SealKey::open(std::move(choice)).value();
  const cms::Algorithm algorithm = key->algorithm({}).value();
  CK_FUNCTION_LIST& functions = token_.module()->functions();
  true_sign = std::exchange(functions.C_Sign, count_and_sign);
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i)
    threads.emplace_back([&] {
      for (int signature = 0; signature < 5; ++signature)
        EXPECT_TRUE(key->sign(algorithm, kDocument));
    });
  for (std::thread& thread : threads) thread.join();
  functions.C_Sign = true_sign;
  EXPECT_EQ(most_under_way, 2);
}

TEST_F(Sealing, WithoutAnAuthorityThereIsNoLevelT) {
  make("one", "ec:P-256");
  SealWish wish;
  wish.level = Level::b_t;
  Bytes sealed;
  Output out = Output::memory(sealed);
  const auto done = sealer("one").seal_cades(Input::memory(kDocument), out, wish);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().failure, Failure::settings);
}

TEST_F(Sealing, AKeyWithoutAGoodCertificateIsRefused) {
  const auto bare = token_->generate({pkcs11::KeyType::parse("ec:P-256").value(), "bare", {9}});
  ASSERT_TRUE(bare);
  EXPECT_EQ(SealKey::open(choice("bare")).error().token.reason, pkcs11::Reason::not_found);
  keygen::TestCertificate wish;
  wish.public_key = bare.value().public_key;
  wish.days_after = -1;
  wish.days_before = 10;
  store(issuing_.issue(wish), "bare");
  EXPECT_EQ(SealKey::open(choice("bare")).error().token.reason, pkcs11::Reason::expired);
  SealKeyChoice other = choice("bare");
  other.certificate = issuing_.certificate().der();
  EXPECT_EQ(SealKey::open(std::move(other)).error().token.reason, pkcs11::Reason::other_key);
  EXPECT_EQ(SealKey::open(choice("nobody")).error().token.reason, pkcs11::Reason::not_found);
}

TEST_F(Sealing, TheChainGoesInWithoutTheRoot) {
  make("one", "ec:P-256");
  store(root_.certificate(), "root");
  const auto opened = key("one");
  EXPECT_THAT(opened->issuers(), testing::ElementsAre(issuing_.certificate().der()));
}

}  // namespace
}  // namespace signet::sealing
