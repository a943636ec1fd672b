// What the server does by the clock, beside the requests.
#ifndef SIGNET_SEAL_SERVER_SERVER_CHORES_H_
#define SIGNET_SEAL_SERVER_SERVER_CHORES_H_

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/thread_pool.hpp>
#include <chrono>
#include <functional>

namespace signet::sealserver {

// May block; an exception is in the log, and the next time comes.
struct Chore {
  const char* name;  // what stays undone where it fails, for the log
  std::function<void()> work;
  std::chrono::milliseconds every;
};

// At once, and then each time so long after its end, in a thread of `workers`, until the executor's context stops.
void start_chore(const boost::asio::any_io_executor& executor, boost::asio::thread_pool& workers,
                 Chore chore);

}  // namespace signet::sealserver

#endif  // SIGNET_SEAL_SERVER_SERVER_CHORES_H_
