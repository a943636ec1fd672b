#include "dsa-transport/sapiws/answers.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "crypto/base64.h"
#include "dsa-transport/sapiws/xml.h"
#include "dsa-transport/wire_text.h"

namespace signet::transport::sapiws {

namespace {

constexpr std::size_t kMostCertificates = 10'000;
constexpr std::size_t kMostInfoText = 64;  // SAPI_TOKEN_INFO_STRUCT has 16 and 50

std::optional<Bytes> bytes_from(std::string_view text) {
  std::string packed(text);
  std::erase_if(packed, [](char c) { return c == '\r' || c == '\n' || c == ' ' || c == '\t'; });
  return crypto::from_base64(packed);
}

template <typename Number>
std::optional<Number> number_of(std::string_view text) {
  Number number = 0;
  const char* const end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, number);
  if (read.ec != std::errc() || read.ptr != end) return std::nullopt;
  return number;
}

// Where firmwares put a signature: SignatureObject/Base64Signature, or the document that was "signed".
std::string_view signature_text(const Element& root) {
  const std::string_view text = root.text_of("Base64Signature");
  const Element* const document = root.find("DocumentWithSignature");
  return text.empty() && document != nullptr ? document->text_of("Base64Data") : text;
}

Read<std::vector<Bytes>> read_certificates(const Element& root, std::string_view name,
                                           std::size_t most, Deadline deadline) {
  std::vector<Bytes> list;
  for (const Element* const element : root.find_all(name)) {
    if (deadline.passed()) {
      return WireError{"there was no time to read all of the certificates", true};
    }
    if (list.size() >= most) return WireError{"there are too many certificates"};
    auto der = bytes_from(element->text());
    if (!der || der->empty()) return WireError{"a certificate is not base64"};
    list.push_back(std::move(*der));
  }
  return list;
}

Read<void> read_info(const Element& root, DssAnswer& answer) {
  const Element* const info = root.find("CoSignInfo");
  if (info == nullptr) return success();
  struct Row {
    const char* name;
    std::string& to;
  };
  for (const Row& row :
       {Row{"SerialNumber", answer.serial_number}, Row{"ClusterID", answer.cluster},
        Row{"Major", answer.major}, Row{"Minor", answer.minor_version}}) {
    const std::string_view value = info->attribute(row.name);
    if (value.size() > kMostInfoText) {
      return WireError{std::string(row.name) + " of CoSignInfo is too long"};
    }
    row.to = value;
  }
  return success();
}

}  // namespace

Read<DssAnswer> read_dss(std::string_view body, Deadline deadline) {
  BOOST_OUTCOME_TRY(const Document document, Document::parse(body, deadline));
  const Element& root = document.root();
  const std::string_view major = root.text_of("ResultMajor");
  if (major.empty()) return WireError{"there is no ResultMajor"};
  DssAnswer answer;
  answer.success = major.ends_with(":Success");
  answer.minor = root.text_of("ResultMinor");
  answer.message = root.text_of("ResultMessage");
  if (!answer.success) return answer;
  BOOST_OUTCOME_TRY(answer.certificates,
                    read_certificates(root, "AvailableCertificate", kMostCertificates, deadline));
  BOOST_OUTCOME_TRY(answer.issuers,
                    read_certificates(root, "CACertificate",
                                      kMostCertificates - answer.certificates.size(), deadline));
  if (const std::string_view text = signature_text(root); !text.empty()) {
    answer.signature = bytes_from(text);
    if (!answer.signature) return WireError{"the signature is not base64"};
  }
  BOOST_OUTCOME_TRY(read_info(root, answer));
  answer.time = moment_of(root.text_of("SAPITime"));
  return answer;
}

Read<SpmlAnswer> read_spml(std::string_view body, Deadline deadline) {
  BOOST_OUTCOME_TRY(const Document document, Document::parse(body, deadline));
  const Element& root = document.root();
  for (const char* const name : {"setPasswordResponse", "deleteResponse", "lookupResponse",
                                 "setPasswordResult", "lookupResult"}) {
    for (const Element* const element : root.find_all(name)) {
      const std::string_view status = element->attribute("status");
      if (status.empty()) continue;
      SpmlAnswer answer;
      answer.success = status == "success";
      answer.error = element->attribute("error");
      answer.message = element->text_of("errorMessage");
      if (const Element* const record = element->find("UserRecord")) {
        answer.rights = number_of<std::uint32_t>(record->attribute("RightsMask"));
      }
      return answer;
    }
  }
  return WireError{"there is no response with a status"};
}

std::optional<SoapFault> read_fault(std::string_view body, Deadline deadline) {
  const auto document = Document::parse(body, deadline);
  if (!document) return std::nullopt;
  const Element* const fault = document.value().root().find("Fault");
  if (fault == nullptr) return std::nullopt;
  std::string_view code = fault->text_of("faultcode");
  std::string_view text = fault->text_of("faultstring");
  if (const Element* const newer = fault->find("Code")) code = newer->text_of("Value");
  if (const Element* const newer = fault->find("Reason")) text = newer->text_of("Text");
  code.remove_prefix(code.find(':') + 1);  // of the whole text where there is no prefix
  // "Client.Authentication" is one of "Client" (SOAP 1.1, 4.4.1).
  code = code.substr(0, code.find('.'));
  constexpr std::array of_request = {"Client", "Sender", "VersionMismatch", "MustUnderstand",
                                     "DataEncodingUnknown"};
  SoapFault found;
  found.of_request = std::ranges::find(of_request, code) != of_request.end();
  found.text = text;
  return found;
}

std::optional<std::chrono::system_clock::time_point> moment_of(std::string_view text) {
  constexpr std::size_t size = 6;  // "+04:00"
  constexpr int most_hours = 14;   // XML Schema 1.1, part 2, 3.3.7
  if (text.size() <= size) return std::nullopt;
  const std::string_view zone = text.substr(text.size() - size);
  if ((zone[0] != '+' && zone[0] != '-') || zone[3] != ':') return parse_time(text);
  const auto hours = number_of<unsigned>(zone.substr(1, 2));
  const auto minutes = number_of<unsigned>(zone.substr(4));
  if (!hours || !minutes || *hours > most_hours || *minutes >= 60) return std::nullopt;
  const auto local = parse_time(std::string(text.substr(0, text.size() - size)) + "Z");
  if (!local) return std::nullopt;
  const auto offset = std::chrono::hours(*hours) + std::chrono::minutes(*minutes);
  return zone[0] == '+' ? *local - offset : *local + offset;
}

}  // namespace signet::transport::sapiws
