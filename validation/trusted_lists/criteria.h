// Which certificates of a service a qualifier is meant for (TS 119 612 V2.4.1, 5.5.9.2.2).
#ifndef SIGNET_VALIDATION_TRUSTED_LISTS_CRITERIA_H_
#define SIGNET_VALIDATION_TRUSTED_LISTS_CRITERIA_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "validation/trusted_lists/certificate_facts.h"
#include "validation/trusted_lists/xml_document.h"

namespace signet::validation {

// A tree: lists with children, and what is asked of the certificate in its leaves.
struct Criterion {
  enum class Kind : std::uint8_t {
    all,
    at_least_one,
    none,       // of the children
    key_usage,  // bit `bit` is `value`
    policy,     // `name`, dotted; likewise the next ones
    extended_usage,
    subject_attribute,
    statement,
    statement_type,  // a type of QcType
    legislation,     // a country of QcCClegislation
    unknown,         // something that is not understood
  };

  Kind kind = Kind::unknown;
  std::vector<Criterion> children;
  std::string name;
  std::size_t bit = 0;
  bool value = false;
};

// `list`: a CriteriaList element. One without any criterion is not understood: it must not fit everything.
Criterion read_criteria(const xmlNode* list);

// Nothing where that hangs on what is not understood.
std::optional<bool> fits(const Criterion& criterion, const CertificateFacts& certificate);

}  // namespace signet::validation

#endif  // SIGNET_VALIDATION_TRUSTED_LISTS_CRITERIA_H_
