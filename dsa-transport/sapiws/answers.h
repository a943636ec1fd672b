// What the SOAP service answers: DSS results (dss.asmx), SPML responses (spml.asmx) and the faults of SOAP 1.1 and 1.2.
#ifndef SIGNET_DSA_TRANSPORT_SAPIWS_ANSWERS_H_
#define SIGNET_DSA_TRANSPORT_SAPIWS_ANSWERS_H_

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/bytes.h"
#include "common/clock.h"
#include "dsa-transport/appliance.h"
#include "dsa-transport/json_reader.h"

namespace signet::transport::sapiws {

// A DSS result, whatever it is of.
struct DssAnswer {
  bool success = false;
  std::string minor;
  std::string message;
  std::vector<Bytes> certificates;  // DER: AvailableCertificate; with `issuers` at most 10,000
  std::vector<Bytes> issuers;       // DER: CACertificate
  std::optional<Bytes> signature;
  std::string serial_number, cluster;                         // CoSignInfo; at most 64 bytes each
  std::string major, minor_version;                           // likewise
  std::optional<std::chrono::system_clock::time_point> time;  // SAPITime
  std::optional<std::chrono::system_clock::time_point> date;  // the HTTP server's, likewise
  Trace trace = {};
};
Read<DssAnswer> read_dss(std::string_view body, Deadline deadline);

struct SpmlAnswer {
  bool success = false;
  std::string error;
  std::string message;
  std::optional<std::uint32_t> rights;  // RightsMask of a UserRecord
  Trace trace = {};
};
Read<SpmlAnswer> read_spml(std::string_view body, Deadline deadline);

struct SoapFault {
  bool of_request = false;  // Client or Sender, and what cannot be understood: nothing was done
  std::string text;
};
// Nothing where the body is no fault.
std::optional<SoapFault> read_fault(std::string_view body, Deadline deadline);

// xs:dateTime with an offset from UTC ("Z", "+04:00"). Nothing where it has none, for then nobody knows the moment.
std::optional<std::chrono::system_clock::time_point> moment_of(std::string_view text);

}  // namespace signet::transport::sapiws

#endif  // SIGNET_DSA_TRANSPORT_SAPIWS_ANSWERS_H_
