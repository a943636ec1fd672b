// A seal as its row in the database has it.
#ifndef SIGNET_SEAL_SERVER_SEALS_SEAL_ROW_H_
#define SIGNET_SEAL_SERVER_SEALS_SEAL_ROW_H_

#include "seal-server/seals/seals.h"

namespace signet::sealserver {

inline constexpr const char* kSealColumns =
    "SELECT id, client, number, opened_at, ended_at, kind, reference, digest, format, level,"
    " certificate, state, signature_digest, sealed_digest, signed_at, timestamped_at,"
    " used_certificate, reason FROM seal";

inline Seal seal_in(const storage::SqlRow& row) {
  return {.id = row.text(0),
          .client = row.text(1),
          .number = row.number(2),
          .opened_at = row.text(3),
          .ended_at = row.text(4),
          .opened = {.kind = row.text(5),
                     .reference = row.text(6),
                     .digest = row.text(7),
                     .format = row.text(8),
                     .level = row.text(9),
                     .certificate = row.text(10)},
          .result = {.state = row.text(11),
                     .signature_digest = row.text(12),
                     .sealed_digest = row.text(13),
                     .signed_at = row.text(14),
                     .timestamped_at = row.text(15),
                     .certificate = row.text(16),
                     .reason = row.text(17)}};
}

}  // namespace signet::sealserver

#endif  // SIGNET_SEAL_SERVER_SEALS_SEAL_ROW_H_
