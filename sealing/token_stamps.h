// Time-stamps from the service behind a token: the authority "csc:" (timestamps/key_service.h).
#ifndef SIGNET_SEALING_TOKEN_STAMPS_H_
#define SIGNET_SEALING_TOKEN_STAMPS_H_

#include <memory>

#include "common/checkout_pool.h"
#include "pkcs11-client/session.h"
#include "timestamps/key_service.h"

namespace signet::sealing {

// Thread-safe; without a login. Each time-stamp uses a session of its own, which is kept for the next one.
class TokenStamps {
 public:
  TokenStamps(std::shared_ptr<pkcs11::Module> module, pkcs11::TokenInfo token)
      : module_(std::move(module)), token_(std::move(token)) {}

  // As a service that keeps it.
  static timestamps::KeyService service(std::shared_ptr<TokenStamps> stamps);

 private:
  pkcs11::TokenResult<Bytes> stamp(const timestamps::StampRequest& request, Deadline deadline);

  const std::shared_ptr<pkcs11::Module> module_;
  const pkcs11::TokenInfo token_;
  CheckoutPool<pkcs11::TokenSession> sessions_;
};

}  // namespace signet::sealing

#endif  // SIGNET_SEALING_TOKEN_STAMPS_H_
