// Sixteen threads that do everything at once. It is there for ThreadSanitizer as much as for its
// own expectations: every answer is one that the standard has for such a moment, every signature
// verifies.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <iostream>
#include <map>
#include <mutex>
#include <set>
#include <thread>

#include "tests/process/public_key.h"
#include "tests/support/client_config.h"
#include "tests/support/emulator.h"
#include "tests/support/module.h"
#include "tests/support/x509.h"

namespace signet::tests {
namespace {

using namespace std::chrono_literals;

// What may be answered while other threads log out, rename and destroy objects, beside CKR_OK.
const std::set<CK_RV> kOfTheMoment = {CKR_USER_NOT_LOGGED_IN,        CKR_USER_ALREADY_LOGGED_IN,
                                      CKR_KEY_HANDLE_INVALID,        CKR_OBJECT_HANDLE_INVALID,
                                      CKR_OPERATION_NOT_INITIALIZED, CKR_BUFFER_TOO_SMALL};

// A login takes a quarter of a second at the emulator; the others shall get to something meanwhile.
constexpr auto kLoggedIn = 400ms;
constexpr auto kPause = 1ms;  // after each turn, or local work leaves no time for requests

std::chrono::seconds duration() {
  const char* seconds = getenv("SIGNET_TEST_SECONDS");
  return std::chrono::seconds(seconds == nullptr ? 10 : std::stol(seconds));
}

class Stress {
 public:
  Stress(const Module& module, std::string pin) : module_(module), pin_(std::move(pin)) {
    keeper_.login(pin_);
    const auto key = keeper_.find_one({CKO_PRIVATE_KEY, "p256", {}});
    spki_ = keeper_.attribute(key, CKA_PUBLIC_KEY_INFO);
    key_id_ = keeper_.attribute(key, CKA_ID);
    public_key_ = std::make_unique<PublicKey>(spki_);
  }

  // Each turn of `turn` is one piece of work with a session of the thread's own.
  template <typename Turn>
  void add(const char* role, int threads, Turn turn) {
    for (int i = 0; i < threads; ++i) {
      threads_.emplace_back([this, role, i, turn] {
        Session session(module_);
        while (std::chrono::steady_clock::now() < end_) {
          try {
            turn(session, i);
            note(role, CKR_OK);
          } catch (const CryptokiError& error) {
            note(role, error.code());
          } catch (const NotThere&) {
            note(role, CKR_KEY_HANDLE_INVALID);
          }
          std::this_thread::sleep_for(kPause);
        }
      });
    }
  }

  void sign(Session& session) {
    const auto key = one_of(session, {CKO_PRIVATE_KEY, "p256", {}});
    const Bytes message = copy_of(view_of("under stress"));
    const Bytes signature = session.sign(CKM_ECDSA_SHA256, key, message);
    if (!public_key_->verifies(message, signature)) ++wrong_;
  }

  void sign_in_parts(Session& session) {
    const auto key = one_of(session, {CKO_PRIVATE_KEY, "rsa", {}});
    CK_MECHANISM mechanism = {CKM_SHA256_RSA_PKCS, nullptr, 0};
    expect_ok(module_->C_SignInit(session.handle(), &mechanism, key), "C_SignInit");
    Bytes part(1000, 0x55);
    for (int i = 0; i < 3; ++i) {
      expect_ok(module_->C_SignUpdate(session.handle(), part.data(), part.size()), "C_SignUpdate");
    }
    Bytes signature(512);
    CK_ULONG size = signature.size();
    expect_ok(module_->C_SignFinal(session.handle(), signature.data(), &size), "C_SignFinal");
  }

  void find(Session& session) {
    for (const auto object_class : {CKO_PUBLIC_KEY, CKO_PRIVATE_KEY, CKO_CERTIFICATE}) {
      session.find({static_cast<CK_OBJECT_CLASS>(object_class), {}, {}});
    }
  }

  void read(Session& session) {
    for (const auto object : session.find({CKO_CERTIFICATE, {}, {}})) {
      session.attribute(object, CKA_VALUE);
      session.attribute(object, CKA_LABEL);
    }
    session.attribute(one_of(session, {CKO_PRIVATE_KEY, "p256", {}}), CKA_EC_POINT);
  }

  void log_out_and_in(Session& session) {
    std::this_thread::sleep_for(kLoggedIn);
    const CK_RV out = module_->C_Logout(session.handle());
    const CK_RV in = session.try_login(pin_);
    if (in != CKR_USER_ALREADY_LOGGED_IN) expect_ok(in, "C_Login");
    if (out != CKR_USER_NOT_LOGGED_IN) expect_ok(out, "C_Logout");
  }

  void change_certificates(Session& session, int thread) {
    const std::string name = fmt::format("certificate {} {}", thread, ++certificates_);
    const Bytes der = certificate_for(spki_, name);
    const auto certificate = session.write_certificate(der, name, key_id_);
    std::string label = name + ", renamed";
    CK_ATTRIBUTE change = {CKA_LABEL, label.data(), label.size()};
    const CK_RV changed = module_->C_SetAttributeValue(session.handle(), certificate, &change, 1);
    const CK_RV destroyed = module_->C_DestroyObject(session.handle(), certificate);
    expect_ok(changed, "C_SetAttributeValue");
    expect_ok(destroyed, "C_DestroyObject");
  }

  void open_and_close() {
    Session session(module_);
    CK_SESSION_INFO info{};
    expect_ok(module_->C_GetSessionInfo(session.handle(), &info), "C_GetSessionInfo");
    CK_TOKEN_INFO token{};
    expect_ok(module_->C_GetTokenInfo(info.slotID, &token), "C_GetTokenInfo");
    std::array<CK_MECHANISM_TYPE, 100> mechanisms{};
    CK_ULONG count = mechanisms.size();
    expect_ok(module_->C_GetMechanismList(info.slotID, mechanisms.data(), &count),
              "C_GetMechanismList");
  }

  void digest(Session& session) {
    CK_MECHANISM mechanism = {CKM_SHA256, nullptr, 0};
    Bytes data(4096, 0xAA);
    Bytes out(32);
    CK_ULONG size = out.size();
    expect_ok(module_->C_DigestInit(session.handle(), &mechanism), "C_DigestInit");
    expect_ok(module_->C_Digest(session.handle(), data.data(), data.size(), out.data(), &size),
              "C_Digest");
    if (out != sha256(data)) ++wrong_;
    expect_ok(module_->C_GenerateRandom(session.handle(), out.data(), out.size()),
              "C_GenerateRandom");
  }

  void run() {
    for (auto& thread : threads_) thread.join();
  }

  int wrong() const { return wrong_; }
  const std::map<std::string, std::map<CK_RV, int>>& answers() const { return answers_; }

 private:
  struct NotThere {};

  static CK_OBJECT_HANDLE one_of(Session& session, const Wanted& wanted) {
    const auto found = session.find(wanted);
    if (found.empty()) throw NotThere();  // somebody has just logged out
    return found.front();
  }

  void note(const char* role, CK_RV code) {
    const std::lock_guard lock(mutex_);
    ++answers_[role][code];
  }

  const Module& module_;
  const std::string pin_;
  Session keeper_{module_};  // so that no other session is the last one
  Bytes spki_;
  Bytes key_id_;
  std::unique_ptr<PublicKey> public_key_;
  const std::chrono::steady_clock::time_point end_ = std::chrono::steady_clock::now() + duration();
  std::atomic<int> certificates_ = 0;
  std::atomic<int> wrong_ = 0;
  std::mutex mutex_;
  std::map<std::string, std::map<CK_RV, int>> answers_;  // guarded by mutex_
  std::vector<std::thread> threads_;
};

TEST(StressTest, SixteenThreadsDoEverythingAtOnce) {
  const Emulator emulator({"ec:P-256:p256", "rsa:2048:rsa"});
  use_config(emulator.client_config());
  const Module module;
  Stress stress(module, emulator.pin());
  stress.add("sign", 3, [&](Session& session, int) { stress.sign(session); });
  stress.add("sign in parts", 2, [&](Session& session, int) { stress.sign_in_parts(session); });
  stress.add("find", 2, [&](Session& session, int) { stress.find(session); });
  stress.add("read", 2, [&](Session& session, int) { stress.read(session); });
  stress.add("log out and in", 2, [&](Session& session, int) { stress.log_out_and_in(session); });
  stress.add("certificates", 2,
             [&](Session& session, int i) { stress.change_certificates(session, i); });
  stress.add("open and close", 2, [&](Session&, int) { stress.open_and_close(); });
  stress.add("digest", 1, [&](Session& session, int) { stress.digest(session); });
  stress.run();

  EXPECT_EQ(stress.wrong(), 0);
  for (const auto& [role, answers] : stress.answers()) {
    EXPECT_TRUE(answers.contains(CKR_OK)) << role;
    for (const auto& [code, count] : answers) {
      std::cout << fmt::format("{}: {} times 0x{:x}\n", role, count, code);
      EXPECT_TRUE(code == CKR_OK || kOfTheMoment.contains(code)) << role;
    }
  }
}

}  // namespace
}  // namespace signet::tests
