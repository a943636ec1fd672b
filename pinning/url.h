// The address of an appliance: https, host, port, path, and nothing else.
#ifndef SIGNET_PINNING_URL_H_
#define SIGNET_PINNING_URL_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "common/result.h"

namespace signet::pinning {

struct Url {
  std::string host;  // a name or an IPv4 address, or an IPv6 address without its brackets
  std::optional<std::uint16_t> port;
  std::string path;  // "/dsa/v1", without a trailing slash; may be empty

  // "https://host:port/path"
  std::string text() const;
};

// The error is the end of a sentence: "has no host".
Either<Url, std::string> parse_url(std::string_view text);

}  // namespace signet::pinning

#endif  // SIGNET_PINNING_URL_H_
