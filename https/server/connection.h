// One client's connection: TLS, then requests one after the other.
#ifndef SIGNET_HTTPS_SERVER_CONNECTION_H_
#define SIGNET_HTTPS_SERVER_CONNECTION_H_

#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "https/server/server.h"

namespace signet::https::server {

// What all connections of a server share.
struct Shared {
  Handler& handler;
  const Limits limits;
  std::atomic<int> connections{0};
  std::atomic<int> at_work{0};  // requests between their last byte and the answer's
  std::atomic<bool> stopping{false};
};

// Serves `socket` until either side ends it; never throws.
boost::asio::awaitable<void> serve_connection(boost::asio::ip::tcp::socket socket, Shared& shared);

}  // namespace signet::https::server

#endif  // SIGNET_HTTPS_SERVER_CONNECTION_H_
