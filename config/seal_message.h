// What a seal's signature is over; for seal.cc, which checks, and seal_sign.cc, which signs.
#ifndef SIGNET_CONFIG_SEAL_MESSAGE_H_
#define SIGNET_CONFIG_SEAL_MESSAGE_H_

#include <cstdint>
#include <string_view>

#include "common/bytes.h"

namespace signet::config {

Bytes seal_message(std::string_view series, std::uint64_t counter, ByteView config);

}  // namespace signet::config

#endif  // SIGNET_CONFIG_SEAL_MESSAGE_H_
