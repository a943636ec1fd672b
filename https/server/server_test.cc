// The server against a client of OpenSSL's own.
#include "https/server/server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <signal.h>

#include <atomic>
#include <thread>

#include "common/testing/scratch_folder.h"
#include "crypto/openssl_ptr.h"
#include "https/server/tls.h"

namespace signet::https::server {
namespace {

using namespace std::chrono_literals;
using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;
using ClientCertificate = TlsOptions::ClientCertificate;

// A key and a certificate for it, in files NAME.key and NAME.crt.
void write_identity(const ScratchFolder& folder, const std::string& name) {
  const PkeyPtr key(EVP_EC_gen("P-256"));
  const X509Ptr certificate(X509_new());
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -60);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 3600);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate.get()), "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
  X509_set_issuer_name(certificate.get(), X509_get_subject_name(certificate.get()));
  X509_set_pubkey(certificate.get(), key.get());
  X509_sign(certificate.get(), key.get(), EVP_sha256());
  const BioPtr key_file(BIO_new_file(folder.path(name + ".key").c_str(), "w"));
  PEM_write_bio_PrivateKey(key_file.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  const BioPtr certificate_file(BIO_new_file(folder.path(name + ".crt").c_str(), "w"));
  PEM_write_bio_X509(certificate_file.get(), certificate.get());
}

std::string name_in(X509* certificate) {
  std::string name(64, '\0');
  const int size = X509_NAME_get_text_by_NID(X509_get_subject_name(certificate), NID_commonName,
                                             name.data(), static_cast<int>(name.size()));
  return name.substr(0, size < 0 ? 0 : static_cast<std::size_t>(size));
}

std::string name_in(ByteView der) {
  const unsigned char* in = der.data();
  const X509Ptr certificate(d2i_X509(nullptr, &in, static_cast<long>(der.size())));
  return certificate ? name_in(certificate.get()) : "";
}

class Client {
 public:
  explicit Client(std::uint16_t port, const ScratchFolder* folder = nullptr,
                  const std::string& name = {}, int version = TLS1_3_VERSION)
      : context_(SSL_CTX_new(TLS_client_method())) {
    SSL_CTX_set_min_proto_version(context_.get(), version);
    SSL_CTX_set_max_proto_version(context_.get(), version);
    SSL_CTX_set_security_level(context_.get(), 0);
    signal(SIGPIPE, SIG_IGN);  // OpenSSL writes to connections that the server has ended
    if (folder != nullptr) {
      SSL_CTX_use_certificate_chain_file(context_.get(), folder->path(name + ".crt").c_str());
      SSL_CTX_use_PrivateKey_file(context_.get(), folder->path(name + ".key").c_str(),
                                  SSL_FILETYPE_PEM);
    }
    bio_.reset(BIO_new_ssl_connect(context_.get()));
    BIO_set_conn_hostname(bio_.get(), ("127.0.0.1:" + std::to_string(port)).c_str());
    secured_ = BIO_do_handshake(bio_.get()) == 1;
  }

  bool secured() const { return secured_; }

  std::string server_name() const {
    SSL* tls = nullptr;
    BIO_get_ssl(bio_.get(), &tls);
    const X509Ptr certificate(SSL_get1_peer_certificate(tls));
    return certificate ? name_in(certificate.get()) : "";
  }

  void write(const std::string& text) {
    BIO_write(bio_.get(), text.data(), static_cast<int>(text.size()));
  }

  // What comes until the text ends so, or the connection ends.
  std::string read_until(std::string_view end) {
    std::string text;
    char octet = 0;
    while (!text.ends_with(end) && BIO_read(bio_.get(), &octet, 1) == 1) text.push_back(octet);
    return text;
  }
  std::string read_all() {
    std::string text;
    char octet = 0;
    while (BIO_read(bio_.get(), &octet, 1) == 1) text.push_back(octet);
    return text;
  }

  std::string ask(const std::string& request) {
    write(request);
    return read_all();
  }

 private:
  OpensslPtr<SSL_CTX, SSL_CTX_free> context_;
  BioPtr bio_;
  bool secured_ = false;
};

// Answers with what it saw; "/slow" takes half a second in a thread of its own, "/part" is sent in part.
class Echo : public Handler {
 public:
  boost::asio::awaitable<Response> handle(const Request& request, Wire& wire) override {
    ++requests;
    if (request.target == "/pause") co_await wire.pause(300ms);
    Response response{.body = request.method + " " + request.target + " " + request.body + " " +
                              name_in(request.peer.certificate) + " end"};
    if (request.target == "/slow") {
      const auto work = [] {
        std::this_thread::sleep_for(500ms);
        return std::string("slow end");
      };
      response.body = co_await run_on(pool, work);
    }
    if (request.target == "/part") {
      response.send = [](Wire& own, const Octets& octets) -> boost::asio::awaitable<Next> {
        const auto part = std::string_view(octets.text).substr(0, octets.header_size + 1);
        (void)co_await own.write(part);
        co_return Next::end;
      };
    }
    co_return response;
  }

  std::optional<std::uint64_t> body_limit(std::string_view target,
                                          const Peer& peer) const override {
    if (target == "/large") return peer.loopback ? 5000 : 0;
    return std::nullopt;
  }

  Response refuse(Refusal why, const std::string& detail) override {
    static constexpr unsigned kStatus[] = {400, 431, 413, 503};
    return {.status = kStatus[static_cast<int>(why)], .body = detail};
  }

  std::shared_ptr<boost::asio::ssl::context> tls() override { return identity; }

  std::shared_ptr<boost::asio::ssl::context> identity;
  std::atomic<int> requests{0};
  boost::asio::thread_pool pool{4};
};

class ServerTest : public testing::Test {
 protected:
  ServerTest() {
    write_identity(folder, "server");
    use("server", ClientCertificate::none);
  }

  ~ServerTest() override { end(); }

  void use(const std::string& name, ClientCertificate client,
           std::function<bool(ByteView)> accept = {}) {
    auto made = make_tls_context({.certificates = folder.path(name + ".crt"),
                                  .key = folder.path(name + ".key"),
                                  .session_context = name,
                                  .client_certificate = client,
                                  .accept_client = std::move(accept)});
    ASSERT_TRUE(made) << made.error();
    echo.identity = made.value();
  }

  std::uint16_t serve(const Limits& limits = {}) {
    server = Server::listen(echo, {.address = "127.0.0.1", .limits = limits}).value();
    thread = std::thread([this] { server->run(); });
    return server->port();
  }

  void end() {
    if (!thread.joinable()) return;
    server->stop();
    thread.join();
    echo.pool.join();
    server.reset();
  }

  ScratchFolder folder;
  Echo echo;
  std::unique_ptr<Server> server;
  std::thread thread;
};

const std::string kLast = " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

TEST_F(ServerTest, AnswersRequestsOneAfterTheOther) {
  Client client(serve());
  client.write("GET /one HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_THAT(client.read_until(" end"), HasSubstr("GET /one"));
  client.write(
      "POST /two HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n");
  EXPECT_THAT(client.read_until("\r\n\r\n"), StartsWith("HTTP/1.1 100"));
  client.write("abc");
  EXPECT_THAT(client.read_until(" end"), HasSubstr("POST /two abc"));
  EXPECT_THAT(client.ask("GET /three" + kLast), EndsWith("GET /three   end"));
}

TEST_F(ServerTest, SpeaksTls12And13AndNothingOlder) {
  const auto port = serve();
  EXPECT_TRUE(Client(port, nullptr, "", TLS1_2_VERSION).secured());
  EXPECT_TRUE(Client(port, nullptr, "", TLS1_3_VERSION).secured());
  EXPECT_FALSE(Client(port, nullptr, "", TLS1_1_VERSION).secured());
}

TEST_F(ServerTest, RefusesWhatIsTooLargeOrNoRequest) {
  const auto port = serve({.header = 1000, .body = 1000, .goodbye = 1s});
  EXPECT_THAT(Client(port).ask("GET / HTTP/1.1\r\nX: " + std::string(2000, 'x') + "\r\n\r\n"),
              StartsWith("HTTP/1.1 431"));
  EXPECT_THAT(
      Client(port).ask("POST / HTTP/1.1\r\nContent-Length: 1001\r\n\r\n" + std::string(1001, 'x')),
      StartsWith("HTTP/1.1 413"));
  EXPECT_THAT(Client(port).ask("nonsense\r\n\r\n"), StartsWith("HTTP/1.1 400"));
  EXPECT_EQ(echo.requests, 0);
}

TEST_F(ServerTest, TakesBodiesAsLargeAsTheirPathAllows) {
  const auto port = serve({.body = 1000, .goodbye = 1s});
  const auto whole = [](const std::string& path, std::size_t size) {
    return "POST " + path +
           " HTTP/1.1\r\nConnection: close\r\nContent-Length: " + std::to_string(size) +
           "\r\n\r\n" + std::string(size, 'x');
  };
  const auto chunked = [](const std::string& path, int chunks) {
    std::string text =
        "POST " + path + " HTTP/1.1\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n";
    for (int i = 0; i < chunks; ++i) text += "64\r\n" + std::string(100, 'x') + "\r\n";
    return text + "0\r\n\r\n";
  };
  const auto status = [&](const std::string& request) {
    return Client(port).ask(request).substr(9, 3);
  };
  EXPECT_EQ(status(whole("/large", 5000)), "200");
  EXPECT_EQ(status(whole("/large", 5001)), "413");
  EXPECT_EQ(status(chunked("/large", 50)), "200");
  EXPECT_EQ(status(chunked("/large", 51)), "413");
  EXPECT_EQ(status(whole("/", 1000)), "200");
  EXPECT_EQ(status(whole("/", 1001)), "413");
  EXPECT_EQ(status(chunked("/", 11)), "413");
  EXPECT_EQ(status("POST / HTTP/1.1\r\nContent-Length: 18446744073709551615\r\n\r\n"), "413");
}

// Two servers that disagree about where a body ends take one request for two.
TEST_F(ServerTest, RefusesABodyWhoseEndIsInDoubt) {
  const auto port = serve({.goodbye = 1s});
  const std::string post = "POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n";
  const auto status_of = [&](const std::string& request) {
    Client client(port);
    client.write(request);
    return client.read_until("\r\n");
  };
  const std::string chunks = "\r\n3\r\nabc\r\n0\r\n\r\n";
  for (const char* header : {"Transfer-Encoding: xchunked\r\n",
                             "Transfer-Encoding: chunkedx\r\n",
                             "Transfer-Encoding: identity\r\n",
                             "Transfer-Encoding: gzip, chunked\r\n",
                             "Transfer-Encoding: chunked, identity\r\n",
                             "Transfer-Encoding: \r\n",
                             "Transfer-Encoding: \"chunked\"\r\n",
                             "Transfer-Encoding:\v chunked\r\n",
                             "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
                             "Transfer-Encoding: identity\r\nTransfer-Encoding: chunked\r\n",
                             "Transfer-Encoding: xchunked\r\nContent-Length: 3\r\n",
                             "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n",
                             "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n",
                             "Transfer-Encoding : chunked\r\n",
                             "Content-Length: +3\r\n",
                             "Content-Length: 0x3\r\n",
                             "Content-Length: -1\r\n",
                             "Content-Length: 3\r\nContent-Length: 4\r\n",
                             "Content-Length: 3, 3\r\n",
                             "Content-Length: \r\n",
                             "Content-Length: 3 3\r\n"}) {
    EXPECT_THAT(status_of(post + header + chunks), StartsWith("HTTP/1.1 400")) << header;
  }
  EXPECT_THAT(status_of("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n" + chunks),
              StartsWith("HTTP/1.1 400"));
  EXPECT_EQ(echo.requests, 0);
  for (const char* coding : {"chunked", "Chunked", " chunked\t"}) {
    EXPECT_THAT(Client(port).ask(post + "Transfer-Encoding:" + coding + "\r\n" + chunks),
                EndsWith("POST / abc  end"))
        << coding;
  }
}

TEST_F(ServerTest, KeepsNoLineOfAChunkedBodyThatDoesNotEnd) {
  const auto port = serve({.header = 1000, .goodbye = 1s});
  Client client(port);
  client.write("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3;");
  for (int i = 0; i < 20; ++i) client.write(std::string(10'000, 'x'));
  EXPECT_THAT(client.read_until("\r\n"), StartsWith("HTTP/1.1 4"));
  EXPECT_EQ(echo.requests, 0);
}

TEST_F(ServerTest, EndsConnectionsThatAreIdleOrTooSlow) {
  const auto port = serve({.idle = 1s, .header_time = 1s, .body_time = 1s});
  const auto begin = std::chrono::steady_clock::now();
  for (const char* text : {"", "GET / HT", "POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\nabc"}) {
    Client client(port);
    client.write(text);
    EXPECT_EQ(client.read_all(), "") << text;
  }
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 10s);
  EXPECT_EQ(echo.requests, 0);
}

TEST_F(ServerTest, TellsWhoseCertificateTheClientHas) {
  write_identity(folder, "friend");
  use("server", ClientCertificate::optional);
  const auto port = serve();
  EXPECT_THAT(Client(port, &folder, "friend").ask("GET /" + kLast), EndsWith("friend end"));
  EXPECT_THAT(Client(port).ask("GET /" + kLast), EndsWith("GET /   end"));
}

TEST_F(ServerTest, AdmitsOnlyClientsThatAreAccepted) {
  write_identity(folder, "friend");
  write_identity(folder, "foreigner");
  use("server", ClientCertificate::required, [](ByteView der) { return name_in(der) == "friend"; });
  const auto port = serve();
  EXPECT_THAT(Client(port, &folder, "friend").ask("GET /" + kLast), EndsWith("friend end"));
  // With TLS 1.3 a client learns of its refusal with its first read.
  EXPECT_EQ(Client(port, &folder, "foreigner").ask("GET /" + kLast), "");
  EXPECT_EQ(Client(port).ask("GET /" + kLast), "");
  EXPECT_EQ(echo.requests, 1);
}

TEST_F(ServerTest, TakesAnotherIdentityWithoutAStop) {
  write_identity(folder, "renewed");
  const auto port = serve();
  Client before(port);
  use("renewed", ClientCertificate::none);
  EXPECT_EQ(before.server_name(), "server");
  EXPECT_EQ(Client(port).server_name(), "renewed");
  EXPECT_THAT(before.ask("GET /" + kLast), EndsWith(" end"));
}

TEST_F(ServerTest, SaysWhichIdentityCannotBeUsed) {
  const auto absent = make_tls_context({.certificates = folder.path("absent.crt"),
                                        .key = folder.path("server.key"),
                                        .session_context = "x"});
  ASSERT_FALSE(absent);
  EXPECT_THAT(absent.error(), HasSubstr("absent.crt"));
}

TEST_F(ServerTest, SendsAResponseAsItsHandlerWants) {
  Client client(serve());
  EXPECT_THAT(client.ask("GET /part HTTP/1.1\r\n\r\n"), EndsWith("\r\n\r\nG"));
}

TEST_F(ServerTest, LimitsConnectionsAndRequestsAtOnce) {
  const auto port = serve({.connections = 2, .requests = 1});
  Client first(port);
  Client second(port);
  EXPECT_FALSE(Client(port).secured());
  first.write("GET /slow" + kLast);
  std::this_thread::sleep_for(100ms);
  EXPECT_THAT(second.ask("GET /" + kLast), StartsWith("HTTP/1.1 503"));
  EXPECT_THAT(first.read_all(), EndsWith("slow end"));
}

TEST_F(ServerTest, AnswersWhatIsAtWorkWhenItStops) {
  const auto port = serve();
  Client slow(port);
  Client paused(port);
  slow.write("GET /slow HTTP/1.1\r\n\r\n");
  paused.write("GET /pause HTTP/1.1\r\n\r\n");
  while (echo.requests < 2) std::this_thread::sleep_for(1ms);
  server->stop();
  EXPECT_THAT(slow.read_all(), EndsWith("slow end"));
  EXPECT_THAT(paused.read_all(), EndsWith(" end"));
  EXPECT_FALSE(Client(port).secured());
}

TEST_F(ServerTest, SaysWhyItCannotListen) {
  const auto port = serve();
  const auto second = Server::listen(echo, {.address = "127.0.0.1", .port = port});
  ASSERT_FALSE(second);
  EXPECT_THAT(second.error(), StartsWith("cannot listen on 127.0.0.1:"));
  EXPECT_FALSE(Server::listen(echo, {.address = "nonsense"}));
}

}  // namespace
}  // namespace signet::https::server
