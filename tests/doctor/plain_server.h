// A server that greets whoever connects, in plain text, and closes: what stands behind a wrong port.
#ifndef SIGNET_TESTS_DOCTOR_PLAIN_SERVER_H_
#define SIGNET_TESTS_DOCTOR_PLAIN_SERVER_H_

#include <sys/socket.h>

#include <cstdint>
#include <stdexcept>
#include <string>
#include <thread>

#include "common/descriptor.h"
#include "tests/support/loopback.h"

namespace signet::tests {

// Listens on a free port of 127.0.0.1.
class PlainServer {
 public:
  explicit PlainServer(std::string greeting)
      : greeting_(std::move(greeting)),
        listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    port_ = bind_to_free_port(listener_.get());
    if (::listen(listener_.get(), 8) != 0) throw std::runtime_error("cannot listen");
    thread_ = std::thread([this] { serve(); });
  }
  ~PlainServer() {
    ::shutdown(listener_.get(), SHUT_RDWR);  // ends accept()
    thread_.join();
  }
  PlainServer(const PlainServer&) = delete;
  PlainServer& operator=(const PlainServer&) = delete;

  std::uint16_t port() const { return port_; }

 private:
  void serve() const {
    for (;;) {
      const Descriptor client(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
      if (!client) return;
      (void)::send(client.get(), greeting_.data(), greeting_.size(), MSG_NOSIGNAL);
      ::shutdown(client.get(), SHUT_WR);
      char ignored = 0;
      while (::recv(client.get(), &ignored, 1, 0) > 0) {
      }
    }
  }

  const std::string greeting_;
  const Descriptor listener_;
  std::uint16_t port_ = 0;
  std::thread thread_;
};

}  // namespace signet::tests

#endif  // SIGNET_TESTS_DOCTOR_PLAIN_SERVER_H_
