// What happens at every entry, whatever the function: is this process the one that initialised us, is it still
// alive enough to serve, does a run exist; exceptions caught; the result logged once and turned into a CK_RV.
#ifndef SIGNET_PKCS11_MODULE_EDGE_ENTRY_H_
#define SIGNET_PKCS11_MODULE_EDGE_ENTRY_H_

#include <memory>
#include <new>

#include "common/clock.h"
#include "common/pid_lock.h"
#include "crypto/ck_result.h"
#include "crypto/host_errors.h"
#include "pkcs11-module/token/library.h"

namespace signet::edge {

// Counts a call in for as long as it lives, so that C_Finalize can wait for it.
class Entry {
 public:
  Entry() noexcept;
  ~Entry();
  Entry(const Entry&) = delete;
  Entry& operator=(const Entry&) = delete;

  // nullptr: not initialised in this process, or the process is exiting.
  token::Library* library() const { return library_; }

 private:
  token::Library* library_ = nullptr;
  bool counted_ = false;
};

extern constinit PidLock run_lock;  // held by a RunLock

// The one run. Installing and removing are serialised.
class SIGNET_SCOPED_CAPABILITY RunLock {
 public:
  RunLock() noexcept SIGNET_ACQUIRE(run_lock) { run_lock.lock(); }
  ~RunLock() SIGNET_RELEASE() { run_lock.unlock(); }
  RunLock(const RunLock&) = delete;
  RunLock& operator=(const RunLock&) = delete;

  bool has_run() const;  // a run of this process
  void install(std::unique_ptr<token::Library> library) const;

  // What a fork left here is tied to the parent's threads and locks: it is let go, not freed.
  void abandon_inherited() const;

  bool is_quiet() const;  // no call is inside

  // Takes the run out, lets blocked calls go, and waits until the calls inside have returned.
  std::unique_ptr<token::Library> remove() const;
};

// For C_Initialize. When the process exits, threads that are inside calls are waited for (5 s at the most)
// before OpenSSL is taken down under them; from then on, only the thread that exits is served.
void let_calls_end_before_exit() noexcept;

// Converts once, logs once. `began`: the call.
CK_RV conclude(const char* function, SteadyTime began, const CkResult<void>& result) noexcept;
CK_RV conclude_exception(const char* function, SteadyTime began) noexcept;  // inside a catch block
CK_RV conclude_absent(const char* function) noexcept;
CK_RV not_initialized() noexcept;

// Without a run nobody will close the log that a refused C_Initialize has opened.
void close_log_without_run() noexcept;

template <typename Call>
CK_RV answer(const char* function, Call&& call) noexcept {
  const SteadyTime began = std::chrono::steady_clock::now();
  try {
    const crypto::HostErrors aside;
    return conclude(function, began, call());
  } catch (...) {
    return conclude_exception(function, began);
  }
}

template <typename Call>
CK_RV serve_free(const char* function, Call&& call) noexcept {
  const CK_RV rv = answer(function, call);
  if (rv != CKR_OK) close_log_without_run();
  return rv;
}

template <typename Call>
CK_RV serve(const char* function, Call&& call) noexcept {
  const Entry entry;
  if (entry.library() == nullptr) return not_initialized();
  const CK_RV rv = answer(function, [&]() -> CkResult<void> {
    BOOST_OUTCOME_TRY(entry.library()->look_after());
    entry.library()->driver().drive();
    return call(*entry.library());
  });
  entry.library()->write_metrics_if_due();
  return rv;
}

}  // namespace signet::edge

#endif  // SIGNET_PKCS11_MODULE_EDGE_ENTRY_H_
