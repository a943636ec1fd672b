// `signet-seald run`: serves a folder until it is told to stop.
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <csignal>
#include <memory>
#include <optional>
#include <stdexcept>

#include "common/log.h"
#include "common/private_file.h"
#include "seal-server/program/commands.h"
#include "seal-server/program/settings.h"
#include "seal-server/program/stamper.h"
#include "seal-server/server/handler.h"

namespace signet::sealserver {

namespace {

struct RunOptions {
  std::filesystem::path folder;
  std::filesystem::path ready_file;  // empty: none
  unsigned workers = 16;
};

void tidy(Service& service) {
  try {
    service.tidy();
  } catch (const std::exception& error) {
    log::warn("old transactions and answers stay as they are: {}", error.what());
  }
}

boost::asio::awaitable<void> tidy_each_minute(Service& service, boost::asio::thread_pool& workers,
                                              boost::asio::any_io_executor executor) {
  boost::asio::steady_timer timer(executor);
  while (true) {
    timer.expires_after(std::chrono::minutes(1));
    co_await timer.async_wait(boost::asio::use_awaitable);
    boost::asio::post(workers, [&service] { tidy(service); });
  }
}

void stamp(Stamper& stamper, Sequencer& sequencer) {
  try {
    const auto size = stamper.stamp(sequencer);
    if (size) log::info("the checkpoint of size {} is time-stamped", *size);
  } catch (const std::exception& error) {
    log::warn("today's time-stamp is missing still: {}", error.what());
  }
}

// One at a time: an authority may be slow.
boost::asio::awaitable<void> stamp_each_day(Stamper& stamper, Sequencer& sequencer,
                                            boost::asio::thread_pool& workers) {
  boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor);
  while (true) {
    co_await boost::asio::co_spawn(
        workers,
        [&]() -> boost::asio::awaitable<void> {
          stamp(stamper, sequencer);
          co_return;
        },
        boost::asio::use_awaitable);
    timer.expires_after(std::chrono::minutes(15));
    co_await timer.async_wait(boost::asio::use_awaitable);
  }
}

boost::asio::awaitable<void> reload_on(boost::asio::signal_set& hangup, Handler& handler) {
  while (true) {
    co_await hangup.async_wait(boost::asio::use_awaitable);
    boost::asio::post(handler.workers(), [&handler] { handler.reload_tls(); });
  }
}

void serve_folder(const RunOptions& options) {
  const ServerFolder folder = ServerFolder::open(options.folder);
  const Settings& settings = folder.settings();
  Sequencer sequencer(folder.log_key(), folder.sequencer_options());
  Service service(sequencer, {.database = folder.database()});
  Handler handler(
      service,
      {.certificates = settings.certificates, .key = settings.key, .workers = options.workers});
  auto listening =
      https::server::Server::listen(handler, {.address = settings.address, .port = settings.port});
  if (!listening) throw std::runtime_error(listening.assume_error());
  https::server::Server& server = *listening.assume_value();
  const auto executor = server.executor();
  // Whoever sees the ready file may send one.
  server.stop_on({SIGTERM, SIGINT});
  boost::asio::signal_set hangup(executor, SIGHUP);
  log::info("listening on {} port {}", settings.address, server.port());
  if (!options.ready_file.empty()) {
    const auto written = replace_private_file(
        options.ready_file, view_of(std::to_string(server.port()) + "\n"), Durability::none);
    if (!written) throw std::runtime_error(written.assume_error().sentence);
  }
  boost::asio::co_spawn(executor, tidy_each_minute(service, handler.workers(), executor),
                        boost::asio::detached);
  boost::asio::co_spawn(executor, reload_on(hangup, handler), boost::asio::detached);
  std::optional<Stamper> stamper;
  if (!settings.tsa.empty()) {
    stamper.emplace(folder);
    boost::asio::co_spawn(executor, stamp_each_day(*stamper, sequencer, handler.workers()),
                          boost::asio::detached);
  }
  server.run();
  handler.join();
  log::info("stopped");
}

}  // namespace

void add_run_command(CLI::App& app) {
  CLI::App* run = app.add_subcommand(
      "run", "Serve a folder until SIGTERM; SIGHUP reads the TLS certificate and key again");
  const auto options = std::make_shared<RunOptions>();
  run->add_option("dir", options->folder, "The folder that init made")->required();
  run->add_option("--ready-file", options->ready_file,
                  "Written, with the port, once connections are accepted");
  run->add_option("--workers", options->workers, "Threads that wait for the database")
      ->check(CLI::Range(1, 256))
      ->capture_default_str();
  run->callback([options] { serve_folder(*options); });
}

}  // namespace signet::sealserver
