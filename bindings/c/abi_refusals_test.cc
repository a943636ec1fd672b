// What the C ABI refuses, and what it says then.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <new>

#include "bindings/c/testing/abi_scene.h"

namespace signet::c {
namespace {

TEST_F(Abi, RefusesWhatIsNoArgument) {
  const auto refused = [&](int status) {
    return status == SIGNET_SEAL_ARGUMENT &&
           signet_seal_error_status(error_) == SIGNET_SEAL_ARGUMENT && !sentence().empty();
  };
  Settings settings;
  EXPECT_TRUE(refused(signet_seal_context_new(nullptr, error_)));
  EXPECT_TRUE(refused(signet_seal_key_settings_new(nullptr, "seal", &settings, error_)));
  EXPECT_TRUE(refused(signet_seal_key_settings_new(context_, nullptr, &settings, error_)));
  EXPECT_TRUE(refused(signet_seal_key_settings_new(context_, "", &settings, error_)));
  EXPECT_TRUE(refused(signet_seal_key_settings_new(context_, "\xff", &settings, error_)));
  for (const char* uri : {"pkcs11:token=a;unknown=b", "pkcs11:token=a?pin-value=1234",
                          "pkcs11:token=a?pin-source=file:/x", "pkcs11:token=a?module-name=x"})
    EXPECT_TRUE(refused(signet_seal_key_settings_new(context_, uri, &settings, error_))) << uri;
  set_up(settings);
  EXPECT_TRUE(refused(signet_seal_key_settings_set_pin(settings, "", 0, error_)));
  EXPECT_TRUE(refused(signet_seal_key_settings_set_pin(settings, nullptr, 4, error_)));
  EXPECT_TRUE(refused(signet_seal_key_settings_set_pin(settings, text_.data(), 1025, error_)));
  EXPECT_TRUE(refused(signet_seal_key_settings_set_certificate(settings, "x", 1, error_)));
  EXPECT_TRUE(refused(signet_seal_key_settings_add_issuer(settings, nullptr, 5, error_)));
  EXPECT_TRUE(
      refused(signet_seal_key_settings_set_pin_callback(settings, nullptr, nullptr, error_)));
  for (const int bad : {-1, 0, 3, 99}) {
    EXPECT_TRUE(refused(signet_seal_options_set_packaging(options_, bad, error_)));
    EXPECT_TRUE(refused(signet_seal_options_set_encoding(options_, bad, error_)));
    EXPECT_TRUE(refused(signet_seal_options_set_without_time_stamp(options_, bad, error_)));
    EXPECT_TRUE(refused(signet_seal_options_set_padding(options_, bad, error_)));
    if (bad != 3) {
      EXPECT_TRUE(refused(signet_seal_options_set_hash(options_, bad, error_)));
    }
    if (bad != 0) {
      EXPECT_TRUE(refused(signet_seal_options_set_level(options_, bad, error_)));
    }
    EXPECT_TRUE(refused(signet_seal_options_set_format(options_, bad, error_)));
  }
  EXPECT_TRUE(refused(signet_seal_options_set_commitment(options_, "not.an.oid", error_)));
  EXPECT_TRUE(refused(signet_seal_options_set_policy(options_, "1.2.3", SIGNET_SEAL_SHA256, "x", 1,
                                                     nullptr, error_)));
  EXPECT_TRUE(refused(signet_seal_options_set_time_stamp_limit(options_, 0, error_)));
  EXPECT_TRUE(refused(signet_seal_options_set_time_stamp_limit(options_, 3'600'001, error_)));
  EXPECT_TRUE(refused(signet_seal_options_set_reference(options_, "two\nlines", error_)));
  EXPECT_TRUE(
      refused(signet_seal_options_set_reference(options_, std::string(257, 'x').c_str(), error_)));
  AbiAuthority authority;
  for (const char* url :
       {"ftp://tsa.example/", "tsa.example", "https://user:pass@tsa.example/", "csc:seal", "csc"})
    EXPECT_TRUE(refused(signet_seal_authority_new(context_, url, &authority, error_))) << url;
  ASSERT_EQ(signet_seal_authority_new(context_, "http://127.0.0.1:1/tsa", &authority, error_), 0);
  EXPECT_TRUE(refused(signet_seal_authority_set_basic(authority, "a:b", "c", 1, error_)));
  EXPECT_TRUE(refused(signet_seal_authority_add_pin(authority, "sha256//no", error_)));
  EXPECT_TRUE(refused(signet_seal_authority_set_policy(authority, "x", error_)));
  EXPECT_TRUE(refused(signet_seal_authority_set_limit(authority, 0, error_)));
  EXPECT_TRUE(refused(signet_seal_authority_set_largest_distance(authority, 86'401, error_)));
  Stamper stamper;
  EXPECT_TRUE(refused(signet_seal_time_stamper_new(context_, nullptr, 1, &stamper, error_)));
  const signet_seal_authority* const none[] = {nullptr};
  EXPECT_TRUE(refused(signet_seal_time_stamper_new(context_, none, 1, &stamper, error_)));
  EXPECT_TRUE(refused(signet_seal_time_stamper_new(context_, none, 0, &stamper, error_)));
  AbiOutput output;
  EXPECT_TRUE(refused(signet_seal_output_descriptor(context_, -1, &output, error_)));
  EXPECT_TRUE(refused(signet_seal_output_file(context_, "x", 2, &output, error_)));
  Signer signer;
  EXPECT_TRUE(refused(signet_seal_signer_new(context_, "x", 1, &signer, error_)));
}

TEST_F(Abi, NullsAreRefusedAndFreeingThemIsAllowed) {
  EXPECT_EQ(
      signet_seal_document(nullptr, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr),
      SIGNET_SEAL_ARGUMENT);
  EXPECT_EQ(signet_seal_finish(nullptr, nullptr, nullptr, nullptr, 0, nullptr, 0, nullptr, nullptr,
                               nullptr, nullptr, nullptr),
            SIGNET_SEAL_ARGUMENT);
  EXPECT_EQ(signet_seal_prepare(nullptr, nullptr, nullptr, nullptr, nullptr, nullptr),
            SIGNET_SEAL_ARGUMENT);
  EXPECT_EQ(signet_seal_add_time_stamps(nullptr, nullptr, nullptr, 1, nullptr, nullptr),
            SIGNET_SEAL_ARGUMENT);
  signet_seal_error_free(nullptr);
  signet_seal_context_free(nullptr);
  signet_seal_key_free(nullptr);
  signet_seal_control_cancel(nullptr);
  std::size_t size = 5;
  EXPECT_EQ(signet_seal_output_bytes(nullptr, &size), nullptr);
  EXPECT_EQ(size, 0U);
  EXPECT_EQ(signet_seal_key_certificate(nullptr, nullptr), nullptr);
  EXPECT_EQ(signet_seal_result_digest(nullptr, nullptr), nullptr);
  EXPECT_EQ(signet_seal_prepared_state(nullptr, nullptr), nullptr);
  EXPECT_STREQ(signet_seal_error_sentence(nullptr), "");
  EXPECT_EQ(signet_seal_error_status(nullptr), 0);
  EXPECT_STRNE(signet_seal_version(), "");
}

TEST_F(Abi, EachFailureHasItsStatusAndSentence) {
  AbiInput input;
  EXPECT_EQ(signet_seal_input_file(context_, "/nonexistent", &input, error_), SIGNET_SEAL_INPUT);
  EXPECT_THAT(sentence(), testing::HasSubstr("/nonexistent"));
  AbiOutput output;
  EXPECT_EQ(signet_seal_output_file(context_, "/nonexistent/x", 0, &output, error_),
            SIGNET_SEAL_OUTPUT);
  std::ofstream(dir_ / "there") << "x";
  EXPECT_EQ(signet_seal_output_file(context_, (dir_ / "there").c_str(), 0, &output, error_),
            SIGNET_SEAL_EXISTS);
  Settings settings;
  set_up(settings);
  ASSERT_EQ(signet_seal_key_settings_set_module(settings, "/nonexistent.so", error_), 0);
  Key key;
  EXPECT_EQ(signet_seal_key_open(settings, &key, error_), SIGNET_SEAL_TOKEN);
  EXPECT_EQ(signet_seal_error_token_reason(error_), 3);
  // A success clears it.
  open(key);
  EXPECT_EQ(signet_seal_error_status(error_), SIGNET_SEAL_OK);
  EXPECT_EQ(signet_seal_error_token_reason(error_), 0);
  EXPECT_EQ(sentence(), "");
  AbiInput message;
  in_memory(message, text_);
  ASSERT_EQ(signet_seal_output_memory(context_, &output, error_), 0);
  EXPECT_EQ(signet_seal_add_signature(key, nullptr, nullptr, message, nullptr, output, nullptr,
                                      nullptr, error_),
            SIGNET_SEAL_BROKEN);
  // An output takes one document, whatever became of it.
  EXPECT_EQ(signet_seal_document(key, nullptr, nullptr, message, output, nullptr, nullptr, error_),
            SIGNET_SEAL_ARGUMENT);
  ASSERT_EQ(signet_seal_options_set_level(options_, SIGNET_SEAL_LEVEL_B_T, error_), 0);
  AbiOutput other;
  EXPECT_EQ(seal(key, other), SIGNET_SEAL_SETTINGS);
  AbiAuthority authority;
  ASSERT_EQ(signet_seal_authority_new(context_, "http://127.0.0.1:1/", &authority, error_), 0);
  EXPECT_EQ(signet_seal_authority_set_ca_file(authority, "/nonexistent", error_),
            SIGNET_SEAL_SETTINGS);
  EXPECT_EQ(signet_seal_authority_set_ca_file(authority, (dir_ / "there").c_str(), error_),
            SIGNET_SEAL_SETTINGS);
  EXPECT_EQ(signet_seal_authority_set_client_certificate(authority, "/nonexistent", "/x", error_),
            SIGNET_SEAL_SETTINGS);
}

TEST_F(Abi, ALongSentenceEndsWithAWholeCharacter) {
  std::string path = "/nonexistent/";
  while (path.size() < 3000) path += "ž";
  AbiInput input;
  EXPECT_EQ(signet_seal_input_file(context_, path.c_str(), &input, error_), SIGNET_SEAL_INPUT);
  EXPECT_THAT(sentence().size(), testing::AllOf(testing::Ge(1022U), testing::Le(1023U)));
  EXPECT_EQ(sentence().substr(sentence().size() - 2), "ž");
}

TEST_F(Abi, DamagedCodeIsRefused) {
  code_is_damaged = true;
  Context context;
  EXPECT_EQ(signet_seal_context_new(&context, error_), SIGNET_SEAL_DAMAGED);
  code_is_damaged = false;
  EXPECT_EQ(context, nullptr);
  EXPECT_EQ(sentence(), "the code was changed");
}

TEST_F(Abi, APinIsGivenAskedForOrRefused) {
  Settings settings;
  set_up(settings);
  struct Asked {
    int answer;
    const char* pin;
    int calls;
    std::string label;
  };
  const auto callback = [](void* user, const char* label, char* buffer, std::size_t room,
                           std::size_t* size) {
    auto& asked = *static_cast<Asked*>(user);
    ++asked.calls;
    asked.label = label;
    *size = std::min(room, std::strlen(asked.pin));
    std::memcpy(buffer, asked.pin, *size);
    return asked.answer;
  };
  Asked asked{SIGNET_SEAL_PIN_REFUSED, "", 0, ""};
  ASSERT_EQ(signet_seal_key_settings_set_pin_callback(settings, callback, &asked, error_), 0);
  Key key;
  EXPECT_EQ(signet_seal_key_open(settings, &key, error_), SIGNET_SEAL_TOKEN);
  EXPECT_EQ(signet_seal_error_token_reason(error_), 6);
  token_.close();  // a login is the whole process's
  // SoftHSM has no key pad.
  asked = {SIGNET_SEAL_PIN_PAD, "", 0, ""};
  EXPECT_EQ(signet_seal_key_open(settings, &key, error_), SIGNET_SEAL_TOKEN);
  // One that is wrong is not sent again.
  asked = {SIGNET_SEAL_PIN_GIVEN, "wrong", 0, ""};
  EXPECT_EQ(signet_seal_key_open(settings, &key, error_), SIGNET_SEAL_TOKEN);
  EXPECT_EQ(signet_seal_error_token_rv(error_), CKR_PIN_INCORRECT);
  EXPECT_EQ(signet_seal_key_open(settings, &key, error_), SIGNET_SEAL_TOKEN);
  EXPECT_THAT(sentence(), testing::HasSubstr("not tried again"));
  asked = {SIGNET_SEAL_PIN_GIVEN, kPin, 0, ""};
  EXPECT_EQ(signet_seal_key_open(settings, &key, error_), 0) << sentence();
  EXPECT_EQ(asked.calls, 1);
  EXPECT_EQ(asked.label, "seal");
}

TEST_F(Abi, ExceptionsOfCallbacksStayInside) {
  Key key;
  open(key);
  for (const bool memory : {true, false}) {
    const signet_seal_read_callback read =
        memory ? [](void*, std::uint64_t, void*, std::size_t) -> int { throw std::bad_alloc(); }
               : [](void*, std::uint64_t, void*, std::size_t) -> int { throw 5; };
    AbiInput input;
    ASSERT_EQ(signet_seal_input_callback(context_, 100, read, nullptr, &input, error_), 0);
    AbiOutput output;
    ASSERT_EQ(signet_seal_output_memory(context_, &output, error_), 0);
    EXPECT_EQ(signet_seal_document(key, nullptr, nullptr, input, output, nullptr, nullptr, error_),
              memory ? SIGNET_SEAL_NO_MEMORY : SIGNET_SEAL_FAILED);
  }
}

TEST_F(Abi, CallbacksThatFailEndTheSeal) {
  Key key;
  open(key);
  AbiInput input;
  ASSERT_EQ(signet_seal_input_callback(
                context_, 100, [](void*, std::uint64_t, void*, std::size_t) { return 1; }, nullptr,
                &input, error_),
            0);
  AbiOutput output;
  ASSERT_EQ(signet_seal_output_memory(context_, &output, error_), 0);
  EXPECT_EQ(signet_seal_document(key, nullptr, nullptr, input, output, nullptr, nullptr, error_),
            SIGNET_SEAL_INPUT);
  AbiInput good;
  in_memory(good, text_);
  AbiOutput full;
  ASSERT_EQ(
      signet_seal_output_callback(
          context_, [](void*, const void*, std::size_t) { return 1; }, nullptr, &full, error_),
      0);
  EXPECT_EQ(signet_seal_document(key, nullptr, nullptr, good, full, nullptr, nullptr, error_),
            SIGNET_SEAL_OUTPUT);
}

TEST_F(Abi, AClosedPipeSendsNoSignal) {
  Key key;
  open(key);
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  close(ends[0]);
  AbiInput input;
  in_memory(input, text_);
  AbiOutput output;
  ASSERT_EQ(signet_seal_output_descriptor(context_, ends[1], &output, error_), 0);
  EXPECT_EQ(signet_seal_document(key, nullptr, nullptr, input, output, nullptr, nullptr, error_),
            SIGNET_SEAL_OUTPUT);
  close(ends[1]);
}

}  // namespace
}  // namespace signet::c
