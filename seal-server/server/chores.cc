#include "seal-server/server/chores.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

#include "common/log.h"
#include "https/server/server.h"

namespace signet::sealserver {

namespace {

void do_once(const Chore& chore) {
  try {
    chore.work();
  } catch (const std::exception& error) {
    log::warn("{}: {}", chore.name, error.what());
  }
}

boost::asio::awaitable<void> repeat(boost::asio::thread_pool& workers, Chore chore) {
  boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor);
  while (true) {
    co_await https::server::run_on(workers, [&chore] {
      do_once(chore);
      return true;
    });
    timer.expires_after(chore.every);
    co_await timer.async_wait(boost::asio::use_awaitable);
  }
}

}  // namespace

void start_chore(const boost::asio::any_io_executor& executor, boost::asio::thread_pool& workers,
                 Chore chore) {
  boost::asio::co_spawn(executor, repeat(workers, std::move(chore)), boost::asio::detached);
}

}  // namespace signet::sealserver
