#include "validation/testing/list_maker.h"

#include <fmt/format.h>

#include <utility>

#include "crypto/base64.h"

namespace signet::validation::lists {

namespace {

constexpr const char* kTsl = "http://uri.etsi.org/02231/v2#";
constexpr const char* kAdditional = "http://uri.etsi.org/02231/v2/additionaltypes#";
constexpr const char* kQualifications =
    "http://uri.etsi.org/TrstSvc/SvcInfoExt/eSigDir-1999-93-EC-TrustedList/#";
constexpr const char* kXades = "http://uri.etsi.org/01903/v1.3.2#";
constexpr const char* kInformation = "http://uri.etsi.org/TrstSvc/TrustedList/SvcInfoExt/";

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else
      out += c;
  }
  return out;
}

std::string element(std::string_view name, const std::string& content) {
  return fmt::format("<{0}>{1}</{0}>", name, content);
}

std::string text(std::string_view name, std::string_view content) {
  return element(name, escaped(content));
}

std::string english(std::string_view name, std::string_view inner, std::string_view content) {
  return element(name, fmt::format("<{0} xml:lang=\"en\">{1}</{0}>", inner, escaped(content)));
}

std::string time_text(Time time) {
  return text_of(time, Language::english);
}

std::string digital_id(const Bytes& certificate) {
  return element("DigitalId", element("X509Certificate", crypto::to_base64(certificate)));
}

std::string list_type(const std::string& type) {
  return text("TSLType", "http://uri.etsi.org/TrstSvc/TrustedList/TSLType/" + type);
}

std::string pointer_xml(const PointerWish& pointer) {
  std::string identities;
  for (const Bytes& certificate : pointer.certificates)
    identities += element("ServiceDigitalIdentity", digital_id(certificate));
  const auto other = [](const std::string& content) {
    return element("OtherInformation", content);
  };
  return element(
      "OtherTSLPointer",
      element("ServiceDigitalIdentities", identities) +
          text("TSLLocation", fmt::format("https://lists.example/{}.xml", pointer.territory)) +
          element("AdditionalInformation",
                  other(list_type(pointer.type)) +
                      other(english("SchemeOperatorName", "Name", "Operator")) +
                      other(text("SchemeTerritory", pointer.territory)) +
                      other(fmt::format("<MimeType xmlns=\"{}\">{}</MimeType>", kAdditional,
                                        pointer.media_type))));
}

std::string rules_xml(const std::vector<RuleWish>& rules) {
  std::string elements;
  for (const RuleWish& rule : rules) {
    std::string qualifiers;
    for (const std::string& qualifier : rule.qualifiers)
      qualifiers += fmt::format("<Qualifier uri=\"{}{}\"></Qualifier>", kInformation, qualifier);
    elements += element("QualificationElement", element("Qualifiers", qualifiers) + rule.criteria);
  }
  return fmt::format(
      "<Extension Critical=\"true\"><Qualifications xmlns=\"{}\">{}</Qualifications></Extension>",
      kQualifications, elements);
}

std::string state_xml(const StateWish& state, const std::string& identity) {
  std::string extensions;
  if (!state.rules.empty()) extensions += rules_xml(state.rules);
  for (const std::string& information : state.information)
    extensions += fmt::format(
        "<Extension Critical=\"true\"><AdditionalServiceInformation><URI "
        "xml:lang=\"en\">{}{}</URI></AdditionalServiceInformation></Extension>",
        kInformation, information);
  extensions += state.extension;
  return text("ServiceTypeIdentifier", "http://uri.etsi.org/TrstSvc/Svctype/" + state.type) +
         english("ServiceName", "Name", state.name) + identity +
         text("ServiceStatus",
              "http://uri.etsi.org/TrstSvc/TrustedList/Svcstatus/" + state.status) +
         text("StatusStartingTime", time_text(state.start)) +
         (extensions.empty() ? "" : element("ServiceInformationExtensions", extensions));
}

std::string service_xml(const ServiceWish& wish) {
  std::string ids;
  for (const Bytes& certificate : wish.certificates) ids += digital_id(certificate);
  if (!wish.key_identifier.empty())
    ids += element("DigitalId", element("X509SKI", crypto::to_base64(wish.key_identifier)));
  const std::string identity = element("ServiceDigitalIdentity", ids);
  std::string history;
  for (std::size_t i = 1; i < wish.states.size(); ++i)
    history += element("ServiceHistoryInstance", state_xml(wish.states[i], identity));
  return element("TSPService",
                 element("ServiceInformation", state_xml(wish.states.at(0), identity)) +
                     (history.empty() ? "" : element("ServiceHistory", history)));
}

std::string address() {
  return element("PostalAddresses",
                 "<PostalAddress xml:lang=\"en\"><StreetAddress>Street 1</StreetAddress>"
                 "<Locality>Town</Locality><CountryName>CZ</CountryName></PostalAddress>") +
         element("ElectronicAddress", "<URI xml:lang=\"en\">mailto:tsl@lists.example</URI>");
}

std::string provider_xml(const ProviderWish& wish) {
  std::string services;
  for (const ServiceWish& service : wish.services) services += service_xml(service);
  return element("TrustServiceProvider",
                 element("TSPInformation",
                         english("TSPName", "Name", wish.name) +
                             english("TSPTradeName", "Name", "VATCZ-00000000") +
                             element("TSPAddress", address()) +
                             english("TSPInformationURI", "URI", "https://provider.example/")) +
                     element("TSPServices", services));
}

std::string scheme_xml(const ListWish& wish) {
  std::string uris = "<URI xml:lang=\"en\">https://lists.example/</URI>";
  for (const std::string& uri : wish.information)
    uris += fmt::format("<URI xml:lang=\"en\">{}</URI>", escaped(uri));
  std::string pointers;
  for (const PointerWish& pointer : wish.pointers) pointers += pointer_xml(pointer);
  return text("TSLVersionIdentifier", std::to_string(wish.version)) +
         text("TSLSequenceNumber", std::to_string(wish.sequence)) + list_type(wish.type) +
         english("SchemeOperatorName", "Name", "Operator of " + wish.territory) +
         element("SchemeOperatorAddress", address()) +
         english("SchemeName", "Name", wish.territory + ": Trusted list for tests") +
         element("SchemeInformationURI", uris) +
         text("StatusDeterminationApproach",
              "http://uri.etsi.org/TrstSvc/TrustedList/StatusDetn/EUappropriate") +
         english("SchemeTypeCommunityRules", "URI",
                 "http://uri.etsi.org/TrstSvc/TrustedList/schemerules/EUcommon") +
         text("SchemeTerritory", wish.territory) +
         element("PolicyOrLegalNotice",
                 "<TSLLegalNotice xml:lang=\"en\">For tests</TSLLegalNotice>") +
         text("HistoricalInformationPeriod", "65535") +
         (pointers.empty() ? "" : element("PointersToOtherTSL", pointers)) +
         text("ListIssueDateTime", time_text(wish.issued)) +
         element("NextUpdate",
                 wish.next_update ? text("dateTime", time_text(*wish.next_update)) : "");
}

std::string identifier(const std::string& oid) {
  return fmt::format("<Identifier xmlns=\"{}\" Qualifier=\"OIDAsURN\">urn:oid:{}</Identifier>",
                     kXades, oid);
}

}  // namespace

ListWish national(const std::string& territory) {
  ListWish wish;
  wish.territory = territory;
  return wish;
}

ListWish list_of_lists(const std::vector<Bytes>& next_signers) {
  ListWish wish;
  wish.type = "EUlistofthelists";
  wish.territory = "EU";
  wish.pointers.push_back({"EUlistofthelists", "EU", PointerWish().media_type, next_signers});
  return wish;
}

StateWish granted(const std::string& type, Time start, std::vector<std::string> information) {
  StateWish wish;
  wish.type = type;
  wish.start = start;
  wish.information = std::move(information);
  return wish;
}

ServiceWish service(const pki::Party& authority, const std::string& name,
                    std::vector<StateWish> states) {
  for (StateWish& state : states) state.name = name;
  return {{authority.der()}, {}, std::move(states)};
}

std::string criteria(const std::string& assertion, const std::string& content) {
  return fmt::format("<CriteriaList assert=\"{}\">{}</CriteriaList>", assertion, content);
}

std::string key_usage(const std::string& bit, bool value) {
  return fmt::format("<KeyUsage><KeyUsageBit name=\"{}\">{}</KeyUsageBit></KeyUsage>", bit, value);
}

std::string policy_set(const std::vector<std::string>& policies) {
  std::string content;
  for (const std::string& policy : policies)
    content += element("PolicyIdentifier", identifier(policy));
  return element("PolicySet", content);
}

std::string other_criteria(const std::string& content) {
  return element("otherCriteriaList", content);
}

std::string extended_key_usage(const std::string& purpose) {
  return fmt::format(
      "<ExtendedKeyUsage xmlns=\"{}\"><KeyPurposeId>{}</KeyPurposeId></ExtendedKeyUsage>",
      kAdditional, identifier(purpose));
}

std::string subject_attribute(const std::string& attribute) {
  return fmt::format(
      "<CertSubjectDNAttribute "
      "xmlns=\"{}\"><AttributeOID>{}</AttributeOID></CertSubjectDNAttribute>",
      kAdditional, identifier(attribute));
}

std::string statement_set(const std::string& statement, const std::string& type) {
  const std::string info =
      type.empty() ? "" : element("QcStatementInfo", element("QcType", identifier(type)));
  return fmt::format("<QcStatementSet xmlns=\"{}\"><QcStatement>{}</QcStatement></QcStatementSet>",
                     kAdditional, element("QcStatementId", identifier(statement)) + info);
}

std::string xml_of(const ListWish& wish) {
  std::string providers;
  for (const ProviderWish& provider : wish.providers) providers += provider_xml(provider);
  return fmt::format(
      "<TrustServiceStatusList xmlns=\"{}\" Id=\"list\" "
      "TSLTag=\"http://uri.etsi.org/19612/TSLTag\">{}{}</TrustServiceStatusList>",
      kTsl, element("SchemeInformation", scheme_xml(wish)),
      providers.empty() ? "" : element("TrustServiceProviderList", providers));
}

}  // namespace signet::validation::lists
