// What a seal's signature is over; for seal.cc, which checks, and seal_sign.cc, which signs.
#ifndef SIGNET_PINNING_SEAL_MESSAGE_H_
#define SIGNET_PINNING_SEAL_MESSAGE_H_

#include <cstdint>
#include <string_view>

#include "common/bytes.h"

namespace signet::pinning {

Bytes seal_message(std::string_view series, std::uint64_t counter, ByteView config);

}  // namespace signet::pinning

#endif  // SIGNET_PINNING_SEAL_MESSAGE_H_
