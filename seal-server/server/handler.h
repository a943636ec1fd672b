// What signet-seald serves over HTTPS: the contract to clients with a certificate; the web pages to browsers; and to whoever
// comes without one, its health, and its figures to this machine alone.
#ifndef SIGNET_SEAL_SERVER_SERVER_HANDLER_H_
#define SIGNET_SEAL_SERVER_SERVER_HANDLER_H_

#include <atomic>
#include <boost/asio/thread_pool.hpp>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "common/mutex.h"
#include "https/server/server.h"
#include "seal-server/pages/pages.h"
#include "seal-server/server/service.h"

namespace signet::sealserver {

class Handler final : public https::server::Handler {
 public:
  struct Options {
    std::filesystem::path certificates;  // PEM, the server's own first
    std::filesystem::path key;           // PEM
    unsigned workers = 16;               // threads that wait for the database
    Pages* pages = nullptr;              // for browsers, at every path but the contract's
  };

  // Throws std::runtime_error where the TLS identity cannot be read. The service outlives it.
  Handler(Service& service, Options options);

  boost::asio::awaitable<https::server::Response> handle(const https::server::Request& request,
                                                         https::server::Wire& wire) override;
  std::optional<std::uint64_t> body_limit(std::string_view target,
                                          const https::server::Peer& peer) const override;
  https::server::Response refuse(https::server::Refusal why, const std::string& detail) override;
  std::shared_ptr<boost::asio::ssl::context> tls() override;

  void connection_opened() override { ++connections_; }
  void connection_closed() override { --connections_; }
  void handshake_failed() override { ++failed_handshakes_; }
  void answering(const https::server::Request& request, std::chrono::nanoseconds span) override;

  // Reads certificate and key again, for the next handshakes. Keeps the former ones where that fails, which the log says.
  void reload_tls();

  boost::asio::thread_pool& workers() { return workers_; }

  // Waits for the calls at work.
  void join() { workers_.join(); }

 private:
  std::shared_ptr<boost::asio::ssl::context> read_identity();
  std::string metrics() const;

  Service& service_;
  const Options options_;
  boost::asio::thread_pool workers_;
  Mutex mutex_;
  std::shared_ptr<boost::asio::ssl::context> identity_ SIGNET_GUARDED_BY(mutex_);

  std::atomic<std::int64_t> connections_{0};
  std::atomic<std::uint64_t> failed_handshakes_{0};
  std::atomic<std::uint64_t> nanoseconds_{0};  // of all answers together
  std::atomic<std::uint64_t> answers_{0};
};

}  // namespace signet::sealserver

#endif  // SIGNET_SEAL_SERVER_SERVER_HANDLER_H_
