// The certificates that the signer of a time-stamp must chain to.
#ifndef SIGNET_TIMESTAMPS_TRUST_H_
#define SIGNET_TIMESTAMPS_TRUST_H_

#include <openssl/types.h>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "common/bytes.h"
#include "common/result.h"
#include "crypto/context.h"

namespace signet::timestamps {

// Immutable, so thread-safe. A certificate that is no root is an anchor as well.
class TrustAnchors {
 public:
  using Created = Result<std::shared_ptr<const TrustAnchors>, std::string>;

  // Of DER certificates, at least one. The error is a sentence.
  static Created from_der(std::shared_ptr<crypto::Context> context,
                          const std::vector<Bytes>& certificates);

  // Of the text of a CA file: one PEM certificate or more, and text between them.
  static Created from_pem(std::shared_ptr<crypto::Context> context, std::string_view text);

  ~TrustAnchors();
  TrustAnchors(const TrustAnchors&) = delete;
  TrustAnchors& operator=(const TrustAnchors&) = delete;

  // Whether `leaf` chains to an anchor at that moment (RFC 5280, 6.1): names, signatures (SHA-1 and keys under 112 bits of
  // security are refused), validity, basicConstraints, path lengths, critical extensions. `others`: certificates that may
  // stand in between. Revocation is not looked at. The error is a sentence; std::bad_alloc where memory is lacking.
  Result<void, std::string> check(ByteView leaf, const std::vector<Bytes>& others,
                                  std::chrono::system_clock::time_point moment) const;

 private:
  explicit TrustAnchors(std::shared_ptr<crypto::Context> context);

  std::shared_ptr<crypto::Context> context_;
  X509_STORE* store_;
};

}  // namespace signet::timestamps

#endif  // SIGNET_TIMESTAMPS_TRUST_H_
