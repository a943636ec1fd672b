// A call of an asynchronous session that waits for the appliance (PKCS#11 3.2).
#ifndef SIGNET_PKCS11_MODULE_TOKEN_PENDING_CALL_H_
#define SIGNET_PKCS11_MODULE_TOKEN_PENDING_CALL_H_

#include <atomic>
#include <cstddef>
#include <functional>
#include <optional>
#include <string_view>
#include <utility>

#include "common/bytes.h"
#include "common/task.h"
#include "crypto/ck_result.h"
#include "cryptoki/pkcs11_3_2.h"
#include "pkcs11-module/token/saved_call.h"

namespace signet::token {

class Session;

// Of each kind a session has one pending call at most. C_Sign and C_SignFinal are of one kind.
enum class CallKind {
  sign,
  message_sign,
  generate,
  create,
  change,
  destroy,
  set_pin,
  login,
  last = login,
};
inline constexpr std::size_t kCallKinds = static_cast<std::size_t>(CallKind::last) + 1;

// What a call gives beside its code.
struct CallOutcome {
  Bytes value = {};                 // a signature
  CK_OBJECT_HANDLE object = 0;      // that was made; of a key pair the public key
  CK_OBJECT_HANDLE additional = 0;  // the private key
};
using CallTask = Task<CkResult<CallOutcome>>;

class PendingCall final : public Waker {
 public:
  // What the caller said of the call.
  struct Request {
    std::string_view function;  // "C_Sign"; a literal
    CallKind kind;
    bool has_output;  // a value or a handle
    CK_BYTE_PTR buffer =
        nullptr;  // the caller's, with room for the value; written by who delivers alone
  };

  // What is left to do when the outcome is fetched, in the caller's thread: the check of a signature.
  using Conclude = std::function<CkResult<void>(Session&, const CallOutcome&)>;

  // What is needed to ask for it again; nothing where that will be known in a moment.
  using Save = std::function<std::optional<SavedCall>()>;

  struct Work {
    CallTask task;
    Conclude conclude = {};
    Save save = {};  // empty: it cannot be asked for again
  };

  PendingCall(const Request& request, Work work)
      : request_(request),
        conclude_(std::move(work.conclude)),
        save_(std::move(work.save)),
        task_(std::move(work.task)) {}

  const Request& request() const { return request_; }
  const Save& save() const { return save_; }

  // Whether it has an outcome; from then on nobody else touches it.
  bool done() const { return done_.load(std::memory_order_acquire); }

  // Of one that is done and whose outcome nobody has taken: who holds its place in the session knows that.
  bool succeeded() const { return outcome_->has_value(); }

  // Of one that is done, once: the outcome, concluded.
  CkResult<CallOutcome> take_outcome(Session& session);

  void wake() noexcept override;

 private:
  friend class CallDriver;

  const Request request_;
  const Conclude conclude_;
  const Save save_;
  std::atomic<bool> done_{false};
  std::optional<CkResult<CallOutcome>> outcome_;

  // The driver's, under its locks.
  std::optional<CallTask> task_;
  class CallDriver* driver_ = nullptr;
  bool canceled_ = false;               // before it was started
  SteadyTime due_ = SteadyTime::max();  // its place among the driver's moments; max: none
  bool polled_ = false;                 // it waits for descriptors
  bool woken_ = false;                  // it is among those that were told to go on
  PendingCall* next_woken_ = nullptr;
};

}  // namespace signet::token

#endif  // SIGNET_PKCS11_MODULE_TOKEN_PENDING_CALL_H_
