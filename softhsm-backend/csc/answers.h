// Requests and answers of the CSC API as its calls see them: JSON objects, and refusals in the API's words
// (CSC API 2.0, 10.1: "error" and "error_description").
#ifndef SIGNET_SOFTHSM_BACKEND_CSC_ANSWERS_H_
#define SIGNET_SOFTHSM_BACKEND_CSC_ANSWERS_H_

#include <boost/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/bytes.h"
#include "common/result.h"
#include "softhsm-backend/message.h"

namespace signet::emulator::csc {

struct Refused {
  unsigned status = 400;
  std::string error = "invalid_request";
  std::string description;
  std::string challenge = "Bearer";  // of a 401 (RFC 6750, 3)
};

template <typename T>
using Outcome = Result<T, Refused>;

Refused invalid(std::string description);

Answer answer_of(const Refused& refused);
Answer answer_of(const boost::json::object& object, unsigned status = 200);

// Members of a request, of the wanted type; a refusal in the specification's words where one is missing or not.
std::optional<std::string> text_in(const boost::json::object& body, const char* name);
Outcome<std::string> required_text(const boost::json::object& body, const char* name);
Outcome<std::optional<std::int64_t>> number_in(const boost::json::object& body, const char* name);
bool flag_in(const boost::json::object& body, const char* name, bool otherwise);

// Base64 texts of a list under the first of the names that is there; empty where none is. At most 100.
Outcome<std::vector<Bytes>> hashes_in(const boost::json::object& body,
                                      std::initializer_list<const char*> names);

}  // namespace signet::emulator::csc

#endif  // SIGNET_SOFTHSM_BACKEND_CSC_ANSWERS_H_
