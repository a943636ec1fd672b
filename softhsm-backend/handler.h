// What one member serves: the contract, other dialects and the control interface beside it, and the faults that tests ask for.
#ifndef SIGNET_SOFTHSM_BACKEND_HANDLER_H_
#define SIGNET_SOFTHSM_BACKEND_HANDLER_H_

#include <filesystem>
#include <string>
#include <vector>

#include "https/server/server.h"
#include "softhsm-backend/control.h"
#include "softhsm-backend/dialect.h"
#include "softhsm-backend/native/service.h"

namespace signet::emulator {

struct HandlerOptions {
  std::filesystem::path dir;
  std::string role;
  unsigned workers = 16;  // threads that check passwords, sign and wait for commits
};

class Handler final : public https::server::Handler {
 public:
  // Throws std::runtime_error where the member's TLS identities cannot be read.
  // `dialects`: what is served beside the contract; they outlive the handler.
  Handler(Service& service, std::vector<Dialect*> dialects, const HandlerOptions& options);

  boost::asio::awaitable<Answer> handle(const https::server::Request& received,
                                        https::server::Wire& wire) override;
  std::optional<std::uint64_t> body_limit(std::string_view target,
                                          const https::server::Peer& peer) const override;
  Answer refuse(https::server::Refusal why, const std::string& detail) override;
  std::shared_ptr<boost::asio::ssl::context> tls() override;

  void connection_opened() override;
  void connection_closed() override;
  void handshake_done(const SSL& tls) override;
  void handshake_failed() override;
  void encrypted(std::uint64_t read, std::uint64_t written) override;
  void received(std::string_view target, std::size_t bytes) override;
  void sent(std::size_t bytes) override;
  void answering(const https::server::Request& request, std::chrono::nanoseconds span) override;

  boost::asio::thread_pool& workers() { return workers_; }

  // How many threads its pools have together.
  static unsigned threads(const HandlerOptions& options);

  // Waits for the calls at work.
  void join();

 private:
  Dialect* dialect_of(std::string_view target) const;  // nullptr: the contract
  boost::asio::awaitable<Answer> process(const Request& request, Dialect* dialect);

  Service& service_;
  const std::vector<Dialect*> dialects_;
  FaultQueue faults_;
  Counters counters_;
  std::shared_ptr<boost::asio::ssl::context> live_;
  std::shared_ptr<boost::asio::ssl::context> backup_;
  std::shared_ptr<boost::asio::ssl::context> foreign_;
  boost::asio::thread_pool workers_;  // quick calls
  boost::asio::thread_pool makers_;   // key generation, which must not hold up signatures
};

// With the headers that every answer of the emulator has.
Answer finished(const Request& request, Answer answer);

// To what cannot be read as a request.
Answer refusal(https::server::Refusal why, const std::string& detail);

}  // namespace signet::emulator

#endif  // SIGNET_SOFTHSM_BACKEND_HANDLER_H_
