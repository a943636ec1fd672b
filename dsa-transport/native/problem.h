// An appliance's own words for a failure (RFC 9457 problem+json with sapiCode), and what they mean.
#ifndef SIGNET_DSA_TRANSPORT_NATIVE_PROBLEM_H_
#define SIGNET_DSA_TRANSPORT_NATIVE_PROBLEM_H_

#include <string>

#include "dsa-transport/appliance_error.h"
#include "https/client/message.h"

namespace signet::transport::native {

struct Problem {
  std::string sapi_code;     // as sent; empty: none
  std::string title;         // its first 200 bytes; control characters are escaped
  std::string detail;        // likewise
  bool well_formed = false;  // the body was a problem+json object
};

// Never fails: what is missing or broken stays empty.
Problem read_problem(const https::Response& answer);

// What to tell people: the meaning, then the appliance's own words.
ApplianceError error_from(const https::Response& answer, const Problem& problem);

}  // namespace signet::transport::native

#endif  // SIGNET_DSA_TRANSPORT_NATIVE_PROBLEM_H_
