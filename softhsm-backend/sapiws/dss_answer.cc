#include "softhsm-backend/sapiws/dss_answer.h"

#include <fmt/format.h>

#include "crypto/base64.h"
#include "softhsm-backend/sapiws/words.h"
#include "softhsm-backend/sapiws/xml_writer.h"

namespace signet::emulator::sapiws {

namespace failures {

namespace {

DssFailure logon(std::string_view what, std::uint32_t code) {
  return {major::kRequesterError, minor::kAuthentication,
          fmt::format("{}, {}", what, code_text(code))};
}

}  // namespace

DssFailure exception() {
  return {major::kResponderError, minor::kGeneralError, "Exception occured"};
}

DssFailure silent() {
  DssFailure failure = exception();
  failure.silent = true;
  return failure;
}

DssFailure exhausted() {
  DssFailure failure = exception();
  failure.exhausted = true;
  return failure;
}

DssFailure no_password() {
  return {major::kRequesterError, minor::kInsufficient, "No password"};
}

DssFailure no_type() {
  return {major::kRequesterError, minor::kNotSupported, "SignatureType is missing or not suported"};
}

DssFailure not_supported(std::string_view what) {
  return {major::kRequesterError, minor::kNotSupported,
          fmt::format("{} not suported by this profile", what)};
}

DssFailure bad_mime_type() {
  return {major::kRequesterError, minor::kGeneralError, "Bad Mime type"};
}

DssFailure unsupported_hash() {
  return {major::kRequesterError, minor::kGeneralError, "Unsupported hash algorithm"};
}

DssFailure sapi(std::string_view what, std::uint32_t code) {
  return {major::kResponderError, minor::kGeneralError,
          fmt::format("{}, {}", what, code_text(code))};
}

DssFailure of(Denial denial) {
  switch (denial) {
    case Denial::wrong_password:
      return logon("Invalid user name or password", sapi::kWrongPassword);
    case Denial::account_locked:
      return logon("The user is locked", sapi::kUserLocked);
    case Denial::account_disabled:
      return logon("The user is disabled", sapi::kUserDisabled);
    case Denial::account_not_activated:
      return logon("The user is not activated", sapi::kUserNotActivated);
    case Denial::password_expired:
      return logon("The password has expired", sapi::kPasswordExpired);
    case Denial::signing_locked:
      return sapi("Failed to sign", sapi::kKeyLocked);
    case Denial::no_sign_credential:
      return {major::kRequesterError, minor::kInsufficient,
              "No sign password, " + code_text(sapi::kSignCredential)};
    case Denial::wrong_sign_password:
    case Denial::wrong_one_time_password:
      break;
  }
  return logon("Invalid sign password", sapi::kSignCredential);
}

DssFailure of(PasswordFault /*fault*/) {
  return sapi("Failed to update the password", sapi::kPasswordPolicy);
}

}  // namespace failures

namespace {

void write_result(XmlWriter& xml, const char* result_major, const char* result_minor,
                  const std::string& message) {
  xml.open("Result").element("ResultMajor", result_major);
  if (result_minor != nullptr) xml.element("ResultMinor", result_minor);
  if (!message.empty()) {
    xml.open("ResultMessage").attribute("xml:lang", "en").text(message).close();
  }
  xml.close();
}

}  // namespace

std::string code_text(std::uint32_t code) {
  return fmt::format("err {:08x}", code);
}

void place_signature(DssResult& result, AnswerPlace place, const char* type, ByteView signature) {
  if (place == AnswerPlace::usual) {
    const bool raw = std::string_view(type) == kTypePkcs1;
    place = raw ? AnswerPlace::signature_object : AnswerPlace::document;
  }
  XmlWriter xml;
  if (place == AnswerPlace::signature_object) {
    xml.open("SignatureObject").open("Base64Signature").attribute("Type", type);
    xml.text(crypto::to_base64(signature)).close();
    result.signature_object = xml.finish();
    return;
  }
  xml.open("DocumentWithSignature").open("Document").open("Base64Data");
  xml.attribute("MimeType", "application/octet-string").text(crypto::to_base64(signature));
  result.outputs += xml.finish();
}

std::string dss_response(std::string_view operation, const std::string& request_id,
                         const DssOutcome<DssResult>& outcome) {
  const std::string response = std::string(operation) + "Response";
  const std::string result_name = std::string(operation) + "Result";
  XmlWriter xml;
  xml.open(response.c_str(), kDssOperations).open(result_name.c_str(), kDssCore);
  if (!request_id.empty()) xml.attribute("RequestID", request_id);
  if (!outcome) {
    const DssFailure& failure = outcome.assume_error();
    if (!failure.silent) write_result(xml, failure.major, failure.minor, failure.message);
    return xml.finish();
  }
  const DssResult& result = outcome.assume_value();
  write_result(xml, major::kSuccess, result.minor, result.message);
  if (!result.outputs.empty()) xml.open("OptionalOutputs").raw(result.outputs).close();
  xml.raw(result.signature_object);
  return xml.finish();
}

}  // namespace signet::emulator::sapiws
