// SOAP 1.1 and 1.2: the operation inside a request, the envelope around an answer, faults.
#ifndef SIGNET_SOFTHSM_BACKEND_SAPIWS_ENVELOPE_H_
#define SIGNET_SOFTHSM_BACKEND_SAPIWS_ENVELOPE_H_

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "common/result.h"
#include "softhsm-backend/message.h"
#include "softhsm-backend/sapiws/xml_reader.h"

namespace signet::emulator::sapiws {

enum class SoapVersion { v11, v12 };

// Which of the two services is asked, and how its operations are found.
struct Contract {
  std::string_view operations;  // the wrappers' namespace; SOAPAction is it and the operation
  std::span<const std::string_view> spaces;  // that are taken for the service's own elements
  std::span<const std::string_view> names;   // of its operations
};

struct Operation {
  SoapVersion version = SoapVersion::v11;
  std::string name;  // of the contract
  Element element;   // its wrapper
};

struct SoapFault {
  enum class Blame { client, server, version, must_understand };

  SoapVersion version = SoapVersion::v11;
  Blame blame = Blame::client;
  std::string text;
  unsigned status = 500;
};

// ASCII alone.
std::string lower_case(std::string_view text);

// The version that the Content-Type of a request says: application/soap+xml is 1.2, everything else 1.1.
SoapVersion version_of(const Request& request);

// The operation that SOAPAction, or SOAP 1.2's parameter "action", names; nothing where it is missing or another one.
std::optional<std::string_view> operation_in_header(const Request& request,
                                                    const Contract& contract);

// Reads a POST. The errors are those of the platform that the appliance runs on: a Content-Type of no SOAP version is
// 415, everything else 500.
Result<Operation, SoapFault> read_operation(const Request& request, const Contract& contract);

// 200 with `content` as the body's element.
Answer soap_answer(SoapVersion version, std::string_view content);

Answer to_answer(const SoapFault& fault);

// Whether `element` has this local name and a namespace of the service, or none: clients mix the look-alike namespaces up,
// and some qualify only the wrapper.
bool is_named(const Element& element, std::string_view name, const Contract& contract);

// The first child with this name; nullptr where there is none.
const Element* child(const Element& parent, std::string_view name, const Contract& contract);

}  // namespace signet::emulator::sapiws

#endif  // SIGNET_SOFTHSM_BACKEND_SAPIWS_ENVELOPE_H_
