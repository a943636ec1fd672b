// A trusted list as it was read (TS 119 612 V2.1.1 to V2.4.1), whoever signed it.
#ifndef SIGNET_VALIDATION_TRUSTED_LISTS_LIST_H_
#define SIGNET_VALIDATION_TRUSTED_LISTS_LIST_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "common/bytes.h"
#include "common/result.h"
#include "validation/statement.h"
#include "validation/trusted_lists/criteria.h"
#include "validation/trusted_lists/xml_document.h"

namespace signet::validation {

// Qualifiers for the certificates that fit (5.5.9.2): their URIs behind "…/SvcInfoExt/", "QCWithQSCD".
struct QualificationRule {
  std::set<std::string> qualifiers;
  Criterion criteria;
};

// What a service was from a moment on (5.5, 5.6).
struct ServiceState {
  std::string type;    // the URI behind "…/Svctype/": "CA/QC"
  std::string status;  // behind "…/Svcstatus/": "granted"
  std::string name;
  Time start{};
  std::optional<Time> end;  // when the next state began; nothing: it holds still
  std::set<std::string>
      information;  // AdditionalServiceInformation, behind "…/SvcInfoExt/": "ForeSeals"
  std::vector<QualificationRule> rules;
  std::optional<Time> keeps_ended_since;  // ExpiredCertsRevocationInfo (5.5.9.1)
  bool unknown_critical =
      false;  // an extension that must be understood, and is not: the state does not count

  bool covers(Time time) const { return start <= time && (!end || time < *end); }
};

struct Service {
  // Its provider's names, in all languages, trade names too; shared by all of its services.
  std::shared_ptr<const std::vector<std::string>> providers;
  // Its digital identity (5.5.3).
  std::vector<Bytes> certificates;
  std::vector<Bytes> key_identifiers;
  std::vector<ServiceState> states;  // the newest first

  bool is_of_type(const char* type) const;
};

// A pointer to another list (5.3.13): who may sign it.
struct ListPointer {
  std::string type, territory, media_type;
  std::vector<Bytes> certificates;
};

struct TrustedList {
  int version = 0;
  std::uint64_t sequence = 0;
  std::string type;  // the whole URI
  std::string territory;
  Time issued{};
  std::optional<Time> next_update;  // nothing: the list is closed (5.3.15)
  std::vector<ListPointer> pointers;
  std::vector<Service> services;

  bool is_list_of_lists() const;
  bool is_national() const;
};

inline constexpr const char* kListOfLists =
    "http://uri.etsi.org/TrstSvc/TrustedList/TSLType/EUlistofthelists";
inline constexpr const char* kNationalList =
    "http://uri.etsi.org/TrstSvc/TrustedList/TSLType/EUgeneric";
inline constexpr const char* kListMediaType = "application/vnd.etsi.tsl+xml";
inline constexpr const char* kCaQc = "CA/QC";
inline constexpr const char* kQtst = "TSA/QTST";

// Whether it is a trusted list at all, going by its root.
bool is_trusted_list(const XmlDocument& document);

// A service that cannot be read is left out; what must be known of the list as a whole is an error. Texts are
// printable.
Result<TrustedList, Statement> read_list(const XmlDocument& document);

}  // namespace signet::validation

#endif  // SIGNET_VALIDATION_TRUSTED_LISTS_LIST_H_
