// The attribute archive-time-stamp-v3 (EN 319 122-1, 5.5.3) with its ats-hash-index-v3 (5.5.2). For this component alone.
#ifndef SIGNET_PRESERVATION_ARCHIVE_TIME_STAMP_H_
#define SIGNET_PRESERVATION_ARCHIVE_TIME_STAMP_H_

#include "common/bytes.h"
#include "crypto/cms/signed_data.h"
#include "preservation/stamper.h"

namespace signet::preservation {

inline constexpr const char* kArchiveTimeStamp = "0.4.0.1733.2.4";

struct ArchiveImprint {
  Bytes index;   // ATSHashIndexV3, DER
  Bytes digest;  // what the time-stamp is over
};

// Of one SignerInfo as it is now, with all of the message's certificates and revocation data. `content`: the digest of what is
// signed, by the stamper's hash.
ExtensionResult<ArchiveImprint> archive_imprint(const cms::SignedData& message, ByteView signer,
                                                ByteView content, const Stamper& stamper);

// The unsigned attribute around the token, which has the index as an unsigned attribute of its own. Empty where the token is not
// one that can take it.
Bytes archive_attribute(ByteView token, const ArchiveImprint& imprint);

}  // namespace signet::preservation

#endif  // SIGNET_PRESERVATION_ARCHIVE_TIME_STAMP_H_
