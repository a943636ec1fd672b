#include "validation/trusted_lists/certificate_qualification.h"

#include <algorithm>
#include <array>
#include <set>

namespace signet::validation {

namespace {

constexpr Sentence kNotThen{"no service that issued the certificate is listed for {0}",
                            "pro {0} není uvedena žádná služba, která certifikát vydala"};
constexpr Sentence kUnknownExtension{
    "the entry of {0} is left out: it has a critical extension that is not known",
    "záznam služby {0} se vynechává: má neznámé kritické rozšíření"};
constexpr Sentence kNotCaQc{"at {0} the issuer's service did not issue qualified certificates",
                            "{0} služba vydavatele nevydávala kvalifikované certifikáty"};
constexpr Sentence kOtherType{
    "at {0} the issuer's service was not listed for certificates of this type",
    "{0} služba vydavatele nebyla uvedena pro certifikáty tohoto typu"};
constexpr Sentence kConflict{"at {0} the issuer's services contradict each other",
                             "{0} si služby vydavatele odporují"};
constexpr Sentence kNotGranted{"at {1} the service {0} had the status {2}",
                               "služba {0} měla k okamžiku {1} stav {2}"};
constexpr Sentence kNotUnderstood{
    "a qualifier of the service {0} depends on criteria that are not understood; its restrictions "
    "count",
    "kvalifikátor služby {0} závisí na neznámých kritériích; jeho omezení platí"};
constexpr Sentence kQualified{"at {1} the certificate was qualified by the service {0}",
                              "k okamžiku {1} byl certifikát kvalifikovaný podle služby {0}"};
constexpr Sentence kUnqualified{"at {1} the certificate was not qualified by the service {0}",
                                "k okamžiku {1} nebyl certifikát kvalifikovaný podle služby {0}"};

bool is_before_eidas(Time time) {
  return time < kEidas;
}

// Uses of services after eIDAS: what the certificate's type is called in qualifiers and in additional service information.
struct TypeRow {
  CertificateType type;
  const char* statement;
  const char* qualifier;
  const char* information;
};
constexpr std::array kTypes = {
    TypeRow{CertificateType::signature, qc::kTypeSign, "QCForESig", "ForeSignatures"},
    TypeRow{CertificateType::seal, qc::kTypeSeal, "QCForESeal", "ForeSeals"},
    TypeRow{CertificateType::web, qc::kTypeWeb, "QCForWSA", "ForWebSiteAuthentication"},
};

// What the certificate says of itself.
bool says_qualified(const CertificateFacts& certificate) {
  if (!certificate.legislations.empty() || certificate.has(qc::kLegislation)) return false;
  if (certificate.has(qc::kCompliance)) return true;
  return is_before_eidas(certificate.not_before) &&
         (certificate.policies.contains(qc::kPolicy) ||
          certificate.policies.contains(qc::kPolicyPlus));
}

CertificateType says_type(const CertificateFacts& certificate) {
  if (is_before_eidas(certificate.not_before))
    return says_qualified(certificate) ? CertificateType::signature : CertificateType::unknown;
  CertificateType found = CertificateType::unknown;
  std::size_t count = 0;
  for (const TypeRow& row : kTypes)
    if (certificate.types.contains(row.statement)) {
      found = row.type;
      ++count;
    }
  if (count == 0 && certificate.has(qc::kCompliance)) return CertificateType::signature;
  return count == 1 ? found : CertificateType::unknown;
}

bool says_device(const CertificateFacts& certificate) {
  return certificate.has(qc::kSscd) || (is_before_eidas(certificate.not_before) &&
                                        certificate.policies.contains(qc::kPolicyPlus));
}

// A state, and what it says of one certificate.
struct Entry {
  ListedService listed;
  const ServiceState* state = nullptr;
  std::set<std::string> qualifiers;
  bool unsure = false;  // a rule was not understood

  bool has(const char* qualifier) const { return qualifiers.contains(qualifier); }
  std::size_t types() const {
    return static_cast<std::size_t>(
        std::ranges::count_if(kTypes, [&](const TypeRow& row) { return has(row.qualifier); }));
  }
};

// Of a rule that may or may not fit only what takes something away counts.
bool takes_away(const std::string& qualifier) {
  return qualifier == "NotQualified" || qualifier == "QCNoSSCD" || qualifier == "QCNoQSCD";
}

void capture(Entry& entry, const CertificateFacts& certificate) {
  for (const QualificationRule& rule : entry.state->rules) {
    const auto fit = fits(rule.criteria, certificate);
    if (!fit) entry.unsure = true;
    for (const std::string& qualifier : rule.qualifiers)
      if (fit.value_or(takes_away(qualifier))) entry.qualifiers.insert(qualifier);
  }
}

bool is_qualified(const Entry& entry, const CertificateFacts& certificate, Time time) {
  if (entry.state->type != kCaQc || !is_granted(*entry.state, time) || entry.has("NotQualified"))
    return false;
  return entry.has("QCStatement") || says_qualified(certificate);
}

CertificateType type_of(const Entry& entry, const CertificateFacts& certificate, bool qualified) {
  if (!qualified) return says_type(certificate);
  if (is_before_eidas(entry.state->start)) return CertificateType::signature;
  if (entry.types() > 1) return CertificateType::unknown;
  for (const TypeRow& row : kTypes) {
    if (!entry.has(row.qualifier)) continue;
    const bool consistent =
        entry.state->information.contains(row.information) &&
        (row.type != CertificateType::signature || !entry.has("QCForLegalPerson"));
    return consistent ? row.type : CertificateType::unknown;
  }
  return says_type(certificate);
}

bool is_on_device(const Entry& entry, const CertificateFacts& certificate, bool qualified) {
  if (!qualified) return false;
  const bool before = is_before_eidas(entry.state->start);
  const bool with = before ? entry.has("QCWithSSCD")
                           : entry.has("QCWithQSCD") || entry.has("QCQSCDManagedOnBehalf");
  const bool without = entry.has(before ? "QCNoSSCD" : "QCNoQSCD");
  const bool as_said = entry.has(before ? "QCSSCDStatusAsInCert" : "QCQSCDStatusAsInCert");
  if (with && without) return false;  // it contradicts itself
  if (with) return true;
  if (as_said) return says_device(certificate);
  return !without && says_device(certificate);
}

// Whether the entry is for certificates of this type, or says what type they are (TS 119 615, 4.4.4). Only since eIDAS.
bool is_for_type(const Entry& entry, const CertificateFacts& certificate) {
  if (is_before_eidas(certificate.not_before)) return true;
  const CertificateType said = says_type(certificate);
  if (said == CertificateType::unknown) return true;
  const auto informs = [&](const TypeRow& row) {
    return entry.state->information.contains(row.information) &&
           (row.type != CertificateType::signature || !entry.has("QCForLegalPerson"));
  };
  for (const TypeRow& row : kTypes) {
    if (row.type == said && informs(row)) return true;
    if (row.type != said && informs(row) && entry.has(row.qualifier) && entry.types() == 1)
      return true;
  }
  return false;
}

CertificateQualification judge(const Entry& entry, const CertificateFacts& certificate, Time time) {
  CertificateQualification judged;
  judged.qualified = is_qualified(entry, certificate, time);
  judged.type = type_of(entry, certificate, judged.qualified);
  judged.on_device = is_on_device(entry, certificate, judged.qualified);
  judged.decided_by = entry.listed;
  judged.service = entry.state->name;
  return judged;
}

std::vector<Entry> entries_at(const std::vector<ListedService>& services,
                              const CertificateFacts& certificate, Time time,
                              std::vector<Statement>& reasons) {
  std::vector<Entry> entries;
  for (const ListedService& listed : services)
    for (const ServiceState& state : listed.service->states) {
      if (!state.covers(time)) continue;
      if (state.unknown_critical) {
        reasons.push_back(say(kUnknownExtension, state.name));
        continue;
      }
      Entry entry{listed, &state, {}, false};
      capture(entry, certificate);
      if (entry.unsure) reasons.push_back(say(kNotUnderstood, state.name));
      entries.push_back(std::move(entry));
    }
  return entries;
}

// Services that agree: the one whose provider the issuer names, else the first.
const Entry& choose(const std::vector<Entry>& entries, const std::string& organization) {
  const auto named = std::ranges::find_if(entries, [&](const Entry& entry) {
    const auto& providers = *entry.listed.service->providers;
    return std::ranges::find(providers, organization) != providers.end();
  });
  return named == entries.end() ? entries.front() : *named;
}

}  // namespace

bool is_granted(const ServiceState& state, Time time) {
  if (!is_before_eidas(state.start)) return state.status == "granted";
  return time < kEidasGraceEnd &&
         (state.status == "undersupervision" || state.status == "supervisionincessation" ||
          state.status == "accredited");
}

CertificateQualification qualification_at(const CertificateFacts& certificate,
                                          const std::vector<ListedService>& services,
                                          const std::string& issuer_organization, Time time,
                                          std::vector<Statement>& reasons) {
  CertificateQualification unlisted;
  unlisted.type = says_type(certificate);
  const auto give_up = [&](const Sentence& why) {
    reasons.push_back(say(why, time));
    return unlisted;
  };
  std::vector<Entry> entries = entries_at(services, certificate, time, reasons);
  if (entries.empty()) return give_up(kNotThen);
  std::erase_if(entries, [](const Entry& entry) { return entry.state->type != kCaQc; });
  if (entries.empty()) return give_up(kNotCaQc);
  std::erase_if(entries, [&](const Entry& entry) { return !is_for_type(entry, certificate); });
  if (entries.empty()) return give_up(kOtherType);

  const CertificateQualification first = judge(entries.front(), certificate, time);
  if (std::ranges::any_of(entries, [&](const Entry& entry) {
        return !judge(entry, certificate, time).same_as(first);
      })) {
    unlisted.conflict = true;
    return give_up(kConflict);
  }
  const Entry& chosen = choose(entries, issuer_organization);
  CertificateQualification judged = judge(chosen, certificate, time);
  if (!is_granted(*chosen.state, time))
    reasons.push_back(say(kNotGranted, chosen.state->name, time, chosen.state->status));
  else
    reasons.push_back(say(judged.qualified ? kQualified : kUnqualified, chosen.state->name, time));
  return judged;
}

CertificateQualification combine(const CertificateQualification& issued,
                                 const CertificateQualification& signing) {
  CertificateQualification combined = signing;
  if (combined.decided_by.service == nullptr) {
    combined.decided_by = issued.decided_by;
    combined.service = issued.service;
  }
  combined.conflict = issued.conflict || signing.conflict;
  combined.qualified = issued.qualified && signing.qualified;
  combined.on_device = combined.qualified && signing.on_device;
  if (issued.type != signing.type) combined.type = CertificateType::unknown;
  return combined;
}

}  // namespace signet::validation
