// Administration of an appliance's accounts, where a dialect offers it: beside Appliance, since no program that signs needs it.
#ifndef SIGNET_DSA_TRANSPORT_APPLIANCE_ACCOUNTS_H_
#define SIGNET_DSA_TRANSPORT_APPLIANCE_ACCOUNTS_H_

#include <optional>
#include <string>
#include <utility>

#include "dsa-transport/appliance.h"

namespace signet::transport {

struct NewAccount {
  std::string user;
  std::string common_name;
  std::optional<unsigned> key_limit = {};  // keys that it may have; absent: the appliance's own
};

// What an Appliance is besides, or is not: dynamic_cast tells.
class AccountAdministration {
 public:
  virtual ~AccountAdministration() = default;

  // A new account with a user's rights and this password; administrators only. exists_already where there is one of this
  // name.
  virtual Task<Answer<void>> start_add_account(const Credential& administrator, NewAccount account,
                                               const Secret& password, Deadline deadline) = 0;

  Answer<void> add_account(const Credential& administrator, NewAccount account,
                           const Secret& password, Deadline deadline) {
    return start_add_account(administrator, std::move(account), password, deadline).finish();
  }
};

}  // namespace signet::transport

#endif  // SIGNET_DSA_TRANSPORT_APPLIANCE_ACCOUNTS_H_
