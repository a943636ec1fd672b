#include "validation/trusted_lists/criteria.h"

#include <algorithm>
#include <array>

namespace signet::validation {

namespace {

using CriterionKind = Criterion::Kind;

constexpr std::array<std::string_view, 9> kBits = {
    "digitalSignature", "nonRepudiation", "keyEncipherment", "dataEncipherment", "keyAgreement",
    "keyCertSign",      "crlSign",        "encipherOnly",    "decipherOnly"};

// "urn:oid:1.2.3" or "1.2.3".
Criterion named(CriterionKind kind, const xmlNode* identifier) {
  std::string name = text_of(identifier);
  constexpr std::string_view urn = "urn:oid:";
  if (name.size() > urn.size() &&
      std::equal(urn.begin(), urn.end(), name.begin(),
                 [](char wanted, char c) { return wanted == (c >= 'A' && c <= 'Z' ? c + 32 : c); }))
    name.erase(0, urn.size());
  if (name.empty()) return {};
  Criterion criterion;
  criterion.kind = kind;
  criterion.name = std::move(name);
  return criterion;
}

Criterion group(std::vector<Criterion> children) {
  Criterion criterion;
  if (!children.empty()) criterion.kind = CriterionKind::all;
  criterion.children = std::move(children);
  return criterion;
}

Criterion key_usage(const xmlNode* usage) {
  std::vector<Criterion> bits;
  for (const xmlNode* const one : children_of(usage)) {
    Criterion& criterion = bits.emplace_back();
    const std::string name = attribute_of(one, "name"), value = text_of(one);
    const auto found = std::ranges::find(kBits, name);
    const bool is_true = value == "true" || value == "1";
    if (!is_element(one, xml::kQualifications, "KeyUsageBit") || found == kBits.end() ||
        (!is_true && value != "false" && value != "0"))
      continue;
    criterion.kind = CriterionKind::key_usage;
    criterion.bit = static_cast<std::size_t>(found - kBits.begin());
    criterion.value = is_true;
  }
  return group(std::move(bits));
}

// Children of `list`, each with an identifier below it.
Criterion all_named(CriterionKind kind, const xmlNode* list, std::string_view child) {
  std::vector<Criterion> children;
  for (const xmlNode* const one : children_of(list))
    children.push_back(name_of(one) == child ? named(kind, child_of(one, xml::kXades, "Identifier"))
                                             : Criterion());
  return group(std::move(children));
}

// QcStatementSet, of whichever namespace: lists differ in it.
Criterion statements(const xmlNode* set) {
  std::vector<Criterion> all;
  for (const xmlNode* const statement : children_of(set))
    for (const xmlNode* const part : children_of(statement)) {
      if (name_of(part) == "QcStatementId") {
        all.push_back(named(CriterionKind::statement, child_of(part, xml::kXades, "Identifier")));
      } else if (name_of(part) == "QcStatementInfo") {
        for (const xmlNode* const info : children_of(part)) {
          if (name_of(info) == "QcType")
            all.push_back(
                named(CriterionKind::statement_type, child_of(info, xml::kXades, "Identifier")));
          else if (name_of(info) == "QcCClegislation")
            all.push_back(named(CriterionKind::legislation, info));
          else
            all.emplace_back();
        }
      } else {
        all.emplace_back();
      }
    }
  return group(std::move(all));
}

void read_others(const xmlNode* others, std::vector<Criterion>& into) {
  const auto elements = children_of(others);
  if (elements.empty()) into.emplace_back();
  for (const xmlNode* const other : elements) {
    if (is_element(other, xml::kTslAdditional, "ExtendedKeyUsage"))
      into.push_back(all_named(CriterionKind::extended_usage, other, "KeyPurposeId"));
    else if (is_element(other, xml::kTslAdditional, "CertSubjectDNAttribute"))
      into.push_back(all_named(CriterionKind::subject_attribute, other, "AttributeOID"));
    else if (name_of(other) == "QcStatementSet")
      into.push_back(statements(other));
    else
      into.emplace_back();
  }
}

CriterionKind assertion_of(const xmlNode* list) {
  const std::string word = attribute_of(list, "assert");
  if (word.empty() || word == "all") return CriterionKind::all;
  if (word == "atLeastOne") return CriterionKind::at_least_one;
  return word == "none" ? CriterionKind::none : CriterionKind::unknown;
}

// `wanted` as soon as one child is that; the other where none is; nothing where it hangs on one that is not understood.
std::optional<bool> any_is(const Criterion& criterion, bool wanted,
                           const CertificateFacts& certificate) {
  bool unsure = false;
  for (const Criterion& child : criterion.children) {
    const auto found = fits(child, certificate);
    if (found == wanted) return true;
    unsure = unsure || !found;
  }
  if (unsure) return std::nullopt;
  return false;
}

std::optional<bool> opposite(std::optional<bool> value) {
  if (value) *value = !*value;
  return value;
}

}  // namespace

Criterion read_criteria(const xmlNode* list) {
  Criterion criterion;
  for (const xmlNode* const child : children_of(list)) {
    if (is_element(child, xml::kQualifications, "KeyUsage"))
      criterion.children.push_back(key_usage(child));
    else if (is_element(child, xml::kQualifications, "PolicySet"))
      criterion.children.push_back(all_named(CriterionKind::policy, child, "PolicyIdentifier"));
    else if (is_element(child, xml::kQualifications, "CriteriaList"))
      criterion.children.push_back(read_criteria(child));
    else if (is_element(child, xml::kQualifications, "otherCriteriaList"))
      read_others(child, criterion.children);
    else if (!is_element(child, xml::kQualifications, "Description"))
      criterion.children.emplace_back();
  }
  if (!criterion.children.empty()) criterion.kind = assertion_of(list);
  return criterion;
}

std::optional<bool> fits(const Criterion& criterion, const CertificateFacts& certificate) {
  switch (criterion.kind) {
    case CriterionKind::all:
      return opposite(any_is(criterion, false, certificate));
    case CriterionKind::at_least_one:
      return any_is(criterion, true, certificate);
    case CriterionKind::none:
      return opposite(any_is(criterion, true, certificate));
    case CriterionKind::key_usage:
      return certificate.has_key_usage && certificate.key_usage[criterion.bit] == criterion.value;
    case CriterionKind::policy:
      return certificate.policies.contains(criterion.name);
    case CriterionKind::extended_usage:
      return certificate.extended_usages.contains(criterion.name);
    case CriterionKind::subject_attribute:
      return certificate.subject_attributes.contains(criterion.name);
    case CriterionKind::statement:
      return certificate.statements.contains(criterion.name);
    case CriterionKind::statement_type:
      return certificate.types.contains(criterion.name);
    case CriterionKind::legislation:
      return certificate.legislations.contains(criterion.name);
    case CriterionKind::unknown:
      break;
  }
  return std::nullopt;
}

}  // namespace signet::validation
