// A TLS server between the module and the emulator: it has a key of its own, decrypts what the
// module sends, keeps every byte of it, and passes it on. What it has not recorded, the module has
// not sent.
#ifndef SIGNET_TESTS_SUPPORT_TLS_RECORDER_H_
#define SIGNET_TESTS_SUPPORT_TLS_RECORDER_H_

#include <openssl/ssl.h>

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace signet::tests {

class TlsRecorder {
 public:
  // Listens on a free port of 127.0.0.1; connections are passed on to `upstream_port` there.
  explicit TlsRecorder(std::uint16_t upstream_port);
  TlsRecorder(const TlsRecorder&) = delete;
  TlsRecorder& operator=(const TlsRecorder&) = delete;
  ~TlsRecorder();

  std::uint16_t port() const { return port_; }

  // Of its certificate, as configurations have it: "sha256//…=".
  std::string pin() const { return pin_; }

  // Every decrypted byte that came from clients, in the order of arrival.
  std::string received() const;

  // TCP connections accepted so far.
  std::size_t connections() const { return connections_; }

 private:
  struct FreeContext {
    void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  };
  struct FreeSsl {
    void operator()(SSL* ssl) const { SSL_free(ssl); }
  };
  using Connection = std::unique_ptr<SSL, FreeSsl>;

  void accept_until_stopped();
  void serve(int client);
  Connection connect_upstream();

  // One read from `from`, written to `to`. False once either end is closed.
  bool pass_on(SSL* from, SSL* to, bool record);

  std::unique_ptr<SSL_CTX, FreeContext> server_;
  std::unique_ptr<SSL_CTX, FreeContext> client_;
  std::string pin_;
  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::uint16_t upstream_port_;
  std::atomic<bool> stopping_ = false;
  std::atomic<std::size_t> connections_ = 0;
  mutable std::mutex mutex_;  // guards received_
  std::string received_;
  std::thread acceptor_;
  std::vector<std::thread>
      servers_;  // touched by the acceptor, and by the destructor after it has ended
};

}  // namespace signet::tests

#endif  // SIGNET_TESTS_SUPPORT_TLS_RECORDER_H_
