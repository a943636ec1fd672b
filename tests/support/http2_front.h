// nginx in front of an appliance: the same contract over HTTP/2, where the client's ALPN asks for it.
#ifndef SIGNET_TESTS_SUPPORT_HTTP2_FRONT_H_
#define SIGNET_TESTS_SUPPORT_HTTP2_FRONT_H_

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "common/testing/scratch_folder.h"
#include "tests/support/process.h"

namespace signet::tests {

class Http2Front {
 public:
  enum class Offers { http2, http1_only };

  // Passes on to 127.0.0.1:upstream_port and shows this certificate. Comes back when it accepts connections.
  Http2Front(std::uint16_t upstream_port, const std::filesystem::path& certificate,
             const std::filesystem::path& key, Offers offers);

  void start();
  void kill();  // SIGKILL: connections end without a word

  std::string url() const;

  // What it has written down: one entry for each request that is over.
  struct Request {
    std::string protocol;    // "HTTP/2.0", "HTTP/1.1"
    std::string connection;  // nginx's number of it
    int status = 0;
  };
  std::vector<Request> requests() const;

 private:
  ScratchFolder dir_;
  const std::uint16_t port_;
  std::unique_ptr<Process> process_;
};

}  // namespace signet::tests

#endif  // SIGNET_TESTS_SUPPORT_HTTP2_FRONT_H_
