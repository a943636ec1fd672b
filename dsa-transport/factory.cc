#include "dsa-transport/factory.h"

#include <utility>

#include "dsa-transport/csc/csc_appliance.h"
#include "dsa-transport/native/native_appliance.h"
#include "dsa-transport/sapiws/sapiws_appliance.h"

namespace signet::transport {

std::unique_ptr<Appliance> make_appliance(Settings settings) {
  switch (settings.dialect) {
    case config::Dialect::csc:
      return std::make_unique<csc::CscAppliance>(std::move(settings));
    case config::Dialect::sapiws:
      return std::make_unique<sapiws::SapiwsAppliance>(std::move(settings));
    case config::Dialect::native:
      break;
  }
  return std::make_unique<native::NativeAppliance>(std::move(settings));
}

}  // namespace signet::transport
