// The TimeStampReq of RFC 3161, 2.4.1.
#ifndef SIGNET_TIMESTAMPS_REQUEST_H_
#define SIGNET_TIMESTAMPS_REQUEST_H_

#include <string>

#include "common/bytes.h"
#include "common/result.h"
#include "crypto/algorithm.h"

namespace signet::timestamps {

struct StampRequest {
  crypto::Hash hash = crypto::Hash::sha256;
  Bytes imprint;  // a digest of that hash
  Bytes nonce;    // a positive number, big-endian, without leading zeros
  Bytes der;      // what is sent: version 1, imprint, policy, nonce, certReq TRUE
};

// With a new nonce of 128 bits. `policy`: in dotted form; empty: none. The error is a sentence: a hash that is not taken
// (SHA-1, SHA-224), an imprint of another length, a policy that is no object identifier, no random numbers.
Result<StampRequest, std::string> make_request(crypto::Hash hash, ByteView imprint,
                                               const std::string& policy);

// Whether an imprint may be made with it: SHA-256, SHA-384, SHA-512 and their SHA-3 siblings.
bool is_strong(crypto::Hash hash);

}  // namespace signet::timestamps

#endif  // SIGNET_TIMESTAMPS_REQUEST_H_
