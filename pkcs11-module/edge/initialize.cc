// C_Initialize and C_Finalize (PKCS#11 3.0, 5.4.1 and 5.4.2).

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cstddef>

#include "common/log.h"
#include "config/config.h"
#include "crypto/context.h"
#include "integrity/self_check.h"
#include "pkcs11-module/edge/appliance_factory.h"
#include "pkcs11-module/edge/calls.h"
#include "pkcs11-module/edge/entry.h"

namespace signet::edge::free_calls {

namespace {

// CK_C_INITIALIZE_ARGS as the standard lays it out. NSS's header puts a field of its own where the standard
// has pReserved, so the header's structure is not used.
struct StandardInitArgs {
  CK_CREATEMUTEX create_mutex;
  CK_DESTROYMUTEX destroy_mutex;
  CK_LOCKMUTEX lock_mutex;
  CK_UNLOCKMUTEX unlock_mutex;
  CK_FLAGS flags;
  CK_VOID_PTR reserved;
};
static_assert(offsetof(StandardInitArgs, flags) == offsetof(CK_C_INITIALIZE_ARGS, flags));

// Whether threads may be created.
CkResult<bool> check_arguments(const StandardInitArgs* args) {
  if (args == nullptr) return true;
  if (args->reserved != nullptr)
    return ck_error(CKR_ARGUMENTS_BAD, "the reserved argument is not NULL");
  const int functions = (args->create_mutex != nullptr) + (args->destroy_mutex != nullptr) +
                        (args->lock_mutex != nullptr) + (args->unlock_mutex != nullptr);
  if (functions != 0 && functions != 4) {
    return ck_error(CKR_ARGUMENTS_BAD, "some mutex functions are given and some are not");
  }
  // The caller's mutexes alone cannot guard the libraries below us (OpenSSL, libcurl), which use the system's.
  if (functions == 4 && (args->flags & CKF_OS_LOCKING_OK) == 0) {
    return ck_error(CKR_CANT_LOCK,
                    "set CKF_OS_LOCKING_OK: the system's locks are used, not the caller's");
  }
  return (args->flags & CKF_LIBRARY_CANT_CREATE_OS_THREADS) == 0;
}

void end_run(const RunLock& lock) {
  auto library = lock.remove();
  library->write_last_metrics(false);
  if (crypto::openssl_is_gone()) {
    // OpenSSL has already been taken down by the process's exit: nothing made with it may be freed any more.
    // It stays where a leak checker can see it.
    static std::atomic<token::Library*> left_to_the_exit = nullptr;
    left_to_the_exit = library.release();
    return;
  }
  library.reset();
  log::close();
}

// The library is unloaded, and nobody has finalised it: its descriptors and its memory would stay. At the end of a process
// this comes after all exit handlers, OpenSSL's among them, and leaves everything as it is.
[[gnu::destructor]] void end_run_before_unloading() noexcept {
  if (run_lock.is_held() || crypto::openssl_is_gone()) return;
  const RunLock lock;
  if (!lock.has_run()) return lock.abandon_inherited();
  if (!lock.is_quiet()) return;
  const crypto::HostErrors aside;
  end_run(lock);
}

// A program must not fail for want of a log: its file may belong to another user of the machine.
void open_log(log::Options options) {
  const std::string wrong = log::open(options);
  if (wrong.empty()) return;
  options.to = "stderr";
  options.level = std::max(options.level, log::Level::warn);  // it is the host's
  log::open(options);
  log::error("{}; the log goes to standard error", wrong);
}

}  // namespace

CkResult<void> Initialize(CK_VOID_PTR init_args) {
  const RunLock lock;
  if (lock.has_run())
    return ck_error(CKR_CRYPTOKI_ALREADY_INITIALIZED, "C_Initialize was called before");
  if (crypto::openssl_is_gone()) return ck_error(CKR_GENERAL_ERROR, "the process is exiting");
  BOOST_OUTCOME_TRY(const bool may_create_threads,
                    check_arguments(static_cast<const StandardInitArgs*>(init_args)));
  auto config = config::load_config();
  if (!config) return ck_error(CKR_GENERAL_ERROR, config.error().sentence);
  open_log(config.value().log);
  const auto appliance_of = [&](const config::TokenConfig& token) {
    return make_appliance(token, may_create_threads);
  };
  BOOST_OUTCOME_TRY(auto library,
                    token::Library::open(config.value(), appliance_of, integrity::check_self));
  let_calls_end_before_exit();
  lock.install(std::move(library));
  return success();
}

CkResult<void> Finalize(CK_VOID_PTR reserved) {
  if (reserved != nullptr) return ck_error(CKR_ARGUMENTS_BAD, "the reserved argument is not NULL");
  const RunLock lock;
  if (!lock.has_run()) return ck_error(CKR_CRYPTOKI_NOT_INITIALIZED, "C_Initialize was not called");
  end_run(lock);
  return success();
}

}  // namespace signet::edge::free_calls
