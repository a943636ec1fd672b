// Which hosts may be asked where a certificate of a stranger names them: none inside this machine or its network.
#ifndef SIGNET_VALIDATION_ONLINE_LOCAL_ADDRESS_H_
#define SIGNET_VALIDATION_ONLINE_LOCAL_ADDRESS_H_

#include <string>

#include "common/result.h"

struct sockaddr;

namespace signet::validation {

// Loopback, private, link-local, shared (RFC 6598), unspecified, multicast and reserved addresses; in IPv6 also those that carry
// such an IPv4 address. Anything that is no IP address is local.
bool is_local(const sockaddr& address);

// Where somebody else looks the host up: whether it is a local address in any notation that a resolver takes ("127.1", "0x7f.1"), or
// a name without a dot or below "localhost". `host`: in lower case, an IPv6 address without brackets.
bool is_local_by_name(const std::string& host);

// What is said of a host that is refused for that.
inline constexpr const char* kLocalHost =
    "the host has a local address, which is asked only where it is named";

struct HostAddresses {
  std::string list;  // "192.0.2.1,[2001:db8::1]"
};

// The addresses of a host as https::EndpointOptions::addresses wants them: looked up once, so that what was checked is what is
// connected to. The error is a sentence. Refused where one of them is local, unless `may_be_local`.
Result<HostAddresses, std::string> addresses_of(const std::string& host, const std::string& port,
                                                bool may_be_local);

}  // namespace signet::validation

#endif  // SIGNET_VALIDATION_ONLINE_LOCAL_ADDRESS_H_
