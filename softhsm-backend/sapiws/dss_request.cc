#include "softhsm-backend/sapiws/dss_request.h"

#include <array>
#include <charconv>

#include "common/secret.h"
#include "softhsm-backend/sapiws/words.h"

namespace signet::emulator::sapiws {

namespace {

constexpr std::array<std::string_view, 4> kDssSpaces{kDssCore, kDssTypes, kDssOperations, kXmlDsig};
constexpr std::array<std::string_view, 2> kDssNames{"DssSign", "DssVerify"};
constexpr Contract kDssContract{
    .operations = kDssOperations, .spaces = kDssSpaces, .names = kDssNames};

const Element* part(const Element& parent, std::string_view name) {
  return child(parent, name, kDssContract);
}

const Element* part(const Element* parent, std::string_view name) {
  return parent == nullptr ? nullptr : part(*parent, name);
}

std::string trimmed_of(const Element* element) {
  return element == nullptr ? std::string() : std::string(element->trimmed());
}

// Passwords are taken as they are, white space included.
std::optional<Secret> text_secret(const Element* element) {
  if (element == nullptr) return std::nullopt;
  return Secret(text_of(element->text));
}

DssOutcome<Bytes> base64_of(const Element& element) {
  auto bytes = element.base64();
  if (!bytes) return failures::exception();
  return *std::move(bytes);
}

DssOutcome<std::optional<Secret>> secret_of(const Element& info, std::string_view name) {
  if (const Element* const plain = part(info, name)) return text_secret(plain);
  const Element* const binary = part(info, std::string(name) + "Binary");
  if (binary == nullptr) return std::optional<Secret>();
  BOOST_OUTCOME_TRY(auto bytes, base64_of(*binary));
  std::optional<Secret> secret{Secret(ByteView(bytes))};
  wipe(bytes.data(), bytes.size());
  return secret;
}

DssOutcome<void> read_identity(const Element& identity, DssRequest& request) {
  if (const Element* const name = part(identity, "Name")) {
    request.user = account_name(name->trimmed(), name->attribute("NameQualifier").value_or(""));
  }
  const Element* const info = part(identity, "SupportingInfo");
  if (info == nullptr) return success();
  BOOST_OUTCOME_TRY(request.password, secret_of(*info, "LogonPassword"));
  BOOST_OUTCOME_TRY(request.sign_password, secret_of(*info, "SignPassword"));
  request.new_password = text_secret(part(*info, "NewLogonPassword"));
  return success();
}

DssOutcome<void> read_configuration(const Element& values, DssRequest& request) {
  for (const Element& value : values.children) {
    if (trimmed_of(part(value, "ConfValueID")) != "CertVerify") continue;
    const Element* const binary = part(value, "BinaryValue");
    if (binary == nullptr) return failures::exception();
    BOOST_OUTCOME_TRY(request.certificate, base64_of(*binary));
  }
  return success();
}

DssOutcome<void> read_inputs(const Element& inputs, DssRequest& request) {
  if (inputs.children.size() > 1) return failures::exception();  // one at a time, as the appliance
  if (const Element* const document = part(inputs, "Document")) {
    const Element* const data = part(*document, "Base64Data");
    if (data == nullptr) return failures::exception();
    BOOST_OUTCOME_TRY(auto bytes, base64_of(*data));
    request.document = Document{.mime_type = std::string(data->attribute("MimeType").value_or("")),
                                .data = std::move(bytes)};
  }
  if (const Element* const hash = part(inputs, "DocumentHash")) {
    const Element* const value = part(*hash, "DigestValue");
    if (value == nullptr) return failures::exception();
    BOOST_OUTCOME_TRY(auto bytes, base64_of(*value));
    const Element* const method = part(*hash, "DigestMethod");
    const auto uri = method == nullptr ? std::nullopt : method->attribute("Algorithm");
    request.hash = DocumentHash{.method = std::string(uri.value_or("")), .value = std::move(bytes)};
  }
  return success();
}

DssOutcome<void> read_options(const Element& options, DssRequest& request) {
  if (const Element* const identity = part(options, "ClaimedIdentity")) {
    BOOST_OUTCOME_TRY(read_identity(*identity, request));
  }
  request.signature_type = trimmed_of(part(options, "SignatureType"));
  request.key_info = part(part(options, "KeySelector"), "KeyInfo");
  if (const Element* const flags = part(options, "Flags")) {
    const auto bits = read_unsigned(flags->trimmed());
    if (!bits) return failures::exception();
    request.flags = *bits;
  }
  const std::string estimate = trimmed_of(part(options, "EstimateSignatureSize"));
  request.estimate_size = estimate == "true" || estimate == "1";
  if (const Element* const values = part(options, "ConfigurationValues")) {
    BOOST_OUTCOME_TRY(read_configuration(*values, request));
  }
  return success();
}

}  // namespace

const Contract& dss_contract() {
  return kDssContract;
}

std::optional<std::uint32_t> read_unsigned(std::string_view text) {
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::string account_name(std::string_view name, std::string_view domain) {
  const std::size_t first = domain.find_first_not_of(' ');
  if (first == std::string_view::npos) return std::string(name);
  return std::string(name) + "@" + std::string(domain.substr(first));
}

DssOutcome<DssRequest> read_dss_request(const Element& wrapper) {
  DssRequest request;
  const Element* const body =
      part(wrapper, wrapper.name == "DssSign" ? "SignRequest" : "VerifyRequest");
  if (body == nullptr) return failures::exception();
  request.id = std::string(body->attribute("RequestID").value_or(""));
  if (const Element* const options = part(*body, "OptionalInputs")) {
    BOOST_OUTCOME_TRY(read_options(*options, request));
  }
  if (const Element* const inputs = part(*body, "InputDocuments")) {
    BOOST_OUTCOME_TRY(read_inputs(*inputs, request));
  }
  if (const Element* const made = part(part(*body, "SignatureObject"), "Base64Signature")) {
    BOOST_OUTCOME_TRY(request.signature, base64_of(*made));
  }
  return request;
}

}  // namespace signet::emulator::sapiws
