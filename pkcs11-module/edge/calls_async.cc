// Asynchronous calls (PKCS#11 3.2, "Asynchronous function management").

#include <algorithm>
#include <array>
#include <cstring>
#include <string_view>
#include <utility>

#include "pkcs11-module/edge/arguments.h"
#include "pkcs11-module/edge/calls.h"

namespace signet::edge {

namespace {

using token::PendingCall;

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

CkResult<void> Calls::AsyncGetID(CK_SESSION_HANDLE session, CK_UTF8CHAR_PTR function_name,
                                 CK_ULONG_PTR id) {
  BOOST_OUTCOME_TRY(const auto found, library_.session(session));
  BOOST_OUTCOME_TRY(const auto function, function_named(function_name));
  BOOST_OUTCOME_TRY(required(id, "pulID"));
  const MutexLock lock(found->mutex());
  if (find_pending(*found, function) == nullptr) return nothing_pending(function);
  return ck_error(CKR_STATE_UNSAVEABLE, "no call outlives its process");
}

CkResult<void> Calls::AsyncJoin(CK_SESSION_HANDLE session, CK_UTF8CHAR_PTR function_name,
                                CK_ULONG /*id*/, CK_BYTE_PTR data, CK_ULONG data_len) {
  BOOST_OUTCOME_TRY(const auto found, library_.session(session));
  BOOST_OUTCOME_TRY(function_named(function_name));
  BOOST_OUTCOME_TRY(input(data, data_len, "pData"));
  if (!found->asynchronous()) {
    return ck_error(CKR_SESSION_ASYNC_NOT_SUPPORTED, "open the session with CKF_ASYNC_SESSION");
  }
  return ck_error(CKR_SAVED_STATE_INVALID, "there is no such id");
}

}  // namespace signet::edge
