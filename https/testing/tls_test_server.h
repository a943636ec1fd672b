// A TLS server in the test process that answers as it is told, also in ways no honest server does.
// Plain blocking sockets on 127.0.0.1, one thread a connection.
#ifndef SIGNET_HTTPS_TESTING_TLS_TEST_SERVER_H_
#define SIGNET_HTTPS_TESTING_TLS_TEST_SERVER_H_

#include <openssl/ssl.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "common/clock.h"
#include "common/descriptor.h"
#include "crypto/openssl_ptr.h"
#include "pinning/pins.h"

namespace signet::https {

// A P-256 key with a self-signed certificate.
class TestIdentity {
 public:
  explicit TestIdentity(const char* names = "IP:127.0.0.1,DNS:localhost");

  pinning::Pin pin() const;
  std::string certificate_pem() const;
  std::string key_pem() const;
  Bytes certificate_der() const;
  Bytes public_key_der() const;
  EVP_PKEY* key() const { return key_.get(); }
  X509* certificate() const { return certificate_.get(); }

 private:
  PkeyPtr key_;
  X509Ptr certificate_;
};

struct TestRequest {
  std::string method;
  std::string path;
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body;
};

struct TestReply {
  enum class Ending {
    keep,   // keep the connection
    close,  // close it after the answer
    cut,    // send half of the answer, then close
    reset,  // no answer, TCP reset
    stall,  // no answer, hold the connection until the server stops
  };

  int status = 200;
  std::string body = {};
  std::string content_type = "application/json";
  std::map<std::string, std::string> headers = {};
  Ending ending = Ending::keep;
  Milliseconds delay{0};
  Milliseconds pause_between_bytes{
      0};                      // more than 0: one byte at a time, as long as the client listens
  std::size_t slow_bytes = 0;  // more than 0: only so many at the end come one at a time
  Milliseconds pause_before_unasked{0};
  std::string unasked =
      {};  // sent after the answer in a record of its own; without a pause in the same segment
  std::string raw = {};      // sent in place of everything above, then closed
  std::string endless = {};  // sent after it, again and again, as long as the client listens
};

class TlsTestServer {
 public:
  using Handler = std::function<TestReply(const TestRequest&)>;

  struct Options {
    int highest_version = 0;        // TLS1_1_VERSION, …; 0: the library's
    const char* ciphers = nullptr;  // of TLS 1.2, which it then speaks at most; null: the library's
    bool wants_client_certificate = false;
    bool plain = false;             // HTTP without TLS
    bool stalls_handshake = false;  // accepts, then says nothing
    Milliseconds handshake_delay{0};
  };

  TlsTestServer(std::shared_ptr<TestIdentity> identity, Handler handler)
      : TlsTestServer(std::move(identity), std::move(handler), Options()) {}
  TlsTestServer(std::shared_ptr<TestIdentity> identity, Handler handler, Options options);
  ~TlsTestServer();
  TlsTestServer(const TlsTestServer&) = delete;
  TlsTestServer& operator=(const TlsTestServer&) = delete;

  std::string url() const {
    return (options_.plain ? "http://127.0.0.1:" : "https://127.0.0.1:") + std::to_string(port_) +
           "/dsa/v1";
  }
  pinning::Pin pin() const { return identity_->pin(); }

  // As a killed process does it; start() listens on the same port again. Nobody else gets the port meanwhile, nor does
  // an outgoing connection, which could then be connected to itself.
  void stop();
  void start();

  // Closes what is connected now; new connections are welcome.
  void drop_connections();

  unsigned connections() const { return connections_; }
  unsigned handshakes() const { return handshakes_; }
  unsigned resumptions() const { return resumptions_; }
  Bytes client_certificate() const;                       // DER, of the last handshake; empty: none
  int client_issuers() const { return client_issuers_; }  // sent beside it
  std::size_t application_bytes() const { return application_bytes_; }
  std::vector<TestRequest> requests() const;

 private:
  void accept_loop();
  void serve(int descriptor);
  void note_client(const SSL* ssl);
  void serve_requests(SSL* ssl, int descriptor);
  bool read_request(SSL* ssl, int descriptor, std::string& buffer, TestRequest& request);
  bool send_reply(SSL* ssl, int descriptor, const TestReply& reply);

  const std::shared_ptr<TestIdentity> identity_;
  const Handler handler_;
  const Options options_;
  OpensslPtr<SSL_CTX, SSL_CTX_free> context_;
  const Descriptor reservation_;  // bound to the port, never listening
  const int port_;
  int listener_ = -1;
  std::atomic<bool> running_{false};
  std::thread acceptor_;

  mutable std::mutex mutex_;
  std::vector<std::thread> threads_;
  std::set<int> descriptors_;
  std::vector<TestRequest> requests_;
  Bytes client_certificate_;

  std::atomic<int> client_issuers_{0};
  std::atomic<unsigned> connections_{0};
  std::atomic<unsigned> handshakes_{0};
  std::atomic<unsigned> resumptions_{0};
  std::atomic<std::size_t> application_bytes_{0};
};

// A port whose host drops every packet: connecting takes until the caller gives up.
class BlackHole {
 public:
  BlackHole();
  ~BlackHole();
  BlackHole(const BlackHole&) = delete;
  BlackHole& operator=(const BlackHole&) = delete;

  std::string url() const { return "https://127.0.0.1:" + std::to_string(port_) + "/dsa/v1"; }

 private:
  int listener_ = -1;
  int port_ = 0;
  std::vector<int> fillers_;
};

// A port on which nobody listens as long as this process lives.
int closed_port();

}  // namespace signet::https

#endif  // SIGNET_HTTPS_TESTING_TLS_TEST_SERVER_H_
