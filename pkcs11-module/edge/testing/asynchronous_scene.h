// Asynchronous sessions (PKCS#11 3.2) in all their situations: pending, known by an id only, joined, in a child.
#ifndef SIGNET_PKCS11_MODULE_EDGE_TESTING_ASYNCHRONOUS_SCENE_H_
#define SIGNET_PKCS11_MODULE_EDGE_TESTING_ASYNCHRONOUS_SCENE_H_

#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>

#include "pkcs11-module/edge/testing/asynchronous.h"

namespace signet::edge::testing {

inline constexpr char kSign[] = "C_Sign";
inline constexpr char kGenerate[] = "C_GenerateKeyPair";
// A lone call is over after a second, at most.
inline constexpr char kShortCalls[] = "[token.limits]\ncall = \"1s\"\n";

// With an EC key and nothing else.
class AsynchronousScene {
 public:
  using Call = transport::FakeAppliance::Call;

  AsynchronousScene() { log_in("seal"); }

  transport::FakeAppliance& appliance() { return setup_.appliance(); }

  CK_SESSION_HANDLE open(CK_FLAGS flags = CKF_RW_SESSION | CKF_ASYNC_SESSION) const {
    return setup_.open(flags);
  }
  void log_in(const std::string& account) {
    Bytes name = copy_of(view_of(account));
    Bytes pin = copy_of(view_of(kPin));
    must(C_LoginUser(usual_, CKU_USER, pin.data(), pin.size(), name.data(), name.size()),
         "C_LoginUser");
  }
  void log_out() const { must(C_Logout(usual_), "C_Logout"); }
  void restart() {
    setup_.restart();
    usual_ = open(CKF_RW_SESSION);
    log_in("seal");
    session_ = open();
  }

  CK_RV sign(CK_SESSION_HANDLE session) {
    CK_MECHANISM ecdsa{CKM_ECDSA, nullptr, 0};
    const CK_RV begun =
        C_SignInit(session, &ecdsa, ModuleSetup::find(usual_, CKO_PRIVATE_KEY, "ec"));
    if (begun != CKR_OK) return begun;
    CK_ULONG size = buffer_.size();
    return C_Sign(session, digest_.data(), digest_.size(), buffer_.data(), &size);
  }
  CK_RV generate(CK_SESSION_HANDLE session) {
    CK_MECHANISM mechanism{CKM_EC_KEY_PAIR_GEN, nullptr, 0};
    Bytes p256{0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07};
    CK_ATTRIBUTE curve{CKA_EC_PARAMS, p256.data(), p256.size()};
    CK_OBJECT_HANDLE public_key = 0;
    CK_OBJECT_HANDLE private_key = 0;
    return C_GenerateKeyPair(session, &mechanism, &curve, 1, nullptr, 0, &public_key, &private_key);
  }

  // Pending, until the appliance is let go.
  void pend() {
    appliance().hold(Call::sign);
    if (sign(session_) != CKR_PENDING) throw std::runtime_error("the signature is not pending");
  }
  void pend_key() {
    appliance().hold(Call::generate_key);
    if (generate(session_) != CKR_PENDING) throw std::runtime_error("the key is not pending");
  }
  void answer() {
    appliance().let_go(Call::sign);
    appliance().let_go(Call::generate_key);
  }

  CK_RV complete(const char* function = kSign) {
    return testing::complete(session_, function, &data_);
  }
  CK_RV await(const char* function = kSign) { return testing::await(session_, function, &data_); }
  CK_RV get_id(const char* function = kSign) {
    return C_AsyncGetID(session_, name_of(function), &id_);
  }
  // Pending, and known by its id only.
  void leave() {
    pend();
    must(get_id(), "C_AsyncGetID");
  }
  CK_RV join(CK_SESSION_HANDLE session, const char* function = kSign) {
    return C_AsyncJoin(session, name_of(function), id_, buffer_.data(), buffer_.size());
  }

  std::filesystem::path cache() const {
    return std::filesystem::path(getenv("SIGNET_CONFIG")).parent_path() / "cache";
  }
  std::filesystem::path saved_file() const {
    return std::filesystem::directory_iterator(cache() / "pending")->path();
  }

  // The code of what happens in a child.
  template <typename Happens>
  static CK_RV in_child(const Happens& happens) {
    std::array<int, 2> told{};
    if (pipe(told.data()) != 0) throw std::runtime_error("no pipe");
    const pid_t child = fork();
    if (child == 0) {
      CK_RV rv = CKR_GENERAL_ERROR;
      try {
        rv = happens();
      } catch (...) {  // the parent sees that it is another code
      }
      (void)!write(told[1], &rv, sizeof rv);
      _exit(0);
    }
    close(told[1]);
    CK_RV rv = CKR_GENERAL_ERROR;
    if (read(told[0], &rv, sizeof rv) != sizeof rv) rv = CKR_GENERAL_ERROR;
    close(told[0]);
    waitpid(child, nullptr, 0);
    return rv;
  }

  ModuleSetup setup_{kShortCalls};
  CK_SESSION_HANDLE usual_ = setup_.open(CKF_RW_SESSION);
  CK_SESSION_HANDLE session_ = open();
  CK_ASYNC_DATA data_{};
  CK_ULONG id_ = 4711;
  Bytes digest_ = Bytes(32, 7);
  Bytes buffer_ = Bytes(64);
};

}  // namespace signet::edge::testing

#endif  // SIGNET_PKCS11_MODULE_EDGE_TESTING_ASYNCHRONOUS_SCENE_H_
