// For tests of the C ABI: a SoftHSM token with a key "seal" and its certificate.
#ifndef SIGNET_BINDINGS_C_TESTING_ABI_SCENE_H_
#define SIGNET_BINDINGS_C_TESTING_ABI_SCENE_H_

#include <gtest/gtest.h>
#include <openssl/cms.h>

#include <cstring>
#include <string>

#include "bindings/c/signet-seal.h"
#include "bindings/c/testing/abi_handles.h"
#include "bindings/c/testing/self_check_stand_in.h"
#include "common/testing/scratch_folder.h"
#include "crypto/openssl.h"
#include "crypto/testing/test_key.h"
#include "keygen/testing/test_issuer.h"
#include "pkcs11-client/testing/softhsm_token.h"

namespace signet::c {

inline constexpr char kPin[] = "correct horse";
inline constexpr char kSoftHsm[] = "/usr/lib/softhsm/libsofthsm2.so";

inline Bytes copied(const void* data, std::size_t size) {
  const auto* bytes = static_cast<const std::uint8_t*>(data);
  return {bytes, bytes + size};
}

class Abi : public testing::Test {
 protected:
  Abi() {
    EXPECT_EQ(signet_seal_context_new(&context_, error_), SIGNET_SEAL_OK);
    EXPECT_EQ(signet_seal_options_new(context_, &options_, error_), SIGNET_SEAL_OK);
    const auto made =
        token_->generate({pkcs11::KeyType::parse("ec:P-256").value(), "seal", {1}}).value();
    keygen::TestCertificate wish;
    wish.public_key = made.public_key;
    EXPECT_TRUE(token_->store(root_.issue(wish).der(), "seal", {{1}}));
  }
  ~Abi() override { signet_seal_error_free(error_); }

  std::string sentence() const { return signet_seal_error_sentence(error_); }

  void set_up(Settings& settings) {
    ASSERT_EQ(signet_seal_key_settings_new(context_, "seal", &settings, error_), 0) << sentence();
    ASSERT_EQ(signet_seal_key_settings_set_module(settings, kSoftHsm, error_), 0);
    ASSERT_EQ(signet_seal_key_settings_set_pin(settings, kPin, sizeof kPin - 1, error_), 0);
  }

  void open(Key& key) {
    Settings settings;
    set_up(settings);
    ASSERT_EQ(signet_seal_key_open(settings, &key, error_), 0) << sentence();
  }

  void in_memory(AbiInput& input, const Bytes& bytes) {
    ASSERT_EQ(signet_seal_input_memory(context_, bytes.data(), bytes.size(), &input, error_), 0);
  }

  // Seals kText externally into memory.
  int seal(signet_seal_key* key, AbiOutput& output, signet_seal_control* control = nullptr,
           signet_seal_result** result = nullptr, signet_seal_time_stamper* stamper = nullptr) {
    AbiInput input;
    in_memory(input, text_);
    EXPECT_EQ(signet_seal_output_memory(context_, &output, error_), 0);
    return signet_seal_document(key, stamper, options_, input, output, control, result, error_);
  }

  static Bytes bytes_in(signet_seal_output* output) {
    std::size_t size = 0;
    const void* data = signet_seal_output_bytes(output, &size);
    return copied(data, size);
  }

  // Asks for the time-stamps that a seal lacks, into memory that is not looked at.
  int stamp_later(signet_seal_output* seal, signet_seal_time_stamper* stamper, std::size_t& added) {
    const Bytes sealed = bytes_in(seal);
    AbiInput message;
    in_memory(message, sealed);
    AbiOutput raised;
    EXPECT_EQ(signet_seal_output_memory(context_, &raised, error_), 0);
    return signet_seal_add_time_stamps(stamper, message, raised, 2000, &added, error_);
  }

  // By OpenSSL with the root.
  bool is_good(const Bytes& der, const Bytes& detached = {}) const {
    const BioPtr in = crypto::bio_over(der);
    CMS_ContentInfo* cms = d2i_CMS_bio(in.get(), nullptr);
    X509_STORE* store = X509_STORE_new();
    X509_STORE_add_cert(store, root_.certificate().x509());
    X509_STORE_set_purpose(store, X509_PURPOSE_ANY);
    const BioPtr content = detached.empty() ? BioPtr() : crypto::bio_over(detached);
    const BioPtr out(BIO_new(BIO_s_null()));
    const bool good = cms != nullptr && CMS_verify(cms, nullptr, store, content.get(), out.get(),
                                                   CMS_CADES | CMS_BINARY) == 1;
    X509_STORE_free(store);
    CMS_ContentInfo_free(cms);
    (void)crypto::openssl_reason();
    return good;
  }

  pkcs11::SoftHsmToken token_;
  ScratchFolder dir_;
  keygen::TestIssuer root_{"root"};
  const Bytes text_ = crypto::patterned(2'100'000);
  signet_seal_error* error_ = signet_seal_error_new();
  Context context_;
  Options options_;
};

}  // namespace signet::c

#endif  // SIGNET_BINDINGS_C_TESTING_ABI_SCENE_H_
