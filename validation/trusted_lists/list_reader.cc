#include <algorithm>
#include <charconv>

#include "common/printable.h"
#include "validation/trusted_lists/list.h"
#include "validation/trusted_lists/list_time.h"

namespace signet::validation {

namespace {

constexpr std::size_t kLongestText = 500;  // of a name, in bytes
constexpr std::string_view kInformation = "/SvcInfoExt/";

constexpr Sentence kLacks{"the list has no element {0} that can be read",
                          "seznam nemá čitelný prvek {0}"};

std::string shown(const std::string& text) {
  return printable(text.substr(0, kLongestText));
}

std::string behind(const std::string& uri, std::string_view mark) {
  const std::size_t at = uri.rfind(mark);
  return shown(at == std::string::npos ? uri : uri.substr(at + mark.size()));
}

// The English one, else the first.
std::string name_in(const xmlNode* names) {
  const auto all = children_of(names, xml::kTsl, "Name");
  for (const xmlNode* const name : all) {
    const std::unique_ptr<xmlChar, void (*)(void*)> language(xmlNodeGetLang(name),
                                                             [](void* text) { xmlFree(text); });
    if (language != nullptr &&
        std::string_view(reinterpret_cast<const char*>(language.get())) == "en")
      return shown(text_of(name));
  }
  return all.empty() ? std::string() : shown(text_of(all[0]));
}

void add_names(const xmlNode* names, std::vector<std::string>& to) {
  for (const xmlNode* const name : children_of(names, xml::kTsl, "Name"))
    to.push_back(shown(text_of(name)));
}

template <typename Number>
std::optional<Number> number_in(const xmlNode* node) {
  const std::string text = text_of(node);
  Number number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

void add_certificates(const xmlNode* identity, std::vector<Bytes>& to) {
  for (const xmlNode* const id : children_of(identity, xml::kTsl, "DigitalId"))
    if (auto der = bytes_in(child_of(id, xml::kTsl, "X509Certificate")))
      to.push_back(*std::move(der));
}

ListPointer read_pointer(const xmlNode* pointer) {
  ListPointer read;
  for (const xmlNode* const identity :
       children_of(child_of(pointer, xml::kTsl, "ServiceDigitalIdentities"), xml::kTsl,
                   "ServiceDigitalIdentity"))
    add_certificates(identity, read.certificates);
  for (const xmlNode* const other : children_of(
           child_of(pointer, xml::kTsl, "AdditionalInformation"), xml::kTsl, "OtherInformation"))
    for (const xmlNode* const information : children_of(other)) {
      if (is_element(information, xml::kTsl, "TSLType"))
        read.type = text_of(information);
      else if (is_element(information, xml::kTsl, "SchemeTerritory"))
        read.territory = text_of(information);
      else if (is_element(information, xml::kTslAdditional, "MimeType"))
        read.media_type = text_of(information);
    }
  return read;
}

QualificationRule read_rule(const xmlNode* element) {
  QualificationRule rule;
  for (const xmlNode* const qualifier :
       children_of(child_of(element, xml::kQualifications, "Qualifiers"), xml::kQualifications,
                   "Qualifier"))
    rule.qualifiers.insert(behind(attribute_of(qualifier, "uri"), kInformation));
  if (const xmlNode* const criteria = child_of(element, xml::kQualifications, "CriteriaList"))
    rule.criteria = read_criteria(criteria);
  return rule;
}

void read_extension(const xmlNode* extension, ServiceState& state) {
  const std::string critical = attribute_of(extension, "Critical");
  bool known = false;
  for (const xmlNode* const content : children_of(extension)) {
    if (is_element(content, xml::kQualifications, "Qualifications")) {
      for (const xmlNode* const element :
           children_of(content, xml::kQualifications, "QualificationElement"))
        state.rules.push_back(read_rule(element));
      known = true;
    } else if (is_element(content, xml::kTsl, "AdditionalServiceInformation")) {
      state.information.insert(behind(text_of(child_of(content, xml::kTsl, "URI")), kInformation));
      known = true;
    } else if (name_of(content) == "ExpiredCertsRevocationInfo") {
      state.keeps_ended_since = list_time(text_of(content));
      known = state.keeps_ended_since.has_value();
    } else if (name_of(content) == "TakenOverBy") {
      known = true;
    }
  }
  if (!known && (critical == "true" || critical == "1")) state.unknown_critical = true;
}

// `node`: ServiceInformation or ServiceHistoryInstance.
std::optional<ServiceState> read_state(const xmlNode* node) {
  ServiceState state;
  const auto start = list_time(text_of(child_of(node, xml::kTsl, "StatusStartingTime")));
  state.type = behind(text_of(child_of(node, xml::kTsl, "ServiceTypeIdentifier")), "/Svctype/");
  state.status = behind(text_of(child_of(node, xml::kTsl, "ServiceStatus")), "/Svcstatus/");
  if (!start || state.type.empty() || state.status.empty()) return std::nullopt;
  state.start = *start;
  state.name = name_in(child_of(node, xml::kTsl, "ServiceName"));
  for (const xmlNode* const extension : children_of(
           child_of(node, xml::kTsl, "ServiceInformationExtensions"), xml::kTsl, "Extension"))
    read_extension(extension, state);
  return state;
}

// One that cannot be read makes the whole service unusable: its time would go to the state before it.
std::optional<Service> read_service(const xmlNode* node) {
  const xmlNode* const information = child_of(node, xml::kTsl, "ServiceInformation");
  std::vector<const xmlNode*> nodes =
      children_of(child_of(node, xml::kTsl, "ServiceHistory"), xml::kTsl, "ServiceHistoryInstance");
  nodes.insert(nodes.begin(), information);
  Service service;
  for (const xmlNode* const one : nodes) {
    auto state = read_state(one);
    if (!state) return std::nullopt;
    service.states.push_back(*std::move(state));
  }
  std::ranges::stable_sort(service.states, std::ranges::greater(), &ServiceState::start);
  for (std::size_t i = 1; i < service.states.size(); ++i)
    service.states[i].end = service.states[i - 1].start;
  const xmlNode* const identity = child_of(information, xml::kTsl, "ServiceDigitalIdentity");
  add_certificates(identity, service.certificates);
  for (const xmlNode* const id : children_of(identity, xml::kTsl, "DigitalId"))
    if (auto key = bytes_in(child_of(id, xml::kTsl, "X509SKI")))
      service.key_identifiers.push_back(*std::move(key));
  return service;
}

void read_provider(const xmlNode* provider, std::vector<Service>& into) {
  const xmlNode* const information = child_of(provider, xml::kTsl, "TSPInformation");
  const auto names = std::make_shared<std::vector<std::string>>();
  add_names(child_of(information, xml::kTsl, "TSPName"), *names);
  add_names(child_of(information, xml::kTsl, "TSPTradeName"), *names);
  for (const xmlNode* const node :
       children_of(child_of(provider, xml::kTsl, "TSPServices"), xml::kTsl, "TSPService")) {
    auto service = read_service(node);
    if (!service) continue;
    service->providers = names;
    into.push_back(*std::move(service));
  }
}

}  // namespace

bool Service::is_of_type(const char* type) const {
  return std::ranges::any_of(states, [&](const ServiceState& state) { return state.type == type; });
}

bool TrustedList::is_list_of_lists() const {
  return type == kListOfLists;
}

bool TrustedList::is_national() const {
  return type == kNationalList;
}

bool is_trusted_list(const XmlDocument& document) {
  return is_element(document.root(), xml::kTsl, "TrustServiceStatusList");
}

Result<TrustedList, Statement> read_list(const XmlDocument& document) {
  const xmlNode* const scheme = child_of(document.root(), xml::kTsl, "SchemeInformation");
  const auto version = number_in<int>(child_of(scheme, xml::kTsl, "TSLVersionIdentifier"));
  if (!version) return say(kLacks, std::string("TSLVersionIdentifier"));
  const auto sequence = number_in<std::uint64_t>(child_of(scheme, xml::kTsl, "TSLSequenceNumber"));
  if (!sequence) return say(kLacks, std::string("TSLSequenceNumber"));
  TrustedList list;
  list.version = *version;
  list.sequence = *sequence;
  list.type = text_of(child_of(scheme, xml::kTsl, "TSLType"));
  if (list.type.empty()) return say(kLacks, std::string("TSLType"));
  list.territory = shown(text_of(child_of(scheme, xml::kTsl, "SchemeTerritory")));
  if (list.territory.empty()) return say(kLacks, std::string("SchemeTerritory"));
  const auto issued = list_time(text_of(child_of(scheme, xml::kTsl, "ListIssueDateTime")));
  if (!issued) return say(kLacks, std::string("ListIssueDateTime"));
  list.issued = *issued;
  const xmlNode* const next = child_of(scheme, xml::kTsl, "NextUpdate");
  if (next == nullptr) return say(kLacks, std::string("NextUpdate"));
  if (const std::string text = text_of(child_of(next, xml::kTsl, "dateTime")); !text.empty()) {
    list.next_update = list_time(text);
    if (!list.next_update) return say(kLacks, std::string("NextUpdate"));
  }
  for (const xmlNode* const pointer :
       children_of(child_of(scheme, xml::kTsl, "PointersToOtherTSL"), xml::kTsl, "OtherTSLPointer"))
    list.pointers.push_back(read_pointer(pointer));
  for (const xmlNode* const provider :
       children_of(child_of(document.root(), xml::kTsl, "TrustServiceProviderList"), xml::kTsl,
                   "TrustServiceProvider"))
    read_provider(provider, list.services);
  return list;
}

}  // namespace signet::validation
