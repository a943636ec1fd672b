// Asynchronous calls (PKCS#11 3.2, "Asynchronous function management").

#include <algorithm>
#include <array>
#include <cstring>
#include <string_view>
#include <thread>
#include <utility>

#include "pkcs11-module/edge/arguments.h"
#include "pkcs11-module/edge/calls.h"
#include "pkcs11-module/edge/pending.h"
#include "pkcs11-module/edge/repeatable.h"

namespace signet::edge {

namespace {

using token::PendingCall;

// How long C_AsyncGetID waits for a signature that is just about to be sent.
constexpr Milliseconds kMomentToLeave{1000};

constexpr std::array kFunctionNames = {
#define SIGNET_FUNCTION(version, name, parameters, arguments) std::string_view("C_" #name),
#define SIGNET_FREE_FUNCTION SIGNET_FUNCTION
#define SIGNET_ABSENT_FUNCTION SIGNET_FUNCTION
#include "pkcs11-module/edge/functions.inc"
#undef SIGNET_FUNCTION
#undef SIGNET_FREE_FUNCTION
#undef SIGNET_ABSENT_FUNCTION
};

constexpr std::size_t kLongestName =
    std::ranges::max(kFunctionNames, {}, &std::string_view::size).size();

// The name of a function of PKCS#11, in the standard's spelling. Not a byte more is read than the longest has.
CkResult<std::string_view> function_named(const CK_UTF8CHAR* name) {
  BOOST_OUTCOME_TRY(required(name, "pFunctionName"));
  const auto* const text = reinterpret_cast<const char*>(name);
  const std::string_view given(text, strnlen(text, kLongestName + 1));
  const auto* const known = std::ranges::find(kFunctionNames, given);
  if (known == kFunctionNames.end())
    return ck_error(CKR_ARGUMENTS_BAD, "pFunctionName names no function");
  return *known;
}

CkError nothing_pending(std::string_view function) {
  return ck_error(CKR_OPERATION_NOT_INITIALIZED,
                  "no call of " + std::string(function) + " is pending in this session");
}

// The place of the session's pending call of that function; null: there is none.
std::shared_ptr<PendingCall>* find_pending(token::Session& session, std::string_view function)
    SIGNET_REQUIRES(session.mutex()) {
  for (std::size_t kind = 0; kind < token::kCallKinds; ++kind) {
    auto& place = session.pending(static_cast<token::CallKind>(kind));
    if (place && place->request().function == function) return &place;
  }
  return nullptr;
}

}  // namespace

CkResult<void> Calls::AsyncComplete(CK_SESSION_HANDLE session, CK_UTF8CHAR_PTR function_name,
                                    CK_ASYNC_DATA_PTR result) {
  BOOST_OUTCOME_TRY(const auto found, library_.session(session));
  BOOST_OUTCOME_TRY(const auto function, function_named(function_name));
  std::shared_ptr<PendingCall> call;
  {
    const MutexLock lock(found->mutex());
    auto* const place = find_pending(*found, function);
    if (place == nullptr) return nothing_pending(function);
    if ((*place)->request().has_output) {
      BOOST_OUTCOME_TRY(required(result, "pResult"));
    }
    if (!(*place)->done()) return ck_error(CKR_PENDING, "pending");
    call = std::exchange(*place, nullptr);
  }
  // Also where it failed, so that the caller can free the buffer.
  if (result != nullptr) *result = {0, call->request().buffer, 0, 0, 0};
  BOOST_OUTCOME_TRY(const auto outcome, call->take_outcome(*found));
  if (result == nullptr) return success();
  std::ranges::copy(outcome.value, result->pValue);
  result->ulValue = outcome.value.size();
  result->hObject = outcome.object;
  result->hAdditionalObject = outcome.additional;
  return success();
}

namespace {

// It may be just about to leave together with others: then a moment later it is known how.
std::optional<token::SavedCall> saved_form(token::CallDriver& driver, const PendingCall& call) {
  const Deadline patience = Deadline::after(kMomentToLeave);
  for (;;) {
    auto saved = call.save()();
    if (saved || patience.passed()) return saved;
    std::this_thread::sleep_for(Milliseconds(1));
    driver.drive();
  }
}

// Its caller frees the buffer: from here on the session knows the call by its id only. False: its outcome has been fetched.
bool leave_to_id(token::Session& session, const std::shared_ptr<PendingCall>& call, CK_ULONG id) {
  const SteadyTime now = std::chrono::steady_clock::now();
  const MutexLock lock(session.mutex());
  auto& place = session.pending(call->request().kind);
  if (place != call) return false;
  auto& saved = session.saved();
  std::erase_if(saved, [&](const auto& each) { return each.until < now; });
  saved.push_back({call->request().kind, id, call, now + token::SavedCalls::kLongest});
  place = nullptr;
  return true;
}

}  // namespace

CkResult<void> Calls::AsyncGetID(CK_SESSION_HANDLE session, CK_UTF8CHAR_PTR function_name,
                                 CK_ULONG_PTR id) {
  BOOST_OUTCOME_TRY(const auto found, library_.session(session));
  BOOST_OUTCOME_TRY(const auto function, function_named(function_name));
  BOOST_OUTCOME_TRY(required(id, "pulID"));
  std::shared_ptr<PendingCall> call;
  {
    const MutexLock lock(found->mutex());
    const auto* const place = find_pending(*found, function);
    if (place == nullptr) return nothing_pending(function);
    call = *place;
  }
  const auto saved = call->save() ? saved_form(library_.driver(), *call) : std::nullopt;
  if (!saved) {
    return ck_error(
        CKR_STATE_UNSAVEABLE,
        "this call cannot be asked for again: it is neither a signature nor the making of "
        "a key, its service does not repeat its answers, or a secret or a whole message "
        "would have to be kept");
  }
  BOOST_OUTCOME_TRY(const CK_ULONG made, library_.saved_calls().save(*saved));
  if (!leave_to_id(*found, call, made)) {
    (void)library_.saved_calls().take(made);
    return nothing_pending(function);
  }
  *id = made;
  return success();
}

// The id stays good until everything else is as it has to be.
CkResult<void> Calls::AsyncJoin(CK_SESSION_HANDLE session, CK_UTF8CHAR_PTR function_name,
                                CK_ULONG id, CK_BYTE_PTR data, CK_ULONG data_len) {
  BOOST_OUTCOME_TRY(const auto found, library_.session(session));
  BOOST_OUTCOME_TRY(const auto function, function_named(function_name));
  if (function.starts_with("C_Sign")) {
    BOOST_OUTCOME_TRY(input(data, data_len, "pData"));
  }
  if (!found->asynchronous()) {
    return ck_error(CKR_SESSION_ASYNC_NOT_SUPPORTED, "open the session with CKF_ASYNC_SESSION");
  }
  token::Token& token = found->token();
  if (token.role() != token::Role::user)
    return ck_error(CKR_USER_NOT_LOGGED_IN, "log in to the token first");
  const auto saved = library_.saved_calls().find(id);
  if (!saved || saved->function != function) return no_saved_call();
  auto call = found_call(token, *saved);
  if (!call) return no_saved_call();
  if (call->kind == token::CallKind::generate && !found->read_write())
    return ck_error(CKR_SESSION_READ_ONLY, "open the session with CKF_RW_SESSION");
  if (data_len < call->output_size) {
    return ck_error(CKR_BUFFER_TOO_SMALL,
                    "the signature has " + std::to_string(call->output_size) + " bytes");
  }
  return join_pending(library_, *found, id,
                      {.function = function,
                       .kind = call->kind,
                       .has_output = true,
                       .buffer = call->output_size == 0 ? nullptr : data},
                      std::move(call->work));
}

}  // namespace signet::edge
