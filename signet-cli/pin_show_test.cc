// `signet pin show` against a TLS server in this process.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>

#include <boost/json.hpp>
#include <chrono>
#include <csignal>
#include <string>
#include <thread>

#include "common/descriptor.h"
#include "crypto/openssl_ptr.h"
#include "pinning/pins.h"
#include "signet-cli/testing/run.h"

namespace signet::cli {
namespace {

// Listens on a free port of the loopback; accepts one connection.
class Listener {
 public:
  Listener() : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::bind(socket_.get(), reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    EXPECT_EQ(::listen(socket_.get(), 4), 0);
    socklen_t size = sizeof address;
    getsockname(socket_.get(), reinterpret_cast<sockaddr*>(&address), &size);
    url_ = "https://127.0.0.1:" + std::to_string(ntohs(address.sin_port));
  }

  const std::string& url() const { return url_; }
  Descriptor accept() const {
    return Descriptor(::accept4(socket_.get(), nullptr, nullptr, SOCK_CLOEXEC));
  }
  void close() { socket_.close(); }

 private:
  Descriptor socket_;
  std::string url_;
};

class PinShow : public testing::Test {
 protected:
  void SetUp() override {
    (void)std::signal(SIGPIPE, SIG_IGN);
    key_.reset(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"));
    certificate_.reset(X509_new());
    X509_set_version(certificate_.get(), 2);
    ASN1_TIME_set_string_X509(X509_getm_notBefore(certificate_.get()), "20260101000000Z");
    ASN1_TIME_set_string_X509(X509_getm_notAfter(certificate_.get()), "20360101000000Z");
    X509_NAME* const name = X509_get_subject_name(certificate_.get());
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
                               reinterpret_cast<const unsigned char*>("dsa\x1b[2J"), -1, -1, 0);
    X509_set_issuer_name(certificate_.get(), name);
    X509_set_pubkey(certificate_.get(), key_.get());
    const OpensslPtr<X509_EXTENSION, X509_EXTENSION_free> names(X509V3_EXT_nconf_nid(
        nullptr, nullptr, NID_subject_alt_name, "DNS:dsa1.example,IP:127.0.0.1"));
    X509_add_ext(certificate_.get(), names.get(), -1);
    X509_sign(certificate_.get(), key_.get(), EVP_sha256());
    settings_.reset(SSL_CTX_new(TLS_server_method()));
    SSL_CTX_use_certificate(settings_.get(), certificate_.get());
    SSL_CTX_use_PrivateKey(settings_.get(), key_.get());
  }

  // What reaches the server after its handshake, in bytes.
  int serve_one() const {
    const Descriptor socket = listener_.accept();
    const OpensslPtr<SSL, SSL_free> connection(SSL_new(settings_.get()));
    SSL_set_fd(connection.get(), socket.get());
    if (SSL_accept(connection.get()) != 1) return 0;
    char byte = 0;
    return std::max(SSL_read(connection.get(), &byte, 1), 0);
  }

  int call(const std::vector<std::string>& more = {}) {
    std::vector<std::string> arguments = {"pin", "show", listener_.url()};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const Outcome outcome = outcome_of(arguments);
    out_ = outcome.out;
    err_ = outcome.err;
    return outcome.exit_code;
  }

  std::string expected_pin() const {
    unsigned char* der = nullptr;
    const int size = i2d_PUBKEY(key_.get(), &der);
    std::string pin = pinning::Pin::of_public_key({der, static_cast<std::size_t>(size)}).text();
    OPENSSL_free(der);
    return pin;
  }

  OpensslPtr<EVP_PKEY, EVP_PKEY_free> key_;
  OpensslPtr<X509, X509_free> certificate_;
  OpensslPtr<SSL_CTX, SSL_CTX_free> settings_;
  Listener listener_;
  std::string out_;
  std::string err_;
};

TEST_F(PinShow, PrintsThePinAndTheCertificateAndSendsNothingElse) {
  int received = -1;
  std::thread server([&] { received = serve_one(); });
  EXPECT_EQ(call(), exit_ok) << err_;
  server.join();
  EXPECT_EQ(received, 0);
  EXPECT_NE(out_.find("pin        " + expected_pin() + "\n"), std::string::npos) << out_;
  EXPECT_NE(out_.find("not after  2036-01-01T00:00:00Z\n"), std::string::npos);
  EXPECT_NE(out_.find("names      dsa1.example, 127.0.0.1\n"), std::string::npos);
  EXPECT_EQ(out_.find('\x1b'), std::string::npos);
}

TEST_F(PinShow, PrintsJsonWhereAsked) {
  std::thread server([&] { serve_one(); });
  EXPECT_EQ(call({"--json"}), exit_ok) << err_;
  server.join();
  const auto json = boost::json::parse(out_);
  EXPECT_EQ(json.at("pin").as_string(), expected_pin());
  EXPECT_EQ(json.at("protocol"), "TLSv1.3");
  EXPECT_EQ(json.at("complete"), true);
}

TEST_F(PinShow, ShowsThePinOfAServerThatDemandsACertificateOfOurs) {
  SSL_CTX_set_verify(settings_.get(), SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  SSL_CTX_set_max_proto_version(settings_.get(), TLS1_2_VERSION);
  std::thread server([&] { serve_one(); });
  EXPECT_EQ(call(), exit_ok) << err_;
  server.join();
  EXPECT_NE(out_.find(expected_pin()), std::string::npos);
  EXPECT_NE(out_.find("the handshake did not end"), std::string::npos);
}

TEST_F(PinShow, RefusesTlsOlderThan12) {
  SSL_CTX_set_min_proto_version(settings_.get(), TLS1_VERSION);
  SSL_CTX_set_max_proto_version(settings_.get(), TLS1_1_VERSION);
  SSL_CTX_set_security_level(settings_.get(), 0);
  std::thread server([&] { serve_one(); });
  EXPECT_EQ(call(), exit_failed);
  server.join();
  EXPECT_NE(err_.find("showed no certificate"), std::string::npos) << err_;
}

TEST_F(PinShow, DoesNotWaitForASilentServer) {
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(call({"--timeout", "300ms"}), exit_failed);  // connected by the kernel, never accepted
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(3));
  EXPECT_NE(err_.find("did not answer in time"), std::string::npos) << err_;
}

TEST_F(PinShow, SaysWhereNobodyListens) {
  listener_.close();
  EXPECT_EQ(call(), exit_failed);
  EXPECT_NE(err_.find("Connection refused"), std::string::npos) << err_;
}

}  // namespace
}  // namespace signet::cli
