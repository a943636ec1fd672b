// Addresses of this machine, as the sockets of tests want them.
#ifndef SIGNET_TESTS_SUPPORT_LOOPBACK_H_
#define SIGNET_TESTS_SUPPORT_LOOPBACK_H_

#include <netinet/in.h>
#include <sys/socket.h>

#include <cstdint>
#include <stdexcept>

namespace signet::tests {

// 127.0.0.1; port 0 is any free one.
inline sockaddr_in local_address(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

// Binds the socket to a free port, which is the result; throws where there is none.
inline std::uint16_t bind_to_free_port(int socket) {
  sockaddr_in address = local_address(0);
  socklen_t size = sizeof address;
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  if (::bind(socket, generic, size) != 0 || ::getsockname(socket, generic, &size) != 0)
    throw std::runtime_error("no free port on 127.0.0.1");
  return ntohs(address.sin_port);
}

}  // namespace signet::tests

#endif  // SIGNET_TESTS_SUPPORT_LOOPBACK_H_
