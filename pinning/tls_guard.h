// The pin check, inside the TLS handshake: a server whose public key is not among the pins never
// sees a byte of a request. One guard belongs to one connection.
#ifndef SIGNET_PINNING_TLS_GUARD_H_
#define SIGNET_PINNING_TLS_GUARD_H_

#include <optional>

#include "pinning/pins.h"

struct ssl_ctx_st;

namespace signet::pinning {

class TlsGuard {
 public:
  // `check_chain`: the certificate must also chain to what the SSL_CTX trusts; in addition, never
  // instead.
  TlsGuard(const PinSet& pins, bool check_chain) : pins_(pins), check_chain_(check_chain) {}
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
  bool checks_chain() const { return check_chain_; }
  void saw_fatal_alert(int alert) { fatal_alert_ = alert; }
  void lacked_memory() { memory_was_lacking_ = true; }

  // Since forget(): the certificate could not be looked at, and was not accepted.
  bool memory_was_lacking() const { return memory_was_lacking_; }

 private:
  const PinSet& pins_;
  const bool check_chain_;
  std::optional<Pin> refused_pin_;
  std::optional<int> fatal_alert_;
  bool memory_was_lacking_ = false;
};

}  // namespace signet::pinning

#endif  // SIGNET_PINNING_TLS_GUARD_H_
