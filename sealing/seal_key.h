// The key on a token that seals, with the certificates that go into each seal.
#ifndef SIGNET_SEALING_SEAL_KEY_H_
#define SIGNET_SEALING_SEAL_KEY_H_

#include <memory>
#include <optional>
#include <semaphore>
#include <string>
#include <vector>

#include "common/bytes.h"
#include "common/checkout_pool.h"
#include "pkcs11-client/cms_signature.h"
#include "pkcs11-client/session.h"
#include "sealing/error.h"
#include "sealing/token_stamps.h"

namespace signet::sealing {

struct SealKeyChoice {
  std::shared_ptr<pkcs11::Module> module;
  pkcs11::TokenInfo token;
  pkcs11::PinProvider pin;  // asked once
  pkcs11::PinProvider
      signing_pin;  // for keys that want a second credential each time; may be empty
  pkcs11::ObjectChoice key;
  // DER; empty: the certificate on the token that is for this key, the youngest valid one where there are several.
  Bytes certificate;
  std::vector<Bytes> issuers;    // DER; beside those on the token
  unsigned most_signatures = 0;  // at a time, others wait; 0: as many as are asked for
};

// Thread-safe: each signature uses a session of its own, which is kept for the next one.
class SealKey {
 public:
  // Finds key and certificates. not_found where the key has no certificate, expired or not_yet_valid where none is valid
  // now, key_disabled.
  static SealResult<std::shared_ptr<SealKey>> open(SealKeyChoice choice);

  const pkcs11::KeyType& type() const { return key_.type; }
  const Bytes& certificate() const { return certificate_; }  // DER
  // From the signer's up, without itself and without the root; those that were found.
  const std::vector<Bytes>& issuers() const { return issuers_; }

  // Time-stamps from the service of its token; for the authority "csc:".
  timestamps::KeyService time_stamps() const { return TokenStamps::service(stamps_); }

  // See pkcs11-client/cms_signature.h.
  SealResult<cms::Algorithm> algorithm(const pkcs11::Signing& signing) const;
  // `reference`: goes into the appliance's journal where the token is Signet's and its service has a place for it; elsewhere
  // it is left out. Failure::token where it is no text of at most 256 bytes.
  SealResult<Bytes> sign(const cms::Algorithm& algorithm, ByteView attributes,
                         const std::string& reference = {});

 private:
  struct Session {
    std::unique_ptr<pkcs11::TokenSession> token;
    pkcs11::Key key;        // handles are the session's
    std::string reference;  // that is set
  };
  using Turns = std::counting_semaphore<>;
  class Turn;
  explicit SealKey(SealKeyChoice choice)
      : choice_(std::move(choice)),
        stamps_(std::make_shared<TokenStamps>(choice_.module, choice_.token)),
        turns_(choice_.most_signatures == 0 ? Turns::max() : choice_.most_signatures) {}
  SealResult<std::unique_ptr<Session>> new_session() const;
  SealResult<void> find_certificates(const pkcs11::TokenSession& token);

  const SealKeyChoice choice_;
  const std::shared_ptr<TokenStamps> stamps_;
  std::unique_ptr<pkcs11::TokenSession> login_;  // which the others need
  pkcs11::Key key_;
  Bytes certificate_;
  std::vector<Bytes> issuers_;
  CheckoutPool<Session> sessions_;
  Turns turns_;
};

}  // namespace signet::sealing

#endif  // SIGNET_SEALING_SEAL_KEY_H_
