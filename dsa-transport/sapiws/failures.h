// What the SOAP service's refusals mean. They come with HTTP 200: the vendor's SAPI code in the text, or the result's minor
// and the words, as far as both were recorded.
#ifndef SIGNET_DSA_TRANSPORT_SAPIWS_FAILURES_H_
#define SIGNET_DSA_TRANSPORT_SAPIWS_FAILURES_H_

#include "dsa-transport/pair.h"
#include "dsa-transport/sapiws/messages.h"

namespace signet::transport::sapiws {

// Of a response that is no HTTP 200.
Verdict verdict_of_status(const https::Response& response);

// Of a result that is not "Success".
Verdict verdict_of(const DssAnswer& answer, const https::Response& response);
Verdict verdict_of(const SpmlAnswer& answer, const https::Response& response);

// The SAPI code in a text as "0x900201e0"; empty: none.
std::string sapi_code_in(std::string_view text);

}  // namespace signet::transport::sapiws

#endif  // SIGNET_DSA_TRANSPORT_SAPIWS_FAILURES_H_
