#include "softhsm-backend/sapiws/envelope.h"

#include <algorithm>

#include "softhsm-backend/encoding.h"
#include "softhsm-backend/sapiws/words.h"
#include "softhsm-backend/sapiws/xml_writer.h"

namespace signet::emulator::sapiws {

namespace {

using Blame = SoapFault::Blame;

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view white = " \t";
  text.remove_prefix(std::min(text.find_first_not_of(white), text.size()));
  const std::size_t last = text.find_last_not_of(white);
  return text.substr(0, last == std::string_view::npos ? 0 : last + 1);
}

std::string_view unquoted(std::string_view text) {
  text = trimmed(text);
  if (text.size() < 2 || text.front() != '"' || text.back() != '"') return text;
  return text.substr(1, text.size() - 2);
}

// The parameter "action" of application/soap+xml (RFC 3902); empty where there is none. URIs have no semicolon here.
std::string_view action_parameter(std::string_view content_type) {
  for (std::size_t at = content_type.find(';'); at != std::string_view::npos;
       at = content_type.find(';')) {
    content_type.remove_prefix(at + 1);
    const std::string_view one = trimmed(content_type.substr(0, content_type.find(';')));
    if (lower_case(one.substr(0, 7)) == "action=") return unquoted(one.substr(7));
  }
  return {};
}

std::string_view action_of(const Request& request, SoapVersion version) {
  if (version == SoapVersion::v12) return action_parameter(request.header("Content-Type"));
  return unquoted(request.header("SOAPAction"));
}

const char* space_of(SoapVersion version) {
  return version == SoapVersion::v11 ? kSoap11 : kSoap12;
}

const char* code_of(SoapVersion version, Blame blame) {
  if (blame == Blame::version) return "soap:VersionMismatch";
  if (blame == Blame::must_understand) return "soap:MustUnderstand";
  if (version == SoapVersion::v11) return blame == Blame::client ? "soap:Client" : "soap:Server";
  return blame == Blame::client ? "soap:Sender" : "soap:Receiver";
}

std::string content_type_of(SoapVersion version) {
  return version == SoapVersion::v11 ? "text/xml; charset=utf-8"
                                     : "application/soap+xml; charset=utf-8";
}

std::string enveloped(SoapVersion version, std::string_view content) {
  XmlWriter xml;
  xml.open("soap:Envelope")
      .attribute("xmlns:soap", space_of(version))
      .open("soap:Body")
      .raw(content);
  return R"(<?xml version="1.0" encoding="utf-8"?>)" + xml.finish();
}

std::string fault_element(const SoapFault& fault) {
  XmlWriter xml;
  xml.open("soap:Fault");
  const char* const code = code_of(fault.version, fault.blame);
  if (fault.version == SoapVersion::v11) {
    xml.element("faultcode", code).element("faultstring", fault.text).open("detail").close();
  } else {
    xml.open("soap:Code").element("soap:Value", code).close().open("soap:Reason");
    xml.open("soap:Text").attribute("xml:lang", "en").text(fault.text).close().close();
  }
  return xml.finish();
}

// Whether a header says that who does not know it must refuse the message (SOAP 1.1, 4.2.3; 1.2 part 1, 5.2.3). None is
// known here.
bool is_mandatory(const Element& header, std::string_view space) {
  return std::ranges::any_of(header.attributes, [&](const Attribute& one) {
    const std::string_view value = text_of(one.value);
    return one.space == space && one.name == "mustUnderstand" && (value == "1" || value == "true");
  });
}

// The wrapper inside Envelope and Body.
Result<Element, SoapFault> body_of(Element envelope, SoapVersion version) {
  const auto fault = [&](Blame blame, std::string text) {
    return SoapFault{.version = version, .blame = blame, .text = std::move(text)};
  };
  if (envelope.name != "Envelope" || envelope.space != space_of(version)) {
    return fault(Blame::version,
                 std::string("Possible SOAP version mismatch: Expecting Envelope of ") +
                     space_of(version) + ".");
  }
  for (Element& part : envelope.children) {
    const bool is_header = part.name == "Header" && part.space == envelope.space;
    if (is_header && std::ranges::any_of(part.children, [&](const Element& one) {
          return is_mandatory(one, envelope.space);
        })) {
      return fault(Blame::must_understand, "SOAP header was not understood.");
    }
    if (part.name != "Body" || part.space != envelope.space) continue;
    if (part.children.empty()) break;
    return std::move(part.children.front());
  }
  return fault(Blame::client, "Unable to handle request without a valid action parameter.");
}

}  // namespace

std::string lower_case(std::string_view text) {
  std::string made(text);
  std::ranges::transform(made, made.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return made;
}

SoapVersion version_of(const Request& request) {
  return media_type(request.header("Content-Type")) == "application/soap+xml" ? SoapVersion::v12
                                                                              : SoapVersion::v11;
}

std::optional<std::string_view> operation_in_header(const Request& request,
                                                    const Contract& contract) {
  const std::string_view action = action_of(request, version_of(request));
  if (!action.starts_with(contract.operations)) return std::nullopt;
  const auto found = std::ranges::find(contract.names, action.substr(contract.operations.size()));
  if (found == contract.names.end()) return std::nullopt;
  return *found;
}

Result<Operation, SoapFault> read_operation(const Request& request, const Contract& contract) {
  const SoapVersion version = version_of(request);
  const auto fault = [&](std::string text, unsigned status = 500) {
    return SoapFault{.version = version, .text = std::move(text), .status = status};
  };
  if (version == SoapVersion::v11 && media_type(request.header("Content-Type")) != "text/xml") {
    return fault("The media type is neither text/xml nor application/soap+xml.", 415);
  }
  const auto named_operation = operation_in_header(request, contract);
  if (!named_operation && !action_of(request, version).empty()) {
    return fault("Server did not recognize the value of HTTP Header SOAPAction.");
  }
  auto envelope = read_xml(request.body);
  if (!envelope)
    return fault("Server was unable to read request: " + envelope.assume_error() + ".");
  BOOST_OUTCOME_TRY(auto wrapper, body_of(std::move(envelope).assume_value(), version));
  const auto fits = [&](std::string_view one) { return is_named(wrapper, one, contract); };
  const auto found = std::ranges::find_if(contract.names, fits);
  if (found == contract.names.end() || named_operation.value_or(*found) != *found) {
    return fault("Unable to handle request: the operation is not in the body.");
  }
  return Operation{.version = version, .name = std::string(*found), .element = std::move(wrapper)};
}

Answer soap_answer(SoapVersion version, std::string_view content) {
  return {.status = 200,
          .body = enveloped(version, content),
          .headers = {{"Content-Type", content_type_of(version)}}};
}

Answer to_answer(const SoapFault& fault) {
  return {.status = fault.status,
          .body = enveloped(fault.version, fault_element(fault)),
          .headers = {{"Content-Type", content_type_of(fault.version)}}};
}

bool is_named(const Element& element, std::string_view name, const Contract& contract) {
  if (element.name != name) return false;
  return element.space.empty() ||
         std::ranges::find(contract.spaces, element.space) != contract.spaces.end();
}

const Element* child(const Element& parent, std::string_view name, const Contract& contract) {
  const auto found = std::ranges::find_if(
      parent.children, [&](const Element& one) { return is_named(one, name, contract); });
  return found == parent.children.end() ? nullptr : &*found;
}

}  // namespace signet::emulator::sapiws
