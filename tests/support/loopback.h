// Addresses of this machine, as the sockets of tests want them.
#ifndef SIGNET_TESTS_SUPPORT_LOOPBACK_H_
#define SIGNET_TESTS_SUPPORT_LOOPBACK_H_

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <stdexcept>
#include <string>

namespace signet::tests {

// Port 0 is any free one.
inline sockaddr_in local_address(std::uint16_t port, const std::string& host = "127.0.0.1") {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  if (inet_pton(AF_INET, host.c_str(), &address.sin_addr) != 1)
    throw std::runtime_error(host + " is no address");
  return address;
}

// An address of the loopback network that no other process uses, for a server that cannot be told to choose its port
// itself: one that was free there a moment ago still is.
inline std::string own_address() {
  const auto process = static_cast<unsigned>(getpid());  // at most 22 bits
  return "127." + std::to_string(64 + (process >> 16U)) + "." +
         std::to_string(process >> 8U & 0xffU) + "." + std::to_string(process & 0xffU);
}

// Binds the socket to a free port, which is the result; throws where there is none.
inline std::uint16_t bind_to_free_port(int socket, const std::string& host = "127.0.0.1") {
  sockaddr_in address = local_address(0, host);
  socklen_t size = sizeof address;
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  if (::bind(socket, generic, size) != 0 || ::getsockname(socket, generic, &size) != 0)
    throw std::runtime_error("no free port on " + host);
  return ntohs(address.sin_port);
}

}  // namespace signet::tests

#endif  // SIGNET_TESTS_SUPPORT_LOOPBACK_H_
