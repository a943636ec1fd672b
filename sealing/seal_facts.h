// What a visible seal can show of its certificate and its time. For this component alone.
#ifndef SIGNET_SEALING_SEAL_FACTS_H_
#define SIGNET_SEALING_SEAL_FACTS_H_

#include <chrono>

#include "common/bytes.h"
#include "pdf/look/template.h"
#include "sealing/error.h"

namespace signet::sealing {

// Signer, organisation, issuer, serial number, and the time in the zone of this process: "2026-03-01 13:00:00 +01:00".
// Failure::settings where the certificate (DER) cannot be read.
SealResult<pdf::look::Facts> seal_facts(ByteView certificate,
                                        std::chrono::system_clock::time_point signed_at);

}  // namespace signet::sealing

#endif  // SIGNET_SEALING_SEAL_FACTS_H_
