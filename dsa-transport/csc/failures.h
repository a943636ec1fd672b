// What a refusal of a CSC service means: {"error", "error_description"} (CSC API 2.0, 10.1 and the tables of each method),
// or whatever else a service wrote.
#ifndef SIGNET_DSA_TRANSPORT_CSC_FAILURES_H_
#define SIGNET_DSA_TRANSPORT_CSC_FAILURES_H_

#include <string>

#include "dsa-transport/pair.h"

namespace signet::transport::csc {

// What the caller of a method can do about a refusal beyond telling it.
enum class Remedy {
  none,
  other_token,  // the access token is not accepted (any more)
  authorise,    // the SAD is not accepted (any more)
  fewer,        // too many signatures in one request
  ask_again,    // an asynchronous signature is still being made
  other_user,   // userID is not wanted with this access
};

struct Refusal {
  Verdict verdict;
  Remedy remedy = Remedy::none;
};

// Of a response that is no success, to a request with an access token or without one.
Refusal refusal_of(const https::Response& response, bool had_token = true);

}  // namespace signet::transport::csc

#endif  // SIGNET_DSA_TRANSPORT_CSC_FAILURES_H_
