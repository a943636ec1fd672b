// What an archive-time-stamp-v3 is over (EN 319 122-1, 5.5.2 and 5.5.3). For this component's readers alone.
#ifndef SIGNET_VALIDATION_READING_ARCHIVE_TIME_STAMP_H_
#define SIGNET_VALIDATION_READING_ARCHIVE_TIME_STAMP_H_

#include <map>
#include <optional>

#include "common/bytes.h"
#include "crypto/cms/signed_data.h"
#include "crypto/cms/signer_parts.h"
#include "validation/reading/collector.h"
#include "validation/reading/signed_message.h"
#include "validation/reading/token_reading.h"

namespace signet::validation {

// What stands in the parts of a message that a hash index lists, by the ObjectId of the part's bytes: of each of the message's
// certificates and crls, and of each unsigned attribute's value.
using ObjectsOfParts = std::map<ObjectId, Objects>;

// Sets `imprint_matches` and `covered` of an archive time-stamp over this signer. Where the hash index lists what is not there, or its
// ats-hash-index(-v3) is missing or cannot be read, nothing matches. The older ats-hash-index lists whole attributes.
void read_archive_cover(const cms::SignedData& message, const cms::SignerParts& signer,
                        const ContentDigests& digests, const ObjectsOfParts& parts,
                        TokenReading& token);

}  // namespace signet::validation

#endif  // SIGNET_VALIDATION_READING_ARCHIVE_TIME_STAMP_H_
