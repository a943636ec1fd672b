// Forks at every moment of the module's life. The child has to initialise again and then works; the
// parent goes on, on the connection that it has. Children report by their exit status.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <functional>
#include <thread>

#include "tests/process/public_key.h"
#include "tests/support/client_config.h"
#include "tests/support/emulator.h"
#include "tests/support/files.h"
#include "tests/support/module.h"
#include "tests/support/process.h"
#include "tests/support/sanitizers.h"

namespace signet::tests {
namespace {

constexpr unsigned kChildSeconds = 60;  // a child that hangs is ended by SIGALRM

// How a child ends.
constexpr int kGood = 0;
constexpr int kServedBeforeInitialize = 10;
constexpr int kWrongSignature = 11;
constexpr int kGrandchildFailed = 12;
constexpr int kThrew = 13;
constexpr int kOwnStatus = 42;  // a host's

const Bytes kMessage = copy_of(view_of("signed in more than one process"));

pid_t start_child(const std::function<int()>& body) {
  static_cast<void>(std::fflush(nullptr));
  const pid_t pid = fork();
  if (pid != 0) return pid;
  alarm(kChildSeconds);
  int status = kThrew;
  try {
    status = body();
  } catch (const std::exception& error) {
    dprintf(STDERR_FILENO, "child: %s\n", error.what());
  }
  _exit(status);
}

// The exit status, or 128 and the number of the signal.
int status_of(pid_t child) {
  int status = 0;
  if (waitpid(child, &status, 0) != child) return -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int child_status(const std::function<int()>& body) {
  return status_of(start_child(body));
}

// Nothing is served in a child before it initialises, also not what the parent had open.
bool refuses_everything(const LoadedModule& module, CK_SESSION_HANDLE of_the_parent) {
  CK_INFO info{};
  CK_ULONG count = 0;
  CK_SESSION_HANDLE session = 0;
  CK_SESSION_INFO session_info{};
  CK_BYTE byte = 0;
  CK_ULONG size = 1;
  const CK_RV answers[] = {
      module->C_GetInfo(&info),
      module->C_GetSlotList(CK_TRUE, nullptr, &count),
      module->C_OpenSession(0, CKF_SERIAL_SESSION, nullptr, nullptr, &session),
      module->C_GetSessionInfo(of_the_parent, &session_info),
      module->C_Sign(of_the_parent, &byte, 1, &byte, &size),
      module->C_CloseSession(of_the_parent),
      module->C_Logout(of_the_parent),
      module->C_Finalize(nullptr),
  };
  for (const CK_RV answer : answers) {
    if (answer != CKR_CRYPTOKI_NOT_INITIALIZED) return false;
  }
  return true;
}

bool signs_well(Session& session, const PublicKey& key) {
  const auto handle = session.find_one({CKO_PRIVATE_KEY, "p256", {}});
  return key.verifies(kMessage, session.sign(CKM_ECDSA_SHA256, handle, kMessage));
}

// What every child does. It ends without C_Finalize, as most children do.
int begin_anew(const LoadedModule& module, CK_SESSION_HANDLE of_the_parent, const std::string& pin,
               const PublicKey& key) {
  if (!refuses_everything(module, of_the_parent)) return kServedBeforeInitialize;
  expect_ok(module.initialize(), "C_Initialize");
  Session session(module);
  session.login(pin);
  return signs_well(session, key) ? kGood : kWrongSignature;
}

class ForkTest : public testing::Test {
 protected:
  ForkTest() { use_config(emulator_.client_config()); }

  // Learns the key as another process does, so that this one has not initialised yet.
  static PublicKey key_of(Session& session) {
    const auto handle = session.find_one({CKO_PRIVATE_KEY, "p256", {}});
    return PublicKey(session.attribute(handle, CKA_PUBLIC_KEY_INFO));
  }

  // No connection but the one that reads the counters was made for three signatures.
  void expect_signatures_without_a_new_connection(Session& session, const PublicKey& key) {
    const auto before = emulator_.counters();
    for (int i = 0; i < 3; ++i) EXPECT_TRUE(signs_well(session, key));
    const auto after = emulator_.counters();
    EXPECT_EQ(after.handshakes, before.handshakes + 1);
    EXPECT_EQ(after.requests, before.requests + 3);
  }

  Emulator emulator_{{"ec:P-256:p256"}};
};

TEST_F(ForkTest, BeforeInitializeTheChildBeginsAndTheParentBeginsAfterIt) {
  const LoadedModule module;
  const int status = child_status([&] {
    if (!refuses_everything(module, 1)) return kServedBeforeInitialize;
    expect_ok(module.initialize(), "C_Initialize");
    Session session(module);
    session.login(emulator_.pin());
    const auto key = key_of(session);
    if (!signs_well(session, key)) return kWrongSignature;
    expect_ok(module->C_Finalize(nullptr), "C_Finalize");
    return kGood;
  });
  EXPECT_EQ(status, kGood);

  ASSERT_EQ(module.initialize(), CKR_OK);
  Session session(module);
  session.login(emulator_.pin());
  EXPECT_TRUE(signs_well(session, key_of(session)));
  EXPECT_EQ(module->C_Finalize(nullptr), CKR_OK);
}

TEST_F(ForkTest, AfterInitializeTheChildMustInitializeAgain) {
  const Module module;
  const int status = child_status([&] {
    if (!refuses_everything(module, 1)) return kServedBeforeInitialize;
    expect_ok(module.initialize(), "C_Initialize");
    Session session(module);
    session.login(emulator_.pin());
    return signs_well(session, key_of(session)) ? kGood : kWrongSignature;
  });
  EXPECT_EQ(status, kGood);

  EXPECT_EQ(module.initialize(), CKR_CRYPTOKI_ALREADY_INITIALIZED);
  Session session(module);
  session.login(emulator_.pin());
  expect_signatures_without_a_new_connection(session, key_of(session));
}

TEST_F(ForkTest, AfterLoginTheParentKeepsItsSessionsAndItsConnection) {
  const Module module;
  Session session(module);
  session.login(emulator_.pin());
  const auto key = key_of(session);
  EXPECT_TRUE(signs_well(session, key));

  EXPECT_EQ(
      child_status([&] { return begin_anew(module, session.handle(), emulator_.pin(), key); }),
      kGood);
  expect_signatures_without_a_new_connection(session, key);
}

TEST_F(ForkTest, AChildThatNeverTouchesTheModuleLeavesTheParentInPeace) {
  const Module module;
  Session session(module);
  session.login(emulator_.pin());
  const auto key = key_of(session);
  EXPECT_EQ(child_status([] { return kGood; }), kGood);
  expect_signatures_without_a_new_connection(session, key);
}

TEST_F(ForkTest, AChildThatFinalizesAndBeginsOnceMoreLeavesTheParentInPeace) {
  const Module module;
  Session session(module);
  session.login(emulator_.pin());
  const auto key = key_of(session);
  EXPECT_TRUE(signs_well(session, key));

  EXPECT_EQ(child_status([&] {
              for (int run = 0; run < 3; ++run) {
                const int status = begin_anew(module, session.handle(), emulator_.pin(), key);
                if (status != kGood) return status;
                expect_ok(module->C_Finalize(nullptr), "C_Finalize");
              }
              return kGood;
            }),
            kGood);
  expect_signatures_without_a_new_connection(session, key);
}

TEST_F(ForkTest, AnOperationOfTheParentGoesOnAfterTheFork) {
  const Module module;
  Session session(module);
  session.login(emulator_.pin());
  const auto key = key_of(session);
  CK_MECHANISM mechanism = {CKM_ECDSA_SHA256, nullptr, 0};
  const auto handle = session.find_one({CKO_PRIVATE_KEY, "p256", {}});
  Bytes message = kMessage;
  ASSERT_EQ(module->C_SignInit(session.handle(), &mechanism, handle), CKR_OK);
  ASSERT_EQ(module->C_SignUpdate(session.handle(), message.data(), message.size()), CKR_OK);

  EXPECT_EQ(
      child_status([&] { return begin_anew(module, session.handle(), emulator_.pin(), key); }),
      kGood);

  Bytes signature(64);
  CK_ULONG size = signature.size();
  ASSERT_EQ(module->C_SignFinal(session.handle(), signature.data(), &size), CKR_OK);
  EXPECT_TRUE(key.verifies(kMessage, signature));
}

TEST_F(ForkTest, TheGrandchildStartsAgainAndTheChildGoesOn) {
  const Module module;
  Session session(module);
  session.login(emulator_.pin());
  const auto key = key_of(session);
  EXPECT_TRUE(signs_well(session, key));

  const int status = child_status([&] {
    if (!refuses_everything(module, session.handle())) return kServedBeforeInitialize;
    expect_ok(module.initialize(), "C_Initialize");
    Session own(module);
    own.login(emulator_.pin());
    if (!signs_well(own, key)) return kWrongSignature;
    const int grandchild =
        child_status([&] { return begin_anew(module, own.handle(), emulator_.pin(), key); });
    if (grandchild != kGood) return kGrandchildFailed;
    return signs_well(own, key) ? kGood : kWrongSignature;
  });
  EXPECT_EQ(status, kGood);
  expect_signatures_without_a_new_connection(session, key);
}

TEST_F(ForkTest, TheGrandchildOfAChildThatNeverInitializedWorksToo) {
  const Module module;
  Session session(module);
  session.login(emulator_.pin());
  const auto key = key_of(session);
  const int status = child_status([&] {
    return child_status([&] { return begin_anew(module, session.handle(), emulator_.pin(), key); });
  });
  EXPECT_EQ(status, kGood);
  expect_signatures_without_a_new_connection(session, key);
}

// Both are the first process of a pid namespace, say.
TEST_F(ForkTest, AChildWithItsParentsProcessIdBeginsAgainToo) {
  setenv("SIGNET_TEST_PIN", emulator_.pin().c_str(), 1);
  const ScratchFolder dir;
  Process host({SIGNET_TEST_SAME_PROCESS_ID_HOST}, dir / "output", dir / "output");
  EXPECT_EQ(host.wait(), kOwnStatus) << read_file(dir / "output");
  EXPECT_GE(emulator_.counters().handshakes, 3U) << "the child was on its parent's connection";
}

// AddressSanitizer of clang 16 leaves the locks of its own allocator as they are in a fork, so a child of a
// program with several threads hangs in its first malloc. ThreadSanitizer's build runs this.
#ifndef SIGNET_ADDRESS_SANITIZER
// ThreadSanitizer would not see the locks that the host takes in its place.
#ifndef SIGNET_THREAD_SANITIZER
TEST_F(ForkTest, FindsNoLockOfOpensslTaken) {
  setenv("SIGNET_TEST_PIN", emulator_.pin().c_str(), 1);
  const ScratchFolder dir;
  Process host({SIGNET_TEST_SLOW_LOCKS_HOST}, dir / "output", dir / "output");
  EXPECT_EQ(host.wait(), kOwnStatus) << read_file(dir / "output");
}
#endif

TEST_F(ForkTest, DuringSignaturesOfOtherThreadsBothSidesGoOn) {
  constexpr int kForks = 25;
  const Module module;
  Session session(module);
  session.login(emulator_.pin());
  const auto key = key_of(session);
  std::atomic<bool> stop = false;
  std::atomic<int> good = 0;
  std::atomic<int> bad = 0;
  std::vector<std::thread> signers;
  for (int i = 0; i < 3; ++i) {
    signers.emplace_back([&] {
      Session own(module);
      while (!stop) {
        try {
          ++(signs_well(own, key) ? good : bad);
        } catch (const CryptokiError&) {
          ++bad;
        }
      }
    });
  }

  for (int i = 0; i < kForks; ++i) {
    // So that the fork falls upon another moment of a signature each time.
    const int until = good + 1;
    while (good < until && bad == 0) std::this_thread::yield();
    EXPECT_EQ(
        child_status([&] { return begin_anew(module, session.handle(), emulator_.pin(), key); }),
        kGood)
        << "fork " << i;
  }
  stop = true;
  for (auto& signer : signers) signer.join();
  EXPECT_EQ(bad, 0);
  EXPECT_GE(good, kForks);
  expect_signatures_without_a_new_connection(session, key);
}
#endif

}  // namespace
}  // namespace signet::tests
