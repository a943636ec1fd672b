// How to reach an appliance.
#ifndef SIGNET_DSA_TRANSPORT_SETTINGS_H_
#define SIGNET_DSA_TRANSPORT_SETTINGS_H_

#include <optional>
#include <string>
#include <vector>

#include "config/config.h"

namespace signet::transport {

struct Settings {
  std::vector<config::MemberConfig> members;  // the primary first; at least one
  std::string user = {};                      // the token's
  std::optional<config::ClientCertificate> client_certificate;
  config::Limits limits;
  config::Dialect dialect = config::Dialect::native;
  config::CscConfig csc = {};        // of that dialect
  config::SapiwsConfig sapiws = {};  // likewise
  std::string user_agent = "signet";

  // False: nothing here starts a thread; a host's name is then looked up in the calling thread,
  // which no deadline can cut short.
  bool may_create_threads = true;

  // False: a call ends with its first attempt at each member, so that a password is sent at most
  // once to each, whatever becomes of the answer.
  bool may_repeat = true;
};

inline Settings settings_of(const config::TokenConfig& token) {
  return {.members = token.members,
          .user = token.user,
          .client_certificate = token.client_certificate,
          .limits = token.limits,
          .dialect = token.dialect,
          .csc = token.csc,
          .sapiws = token.sapiws};
}

}  // namespace signet::transport

#endif  // SIGNET_DSA_TRANSPORT_SETTINGS_H_
