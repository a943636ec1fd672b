#include "pkcs11-module/edge/appliance_factory.h"

#include "dsa-transport/factory.h"
#include "signet_version.h"

namespace signet::edge {

std::unique_ptr<transport::Appliance> make_appliance(const config::TokenConfig& token,
                                                     bool may_create_threads) {
  transport::Settings settings = transport::settings_of(token);
  settings.user_agent = "signet/" SIGNET_VERSION;
  settings.may_create_threads = may_create_threads;
  return transport::make_appliance(std::move(settings));
}

}  // namespace signet::edge
