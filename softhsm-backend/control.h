// The emulator's own interface beside the contract: /x-emulator/v1/faults and
// /x-emulator/v1/counters. Served to peers on the loopback interface alone, without a password.
#ifndef SIGNET_SOFTHSM_BACKEND_CONTROL_H_
#define SIGNET_SOFTHSM_BACKEND_CONTROL_H_

#include <string_view>

#include "softhsm-backend/counters.h"
#include "softhsm-backend/faults.h"
#include "softhsm-backend/message.h"

namespace signet::emulator {

bool is_control(std::string_view target);

Answer handle_control(const Request& request, FaultQueue& faults, const Counters& counters);

}  // namespace signet::emulator

#endif  // SIGNET_SOFTHSM_BACKEND_CONTROL_H_
