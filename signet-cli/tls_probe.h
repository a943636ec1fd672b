// Looks at a server's TLS certificate without trusting it. Nothing but a handshake is sent.
#ifndef SIGNET_SIGNET_CLI_TLS_PROBE_H_
#define SIGNET_SIGNET_CLI_TLS_PROBE_H_

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "common/clock.h"
#include "common/result.h"
#include "config/url.h"
#include "pinning/pins.h"

namespace signet::cli {

// Texts come from the certificate; control characters in them are escaped.
struct ServerIdentity {
  using Time = std::optional<std::chrono::system_clock::time_point>;

  pinning::Pin pin;  // of the leaf
  std::string subject;
  std::string issuer;
  std::vector<std::string> names;  // DNS names and IP addresses
  Time not_before;                 // nothing: unreadable
  Time not_after;
  std::string protocol;   // "TLSv1.3"; empty where the handshake did not end
  bool complete = false;  // the server proved that it holds the key
  std::string address;    // connected to
};

struct ProbeFailure {
  enum class Step {
    name,        // there is no such host
    connection,  // TCP
    handshake,   // TLS, before a certificate was shown
  };
  Step step;
  std::string sentence;
  std::vector<std::string> addresses;  // of the host, where they were found
};

// TLS 1.2 or later; port 443 where the URL has none. The time covers everything but the look-up of
// the name, for which the system's resolver has limits of its own.
Result<ServerIdentity, ProbeFailure> probe(const config::Url& url, Milliseconds limit);

}  // namespace signet::cli

#endif  // SIGNET_SIGNET_CLI_TLS_PROBE_H_
