// The work of one client process: threads that use the module as a server does, and write down what
// they see.
#ifndef SIGNET_TESTS_SOAK_CLIENT_H_
#define SIGNET_TESTS_SOAK_CLIENT_H_

#include <atomic>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "tests/soak/records.h"
#include "tests/support/signed_call.h"

namespace signet::tests {

// Tokens that threads log in to and out of, each its own; the others share the token "seal".
inline constexpr int kChurners = 2;
std::string churn_label(int churner);

// Work that pauses between two turns.
class Pause {
 public:
  void begin() { on_ = true; }
  void end() { on_ = false; }
  bool on() const { return on_; }

  // A worker with nothing under way: comes back when the pause or everything is over.
  void keep(const std::atomic<bool>& stop);

  int workers() const { return workers_; }  // that keep it now

 private:
  std::atomic<bool> on_ = false;
  std::atomic<int> workers_ = 0;
};

class Client {
 public:
  // `name` begins every message and label. `stop` ends the threads.
  Client(const LoadedModule& module, const RecordWriter& records, std::string name, std::string pin,
         const std::atomic<bool>& stop, Pause& pause);

  // Logs the token "seal" in through `session`, trying again until it works or the end is near.
  void log_in(Session& session) const;

  // One turn of each kind of work.
  void sign(Session& session, CK_OBJECT_HANDLE key, const std::string& who, int number) const;
  void log_in_sign_and_out(Session& session, const std::string& who, int number) const;
  void make_and_destroy_key(Session& session, const std::string& who, int number) const;
  void store_and_destroy_certificate(Session& session, const std::string& who, int number) const;
  void look_around(Session& session) const;

  // Calls `turn` until the end, or until the module is finalised; whatever it throws but
  // CryptokiError is a trouble in the records.
  void go_on(const std::string& who, Milliseconds pause,
             const std::function<void(int number)>& turn) const;

  const LoadedModule& module() const { return module_; }
  const std::string& pin() const { return pin_; }
  bool stopping() const { return stop_; }
  void note(const std::string& line) const { records_.add(line); }

 private:
  // A call that may fail while the network does: noted. Whether it succeeded.
  bool tried(const char* function, const std::function<CK_RV()>& call) const;
  void sweep(Session& session, const std::string& prefix) const;
  bool destroy(Session& session, CK_OBJECT_HANDLE object) const;

  const LoadedModule& module_;
  const RecordWriter& records_;
  const std::string name_;
  const std::string pin_;
  const std::atomic<bool>& stop_;
  Pause& pause_;
};

}  // namespace signet::tests

#endif  // SIGNET_TESTS_SOAK_CLIENT_H_
