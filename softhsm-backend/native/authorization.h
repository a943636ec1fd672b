// HTTP Basic, and the contract's words for who is not admitted.
#ifndef SIGNET_SOFTHSM_BACKEND_NATIVE_AUTHORIZATION_H_
#define SIGNET_SOFTHSM_BACKEND_NATIVE_AUTHORIZATION_H_

#include <string_view>

#include "softhsm-backend/authenticator.h"
#include "softhsm-backend/native/problem.h"

namespace signet::emulator {

// The account of an Authorization header, with the password it came with.
struct Caller {
  Account account;
  Secret password;
};

Outcome<Caller> caller_of(std::string_view authorization, Authenticator& authenticator,
                          Authenticator::Expired expired);

Problem problem_of(Denial denial);

}  // namespace signet::emulator

#endif  // SIGNET_SOFTHSM_BACKEND_NATIVE_AUTHORIZATION_H_
