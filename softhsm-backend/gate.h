// Who may come in: HTTP Basic against the accounts, with the lock, expiry, activation and sign
// credential.
#ifndef SIGNET_SOFTHSM_BACKEND_GATE_H_
#define SIGNET_SOFTHSM_BACKEND_GATE_H_

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "common/secret.h"
#include "softhsm-backend/accounts.h"
#include "softhsm-backend/checkout_pool.h"
#include "softhsm-backend/commit_queue.h"
#include "softhsm-backend/passwords.h"
#include "softhsm-backend/native/problem.h"

namespace signet::emulator {

// Thread-safe.
class Gate {
 public:
  Gate(CommitQueue& writes, CheckoutPool<Database>& reads) : writes_(writes), reads_(reads) {}

  // The account of an Authorization header, with the password it came with.
  struct Entrant {
    Account account;
    Secret password;
  };
  enum class Expired { refused, admitted };
  Outcome<Entrant> admit(std::string_view authorization, Expired expired);

  // Checks the second credential where the account has one. A one-time step in the value must be
  // used up (use_one_time_step) in the transaction that records the signature.
  Outcome<std::optional<std::int64_t>> check_sign_credential(const Account& account,
                                                             const std::optional<Secret>& given);

 private:
  std::optional<Account> read(const std::string& user);
  Outcome<void> check_password(const Account& account, const Secret& password);
  Outcome<void> check_password_slowly(const std::string& user, const Secret& password);
  Outcome<std::optional<std::int64_t>> check_one_time(const Account& account, const Secret& given);
  Outcome<void> check_sign_password(const Account& account, const Secret& given);

  CommitQueue& writes_;
  CheckoutPool<Database>& reads_;
  VerifiedPasswords verified_;
  std::mutex slow_;  // one slow hash at a time: the rest of the machine signs
};

}  // namespace signet::emulator

#endif  // SIGNET_SOFTHSM_BACKEND_GATE_H_
