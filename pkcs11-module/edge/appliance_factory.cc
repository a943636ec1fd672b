#include "pkcs11-module/edge/appliance_factory.h"

#include "dsa-transport/rest_appliance.h"
#include "signet_version.h"

namespace signet::edge {

std::unique_ptr<transport::Appliance> make_appliance(const config::TokenConfig& token,
                                                     bool may_create_threads) {
  transport::RestOptions options;
  options.members = token.members;
  options.client_certificate = token.client_certificate;
  options.limits = token.limits;
  options.user_agent = "signet/" SIGNET_VERSION;
  options.may_create_threads = may_create_threads;
  return transport::make_rest_appliance(std::move(options));
}

}  // namespace signet::edge
