// One member's HTTPS server.
#ifndef SIGNET_SOFTHSM_BACKEND_SERVER_H_
#define SIGNET_SOFTHSM_BACKEND_SERVER_H_

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "softhsm-backend/instance.h"
#include "softhsm-backend/native/service.h"

namespace signet::emulator {

struct ServerOptions {
  std::filesystem::path dir;
  std::string role;
  Endpoint listen;        // port 0: any free one
  unsigned workers = 16;  // threads that check passwords, sign and wait for commits
};

class Server {
 public:
  // Listens. Throws std::runtime_error with a sentence where it cannot.
  Server(Service& service, const ServerOptions& options);
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  ~Server();

  std::uint16_t port() const;

  // Serves until SIGTERM or SIGINT; requests at work are answered first, as far as 3 s suffice. `each_minute`
  // runs on a worker.
  void run(const std::function<void()>& each_minute);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace signet::emulator

#endif  // SIGNET_SOFTHSM_BACKEND_SERVER_H_
