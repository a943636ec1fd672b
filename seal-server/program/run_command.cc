// `signet-seald run`: serves a folder until it is told to stop.
#include <sys/resource.h>

#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <memory>
#include <optional>
#include <stdexcept>

#include "common/log.h"
#include "common/private_file.h"
#include "seal-server/certificates/clerk.h"
#include "seal-server/program/authorities.h"
#include "seal-server/program/commands.h"
#include "seal-server/program/settings.h"
#include "seal-server/program/stamper.h"
#include "seal-server/server/chores.h"
#include "seal-server/server/handler.h"

namespace signet::sealserver {

namespace {

struct RunOptions {
  std::filesystem::path folder;
  std::filesystem::path ready_file;  // empty: none
  unsigned workers = 16;
};

void stamp(Stamper& stamper, Sequencer& sequencer) {
  const auto size = stamper.stamp(sequencer);
  if (size) log::info("the checkpoint of size {} is time-stamped", *size);
}

// An open connection is a descriptor: as many as the system lets this process have.
void allow_connections() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  if (setrlimit(RLIMIT_NOFILE, &limit) != 0) log::warn("connections may be few: RLIMIT_NOFILE");
}

boost::asio::awaitable<void> reload_on(boost::asio::signal_set& hangup, Handler& handler) {
  while (true) {
    co_await hangup.async_wait(boost::asio::use_awaitable);
    boost::asio::post(handler.workers(), [&handler] { handler.reload_tls(); });
  }
}

void serve_folder(const RunOptions& options) {
  allow_connections();
  const ServerFolder folder = ServerFolder::open(options.folder);
  const Settings& settings = folder.settings();
  Sequencer sequencer(folder.log_key(), folder.sequencer_options());
  Clerk clerk(sequencer, authorities_of(folder));
  ClerkThread clerk_thread(clerk);
  Service service(sequencer, {.database = folder.database(),
                              .ordered = [&clerk_thread] { clerk_thread.wake(); }});
  Pages pages(sequencer, {.database = folder.database()});
  Handler handler(service, {.certificates = settings.certificates,
                            .key = settings.key,
                            .workers = options.workers,
                            .pages = &pages});
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
  start_chore(executor, handler.workers(),
              {.name = "old transactions and answers stay as they are",
               .work = [&service] { service.tidy(); },
               .every = std::chrono::minutes(1)});
  boost::asio::co_spawn(executor, reload_on(hangup, handler), boost::asio::detached);
  std::optional<Stamper> stamper;
  if (!settings.tsa.empty()) {
    stamper.emplace(folder);
    start_chore(executor, handler.workers(),
                {.name = "today's time-stamp is missing still",
                 .work = [&stamper, &sequencer] { stamp(*stamper, sequencer); },
                 .every = std::chrono::minutes(15)});
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
