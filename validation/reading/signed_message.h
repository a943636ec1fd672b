// The signatures in a CMS message, with their time-stamps and the evidence in their attributes. For this component's readers alone.
#ifndef SIGNET_VALIDATION_READING_SIGNED_MESSAGE_H_
#define SIGNET_VALIDATION_READING_SIGNED_MESSAGE_H_

#include <map>
#include <set>
#include <vector>

#include "common/bytes.h"
#include "crypto/algorithm.h"
#include "crypto/cms/signed_data.h"
#include "validation/document.h"
#include "validation/reading/collector.h"

namespace signet::validation {

inline constexpr std::size_t kMostSignatures = 4096;  // of a document
inline constexpr std::size_t kMostTimeStamps = 1024;  // of a signature

using ContentDigests = std::map<crypto::Hash, Bytes>;

// The hashes of the content that the signers, the content time-stamps and the archive time-stamps want.
std::set<crypto::Hash> wanted_hashes(const cms::SignedData& message);

struct SignedMessage {
  std::vector<SignaturePart> signatures;  // one for each signer; name and format are the caller's
  Objects
      objects;  // all that the message holds: signatures, time-stamps, certificates, revocation data
};

// `digests`: of the content; a hash that is lacking cannot be computed. At most kMostSignatures signers and kMostTimeStamps
// time-stamps for each are read; what is beyond is told.
SignedMessage read_signed_message(const cms::SignedData& message, const ContentDigests& digests,
                                  Collector& collector);

}  // namespace signet::validation

#endif  // SIGNET_VALIDATION_READING_SIGNED_MESSAGE_H_
