// What the appliance says when it does not do what was asked: RFC 9457 with the SAPI code of the
// contract.
#ifndef SIGNET_SOFTHSM_BACKEND_NATIVE_PROBLEM_H_
#define SIGNET_SOFTHSM_BACKEND_NATIVE_PROBLEM_H_

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/result.h"
#include "softhsm-backend/message.h"

namespace signet::emulator {

struct Problem {
  unsigned status = 500;
  std::string sapi_code;
  std::string title;
  std::string detail;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string primary;  // 421 only: where writes belong
};

// A value, or what to answer instead.
template <typename T>
using Outcome = Result<T, Problem>;

Answer to_answer(const Problem& problem);

// A row of the contract's table of failures, or one of HTTP's own; called with the sentence that says what is wrong.
struct ProblemKind {
  unsigned status;
  const char* sapi_code;
  const char* title;

  Problem operator()(std::string detail) const;
};

// One of which there is only one thing to say.
struct KnownProblem {
  ProblemKind kind;
  const char* detail;

  Problem operator()() const { return kind(detail); }
};

namespace problems {

inline constexpr const char* kBadParameter = "0x90030702";
inline constexpr const char* kNoSuchObject = "0x90030705";
inline constexpr const char* kExists = "0x90030704";

inline constexpr ProblemKind malformed{400, kBadParameter, "Malformed request"};
inline constexpr ProblemKind key_locked{403, "0x900201E1", "Key locked"};
inline constexpr ProblemKind sign_credential{403, "0x900201EA", "Sign credential refused"};
inline constexpr ProblemKind no_such_object{404, kNoSuchObject, "No such object"};
inline constexpr ProblemKind too_large{413, kBadParameter, "Content too large"};
inline constexpr ProblemKind password_policy{422, "0x900201E6", "New password against policy"};
inline constexpr ProblemKind password_length{422, "0x900201E7", "New password of a wrong length"};
inline constexpr ProblemKind digest_length{422, "0x90030384", "Wrong digest length"};
inline constexpr ProblemKind bad_parameter{422, kBadParameter, "Bad parameter"};

inline constexpr KnownProblem account_locked{
    {403, "0x900201E2", "Account locked"},
    "Too many wrong passwords; an administrator must unlock the account."};
inline constexpr KnownProblem password_expired{
    {403, "0x900201E3", "Password expired"},
    "Only PUT /account/password works until the password is changed."};
inline constexpr KnownProblem account_disabled{{403, "0x900201E4", "Account disabled"},
                                               "An administrator disabled the account."};
inline constexpr KnownProblem account_not_activated{{403, "0x900201E5", "Account not activated"},
                                                    "The account was never activated."};
inline constexpr KnownProblem not_permitted{{403, "0x900201EB", "Not permitted"},
                                            "Only an administrator may do this."};
inline constexpr KnownProblem no_such_path{{404, kNoSuchObject, "No such resource"},
                                           "There is nothing at this path."};
inline constexpr KnownProblem set_changed{
    {409, kExists, "Objects changed"},
    "The set of objects changed between two pages; start again without a cursor."};
inline constexpr KnownProblem wrong_content_type{
    {415, kBadParameter, "Unsupported media type"},
    "A request with a body needs Content-Type: application/json."};
inline constexpr KnownProblem idempotency_conflict{
    bad_parameter, "This Idempotency-Key was used with another request."};
inline constexpr KnownProblem header_too_large{{431, kBadParameter, "Header too large"},
                                               "The request's header is over the limit."};
inline constexpr KnownProblem appliance_fault{{500, "0x90010001", "Appliance fault"},
                                              "The appliance failed; its log says why."};
inline constexpr KnownProblem key_limit{{507, "0x90037008", "Key limit reached"},
                                        "The account may not have more keys."};
inline constexpr KnownProblem certificate_limit{{507, "0x90037009", "Certificate limit reached"},
                                                "The account may not have more certificates."};

// Those with a header or a member of their own.
Problem wrong_password();                          // 401
Problem wrong_method(const std::string& allowed);  // 405
Problem misdirected(std::string primary);          // 421
Problem busy(std::string detail);                  // 503

}  // namespace problems

}  // namespace signet::emulator

#endif  // SIGNET_SOFTHSM_BACKEND_NATIVE_PROBLEM_H_
