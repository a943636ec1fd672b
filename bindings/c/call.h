// Every call of the C ABI: nothing of it leaves as an exception, and the host's thread is as it was before.
#ifndef SIGNET_BINDINGS_C_CALL_H_
#define SIGNET_BINDINGS_C_CALL_H_

#include <pthread.h>

#include <cstddef>
#include <cstdint>
#include <exception>
#include <initializer_list>
#include <memory>
#include <new>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "bindings/c/signet-seal.h"
#include "common/bytes.h"
#include "common/clock.h"
#include "common/printable.h"
#include "common/process_mark.h"
#include "common/result.h"
#include "crypto/host_errors.h"
#include "pkcs11-client/error.h"
#include "sealing/error.h"

namespace signet::c {

// Why a call failed.
struct Refusal {
  int status = SIGNET_SEAL_FAILED;
  std::string sentence;
  int reason = 0;  // pkcs11::Reason
  CK_RV rv = CKR_OK;

  Refusal(int why, std::string text) : status(why), sentence(std::move(text)) {}
  // NOLINTBEGIN(google-explicit-constructor): so that BOOST_OUTCOME_TRY takes the errors of the components below
  Refusal(const sealing::Error& error);
  Refusal(const pkcs11::TokenError& error);
  // NOLINTEND(google-explicit-constructor)
};

template <typename T>
using CallResult = Result<T, Refusal>;

Refusal bad_argument(std::string sentence);

// --- arguments

CallResult<void> need(std::initializer_list<const void*> pointers);
CallResult<std::string> text_of(const char* text);                  // not NULL, not empty, UTF-8
CallResult<ByteView> bytes_of(const void* data, std::size_t size);  // NULL: only without a size
CallResult<Bytes> certificate_of(const void* der, std::size_t size);
CallResult<std::string> oid_of(const char* dotted);  // in that form
CallResult<Milliseconds> limit_of(std::uint32_t milliseconds);

// Of a handle that is bound to its process.
CallResult<void> check_process(std::uint64_t mark);

// Memory of a handle, for its user.
const void* give(const Bytes& bytes, std::size_t* size) noexcept;
// Null beyond the last one.
const char* text_at(const std::vector<std::string>& texts, std::size_t index) noexcept;

// --- calls

// The thread that calls us is the host's. While this lives it cannot be cancelled (which would unwind through us), and its
// OpenSSL error queue is ours.
class HostThread {
 public:
  HostThread() noexcept;
  ~HostThread();
  HostThread(const HostThread&) = delete;
  HostThread& operator=(const HostThread&) = delete;

  // False where the process exits and OpenSSL is gone: nothing can be done, nor freed.
  bool is_usable() const { return aside_.has_value(); }

 private:
  int cancel_state_ = PTHREAD_CANCEL_ENABLE;
  std::optional<crypto::HostErrors> aside_;
};

// Both give the status, and ask for no memory.
int succeed(signet_seal_error* error) noexcept;
int fail(signet_seal_error* error, int status, std::string_view sentence, int reason = 0,
         unsigned long rv = 0) noexcept;

// `work` gives a CallResult<void>.
template <typename Work>
int call(signet_seal_error* error, const Work& work) noexcept {
  const HostThread thread;
  if (!thread.is_usable()) return fail(error, SIGNET_SEAL_FAILED, "the process is exiting");
  try {
    const CallResult<void> done = work();
    if (done) return succeed(error);
    const Refusal& why = done.error();
    return fail(error, why.status, printable(why.sentence), why.reason, why.rv);
  } catch (const std::bad_alloc&) {
    return fail(error, SIGNET_SEAL_NO_MEMORY, "there is not enough memory");
  } catch (const std::exception& why) {
    return fail(error, SIGNET_SEAL_FAILED, why.what());
  } catch (...) {
    return fail(error, SIGNET_SEAL_FAILED, "an exception of an unknown kind");
  }
}

// A call that changes a handle, which must not be NULL.
template <typename Handle, typename Work>
int change(const Handle* handle, signet_seal_error* error, const Work& work) noexcept {
  return call(error, [&]() -> CallResult<void> {
    BOOST_OUTCOME_TRY(need({handle}));
    return work();
  });
}

// A call that makes a handle of a type that needs nothing more.
template <typename Handle>
int make_handle(const signet_seal_context* context, Handle** handle,
                signet_seal_error* error) noexcept {
  return call(error, [&]() -> CallResult<void> {
    BOOST_OUTCOME_TRY(need({context, handle}));
    *handle = std::make_unique<Handle>().release();
    return success();
  });
}

// What a handle holds may be OpenSSL's, a session, a connection: in the child of a fork, and while the process exits, it
// is left alone.
template <typename Handle>
void free_handle(Handle* handle) noexcept {
  if (handle == nullptr) return;
  const HostThread thread;
  if (!thread.is_usable()) return;
  if constexpr (requires { handle->process; }) {
    if (handle->process != process_mark()) return;
  }
  delete handle;
}

}  // namespace signet::c

#endif  // SIGNET_BINDINGS_C_CALL_H_
