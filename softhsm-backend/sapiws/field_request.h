// PUT /sapiws/v1/digital_signature: one JSON object, whose only member names the operation (CreateAndSignField).
#ifndef SIGNET_SOFTHSM_BACKEND_SAPIWS_FIELD_REQUEST_H_
#define SIGNET_SOFTHSM_BACKEND_SAPIWS_FIELD_REQUEST_H_

#include <chrono>
#include <string>
#include <string_view>

#include "common/bytes.h"
#include "common/result.h"

namespace signet::emulator::sapiws {

// Of a new field in a PDF document. The vendor's samples write numbers as strings and names in two casings.
struct FieldRequest {
  Bytes file;
  int page = 1;  // from the front; -1 is the last one
  // Points, from the lower left corner of the page; without width or height the field is invisible.
  double x = 0;
  double y = 0;
  double width = 0;
  double height = 0;
  std::string reason;
  bool shows_signer = true;
  bool shows_time = true;
  bool shows_reason = false;
  std::string date_format = "dd/MM/yyyy";
  std::string time_format = "h:mm:ss";

  bool is_visible() const { return width > 0 && height > 0; }
};

// The error is a sentence: of a body that is not such an object.
Result<FieldRequest, std::string> read_field_request(std::string_view body);

// A moment in local time by a format of .NET: d, dd, M, MM, yy, yyyy, h, hh, H, HH, m, mm, s, ss, t, tt; other characters
// stand for themselves.
std::string dotnet_text(std::chrono::system_clock::time_point moment, std::string_view format);

}  // namespace signet::emulator::sapiws

#endif  // SIGNET_SOFTHSM_BACKEND_SAPIWS_FIELD_REQUEST_H_
