// Names for what the server keeps.
#ifndef SIGNET_SEAL_SERVER_STORE_NEW_ID_H_
#define SIGNET_SEAL_SERVER_STORE_NEW_ID_H_

#include <array>
#include <stdexcept>
#include <string>

#include "common/bytes.h"
#include "crypto/context.h"

namespace signet::sealserver {

// 128 random bits as 32 hexadecimal digits.
inline std::string new_id() {
  std::array<std::uint8_t, 16> octets;
  if (!crypto::random_bytes(octets)) throw std::runtime_error("There is no randomness.");
  return to_hex(octets);
}

}  // namespace signet::sealserver

#endif  // SIGNET_SEAL_SERVER_STORE_NEW_ID_H_
