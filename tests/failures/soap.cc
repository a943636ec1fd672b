#include "tests/failures/soap.h"

#include <fmt/format.h>

namespace signet::tests {
namespace {

using https::TestReply;

TestReply envelope(const std::string& body, int status = 200) {
  return {.status = status,
          .body = R"(<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>)" +
                  body + "</s:Body></s:Envelope>",
          .content_type = "text/xml; charset=utf-8"};
}

TestReply spml(const std::string& operation, const std::string& attributes,
               const std::string& content) {
  const std::string space = operation == "lookup" ? "urn:oasis:names:tc:SPML:2:0"
                                                  : "urn:oasis:names:tc:SPML:2:0:password";
  return envelope(fmt::format(R"(<{0}Response xmlns="{1}" {2}>{3}</{0}Response>)", operation, space,
                              attributes, content));
}

}  // namespace

TestReply dss_result(const std::string& major, const std::string& minor, const std::string& message,
                     const std::string& outputs) {
  std::string result =
      "<ResultMajor>urn:oasis:names:tc:dss:1.0:resultmajor:" + major + "</ResultMajor>";
  if (!minor.empty()) {
    result += "<ResultMinor>urn:oasis:names:tc:dss:1.0:resultminor:" + minor + "</ResultMinor>";
  }
  if (!message.empty()) result += "<ResultMessage>" + message + "</ResultMessage>";
  return envelope(R"(<DssSignResponse xmlns="http://arx.com/SAPIWS/DSS/1.0/"><DssSignResult )"
                  R"(xmlns="urn:oasis:names:tc:dss:1.0:core:schema"><Result>)" +
                  result + "</Result>" + outputs + "</DssSignResult></DssSignResponse>");
}

TestReply dss_success(const std::string& outputs) {
  return dss_result("Success", "", "", outputs);
}

TestReply spml_success(const std::string& operation, const std::string& content) {
  return spml(operation, R"(status="success")", content);
}

TestReply spml_refusal(const std::string& operation, const std::string& error,
                       const std::string& message) {
  std::string attributes = R"(status="failure")";
  if (!error.empty()) attributes += fmt::format(R"( error="{}")", error);
  return spml(operation, attributes,
              message.empty() ? "" : "<errorMessage>" + message + "</errorMessage>");
}

TestReply soap_fault(int status, const std::string& code, const std::string& message) {
  return envelope(
      fmt::format("<s:Fault><faultcode>s:{}</faultcode><faultstring>{}</faultstring></s:Fault>",
                  code, message),
      status);
}

}  // namespace signet::tests
