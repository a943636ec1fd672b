#include "softhsm-backend/sapiws/service.h"

#include <algorithm>

#include "common/log.h"
#include "softhsm-backend/sapiws/pages.h"
#include "softhsm-backend/sapiws/words.h"

namespace signet::emulator::sapiws {

namespace {

constexpr std::string_view kPrefix = "/sapiws/";
constexpr std::string_view kDssPath = "/sapiws/dss.asmx";
constexpr std::string_view kSpmlPath = "/sapiws/spml.asmx";
constexpr std::string_view kFieldPath = "/sapiws/v1/digital_signature";

struct Target {
  std::string path;   // in lower case
  std::string query;  // likewise, behind the question mark
};

Target read_target(std::string_view target) {
  const std::size_t mark = std::min(target.find('?'), target.size());
  return {.path = lower_case(target.substr(0, mark)),
          .query = lower_case(target.substr(std::min(mark + 1, target.size())))};
}

Answer plain(unsigned status, const char* text) {
  return {
      .status = status, .body = text, .headers = {{"Content-Type", "text/plain; charset=utf-8"}}};
}

// What the fault's test asked for, with its code as the appliance writes it.
std::string fault_text(const Fault& fault) {
  constexpr std::string_view prefix = "0x";
  std::string code = lower_case(fault.sapi_code);
  if (code.starts_with(prefix)) code.erase(0, prefix.size());
  const std::string text = fault.detail.empty() ? "Injected fault" : fault.detail;
  return code.empty() ? text : text + ", err " + code;
}

}  // namespace

Service::Service(State& state, Token& token, std::string role, const Settings& settings)
    : state_(state),
      token_(token),
      role_(std::move(role)),
      settings_(settings),
      authenticator_(state),
      serial_number_(
          state.read([](Database& database) { return setting(database, "serial_number"); })),
      cluster_id_(state.read([](Database& database) { return setting(database, "cluster_id"); })) {}

bool Service::serves(std::string_view target) const {
  return lower_case(target.substr(0, kPrefix.size())) == kPrefix;
}

std::string Service::route_name(const Request& request) const {
  const Target target = read_target(request.target);
  if (target.path == kFieldPath && request.method == "PUT")
    return "PUT /SAPIWS/v1/digital_signature";
  const bool dss = target.path == kDssPath;
  if (!dss && target.path != kSpmlPath) return "other";
  const Contract& contract = dss ? dss_contract() : spml_contract();
  const std::string name = dss ? " /SAPIWS/dss.asmx" : " /SAPIWS/spml.asmx";
  if (request.method != "GET" && request.method != "POST") return "other";
  const auto operation =
      request.method == "POST" ? operation_in_header(request, contract) : std::nullopt;
  return request.method + name + (operation ? " " + std::string(*operation) : "");
}

Answer Service::handle(const Request& request) noexcept {
  try {
    return dispatch(request);
  } catch (const std::exception& error) {
    log::error("request {} failed: {}", request.id, error.what());
  }
  return to_answer(SoapFault{.version = version_of(request),
                             .blame = SoapFault::Blame::server,
                             .text = "Server was unable to process request.",
                             .status = 500});
}

Answer Service::answer_under_fault(const Request& request, const Fault& fault,
                                   Answer answer) const {
  if (fault.kind == Fault::Kind::bad_json) {
    answer.body.resize(answer.body.size() / 2);  // well-formed no more
    return answer;
  }
  if (fault.kind != Fault::Kind::status) return answer_under(fault, std::move(answer));
  const std::string path = read_target(request.target).path;
  if (path == kFieldPath) return field_refusal(fault.status, fault_text(fault));
  const bool dss = path == kDssPath;
  const auto operation = operation_in_header(request, dss ? dss_contract() : spml_contract());
  const std::string text = fault_text(fault);
  Answer made;
  if (fault.status != 200) {
    made = to_answer(SoapFault{.version = version_of(request),
                               .blame = SoapFault::Blame::server,
                               .text = text,
                               .status = fault.status});
  } else if (dss) {
    const DssFailure failure{major::kResponderError, minor::kGeneralError, text};
    made = soap_answer(version_of(request), dss_response(operation.value_or("DssSign"), "",
                                                         DssOutcome<DssResult>(failure)));
  } else {
    const SpmlFailure failure{.error = "customError", .message = text};
    made = soap_answer(version_of(request),
                       spml_response(operation.value_or("lookup"), "", SpmlOutcome(failure)));
  }
  if (fault.retry_after)
    made.headers.emplace_back("Retry-After", std::to_string(*fault.retry_after));
  return made;
}

Answer Service::dispatch(const Request& request) {
  const Target target = read_target(request.target);
  if (target.path == kFieldPath) return sign_field(request);
  const bool dss = target.path == kDssPath;
  if (!dss && target.path != kSpmlPath) return plain(404, "The resource cannot be found.\n");
  if (request.method == "POST") return post(request, dss);
  if (request.method != "GET") {
    Answer answer = plain(405, "The HTTP verb used is not allowed.\n");
    answer.headers.emplace_back("Allow", "GET, POST");
    return answer;
  }
  return target.query == "wsdl" ? wsdl_answer(dss, request.header("Host")) : page_answer(dss);
}

Answer Service::post(const Request& request, bool is_dss) {
  const auto operation = read_operation(request, is_dss ? dss_contract() : spml_contract());
  if (!operation) return to_answer(operation.assume_error());
  const Operation& asked = operation.assume_value();
  if (is_dss) {
    std::string request_id;
    const auto outcome = dss(request, asked, request_id);
    if (!outcome && outcome.assume_error().exhausted) {
      return to_answer(SoapFault{.version = asked.version,
                                 .blame = SoapFault::Blame::server,
                                 .text = "The document is too large.",
                                 .status = 500});
    }
    return soap_answer(asked.version, dss_response(asked.name, request_id, outcome));
  }
  return spml(asked);
}

DssOutcome<DssResult> Service::dss(const Request& request, const Operation& operation,
                                   std::string& request_id) {
  BOOST_OUTCOME_TRY(const auto asked, read_dss_request(operation.element));
  request_id = asked.id;
  if (asked.document && asked.document->data.size() > kMaxDocument) return failures::exhausted();
  if (operation.name == "DssVerify") {
    // The appliance's own answer to a verification that does not say what it verifies.
    if (asked.signature_type.empty()) return failures::exception();
    return verify(asked);
  }
  if (asked.signature_type.empty()) return failures::no_type();
  return sign(request, asked);
}

}  // namespace signet::emulator::sapiws
