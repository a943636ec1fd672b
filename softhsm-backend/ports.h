// Ports for servers that listen later, and again after each restart.
#ifndef SIGNET_SOFTHSM_BACKEND_PORTS_H_
#define SIGNET_SOFTHSM_BACKEND_PORTS_H_

#include <cstdint>
#include <string>

namespace signet::emulator {

// The ports that the system gives to nobody by itself: to no connection and to no socket that is bound to port 0.
struct PortRange {
  unsigned first = 0;
  unsigned count = 0;  // 0: there are none

  static PortRange of_this_machine();
};

// A free port of PortRange. All processes of a user take turns through the range, so that it is given out again only
// after all others. Where there is no such range: any that is free now. Throws std::runtime_error where no port is free.
std::uint16_t reserve_port(const std::string& address);

}  // namespace signet::emulator

#endif  // SIGNET_SOFTHSM_BACKEND_PORTS_H_
