// A time-stamp authority behind the service: RFC 3161 over HTTP, as the service asks it for its clients.
#ifndef SIGNET_SOFTHSM_BACKEND_CSC_TIME_STAMP_AUTHORITY_H_
#define SIGNET_SOFTHSM_BACKEND_CSC_TIME_STAMP_AUTHORITY_H_

#include <functional>
#include <optional>
#include <string>

#include "common/bytes.h"
#include "softhsm-backend/csc/answers.h"

namespace signet::emulator::csc {

// The TimeStampResp for a TimeStampReq, both DER; called by several threads at once.
using TimeStampAuthority = std::function<Outcome<Bytes>(const Bytes& request)>;

// That at this http URL, within ten seconds.
TimeStampAuthority authority_at(std::string url);

struct WantedStamp {
  std::string_view hash_oid;  // dotted
  Bytes digest;
  Bytes nonce;  // big-endian; empty: none
};

// The TimeStampReq, with certReq (RFC 3161, 2.4.1).
Bytes encode_request(const WantedStamp& wanted);

// The token of a TimeStampResp (2.4.2), byte for byte; a refusal where there is none.
Outcome<Bytes> token_in(const Bytes& response);

}  // namespace signet::emulator::csc

#endif  // SIGNET_SOFTHSM_BACKEND_CSC_TIME_STAMP_AUTHORITY_H_
