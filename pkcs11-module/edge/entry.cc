#include "pkcs11-module/edge/entry.h"

#include <openssl/crypto.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <exception>
#include <thread>

#include "common/log.h"
#include "common/process_mark.h"
#include "crypto/context.h"
#include "cryptoki/rv_name.h"
#include "dsa-transport/cause_fields.h"

namespace signet::edge {

constinit PidLock run_lock;

namespace {

// Constant-initialised and trivially destructible: valid before the first constructor and after the last
// destructor of the process. A forked child tells itself from its parent by `owner`.
constinit std::atomic<token::Library*> run{nullptr};
constinit std::atomic<std::uint64_t> owner{0};
constinit std::atomic<unsigned> calls_inside{0};
constinit std::atomic<pid_t> exiting_thread{0};  // the thread in which the process exits

constexpr int kMaxExitWaitMs = 5000;

bool only_another_thread_is_served() {
  const pid_t thread = exiting_thread.load();
  return thread != 0 && thread != gettid();
}

void wait_for_calls_inside() {
  if (owner.load() != process_mark()) return;
  exiting_thread.store(gettid());
  const Entry self;
  if (self.library() == nullptr) return;
  self.library()->release_waiters();
  for (int ms = 0; ms < kMaxExitWaitMs; ++ms) {
    if (calls_inside.load() == 1 && !run_lock.is_held()) break;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  self.library()->write_last_metrics(true);
}

// Destroyed at the exit of the process, or when the library is unloaded if that is earlier. Not
// std::atexit(): ThreadSanitizer forgets which library a handler of that kind belongs to.
struct ExitHandler {
  ~ExitHandler() { wait_for_calls_inside(); }
};

// Calls that only ask, and what programs try in their ordinary work and go on without: NSS offers its trust records,
// pkcs11-provider copies private keys.
bool is_ordinary(std::string_view function, CK_RV rv) {
  return function.starts_with("C_Get") || function.starts_with("C_Find") ||
         (function == "C_CreateObject" && rv == CKR_ATTRIBUTE_VALUE_INVALID) ||
         (function == "C_CopyObject" && rv == CKR_ACTION_PROHIBITED);
}

// Refused for what it asks for: the program's author or the administrator has to know why. Codes of a program's own state
// (sessions, operations, buffers) are not among these.
bool is_refusal(CK_RV rv) {
  switch (rv) {
    case CKR_ACTION_PROHIBITED:
    case CKR_ATTRIBUTE_READ_ONLY:
    case CKR_ATTRIBUTE_TYPE_INVALID:
    case CKR_ATTRIBUTE_VALUE_INVALID:
    case CKR_CURVE_NOT_SUPPORTED:
    case CKR_DATA_INVALID:
    case CKR_DATA_LEN_RANGE:
    case CKR_DOMAIN_PARAMS_INVALID:
    case CKR_FUNCTION_NOT_SUPPORTED:
    case CKR_KEY_FUNCTION_NOT_PERMITTED:
    case CKR_KEY_SIZE_RANGE:
    case CKR_KEY_TYPE_INCONSISTENT:
    case CKR_MECHANISM_INVALID:
    case CKR_MECHANISM_PARAM_INVALID:
    case CKR_PIN_EXPIRED:
    case CKR_PIN_INCORRECT:
    case CKR_PIN_INVALID:
    case CKR_PIN_LEN_RANGE:
    case CKR_PIN_LOCKED:
    case CKR_TEMPLATE_INCOMPLETE:
    case CKR_TEMPLATE_INCONSISTENT:
    case CKR_USER_PIN_NOT_INITIALIZED:
    case CKR_USER_TYPE_INVALID:
      return true;
    default:
      return false;
  }
}

log::Level level_of(std::string_view function, CK_RV rv) {
  switch (rv) {
    case CKR_DEVICE_ERROR:
    case CKR_DEVICE_REMOVED:
    case CKR_DEVICE_MEMORY:
    case CKR_GENERAL_ERROR:
    case CKR_HOST_MEMORY:
    case CKR_FUNCTION_FAILED:
      return log::Level::error;
    default:
      return is_refusal(rv) && !is_ordinary(function, rv) ? log::Level::warn : log::Level::debug;
  }
}

void log_failure(const char* function, const CkError& error, Milliseconds spent) {
  const log::Level level = level_of(function, error.rv);
  if (!log::enabled(level)) return;
  const std::string code(rv_name(error.rv));
  CauseFields fields(error.cause, error.sentence, spent);
  fields.add({.name = "function", .value = function, .in_sentence = true});
  fields.add({.name = "code", .value = code, .in_sentence = true});
  log::write(level, fmt::format("{}: {}: {}", function, code, error.sentence), fields.all());
}

}  // namespace

Entry::Entry() noexcept {
  if (owner.load() != process_mark() || crypto::openssl_is_gone()) return;
  // Counted before looking: RunLock::remove() takes the run out first and then waits for the count.
  calls_inside.fetch_add(1);
  counted_ = true;
  if (!only_another_thread_is_served()) library_ = run.load();
}

Entry::~Entry() {
  if (counted_) calls_inside.fetch_sub(1);
}

bool RunLock::has_run() const {
  return owner.load() == process_mark() && run.load() != nullptr;
}

void RunLock::install(std::unique_ptr<token::Library> library) const {
  abandon_inherited();
  if (owner.load() != process_mark()) {
    // What the parent's threads had counted. Of this process's own calls some may be inside at this moment: those that
    // find no run yet.
    calls_inside.store(0);
    exiting_thread.store(0);
  }
  run.store(library.release());
  owner.store(process_mark());
}

void RunLock::abandon_inherited() const {
  token::Library* const inherited = run.exchange(nullptr);
  if (inherited != nullptr) inherited->abandon();
}

bool RunLock::is_quiet() const {
  return calls_inside.load() == 0;
}

std::unique_ptr<token::Library> RunLock::remove() const {
  std::unique_ptr<token::Library> library(run.exchange(nullptr));
  library->release_waiters();
  while (calls_inside.load() != 0) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  return library;
}

void let_calls_end_before_exit() noexcept {
  // OpenSSL must have registered its own handler first: the last one registered is the first one called.
  OPENSSL_init_crypto(OPENSSL_INIT_LOAD_CRYPTO_STRINGS, nullptr);
  [[maybe_unused]] static const ExitHandler registered_once;
}

void close_log_without_run() noexcept {
  const RunLock lock;
  if (!lock.has_run()) log::close();
}

CK_RV conclude(const char* function, SteadyTime began, const CkResult<void>& result) noexcept {
  if (result.has_value()) return CKR_OK;
  const CkError& error = result.error();
  try {
    log_failure(function, error,
                std::chrono::duration_cast<Milliseconds>(std::chrono::steady_clock::now() - began));
  } catch (...) {
    // A line that cannot be written must not change the answer.
  }
  return error.rv;
}

namespace {

CK_RV conclude_unexpected(const char* function, SteadyTime began, const char* what) noexcept {
  try {
    return conclude(function, began, ck_error(CKR_GENERAL_ERROR, what));
  } catch (const std::bad_alloc&) {  // for the text
    return CKR_GENERAL_ERROR;
  }
}

}  // namespace

CK_RV conclude_exception(const char* function, SteadyTime began) noexcept {
  try {
    throw;
  } catch (const std::bad_alloc&) {
    return CKR_HOST_MEMORY;
  } catch (const std::exception& e) {
    return conclude_unexpected(function, began, e.what());
  } catch (...) {
    return conclude_unexpected(function, began, "unknown exception");
  }
}

CK_RV conclude_absent(const char* function) noexcept {
  const Entry entry;
  if (entry.library() == nullptr) return not_initialized();
  return serve_free(function, []() -> CkResult<void> {
    return ck_error(CKR_FUNCTION_NOT_SUPPORTED, "a signature appliance has no such service");
  });
}

CK_RV not_initialized() noexcept {
  return CKR_CRYPTOKI_NOT_INITIALIZED;
}

}  // namespace signet::edge
