// The instructions of targets/calls.cc.
#ifndef SIGNET_TESTS_FUZZ_SUPPORT_CALLS_PROGRAM_H_
#define SIGNET_TESTS_FUZZ_SUPPORT_CALLS_PROGRAM_H_

#include <functional>
#include <mutex>
#include <vector>

#include "cryptoki/pkcs11_3_2.h"
#include "tests/fuzz/support/caller.h"
#include "tests/fuzz/support/input.h"
#include "tests/fuzz/support/module_user.h"

namespace signet::fuzz {

// Handles, as the threads of a program pass them to each other. Those of closed sessions stay among them.
class Shared {
 public:
  void opened(CK_SESSION_HANDLE session);
  void saw(CK_OBJECT_HANDLE object);

  // One of them, the newest for 0, or a number that is no handle.
  CK_SESSION_HANDLE session(Input& input) const;
  CK_OBJECT_HANDLE object(Input& input) const;

 private:
  static CK_ULONG choose(Input& input, const std::vector<CK_ULONG>& handles);

  mutable std::mutex mutex_;
  std::vector<CK_ULONG> sessions_;
  std::vector<CK_ULONG> objects_;
};

class Program {
 public:
  // `alone`: no other thread is in the library.
  Program(Input& input, Shared& shared, bool alone)
      : input_(input), shared_(shared), alone_(alone) {}

  void run();

 private:
  using Instruction = void (Program::*)();
  static const std::vector<Instruction>& instructions();

  using Init = CK_RV(CK_SESSION_HANDLE, CK_MECHANISM_PTR, CK_OBJECT_HANDLE);

  // Sessions and logins.
  void open_session();
  void close_session();
  void login();
  void login_user();
  void logout();
  void change_pin();
  void session_cancel();
  void run_anew();

  // What is there.
  void ask_token();
  void ask_session();
  void random();
  void call_absent();

  // Objects.
  void find();
  void get_attributes();
  void set_attributes();
  void create();
  void copy();
  void destroy();
  void generate();

  // Operations.
  void digest();
  void sign();
  void sign_at_once();
  void verify();
  void verify_signature();
  void message_sign();
  void message_verify();

  // The appliance.
  void appliance_fails();
  void appliance_spoils();
  void appliance_changes_account();
  void appliance_changes_keys();

  CK_SESSION_HANDLE session() { return shared_.session(input_); }
  CK_OBJECT_HANDLE object() { return shared_.object(input_); }
  Bytes pin();

  // Calls with an output buffer, which may be NULL or of any size.
  CK_RV with_output(const std::function<CK_RV(CK_BYTE_PTR, CK_ULONG_PTR)>& call, bool is_signature);

  Input& input_;
  Shared& shared_;
  const bool alone_;
};

}  // namespace signet::fuzz

#endif  // SIGNET_TESTS_FUZZ_SUPPORT_CALLS_PROGRAM_H_
