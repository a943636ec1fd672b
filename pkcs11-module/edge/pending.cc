#include "pkcs11-module/edge/pending.h"

#include <utility>

namespace signet::edge {

namespace {

using token::CallOutcome;
using token::PendingCall;

// A place of its kind in the session, given back unless kept.
class PendingPlace {
 public:
  PendingPlace(token::Session& session, std::shared_ptr<PendingCall> call)
      : session_(session), call_(std::move(call)) {}
  ~PendingPlace() {
    if (!call_) return;
    const MutexLock lock(session_.mutex());
    auto& place = session_.pending(call_->request().kind);
    if (place == call_) place = nullptr;
  }
  PendingPlace(const PendingPlace&) = delete;
  PendingPlace& operator=(const PendingPlace&) = delete;

  CkResult<void> take() {
    const MutexLock lock(session_.mutex());
    BOOST_OUTCOME_TRY(require_none_pending(session_, call_->request().kind));
    session_.pending(call_->request().kind) = call_;
    return success();
  }
  void keep() { call_ = nullptr; }

  // Of a call that was started: gives the place back where its outcome is for the starter to tell. Else the place is kept, and
  // C_AsyncComplete may have taken the outcome already.
  bool take_back() {
    const MutexLock lock(session_.mutex());
    const auto call = std::exchange(call_, nullptr);
    const auto& request = call->request();
    auto& place = session_.pending(request.kind);
    if (place != call || !call->done() || (request.has_output && call->succeeded())) return false;
    place = nullptr;
    return true;
  }

 private:
  token::Session& session_;
  std::shared_ptr<PendingCall> call_;
};

}  // namespace

CkResult<void> require_none_pending(token::Session& session, token::CallKind kind) {
  if (!session.pending(kind)) return success();
  return ck_error(CKR_OPERATION_ACTIVE,
                  "a call of this kind is pending: fetch its outcome with C_AsyncComplete first");
}

CkResult<void> start_pending(token::Library& library, token::Session& session,
                             const PendingCall::Request& request, PendingCall::Work work) {
  const auto call = std::make_shared<PendingCall>(request, std::move(work));
  PendingPlace place(session, call);
  BOOST_OUTCOME_TRY(place.take());
  library.driver().start(call);
  if (!place.take_back()) return ck_error(CKR_PENDING, "pending");
  BOOST_OUTCOME_TRY(call->take_outcome(session));
  return success();
}

CkError no_saved_call() {
  return ck_error(
      CKR_SAVED_STATE_INVALID,
      "no call of this function has that id here: it is of another token or account, it "
      "was joined or cancelled, or its time is over");
}

CkResult<void> join_pending(token::Library& library, token::Session& session, CK_ULONG id,
                            const PendingCall::Request& request, PendingCall::Work work) {
  const auto call = std::make_shared<PendingCall>(request, std::move(work));
  PendingPlace place(session, call);
  BOOST_OUTCOME_TRY(place.take());
  if (!library.saved_calls().take(id)) return no_saved_call();
  library.driver().start(call);
  place.keep();
  return success();
}

token::CallTask outcome_of(Task<CkResult<void>> task) {
  BOOST_OUTCOME_CO_TRY(co_await std::move(task));
  co_return CallOutcome{};
}

}  // namespace signet::edge
