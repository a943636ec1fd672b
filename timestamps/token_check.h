// The checks of a time-stamp token before it is used.
#ifndef SIGNET_TIMESTAMPS_TOKEN_CHECK_H_
#define SIGNET_TIMESTAMPS_TOKEN_CHECK_H_

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "crypto/context.h"
#include "timestamps/token.h"
#include "timestamps/trust.h"

namespace signet::timestamps {

// What a token must agree with; what is left out is not looked at.
struct Expected {
  crypto::Hash hash = crypto::Hash::none;
  Bytes imprint;
  std::optional<Bytes> nonce = {};
  std::string policy = {};
  std::shared_ptr<const TrustAnchors> trusted = {};
  struct Clock {
    std::chrono::system_clock::time_point now;
    std::chrono::seconds largest_distance;
  };
  std::optional<Clock> clock = {};
};

// All of it, in the order of Defect.
Result<void, TokenError> check_token(const std::shared_ptr<crypto::Context>& context,
                                     const TimeStampToken& token, const Expected& expected);

// Parts of it, for who has to say more than the first defect. std::bad_alloc where memory is lacking.
Result<void, TokenError> check_request_fields(const TimeStampToken& token,
                                              const Expected& expected);
// The signer's certificate is there, is for time-stamps alone, and is the one that the token names.
Result<void, TokenError> check_signer(const std::shared_ptr<crypto::Context>& context,
                                      const TimeStampToken& token);
// The signed attributes and the signature over them. RSA (PKCS #1 v1.5, PSS), ECDSA on P-256, P-384, P-521, and Ed25519;
// SHA-2 and SHA-3 of 256 bits or more.
Result<void, TokenError> check_signature(const std::shared_ptr<crypto::Context>& context,
                                         const TimeStampToken& token);

}  // namespace signet::timestamps

#endif  // SIGNET_TIMESTAMPS_TOKEN_CHECK_H_
