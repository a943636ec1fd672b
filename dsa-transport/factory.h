// Makes the appliance of a token: the only place that knows the dialects.
#ifndef SIGNET_DSA_TRANSPORT_FACTORY_H_
#define SIGNET_DSA_TRANSPORT_FACTORY_H_

#include <memory>

#include "dsa-transport/appliance.h"
#include "dsa-transport/settings.h"

namespace signet::transport {

// Reaches for no network and starts nothing. About its end, see native/native_appliance.h.
std::unique_ptr<Appliance> make_appliance(Settings settings);

}  // namespace signet::transport

#endif  // SIGNET_DSA_TRANSPORT_FACTORY_H_
