#include "dsa-transport/factory.h"

#include <utility>

#include "dsa-transport/native/native_appliance.h"

namespace signet::transport {

std::unique_ptr<Appliance> make_appliance(Settings settings) {
  return std::make_unique<native::NativeAppliance>(std::move(settings));
}

}  // namespace signet::transport
