// What a time-stamp token says (RFC 3161, 2.4.2): its TSTInfo as values.
#ifndef SIGNET_CRYPTO_CMS_TIME_STAMP_INFO_H_
#define SIGNET_CRYPTO_CMS_TIME_STAMP_INFO_H_

#include <chrono>
#include <optional>
#include <string>

#include "common/bytes.h"
#include "common/result.h"
#include "crypto/algorithm.h"

namespace signet::cms {

struct TimeStampInfo {
  std::chrono::system_clock::time_point time;  // genTime, with its fraction of a second
  std::string time_text;                       // as it stands in the token: "20260301120000.25Z"
  std::string policy;                          // "1.3.6.1.4.1.32473.1"
  Bytes serial;                                // big-endian, without leading zeros; of 0 one byte
  crypto::Hash hash = crypto::Hash::none;      // of the imprint; none: one that is not known here
  std::string hash_oid;                        // in dotted form
  Bytes imprint;
  std::optional<Bytes> nonce;                         // as `serial`
  std::optional<std::chrono::microseconds> accuracy;  // either way
  bool ordering = false;
  std::string authority;  // the field tsa: a name in RFC 2253; empty: none
};

// Of one TSTInfo and nothing behind it; the error is a sentence. To be called within the scope of a crypto::HostErrors.
// std::bad_alloc where memory is lacking.
Result<TimeStampInfo, std::string> read_time_stamp_info(ByteView der);

}  // namespace signet::cms

#endif  // SIGNET_CRYPTO_CMS_TIME_STAMP_INFO_H_
