// The C ABI as a guest: the host's threads, forks, error queue and cancellations.
#include <gtest/gtest.h>
#include <openssl/err.h>
#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <thread>

#include "bindings/c/testing/abi_scene.h"

namespace signet::c {
namespace {

TEST_F(Abi, TheHostsErrorQueueIsLeftAsItWas) {
  ERR_clear_error();
  ERR_raise(ERR_LIB_USER, 42);
  const unsigned long before = ERR_peek_last_error();
  Key key;
  open(key);
  AbiOutput output;
  ASSERT_EQ(seal(key, output), 0);
  Settings settings;
  EXPECT_NE(signet_seal_key_settings_set_certificate(settings, "x", 1, error_), 0);
  EXPECT_EQ(ERR_peek_last_error(), before);
  EXPECT_EQ(ERR_get_error(), before);
  EXPECT_EQ(ERR_get_error(), 0U);
}

TEST_F(Abi, HandlesCanBeFreedInAnyOrder) {
  signet_seal_context* context = nullptr;
  ASSERT_EQ(signet_seal_context_new(&context, error_), 0);
  signet_seal_key_settings* settings = nullptr;
  ASSERT_EQ(
      signet_seal_key_settings_new(context, "pkcs11:token=seal;object=seal", &settings, error_), 0);
  ASSERT_EQ(signet_seal_key_settings_set_module(settings, kSoftHsm, error_), 0);
  ASSERT_EQ(signet_seal_key_settings_set_pin(settings, kPin, sizeof kPin - 1, error_), 0);
  Key key;
  signet_seal_context_free(context);
  ASSERT_EQ(signet_seal_key_open(settings, &key, error_), 0) << sentence();
  signet_seal_key_settings_free(settings);
  AbiOutput output;
  EXPECT_EQ(seal(key, output), 0) << sentence();
}

TEST_F(Abi, ManyThreadsSealWithTheSameHandles) {
  Key key;
  open(key);
  AbiControl control;  // that nobody uses
  std::atomic<int> good{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i)
    threads.emplace_back([&] {
      signet_seal_error* error = signet_seal_error_new();
      for (int n = 0; n < 4; ++n) {
        AbiInput input;
        AbiOutput output;
        if (signet_seal_input_memory(context_, text_.data(), text_.size(), &input, error) == 0 &&
            signet_seal_output_memory(context_, &output, error) == 0 &&
            signet_seal_document(key, nullptr, options_, input, output, nullptr, nullptr, error) ==
                0 &&
            is_good(bytes_in(output)))
          ++good;
      }
      signet_seal_error_free(error);
    });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(good, 32);
}

TEST_F(Abi, AnotherThreadCancels) {
  Key key;
  open(key);
  AbiControl control;
  ASSERT_EQ(signet_seal_control_new(context_, &control, error_), 0);
  std::atomic<bool> begun{false};
  const auto progress = [](void* user, std::uint64_t, std::uint64_t) {
    static_cast<std::atomic<bool>*>(user)->store(true);
    usleep(1000);
  };
  ASSERT_EQ(signet_seal_control_set_progress(control, progress, &begun, error_), 0);
  const auto read = [](void*, std::uint64_t, void* buffer, std::size_t size) {
    std::memset(buffer, 0, size);
    return 0;
  };
  AbiInput endless;
  ASSERT_EQ(signet_seal_input_callback(context_, UINT64_MAX / 4, read, nullptr, &endless, error_),
            0);
  AbiOutput output;
  ASSERT_EQ(signet_seal_output_memory(context_, &output, error_), 0);
  std::thread other([&] {
    while (!begun) usleep(100);
    signet_seal_control_cancel(control);
  });
  EXPECT_EQ(signet_seal_document(key, nullptr, options_, endless, output, control, nullptr, error_),
            SIGNET_SEAL_CANCELLED);
  other.join();
}

// pthread_cancel() unwinds a thread, which no function that is noexcept survives.
TEST_F(Abi, AThreadIsCancelledAfterTheCall) {
  Key key;
  open(key);
  struct Work {
    signet_seal_context* context;
    signet_seal_key* key;
    std::atomic<int> status{-1};
  } work{context_, key, {}};
  pthread_t thread{};
  const auto run = [](void* argument) -> void* {
    auto& mine = *static_cast<Work*>(argument);
    signet_seal_input* input = nullptr;
    signet_seal_output* output = nullptr;
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, nullptr);
    signet_seal_input_callback(
        mine.context, 1000,
        [](void*, std::uint64_t, void* buffer, std::size_t size) {
          pthread_cancel(pthread_self());
          pthread_testcancel();
          std::memset(buffer, 1, size);
          return 0;
        },
        nullptr, &input, nullptr);
    signet_seal_output_memory(mine.context, &output, nullptr);
    pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, nullptr);
    const int status =
        signet_seal_document(mine.key, nullptr, nullptr, input, output, nullptr, nullptr, nullptr);
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, nullptr);
    mine.status = status;
    signet_seal_input_free(input);
    signet_seal_output_free(output);
    pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, nullptr);
    pthread_testcancel();
    return nullptr;
  };
  ASSERT_EQ(pthread_create(&thread, nullptr, run, &work), 0);
  void* ended = nullptr;
  pthread_join(thread, &ended);
  EXPECT_EQ(ended, PTHREAD_CANCELED);
  EXPECT_EQ(work.status, SIGNET_SEAL_OK);
}

TEST_F(Abi, AChildMakesItsOwnHandles) {
  Key key;
  open(key);
  AbiOutput written;
  ASSERT_EQ(signet_seal_output_memory(context_, &written, error_), 0);
  AbiInput input;
  in_memory(input, text_);
  const pid_t child = fork();
  if (child == 0) {
    int wrong = 0;
    AbiOutput own;
    if (seal(key, own) != SIGNET_SEAL_FORKED) wrong |= 1;
    signet_seal_key* const parents = key;
    signet_seal_key_free(parents);  // does nothing
    {
      Key mine;
      open(mine);
      if (HasFailure()) wrong |= 2;
      AbiOutput good;
      if (seal(mine, good) != 0 || !is_good(bytes_in(good))) wrong |= 4;
      if (signet_seal_document(mine, nullptr, nullptr, input, written, nullptr, nullptr, error_) !=
          SIGNET_SEAL_FORKED)
        wrong |= 8;
    }
    _exit(wrong);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0);
  AbiOutput output;
  EXPECT_EQ(seal(key, output), 0) << sentence();
}

}  // namespace
}  // namespace signet::c
