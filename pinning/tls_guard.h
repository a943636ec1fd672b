// The pin check, inside the TLS handshake: a server whose public key is not among the pins never
// sees a byte of a request. One guard belongs to one connection.
#ifndef SIGNET_PINNING_TLS_GUARD_H_
#define SIGNET_PINNING_TLS_GUARD_H_

#include <optional>

#include "pinning/pins.h"

struct ssl_ctx_st;

namespace signet::pinning {

// What a server's certificate must satisfy. Chain: to what the SSL_CTX trusts.
enum class Demand { pin, pin_and_chain, chain };

class TlsGuard {
 public:
  TlsGuard(const PinSet& pins, Demand demand) : pins_(pins), demand_(demand) {}
  TlsGuard(const TlsGuard&) = delete;
  TlsGuard& operator=(const TlsGuard&) = delete;

  // Makes the context of one coming handshake obey this guard, which outlives it.
  void install(ssl_ctx_st* context);

  // Before each attempt.
  void forget();

  // The pin of a certificate that was refused since forget().
  const std::optional<Pin>& refused_pin() const { return refused_pin_; }

  // Whether either side gave up with a fatal TLS alert since forget(); its number.
  const std::optional<int>& fatal_alert() const { return fatal_alert_; }

  // For OpenSSL's callbacks.
  bool accepts(ByteView spki);
  bool demands_pin() const { return demand_ != Demand::chain; }
  bool checks_chain() const { return demand_ != Demand::pin; }
  void saw_fatal_alert(int alert) { fatal_alert_ = alert; }
  void lacked_memory() { memory_was_lacking_ = true; }

  // Since forget(): the certificate could not be looked at, and was not accepted.
  bool memory_was_lacking() const { return memory_was_lacking_; }

 private:
  const PinSet& pins_;
  const Demand demand_;
  std::optional<Pin> refused_pin_;
  std::optional<int> fatal_alert_;
  bool memory_was_lacking_ = false;
};

}  // namespace signet::pinning

#endif  // SIGNET_PINNING_TLS_GUARD_H_
