// Plays one case of the call table: sets the state, makes the arguments, calls, and tells what came of it.
#ifndef SIGNET_PKCS11_MODULE_EDGE_TESTING_CASE_RUNNER_H_
#define SIGNET_PKCS11_MODULE_EDGE_TESTING_CASE_RUNNER_H_

#include <deque>
#include <functional>
#include <memory>
#include <set>
#include <string>

#include "pkcs11-module/edge/testing/call_table.h"
#include "pkcs11-module/edge/testing/module_setup.h"
#include "pkcs11-module/edge/testing/reflection.h"

namespace signet::edge::testing {

class CaseRunner {
 public:
  CaseRunner();

  CK_RV play(const CallCase& item);

  // Runs in play(), after everything was set up and before the function is called.
  void before_call(std::function<void(ModuleSetup&)> hook) { before_call_ = std::move(hook); }

  // After play(): CKS_RW_USER_FUNCTIONS and the like.
  CK_STATE session_state() const;

  // After play(): what a CK_ULONG_PTR argument points at.
  CK_ULONG written(const CallCase& item, const std::string& parameter) const;

  // After play(): the operations that are active in the session. Ends them.
  std::set<std::string> active();

 private:
  void reset();
  void set_state(const std::string& state);
  void activate(const std::string& operation);
  std::vector<Value> arguments_of(const CallCase& item, const Function& function);
  void assign(const Function& function, std::vector<Value>& values, const Assignment& assignment);
  void set_with_length(std::vector<Value>& values, std::size_t place, void* data, CK_ULONG length);
  CK_ULONG number(const std::string& text);
  CK_OBJECT_HANDLE object(const std::string& name);
  void* mechanism(const std::string& form, const std::string& name);
  void* init_arguments(const std::string& form);
  std::vector<CK_ATTRIBUTE>& attributes(const std::string& name);
  void* keep(Bytes bytes);  // memory that lives as long as the case
  const Bytes& good_signature();
  Bytes certificate_der();
  CK_OBJECT_HANDLE make_own_object();  // a session object: a P-256 public key

  std::unique_ptr<ModuleSetup> setup_;
  std::function<void(ModuleSetup&)> before_call_;
  bool finalized_ = false;  // the setup's library
  CK_SESSION_HANDLE session_ = 0;
  std::vector<Value> last_arguments_;
  std::deque<Bytes> memory_;
  std::deque<std::vector<CK_ATTRIBUTE>> templates_;
  Bytes good_signature_;  // by the P-256 key over bytes:32
  unsigned certificates_made_ = 0;
};

}  // namespace signet::edge::testing

#endif  // SIGNET_PKCS11_MODULE_EDGE_TESTING_CASE_RUNNER_H_
