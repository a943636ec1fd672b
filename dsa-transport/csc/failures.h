// What a refusal of a CSC service means: {"error", "error_description"} (CSC API 2.0, 10.1 and the tables of each method),
// or whatever else a service wrote.
#ifndef SIGNET_DSA_TRANSPORT_CSC_FAILURES_H_
#define SIGNET_DSA_TRANSPORT_CSC_FAILURES_H_

#include <string>
#include <string_view>

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

// How the request said who asks.
enum class Shown {
  token,     // an access token
  no_token,  // none, because the configuration says so
  secret,    // the client's secret, or its certificate
  nothing,   // what the API lets everybody ask
};

// Of a response that is no success.
Refusal refusal_of(const https::Response& response, Shown shown = Shown::token);

// The same, of a method that a service may lack: no such address is no fault of the service then, but not_supported.
Refusal without_method(Refusal refusal, const https::Response& response);

// Whether a body is an error in the API's form, whatever its status.
bool is_error(std::string_view body);

}  // namespace signet::transport::csc

#endif  // SIGNET_DSA_TRANSPORT_CSC_FAILURES_H_
