// The C ABI as a program meets it, with keys of a SoftHSM token. The installed library, from C: tests/seal-library/.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "bindings/c/testing/abi_scene.h"

namespace signet::c {
namespace {

TEST_F(Abi, SealsBetweenAllKindsOfInputsAndOutputs) {
  Key key;
  open(key);
  const auto file = dir_ / "document";
  std::ofstream(file, std::ios::binary)
      .write(reinterpret_cast<const char*>(text_.data()),
             static_cast<std::streamsize>(text_.size()));
  const auto read = [](void* user, std::uint64_t offset, void* buffer, std::size_t size) {
    std::memcpy(buffer, static_cast<const Bytes*>(user)->data() + offset, size);
    return 0;
  };
  const auto write = [](void* user, const void* data, std::size_t size) {
    auto& all = *static_cast<Bytes*>(user);
    const auto more = copied(data, size);
    all.insert(all.end(), more.begin(), more.end());
    return 0;
  };
  for (int form = 0; form < 4; ++form) {
    SCOPED_TRACE(form);
    AbiInput input;
    AbiOutput output;
    Bytes collected;
    const auto to = dir_ / ("sealed" + std::to_string(form));
    const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
    const int written = ::open((dir_ / "descriptor").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (form == 0) {
      in_memory(input, text_);
      ASSERT_EQ(signet_seal_output_memory(context_, &output, error_), 0);
    } else if (form == 1) {
      ASSERT_EQ(signet_seal_input_file(context_, file.c_str(), &input, error_), 0);
      ASSERT_EQ(signet_seal_output_file(context_, to.c_str(), 0, &output, error_), 0);
    } else if (form == 2) {
      ASSERT_EQ(signet_seal_input_callback(context_, text_.size(), read, const_cast<Bytes*>(&text_),
                                           &input, error_),
                0);
      ASSERT_EQ(signet_seal_output_callback(context_, write, &collected, &output, error_), 0);
    } else {
      ASSERT_EQ(
          signet_seal_input_descriptor(context_, descriptor, dir_.path().c_str(), &input, error_),
          0);
      ASSERT_EQ(signet_seal_output_descriptor(context_, written, &output, error_), 0);
    }
    AbiResult result;
    ASSERT_EQ(signet_seal_document(key, nullptr, nullptr, input, output, nullptr, &result, error_),
              0)
        << sentence();
    if (form == 0) collected = bytes_in(output);
    if (form == 1 || form == 3) {
      std::ifstream in(form == 1 ? to : dir_ / "descriptor", std::ios::binary);
      collected.assign(std::istreambuf_iterator<char>(in), {});
    }
    close(descriptor);
    close(written);
    EXPECT_TRUE(is_good(collected));
    EXPECT_EQ(signet_seal_result_level(result), SIGNET_SEAL_LEVEL_B_B);
    EXPECT_EQ(signet_seal_result_is_degraded(result), 0);
    EXPECT_EQ(signet_seal_result_hash(result), SIGNET_SEAL_SHA256);
    std::size_t size = 0;
    const void* const digest = signet_seal_result_digest(result, &size);
    EXPECT_EQ(copied(digest, size), crypto::sha256(text_));
    EXPECT_EQ(signet_seal_result_stamped_at(result), INT64_MIN);
    EXPECT_NEAR(static_cast<double>(signet_seal_result_signed_at(result)),
                static_cast<double>(time(nullptr)), 60);
    EXPECT_NE(signet_seal_result_certificate(result, &size), nullptr);
    EXPECT_GT(size, 100U);
    EXPECT_NE(signet_seal_result_signature_digest(result, &size), nullptr);
    EXPECT_STREQ(signet_seal_result_authority(result), "");
    EXPECT_STREQ(signet_seal_result_why_degraded(result), "");
  }
}

TEST_F(Abi, HandsOutWhatASuiteSaysAgainstASeal) {
  const auto small =
      token_->generate({pkcs11::KeyType::parse("rsa:2048").value(), "small", {2}}).value();
  keygen::TestCertificate wish;
  wish.public_key = small.public_key;
  ASSERT_TRUE(token_->store(root_.issue(wish).der(), "small", {{2}}));
  Settings settings;
  ASSERT_EQ(signet_seal_key_settings_new(context_, "small", &settings, error_), 0) << sentence();
  ASSERT_EQ(signet_seal_key_settings_set_module(settings, kSoftHsm, error_), 0);
  ASSERT_EQ(signet_seal_key_settings_set_pin(settings, kPin, sizeof kPin - 1, error_), 0);
  Key key;
  ASSERT_EQ(signet_seal_key_open(settings, &key, error_), 0) << sentence();
  AbiOutput output;
  AbiResult result;
  ASSERT_EQ(seal(key, output, nullptr, &result), 0) << sentence();
  ASSERT_EQ(signet_seal_result_warning_count(result), 1U);
  EXPECT_THAT(signet_seal_result_warning(result, 0),
              testing::HasSubstr("the suite 119312-2.1.1, RSA of 2048 bits"));
  EXPECT_EQ(signet_seal_result_warning(result, 1), nullptr);

  ASSERT_EQ(signet_seal_options_set_suite(options_, "119312-1.5.1", error_), 0) << sentence();
  AbiOutput again;
  AbiResult other;
  ASSERT_EQ(seal(key, again, nullptr, &other), 0) << sentence();
  ASSERT_EQ(signet_seal_result_warning_count(other), 1U);
  EXPECT_THAT(signet_seal_result_warning(other, 0), testing::HasSubstr("the suite 119312-1.5.1"));
}

TEST_F(Abi, HasNoWarningForAGoodKey) {
  Key key;
  open(key);
  AbiOutput output;
  AbiResult result;
  ASSERT_EQ(seal(key, output, nullptr, &result), 0) << sentence();
  EXPECT_EQ(signet_seal_result_warning_count(result), 0U);
  EXPECT_EQ(signet_seal_result_warning_count(nullptr), 0U);
  EXPECT_EQ(signet_seal_result_warning(nullptr, 0), nullptr);
}

TEST_F(Abi, RefusesSuitesThatCannotBeRead) {
  for (const char* name : {"119312", "/nonexistent/suite.json"}) {
    EXPECT_EQ(signet_seal_options_set_suite(options_, name, error_), SIGNET_SEAL_ARGUMENT);
    EXPECT_THAT(sentence(), testing::HasSubstr(name));
  }
  EXPECT_EQ(signet_seal_options_set_suite(options_, nullptr, error_), SIGNET_SEAL_ARGUMENT);
  EXPECT_EQ(signet_seal_options_set_suite(nullptr, "119312-2.1.1", error_), SIGNET_SEAL_ARGUMENT);
}

TEST_F(Abi, TakesEveryOption) {
  Key key;
  open(key);
  const Bytes digest(64, 7);
  EXPECT_EQ(signet_seal_options_set_format(options_, SIGNET_SEAL_CADES, error_), 0);
  EXPECT_EQ(signet_seal_options_set_packaging(options_, SIGNET_SEAL_EXTERNAL, error_), 0);
  EXPECT_EQ(signet_seal_options_set_level(options_, SIGNET_SEAL_LEVEL_B_B, error_), 0);
  EXPECT_EQ(signet_seal_options_set_without_time_stamp(options_, SIGNET_SEAL_FAIL, error_), 0);
  EXPECT_EQ(signet_seal_options_set_time_stamp_limit(options_, 1000, error_), 0);
  EXPECT_EQ(signet_seal_options_set_hash(options_, SIGNET_SEAL_SHA512, error_), 0);
  EXPECT_EQ(signet_seal_options_set_padding(options_, SIGNET_SEAL_PSS, error_), 0);
  EXPECT_EQ(signet_seal_options_set_commitment(options_, "1.2.840.113549.1.9.16.6.1", error_), 0);
  EXPECT_EQ(signet_seal_options_set_policy(options_, "1.3.6.1.4.1.32473.1", SIGNET_SEAL_SHA512,
                                           digest.data(), digest.size(), "https://policy.example/",
                                           error_),
            0);
  EXPECT_EQ(signet_seal_options_set_location(options_, "CZ", "Praha", error_), 0);
  EXPECT_EQ(signet_seal_options_set_media_type(options_, "text/plain", error_), 0);
  EXPECT_EQ(signet_seal_options_set_file_name(options_, "smlouva č. 1.txt", error_), 0);
  EXPECT_EQ(signet_seal_options_set_reference(options_, "order 4711", error_), 0);
  AbiOutput output;
  ASSERT_EQ(seal(key, output), 0) << sentence();
  EXPECT_TRUE(is_good(bytes_in(output), text_));
  // Once more, beside the first.
  const Bytes first = bytes_in(output);
  AbiInput message;
  in_memory(message, first);
  AbiInput document;
  in_memory(document, text_);
  AbiOutput both;
  ASSERT_EQ(signet_seal_output_memory(context_, &both, error_), 0);
  ASSERT_EQ(signet_seal_add_signature(key, nullptr, options_, message, document, both, nullptr,
                                      nullptr, error_),
            0)
      << sentence();
  EXPECT_TRUE(is_good(bytes_in(both), text_));
  EXPECT_GT(bytes_in(both).size(), first.size());
  // BER.
  EXPECT_EQ(signet_seal_options_set_packaging(options_, SIGNET_SEAL_INTERNAL, error_), 0);
  EXPECT_EQ(signet_seal_options_set_encoding(options_, SIGNET_SEAL_BER, error_), 0);
  AbiOutput ber;
  ASSERT_EQ(seal(key, ber), 0) << sentence();
  EXPECT_EQ(bytes_in(ber).at(1), 0x80);
  EXPECT_TRUE(is_good(bytes_in(ber)));
}

TEST_F(Abi, ACancelledSealLeavesNothing) {
  Key key;
  open(key);
  AbiControl control;
  ASSERT_EQ(signet_seal_control_new(context_, &control, error_), 0);
  const auto progress = [](void* user, std::uint64_t done, std::uint64_t all) {
    EXPECT_LE(done, all);
    signet_seal_control_cancel(static_cast<signet_seal_control*>(user));
  };
  ASSERT_EQ(signet_seal_control_set_progress(control, progress,
                                             static_cast<signet_seal_control*>(control), error_),
            0);
  AbiOutput output;
  EXPECT_EQ(seal(key, output, control), SIGNET_SEAL_CANCELLED);
  EXPECT_TRUE(bytes_in(output).empty());
}

TEST_F(Abi, WithoutATimeStampItFailsOrDegrades) {
  Key key;
  open(key);
  AbiAuthority authority;
  ASSERT_EQ(signet_seal_authority_new(context_, "http://127.0.0.1:1/tsa", &authority, error_), 0);
  EXPECT_EQ(signet_seal_authority_set_name(authority, "trial", error_), 0);
  EXPECT_EQ(signet_seal_authority_set_policy(authority, "1.3.6.1.4.1.32473.1", error_), 0);
  EXPECT_EQ(signet_seal_authority_set_limit(authority, 2000, error_), 0);
  EXPECT_EQ(signet_seal_authority_set_largest_distance(authority, 60, error_), 0);
  const signet_seal_authority* const all[] = {authority};
  Stamper stamper;
  ASSERT_EQ(signet_seal_time_stamper_new(context_, all, 1, &stamper, error_), 0) << sentence();
  AbiOutput failed;
  EXPECT_EQ(seal(key, failed, nullptr, nullptr, stamper), SIGNET_SEAL_NO_TIME_STAMP);
  EXPECT_THAT(sentence(), testing::HasSubstr("trial"));
  ASSERT_EQ(signet_seal_options_set_without_time_stamp(options_, SIGNET_SEAL_DEGRADE, error_), 0);
  AbiOutput output;
  AbiResult result;
  ASSERT_EQ(seal(key, output, nullptr, &result, stamper), 0) << sentence();
  EXPECT_EQ(signet_seal_result_level(result), SIGNET_SEAL_LEVEL_B_B);
  EXPECT_EQ(signet_seal_result_is_degraded(result), 1);
  EXPECT_STRNE(signet_seal_result_why_degraded(result), "");
  std::size_t added = 9;
  EXPECT_EQ(stamp_later(output, stamper, added), SIGNET_SEAL_NO_TIME_STAMP);
  EXPECT_EQ(added, 9U);
}

// SoftHSM has none: the authority "csc:" says so, and another one is asked.
TEST_F(Abi, TheServiceOfTheKeysTokenIsAnAuthority) {
  Key key;
  open(key);
  AbiAuthority service;
  ASSERT_EQ(signet_seal_authority_new(context_, "csc:", &service, error_), 0) << sentence();
  EXPECT_EQ(signet_seal_authority_set_policy(service, "1.3.6.1.4.1.32473.1", error_), 0);
  EXPECT_EQ(signet_seal_authority_set_limit(service, 2000, error_), 0);
  AbiAuthority other;
  ASSERT_EQ(signet_seal_authority_new(context_, "http://127.0.0.1:1/tsa", &other, error_), 0);
  const signet_seal_authority* const all[] = {service, other};
  Stamper stamper;
  ASSERT_EQ(signet_seal_time_stamper_new(context_, all, 2, &stamper, error_), 0) << sentence();
  AbiOutput failed;
  EXPECT_EQ(seal(key, failed, nullptr, nullptr, stamper), SIGNET_SEAL_NO_TIME_STAMP);
  EXPECT_THAT(sentence(), testing::HasSubstr("csc:: this PKCS#11 module gives no time-stamps"));
  EXPECT_THAT(sentence(), testing::HasSubstr("127.0.0.1:1"));
  // Where there is no key, nobody can be asked.
  AbiOutput output;
  AbiResult result;
  ASSERT_EQ(signet_seal_options_set_without_time_stamp(options_, SIGNET_SEAL_DEGRADE, error_), 0);
  ASSERT_EQ(seal(key, output, nullptr, &result, stamper), 0) << sentence();
  std::size_t added = 9;
  EXPECT_EQ(stamp_later(output, stamper, added), SIGNET_SEAL_NO_TIME_STAMP);
  EXPECT_THAT(sentence(), testing::HasSubstr("there is no token here that could be asked"));
}

TEST_F(Abi, TwoStepsTakeASignatureFromElsewhere) {
  const PkeyPtr elsewhere(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-384"));
  keygen::TestCertificate wish;
  wish.public_key = crypto::der_of(elsewhere.get(), i2d_PUBKEY);
  const Bytes certificate = root_.issue(wish).der();
  Signer signer;
  ASSERT_EQ(
      signet_seal_signer_new(context_, certificate.data(), certificate.size(), &signer, error_), 0);
  const Bytes root = root_.certificate().der();
  ASSERT_EQ(signet_seal_signer_add_issuer(signer, root.data(), root.size(), error_), 0);
  ASSERT_EQ(signet_seal_options_set_hash(options_, SIGNET_SEAL_SHA384, error_), 0);
  AbiInput input;
  in_memory(input, text_);
  AbiPrepared prepared;
  ASSERT_EQ(signet_seal_prepare(signer, options_, input, nullptr, &prepared, error_), 0)
      << sentence();
  EXPECT_EQ(signet_seal_prepared_hash(prepared), SIGNET_SEAL_SHA384);
  std::size_t size = 0;
  const void* const digest = signet_seal_prepared_digest(prepared, &size);
  ASSERT_EQ(size, 48U);
  EVP_PKEY_CTX* work = EVP_PKEY_CTX_new(elsewhere.get(), nullptr);
  Bytes signature(200);
  std::size_t signature_size = signature.size();
  EVP_PKEY_sign_init(work);
  ASSERT_EQ(EVP_PKEY_sign(work, signature.data(), &signature_size,
                          static_cast<const unsigned char*>(digest), size),
            1);
  EVP_PKEY_CTX_free(work);
  std::size_t attributes_size = 0;
  EXPECT_NE(signet_seal_prepared_attributes(prepared, &attributes_size), nullptr);
  EXPECT_GT(attributes_size, 100U);
  const void* const state = signet_seal_prepared_state(prepared, &size);
  AbiOutput wrong;
  ASSERT_EQ(signet_seal_output_memory(context_, &wrong, error_), 0);
  EXPECT_EQ(signet_seal_finish(context_, nullptr, nullptr, state, size, digest, 48, input, wrong,
                               nullptr, nullptr, error_),
            SIGNET_SEAL_SIGNATURE);
  EXPECT_EQ(signet_seal_error_token_reason(error_), 27);
  AbiOutput output;
  ASSERT_EQ(signet_seal_output_memory(context_, &output, error_), 0);
  AbiResult result;
  ASSERT_EQ(signet_seal_finish(context_, nullptr, nullptr, state, size, signature.data(),
                               signature_size, input, output, nullptr, &result, error_),
            0)
      << sentence();
  EXPECT_TRUE(is_good(bytes_in(output)));
}

}  // namespace
}  // namespace signet::c
