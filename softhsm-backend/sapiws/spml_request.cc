#include "softhsm-backend/sapiws/spml_request.h"

#include <algorithm>
#include <array>

#include "softhsm-backend/sapiws/dss_request.h"
#include "softhsm-backend/sapiws/words.h"
#include "softhsm-backend/sapiws/xml_writer.h"

namespace signet::emulator::sapiws {

namespace {

// Bits of RightsMask: a user's own, and those of administrators of the appliance and of accounts.
constexpr std::uint32_t kUserRight = 1;
constexpr std::uint32_t kAdministratorRights = 2 | 4 | 8;
constexpr std::uint32_t kUserAdministrator = 4;

constexpr std::int64_t kMostFound = 1'000;  // of a search that names no maximum, or a larger one

constexpr std::array<std::string_view, 5> kSpmlSpaces{kSpmlCore, kSpmlTypes, kSpmlOperations,
                                                      kSpmlSearch, kSpmlPassword};

struct OperationRow {
  std::string_view name;
  const char* space;  // of the request's and the response's element
};

constexpr std::array kOperations{
    OperationRow{"listTargets", kSpmlCore},
    OperationRow{"add", kSpmlCore},
    OperationRow{"lookup", kSpmlCore},
    OperationRow{"modify", kSpmlCore},
    OperationRow{"delete", kSpmlCore},
    OperationRow{"setPassword", kSpmlPassword},
    OperationRow{"expirePassword", kSpmlPassword},
    OperationRow{"resetPassword", kSpmlPassword},
    OperationRow{"validatePassword", kSpmlPassword},
    OperationRow{"search", kSpmlSearch},
    OperationRow{"iterate", kSpmlSearch},
    OperationRow{"closeIterator", kSpmlSearch},
};

constexpr auto kSpmlNames = [] {
  std::array<std::string_view, kOperations.size()> names{};
  std::ranges::transform(kOperations, names.begin(), &OperationRow::name);
  return names;
}();

constexpr Contract kSpmlContract{
    .operations = kSpmlOperations, .spaces = kSpmlSpaces, .names = kSpmlNames};

const Element* spml_part(const Element& parent, std::string_view name) {
  return child(parent, name, kSpmlContract);
}

std::string value(const Element* element, std::string_view name) {
  if (element == nullptr) return {};
  return std::string(element->attribute(name).value_or(""));
}

std::optional<Secret> secret(const Element* element) {
  if (element == nullptr) return std::nullopt;
  return Secret(text_of(element->text));
}

SpmlFailure malformed(std::string why) {
  return {.error = "malformedRequest", .message = std::move(why)};
}

Result<UserRecord, SpmlFailure> read_record(const Element& element) {
  UserRecord record;
  if (const auto name = element.attribute("UserLoginName")) record.login_name = std::string(*name);
  if (const auto password = element.attribute("Password")) record.password.emplace(*password);
  if (const auto name = element.attribute("UserCN")) record.common_name = std::string(*name);
  if (const auto rights = element.attribute("RightsMask")) {
    const auto mask = read_unsigned(*rights);
    if (!mask) return malformed("RightsMask is not a number.");
    record.administrator = (*mask & kAdministratorRights) != 0;
  }
  const std::string status = value(&element, "LoginStatus");
  if (status == "USER_LOGIN_STATUS_ENABLED") record.disabled = false;
  if (status == "USER_LOGIN_STATUS_DISABLED") record.disabled = true;
  return record;
}

// The record of a request, or of the one modification that replaces.
Result<const Element*, SpmlFailure> record_in(const Element& request) {
  const Element* const modification = spml_part(request, "modification");
  if (modification == nullptr) return spml_part(request, "UserRecord");
  const auto count = std::ranges::count_if(request.children, [](const Element& one) {
    return is_named(one, "modification", kSpmlContract);
  });
  if (count != 1 || value(modification, "modificationMode") != "replace") {
    return SpmlFailure{.error = "unsupportedOperation",
                       .message = "A modification replaces, and there is one of it."};
  }
  return spml_part(*modification, "UserRecord");
}

}  // namespace

const Contract& spml_contract() {
  return kSpmlContract;
}

Result<SpmlRequest, SpmlFailure> read_spml_request(const Element& wrapper) {
  const Element* const body = spml_part(wrapper, wrapper.name + "Request");
  if (body == nullptr) return malformed("The request is missing.");
  SpmlRequest request;
  request.id = value(body, "requestID");
  if (value(body, "executionMode") == "asynchronous") {
    return SpmlFailure{.error = "unsupportedExecutionMode", .message = {}};
  }
  const Element* const logon = spml_part(*body, "CoSignLogonData");
  request.admin = account_name(value(logon, "User"), value(logon, "Domain"));
  if (logon != nullptr) {
    if (const auto password = logon->attribute("Password"))
      request.admin_password.emplace(*password);
  }
  request.user = value(spml_part(*body, "psoID"), "ID");
  request.password = secret(spml_part(*body, "password"));
  BOOST_OUTCOME_TRY(const Element* const record, record_in(*body));
  if (record != nullptr) {
    BOOST_OUTCOME_TRY(request.record, read_record(*record));
  }
  request.iterator = value(spml_part(*body, "iterator"), "ID");
  const auto most = read_unsigned(value(body, "maxSelect"));
  request.most = most && *most > 0 ? std::min<std::int64_t>(*most, kMostFound) : kMostFound;
  request.with_data = value(body, "returnData") != "identifier";
  return request;
}

std::string pso_id(std::string_view user) {
  XmlWriter xml;
  xml.open("psoID").attribute("ID", user);
  return xml.finish();
}

std::string pso(const Account& account, bool with_data) {
  XmlWriter xml;
  xml.open("pso", kSpmlCore).raw(pso_id(account.user));
  if (!with_data) return xml.finish();
  const std::uint32_t rights = account.administrator ? kUserRight | kUserAdministrator : kUserRight;
  xml.open("UserRecord", kSpmlTypes).attribute("UserLoginName", account.user);
  xml.attribute("UserCN", account.common_name);
  xml.attribute("RightsMask", std::to_string(rights)).attribute("UserKind", "User");
  xml.attribute("LoginStatus",
                account.disabled ? "USER_LOGIN_STATUS_DISABLED" : "USER_LOGIN_STATUS_ENABLED");
  return xml.finish();
}

std::string spml_response(std::string_view operation, const std::string& request_id,
                          const SpmlOutcome& outcome) {
  const std::string name = std::string(operation) + "Response";
  const auto* const row = std::ranges::find(kOperations, operation, &OperationRow::name);
  XmlWriter xml;
  xml.open(name.c_str(), kSpmlOperations).open(name.c_str(), row->space);
  xml.attribute("status", outcome ? "success" : "failure");
  if (!request_id.empty()) xml.attribute("requestID", request_id);
  if (outcome) {
    const SpmlAnswer& answer = outcome.assume_value();
    if (answer.valid) xml.attribute("valid", *answer.valid ? "true" : "false");
    return xml.raw(answer.content).finish();
  }
  const SpmlFailure& failure = outcome.assume_error();
  xml.attribute("error", failure.error);
  if (!failure.message.empty()) xml.open("errorMessage", kSpmlCore).text(failure.message).close();
  return xml.finish();
}

}  // namespace signet::emulator::sapiws
