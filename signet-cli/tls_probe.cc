#include "signet-cli/tls_probe.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netdb.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <memory>
#include <utility>

#include "common/descriptor.h"
#include "common/printable.h"
#include "crypto/certificate.h"
#include "crypto/openssl_ptr.h"

namespace signet::cli {

namespace {

using Certificate = OpensslPtr<X509, X509_free>;
using Connection = OpensslPtr<SSL, SSL_free>;

bool wait_for(int fd, short events, Deadline deadline) {
  pollfd ready{fd, events, 0};
  int result = 0;
  do {
    result = poll(&ready, 1, static_cast<int>(deadline.left().count()));
  } while (result < 0 && errno == EINTR);
  return result > 0;
}

// 0, or an errno.
int connect_one(const addrinfo& address, Deadline deadline, Descriptor& into) {
  Descriptor socket(::socket(address.ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!socket) return errno;
  if (::connect(socket.get(), address.ai_addr, address.ai_addrlen) != 0) {
    if (errno != EINPROGRESS) return errno;
    if (!wait_for(socket.get(), POLLOUT, deadline)) return ETIMEDOUT;
    int failure = 0;
    socklen_t size = sizeof failure;
    getsockopt(socket.get(), SOL_SOCKET, SO_ERROR, &failure, &size);
    if (failure != 0) return failure;
  }
  into = std::move(socket);
  return 0;
}

std::string numeric(const addrinfo& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  getnameinfo(address.ai_addr, address.ai_addrlen, text.data(), text.size(), nullptr, 0,
              NI_NUMERICHOST);
  return text.data();
}

struct Connected {
  Descriptor socket;
  std::string address;
};

Result<Connected, ProbeFailure> connect_to(const config::Url& url, Deadline deadline) {
  using Step = ProbeFailure::Step;
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const std::string port = std::to_string(url.port.value_or(443));
  const int failure = getaddrinfo(url.host.c_str(), port.c_str(), &hints, &found);
  if (failure != 0) {
    return ProbeFailure{
        Step::name, fmt::format("cannot find {}: {}", url.host, gai_strerror(failure)), {}};
  }
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> owner(found, freeaddrinfo);
  Connected connected;
  int last = 0;
  std::vector<std::string> addresses;
  for (const addrinfo* address = found; address != nullptr; address = address->ai_next) {
    addresses.push_back(numeric(*address));
    last = connect_one(*address, deadline, connected.socket);
    if (!connected.socket) continue;
    connected.address = addresses.back();
    return connected;
  }
  return ProbeFailure{Step::connection,
                      fmt::format("cannot connect to {}: {}", url.text(), system_text(last)),
                      std::move(addresses)};
}

std::string address_text(const ASN1_OCTET_STRING* address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const int family = ASN1_STRING_length(address) == 4 ? AF_INET : AF_INET6;
  const bool known = ASN1_STRING_length(address) == 4 || ASN1_STRING_length(address) == 16;
  if (!known ||
      inet_ntop(family, ASN1_STRING_get0_data(address), text.data(), text.size()) == nullptr) {
    return "unreadable address";
  }
  return text.data();
}

std::vector<std::string> names_of(const X509* certificate) {
  std::vector<std::string> names;
  const OpensslPtr<GENERAL_NAMES, GENERAL_NAMES_free> all(static_cast<GENERAL_NAMES*>(
      X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
  for (int i = 0; all && i < sk_GENERAL_NAME_num(all.get()); ++i) {
    const GENERAL_NAME* const name = sk_GENERAL_NAME_value(all.get(), i);
    if (name->type == GEN_DNS) {
      const auto size = static_cast<std::size_t>(ASN1_STRING_length(name->d.dNSName));
      const auto* data = reinterpret_cast<const char*>(ASN1_STRING_get0_data(name->d.dNSName));
      names.push_back(printable({data, size}));
    } else if (name->type == GEN_IPADD) {
      names.push_back(address_text(name->d.iPAddress));
    }
  }
  return names;
}

// Keeps the certificate as soon as it arrives: a server that demands one of ours may end the
// handshake then.
int keep_leaf(X509_STORE_CTX* store, void* into) {
  X509* const leaf = X509_STORE_CTX_get0_cert(store);
  if (leaf != nullptr && X509_up_ref(leaf) == 1) static_cast<Certificate*>(into)->reset(leaf);
  return 1;
}

enum class Handshake { done, failed, late };

Handshake shake_hands(SSL* connection, int fd, Deadline deadline) {
  while (true) {
    const int result = SSL_connect(connection);
    if (result == 1) return Handshake::done;
    const int wanted = SSL_get_error(connection, result);
    if (wanted != SSL_ERROR_WANT_READ && wanted != SSL_ERROR_WANT_WRITE) return Handshake::failed;
    if (!wait_for(fd, wanted == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT, deadline))
      return Handshake::late;
  }
}

bool is_address(const std::string& host) {
  std::array<unsigned char, sizeof(in6_addr)> address{};
  return inet_pton(AF_INET, host.c_str(), address.data()) == 1 ||
         inet_pton(AF_INET6, host.c_str(), address.data()) == 1;
}

std::string why(Handshake ending) {
  if (ending == Handshake::late) return "it did not answer in time";
  std::array<char, 256> reason{};
  const unsigned long code = ERR_peek_last_error();
  if (code == 0) return "it ended the connection";
  ERR_error_string_n(code, reason.data(), reason.size());
  return reason.data();
}

}  // namespace

Result<ServerIdentity, ProbeFailure> probe(const config::Url& url, Milliseconds limit) {
  const Deadline deadline = Deadline::after(limit);
  (void)std::signal(SIGPIPE,
                    SIG_IGN);  // this process is ours; a server may close while OpenSSL writes
  BOOST_OUTCOME_TRY(const Connected connected, connect_to(url, deadline));
  const int fd = connected.socket.get();
  const auto failed = [&](std::string sentence) {
    return ProbeFailure{ProbeFailure::Step::handshake, std::move(sentence), {connected.address}};
  };
  ERR_clear_error();
  Certificate leaf;
  const OpensslPtr<SSL_CTX, SSL_CTX_free> settings(SSL_CTX_new(TLS_client_method()));
  if (!settings || SSL_CTX_set_min_proto_version(settings.get(), TLS1_2_VERSION) != 1) {
    return failed("OpenSSL cannot speak TLS here");
  }
  SSL_CTX_set_cert_verify_callback(settings.get(), keep_leaf, &leaf);
  const Connection connection(SSL_new(settings.get()));
  if (!connection || SSL_set_fd(connection.get(), fd) != 1) {
    return failed("OpenSSL cannot speak TLS here");
  }
  if (!is_address(url.host)) SSL_set_tlsext_host_name(connection.get(), url.host.c_str());
  const Handshake ending = shake_hands(connection.get(), fd, deadline);
  if (!leaf) return failed(fmt::format("{} showed no certificate: {}", url.text(), why(ending)));

  ServerIdentity identity{pinning::Pin::of_public_key(crypto::public_key_of(leaf.get())),
                          crypto::name_text(X509_get_subject_name(leaf.get())),
                          crypto::name_text(X509_get_issuer_name(leaf.get())),
                          names_of(leaf.get()),
                          crypto::time_of(X509_get0_notBefore(leaf.get())),
                          crypto::time_of(X509_get0_notAfter(leaf.get())),
                          {},
                          ending == Handshake::done,
                          connected.address};
  if (identity.complete) identity.protocol = SSL_get_version(connection.get());
  return identity;
}

}  // namespace signet::cli
