// The client of one member alone: another one's answer says nothing about it.
#ifndef SIGNET_SIGNET_CLI_MEMBER_CLIENT_H_
#define SIGNET_SIGNET_CLI_MEMBER_CLIENT_H_

#include <memory>
#include <utility>

#include "config/config.h"
#include "dsa-transport/rest_appliance.h"

namespace signet::cli {

enum class Repeats { allowed, never };

inline std::unique_ptr<transport::RestAppliance> client_of(const config::TokenConfig& token,
                                                           const config::MemberConfig& member,
                                                           Repeats repeats) {
  transport::RestOptions options{.members = {member},
                                 .client_certificate = token.client_certificate,
                                 .limits = token.limits,
                                 .user_agent = "signet/" SIGNET_VERSION};
  options.may_repeat = repeats == Repeats::allowed;
  return transport::make_rest_appliance(std::move(options));
}

}  // namespace signet::cli

#endif  // SIGNET_SIGNET_CLI_MEMBER_CLIENT_H_
