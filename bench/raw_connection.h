// The least that a request can cost: OpenSSL on a socket, one write and one read, no libcurl.
#ifndef SIGNET_BENCH_RAW_CONNECTION_H_
#define SIGNET_BENCH_RAW_CONNECTION_H_

#include <openssl/types.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace signet::bench {

// One kept-open connection to an appliance on this machine, used by one thread. HTTP/1.1, and only answers that state their
// length. Throws std::runtime_error where something fails.
class RawConnection {
 public:
  // `url`: "https://127.0.0.1:8081/dsa/v1". The server's certificate is not checked: a pin would be checked once a connection
  // only. Connects with the first request.
  RawConnection(const std::string& url, const std::string& user, const std::string& pin);
  RawConnection(const RawConnection&) = delete;
  RawConnection& operator=(const RawConnection&) = delete;
  ~RawConnection();

  // The answer's body, valid until the next call.
  std::string_view post(const std::string& path, std::string_view body);

 private:
  void connect();
  void read_some();

  std::uint16_t port_ = 0;
  std::string base_;  // path
  std::string headers_;
  std::string request_;
  std::string answer_;
  int socket_ = -1;
  std::unique_ptr<SSL_CTX, void (*)(SSL_CTX*)> context_;
  std::unique_ptr<SSL, void (*)(SSL*)> tls_;
};

}  // namespace signet::bench

#endif  // SIGNET_BENCH_RAW_CONNECTION_H_
