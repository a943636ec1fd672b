// One client's connection: TLS, then requests one after the other.
#ifndef SIGNET_SOFTHSM_BACKEND_CONNECTION_H_
#define SIGNET_SOFTHSM_BACKEND_CONNECTION_H_

#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/thread_pool.hpp>

#include "softhsm-backend/counters.h"
#include "softhsm-backend/faults.h"
#include "softhsm-backend/native/service.h"

namespace signet::emulator {

// What all connections of a server share.
struct Hall {
  Service& service;
  FaultQueue faults;
  Counters counters;
  boost::asio::ssl::context live;
  boost::asio::ssl::context backup;
  boost::asio::ssl::context foreign;
  boost::asio::thread_pool workers;  // quick calls
  boost::asio::thread_pool makers;   // key generation, which must not hold up signatures
  std::atomic<int> at_work{0};       // requests between their last byte and the answer's
  std::atomic<bool> closing{false};
};

// Serves `socket` until either side ends it; never throws.
boost::asio::awaitable<void> serve_connection(boost::asio::ip::tcp::socket socket, Hall& hall);

}  // namespace signet::emulator

#endif  // SIGNET_SOFTHSM_BACKEND_CONNECTION_H_
