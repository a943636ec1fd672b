// The words of the appliance's SOAP services: SAPI codes in the text of a result, the results that were recorded on the wire, and
// the errors of SPML 2.0.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "tests/failures/soap.h"
#include "tests/failures/wire_failures.h"

namespace signet::tests {
namespace {

using https::TestReply;

constexpr auto kCodes = std::to_array<const char*>(
    {"90010001", "90020110", "90020111", "90020112", "90020113", "90020130", "90020131", "90020133",
     "90020150", "900201a0", "900201a1", "900201a2", "900201d0", "900201d2", "900201d4", "900201e0",
     "900201e1", "900201e2", "900201e3", "900201e4", "900201e5", "900201e6", "900201e7", "900201ea",
     "900201eb", "90020300", "90030100", "90030103", "90030150", "90030270", "90030280", "90030290",
     "900302a0", "900302b0", "900302d0", "90030360", "90030384", "90030385", "90030389", "90030700",
     "90030702", "90030703", "90030704", "90030705", "90030708", "90030818", "90030855", "90034002",
     "90037001", "90037002", "90037003", "90037004", "90037005", "90037006", "90037007", "90037008",
     "90037009", "90039999"});

struct Recorded {
  const char* major;
  const char* minor;
  const char* message;
};

constexpr auto kRecorded = std::to_array<Recorded>({
    {"RequesterError", "AuthenticationError", "Invalid user name or password"},
    {"RequesterError", "InsufficientInformation", "No password"},
    {"RequesterError", "NotSupported", "Signature type is missing or not suported"},
    {"RequesterError", "NotSupported", "Signature type not suported by this profile"},
    {"RequesterError", "NotSupported", ""},
    {"RequesterError", "GeneralError", "Bad Mime type"},
    {"RequesterError", "GeneralError", "Unsupported hash algorithm"},
    {"ResponderError", "GeneralError", "Exception occured"},
    {"ResponderError", "", ""},
    {"RequesterError", "GeneralError", "New password does not match the password policy"},
});

constexpr auto kSpmlErrors = std::to_array<const char*>(
    {"malformedRequest", "unsupportedOperation", "unsupportedIdentifierType", "noSuchIdentifier",
     "customError", "unsupportedExecutionMode", "invalidContainment", "noSuchRequest",
     "unsupportedSelectionType", "resultSetToLarge", "unsupportedProfile", "invalidIdentifier",
     "alreadyExists", "containerNotEmpty"});

bool is_spml(const Step& step) {
  return step.call == "lookup" || step.call == "setPassword";
}

Failing code_failure(const std::string& code) {
  const std::string message = "Failed, err " + code;
  return {"code " + code, message, [message](const Step& step) {
            return std::optional(is_spml(step)
                                     ? spml_refusal(step.call, "customError", message)
                                     : dss_result("ResponderError", "GeneralError", message));
          }};
}

Failing recorded_failure(const Recorded& row) {
  std::string name = row.major;
  if (*row.minor != '\0') name += fmt::format(", {}", row.minor);
  if (*row.message != '\0') name += fmt::format(": {}", row.message);
  return {std::move(name), row.message, [row](const Step& step) -> std::optional<TestReply> {
            if (is_spml(step)) return std::nullopt;
            return dss_result(row.major, row.minor, row.message);
          }};
}

Failing spml_failure(const std::string& error, const std::string& message) {
  std::string name = "SPML " + (error.empty() ? "failure" : error);
  if (!message.empty()) name += ": " + message;
  return {std::move(name), message, [=](const Step& step) -> std::optional<TestReply> {
            if (!is_spml(step)) return std::nullopt;
            return spml_refusal(step.call, error, message);
          }};
}

}  // namespace

std::vector<Failing> sapiws_failures() {
  std::vector<Failing> all;
  for (const char* const code : kCodes) all.push_back(code_failure(code));
  for (const Recorded& row : kRecorded) all.push_back(recorded_failure(row));
  for (const char* const error : kSpmlErrors) all.push_back(spml_failure(error, ""));
  all.push_back(spml_failure("", ""));
  all.push_back(spml_failure("customError", "Invalid user name or password"));
  all.push_back(
      failing("HTTP 500, SOAP fault Client", "", soap_fault(500, "Client", "Bad request")));
  all.push_back(failing("HTTP 500, SOAP fault Server", "", soap_fault(500, "Server", "Oh no")));
  all.push_back(
      failing("HTTP 500, SOAP fault with 900201e2", "", soap_fault(500, "Server", "err 900201e2")));
  std::vector<Failing> wire = wire_failures();
  for (Failing& one : wire) one.words.clear();  // texts that are no XML are not shown
  std::ranges::move(wire, std::back_inserter(all));
  return all;
}

}  // namespace signet::tests
