// Why an exchange has failed, from what libcurl, OpenSSL and the pin check have said.

#include <curl/curl.h>
#include <fmt/format.h>

#include <cerrno>
#include <string_view>

#include "common/descriptor.h"
#include "https/client/connection.h"
#include "https/client/curl_handle.h"

namespace signet::https {

namespace {

using Kind = Fault::Kind;

bool is_handshake_code(CURLcode code) {
  switch (code) {
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_INVALIDCERTSTATUS:
    case CURLE_SSL_CLIENTCERT:
    case CURLE_USE_SSL_FAILED:
      return true;
    default:
      return false;
  }
}

// "64 KiB", of a multiple of it.
std::string size_text(std::size_t bytes) {
  constexpr std::size_t kibi = 1024;
  const bool mebibytes = bytes % (kibi * kibi) == 0;
  return mebibytes ? fmt::format("{} MiB", bytes / kibi / kibi)
                   : fmt::format("{} KiB", bytes / kibi);
}

}  // namespace

Fault Connection::no_memory(bool sent) const {
  return {Kind::no_resources, "this process has no memory left", sent};
}

Fault Connection::handshake_fault() const {
  if (const auto& refused = guard_.refused_pin()) {
    return {Kind::untrusted,
            fmt::format("the server's key has the pin {}, expected was {}; nothing was sent. If "
                        "the certificate was changed on purpose, add its pin to the configuration",
                        refused->text(), endpoint_->options().pins.text()),
            false, true};
  }
  if (identity_ && !identity_->complaint().empty()) {
    return {Kind::untrusted, fmt::format("the client certificate or its key cannot be used: {}",
                                         identity_->complaint())};
  }
  const std::string_view text = error_text_.data();
  constexpr std::string_view unexpected_eof = "0A000126";
  const bool protocol_error = text.find("error:") != std::string_view::npos &&
                              text.find(unexpected_eof) == std::string_view::npos;
  const bool connection_lost = !guard_.fatal_alert() && !protocol_error;
  const long system_error = info_of<long>(curl_, CURLINFO_OS_ERRNO);
  const bool reset = system_error == ECONNRESET || system_error == EPIPE;
  if (connection_lost && (reset || text.find("SSL_connect") != std::string_view::npos ||
                          text.find(unexpected_eof) != std::string_view::npos)) {
    return {Kind::unreachable,
            fmt::format("the connection was lost during the handshake: {}", text)};
  }
  return {Kind::untrusted, fmt::format("the TLS handshake failed: {}", text)};
}

Fault Connection::fault(int curl_code) const {
  const auto code = static_cast<CURLcode>(curl_code);
  const std::string text =
      error_text_.front() != '\0' ? error_text_.data() : curl_easy_strerror(code);
  const bool sent = has_sent();
  // OpenSSL says it in its error's text only, which libcurl hands on.
  if (code == CURLE_OUT_OF_MEMORY || reception_.memory_was_lacking() ||
      guard_.memory_was_lacking() || text.find("malloc failure") != std::string::npos) {
    return no_memory(sent);
  }
  if (socket_error_ != 0) {
    return {Kind::no_resources,
            fmt::format("this process cannot open a socket: {}", system_text(socket_error_))};
  }
  if (lost_) return {Kind::broken, "the connection was lost before an answer came", true};
  if (code == CURLE_SSL_CACERT_BADFILE) {
    const std::string& ca_file = endpoint_->options().ca_file;
    return {Kind::untrusted,
            ca_file.empty()
                ? "this system has no certificates of authorities (on Debian: ca-certificates); "
                  "name a CA file"
                : fmt::format("cannot use {}: it holds no certificate in PEM", ca_file)};
  }
  if (guard_.refused_pin() || is_handshake_code(code)) return handshake_fault();
  if (code == CURLE_COULDNT_RESOLVE_HOST || code == CURLE_COULDNT_RESOLVE_PROXY ||
      code == CURLE_COULDNT_CONNECT) {
    return {Kind::unreachable, text};
  }
  const long by_proxy = info_of<long>(curl_, CURLINFO_HTTP_CONNECTCODE);
  if (by_proxy != 0 && by_proxy / 100 != 2)
    return {Kind::unreachable, fmt::format("the proxy answered with status {}", by_proxy)};
  if (reception_.oversized())
    return {Kind::oversized,
            fmt::format("the answer is larger than {}, or its headers than {}",
                        size_text(endpoint_->options().largest_body), size_text(kLargestHeaders)),
            sent};
  if (code == CURLE_OPERATION_TIMEDOUT) {
    return sent ? Fault{Kind::timed_out, "no complete answer within the time allowed", true}
                : Fault{Kind::unreachable, "cannot connect within the time allowed", false};
  }
  // TLS 1.3 refuses a client certificate only after the client's side of the handshake is done.
  if (guard_.fatal_alert() && !reception_.began()) {
    return {Kind::untrusted, fmt::format("the server ended TLS: {}", text), sent};
  }
  const bool reused = !ours_ && info_of<long>(curl_, CURLINFO_NUM_CONNECTS) == 0;
  if (reused && !reception_.began()) return {Kind::stale, text, sent};
  return {Kind::broken, text, sent};
}

}  // namespace signet::https
