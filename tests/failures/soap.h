// Answers of the appliance's SOAP services.
#ifndef SIGNET_TESTS_FAILURES_SOAP_H_
#define SIGNET_TESTS_FAILURES_SOAP_H_

#include <string>

#include "https/testing/tls_test_server.h"

namespace signet::tests {

// A DSS result with the ends of its major and minor words, its message and outputs.
https::TestReply dss_result(const std::string& major, const std::string& minor,
                            const std::string& message, const std::string& outputs = {});
https::TestReply dss_success(const std::string& outputs);

// An SPML response to that operation; `error` and `message` of a refusal.
https::TestReply spml_success(const std::string& operation, const std::string& content);
https::TestReply spml_refusal(const std::string& operation, const std::string& error,
                              const std::string& message);

// A SOAP 1.1 fault: `code` is "Client" or "Server".
https::TestReply soap_fault(int status, const std::string& code, const std::string& message);

}  // namespace signet::tests

#endif  // SIGNET_TESTS_FAILURES_SOAP_H_
