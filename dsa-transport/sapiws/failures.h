// What the SOAP service's answers mean to the call. Refusals come with HTTP 200, and with others all the same: the vendor's
// SAPI code in the text, or the result's minor and the words, as far as they are known.
#ifndef SIGNET_DSA_TRANSPORT_SAPIWS_FAILURES_H_
#define SIGNET_DSA_TRANSPORT_SAPIWS_FAILURES_H_

#include <atomic>
#include <string>
#include <string_view>

#include "dsa-transport/cluster.h"
#include "dsa-transport/sapiws/answers.h"

namespace signet::transport::sapiws {

// What a response says, whatever its status: a result, a SOAP fault, or only the status. What a result or a fault of the
// request refuses has certainly not been done.
Judged<DssAnswer> judge_dss(const https::Response& response, Deadline deadline);
Judged<SpmlAnswer> judge_spml(const https::Response& response, Deadline deadline);

// Likewise of a request for a signature; `signs_nothing` becomes true where the signature type is refused, so that this
// firmware makes nothing that PKCS#11 can use.
Judged<DssAnswer> judge_sign(const https::Response& response, Deadline deadline,
                             std::atomic<bool>& signs_nothing);

// The SAPI code in a text as "0x900201e0"; empty: none.
std::string sapi_code_in(std::string_view text);

}  // namespace signet::transport::sapiws

#endif  // SIGNET_DSA_TRANSPORT_SAPIWS_FAILURES_H_
