// Which appliance stands behind a token: chosen when the library is linked. The module gets a client of the network
// (appliance_factory.cc); the tests of the edge get an appliance in memory.
#ifndef SIGNET_PKCS11_MODULE_EDGE_APPLIANCE_FACTORY_H_
#define SIGNET_PKCS11_MODULE_EDGE_APPLIANCE_FACTORY_H_

#include <memory>

#include "config/config.h"
#include "dsa-transport/appliance.h"

namespace signet::edge {

// Touches no network.
std::unique_ptr<transport::Appliance> make_appliance(const config::TokenConfig& token,
                                                     bool may_create_threads);

}  // namespace signet::edge

#endif  // SIGNET_PKCS11_MODULE_EDGE_APPLIANCE_FACTORY_H_
