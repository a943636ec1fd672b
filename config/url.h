// The address of an appliance: https, host, port, path, and nothing else.
#ifndef SIGNET_CONFIG_URL_H_
#define SIGNET_CONFIG_URL_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "common/result.h"

namespace signet::config {

struct Url {
  std::string host;  // a name or an IPv4 address, or an IPv6 address without its brackets
  std::optional<std::uint16_t> port;
  std::string path;  // "/dsa/v1", without a trailing slash; may be empty

  // "https://host:port/path"
  std::string text() const;
};

// The error is the end of a sentence: "has no host".
Result<Url, std::string> parse_url(std::string_view text);

// Of an HTTP proxy: "http://host:port", nothing else. The error likewise.
Result<void, std::string> check_proxy(std::string_view text);

}  // namespace signet::config

#endif  // SIGNET_CONFIG_URL_H_
