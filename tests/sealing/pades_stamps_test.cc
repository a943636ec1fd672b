// The room for a time-stamp in a PDF document: what happens where it is too small, in one step and in two.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "crypto/openssl.h"
#include "crypto/testing/test_key.h"
#include "keygen/testing/test_issuer.h"
#include "pdf/testing/pdf_maker.h"
#include "pkcs11-client/testing/softhsm_token.h"
#include "sealing/sealer.h"
#include "sealing/two_steps.h"
#include "tests/support/test_authority.h"

namespace signet::tests {
namespace {

using namespace std::chrono_literals;
using namespace sealing;
using crypto::test_context;

Bytes bytes_of(const std::string& text) {
  return copy_of(view_of(text));
}

// A key with its certificate on a token.
class StampedKey {
 public:
  StampedKey() {
    const auto made =
        token_->generate({pkcs11::KeyType::parse("ec:P-256").value(), "seal", {1}}).value();
    const keygen::TestIssuer root("root");
    keygen::TestCertificate certificate;
    certificate.public_key = made.public_key;
    EXPECT_TRUE(token_->store(root.issue(certificate).der(), "seal", {{1}}));
  }

  std::shared_ptr<SealKey> open() const {
    SealKeyChoice choice;
    choice.module = token_.module();
    choice.token = token_->info();
    choice.pin = [](const pkcs11::TokenInfo&) {
      return std::optional(Secret(std::string_view("correct horse")));
    };
    choice.key.label = "seal";
    return SealKey::open(choice).value();
  }

 private:
  pkcs11::SoftHsmToken token_;
};

class PadesStamps : public testing::Test {
 protected:
  std::shared_ptr<timestamps::Client> client() const {
    timestamps::Authority authority;
    authority.url = authority_.url() + "/tsa";
    return std::make_shared<timestamps::Client>(std::vector{authority}, test_context(),
                                                timestamps::ClientOptions());
  }

  SealWish wish() const {
    SealWish wish;
    wish.signing.hash = "SHA256";
    wish.level = Level::b_t;
    return wish;
  }

  // With far less room than any time-stamp takes.
  SealResult<Sealed> seal(const Sealer& sealer) const {
    PdfWish pdf;
    pdf.stamp_room = 100;
    Bytes sealed;
    Output out = Output::memory(sealed);
    return sealer.seal_pades(Input::memory(document_), out, wish(), pdf);
  }

  const TestAuthority authority_;
  const Bytes document_ = bytes_of(pdf::MadeDocument().make());
};

TEST_F(PadesStamps, ALargerOneCostsASecondSignatureOnce) {
  const StampedKey key;
  const Sealer sealer(test_context(), key.open(), client());
  for (const unsigned signatures : {2U, 1U}) {
    const auto done = seal(sealer);
    ASSERT_TRUE(done) << done.error().sentence;
    EXPECT_EQ(done.value().level, Level::b_t);
    EXPECT_EQ(done.value().signatures, signatures);
  }
}

TEST_F(PadesStamps, ALargerOneCostsASecondSignatureOnceInManyThreads) {
  const StampedKey key;
  const Sealer sealer(test_context(), key.open(), client());
  std::atomic<unsigned> signatures = 0;
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 8; ++thread)
    threads.emplace_back([&] {
      for (int document = 0; document < 3; ++document) {
        const auto done = seal(sealer);
        signatures += done ? done.value().signatures : 1000;
      }
    });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(signatures, 8U * 3 + 1);
}

TEST_F(PadesStamps, NobodyWaitsForAFirstOneThatNeverComes) {
  const StampedKey key;
  timestamps::Authority authority;
  authority.url = authority_.url() + "/tsa/404";
  const Sealer sealer(test_context(), key.open(),
                      std::make_shared<timestamps::Client>(std::vector{authority}, test_context(),
                                                           timestamps::ClientOptions()));
  for (int document = 0; document < 3; ++document)
    EXPECT_EQ(seal(sealer).error().failure, Failure::no_time_stamp);
}

TEST_F(PadesStamps, ALargerOneThanWasPreparedForIsNotPutIn) {
  const keygen::TestIssuer root("root");
  const PkeyPtr key(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"));
  keygen::TestCertificate certificate;
  certificate.public_key = crypto::der_of(key.get(), i2d_PUBKEY);
  PdfWish pdf;
  pdf.stamp_room = 100;
  const Input document = Input::memory(document_);
  const auto prepared =
      prepare_pades(test_context(), {root.issue(certificate).der()}, document, wish(), pdf);
  ASSERT_TRUE(prepared) << prepared.error().sentence;
  const Bytes& digest = prepared.value().digest;
  const PkeyContextPtr work(
      EVP_PKEY_CTX_new_from_pkey(crypto::library_context(), key.get(), nullptr));
  ASSERT_EQ(EVP_PKEY_sign_init(work.get()), 1);
  Bytes signature(200);
  std::size_t size = signature.size();
  ASSERT_EQ(EVP_PKEY_sign(work.get(), signature.data(), &size, digest.data(), digest.size()), 1);
  signature.resize(size);
  const auto stamper = client();
  const auto finish = [&](WithoutStamp without) {
    SealWish wanted = wish();
    wanted.without_stamp = without;
    Bytes sealed;
    Output out = Output::memory(sealed);
    return finish_pades(test_context(), stamper.get(), prepared.value().state, signature, document,
                        out, wanted);
  };
  EXPECT_EQ(finish(WithoutStamp::fail).error().failure, Failure::no_time_stamp);
  const auto degraded = finish(WithoutStamp::degrade);
  ASSERT_TRUE(degraded) << degraded.error().sentence;
  EXPECT_TRUE(degraded.value().degraded);
  EXPECT_EQ(degraded.value().level, Level::b_b);
}

}  // namespace
}  // namespace signet::tests
