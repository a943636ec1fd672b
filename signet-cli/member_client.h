// The client of one member alone: another one's answer says nothing about it.
#ifndef SIGNET_SIGNET_CLI_MEMBER_CLIENT_H_
#define SIGNET_SIGNET_CLI_MEMBER_CLIENT_H_

#include <memory>
#include <utility>

#include "config/config.h"
#include "dsa-transport/factory.h"

namespace signet::cli {

enum class Repeats { allowed, never };

inline std::unique_ptr<transport::Appliance> client_of(const config::TokenConfig& token,
                                                       const config::MemberConfig& member,
                                                       Repeats repeats) {
  transport::Settings settings = transport::settings_of(token);
  settings.members = {member};
  settings.user_agent = "signet/" SIGNET_VERSION;
  settings.may_repeat = repeats == Repeats::allowed;
  return transport::make_appliance(std::move(settings));
}

}  // namespace signet::cli

#endif  // SIGNET_SIGNET_CLI_MEMBER_CLIENT_H_
