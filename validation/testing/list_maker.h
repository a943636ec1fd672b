// For tests: trusted lists of any content, signed by anybody, right or wrong. Written in canonical form by this code alone, and
// signed by OpenSSL: nothing of the reader's XML or canonicalisation is used.
//
//   lists::ListWish wish = lists::national("CZ");
//   wish.providers = {{"Provider", {lists::service(ca, "Service", {lists::granted("CA/QC", pki::at("2017-01-01"))})}}};
//   write_file(folder / "cz.xml", lists::sign(lists::xml_of(wish), operator_));
#ifndef SIGNET_VALIDATION_TESTING_LIST_MAKER_H_
#define SIGNET_VALIDATION_TESTING_LIST_MAKER_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "validation/testing/test_pki.h"

namespace signet::validation::lists {

// One QualificationElement.
struct RuleWish {
  std::vector<std::string> qualifiers;  // "QCWithQSCD"
  std::string criteria;                 // a CriteriaList element, as key_usage_criteria() makes one
};

struct StateWish {
  std::string type = "CA/QC";
  std::string status = "granted";
  std::string name = "Service";
  Time start = pki::at("2016-06-30T22:00:00Z");
  std::vector<std::string> information;  // "ForeSeals"
  std::vector<RuleWish> rules;
  std::string extension;  // XML of one more Extension element
};

struct ServiceWish {
  std::vector<Bytes> certificates;
  Bytes key_identifier;           // empty: none
  std::vector<StateWish> states;  // the newest first; the others are its history
};

struct ProviderWish {
  std::string name;
  std::vector<ServiceWish> services;
};

struct PointerWish {
  std::string type = "EUgeneric";
  std::string territory;
  std::string media_type = "application/vnd.etsi.tsl+xml";
  std::vector<Bytes> certificates;
};

struct ListWish {
  int version = 6;
  std::uint64_t sequence = 1;
  std::string type = "EUgeneric";
  std::string territory = "CZ";
  Time issued = pki::at("2026-10-01");
  std::optional<Time> next_update = pki::at("2027-03-01");  // nothing: closed
  std::vector<std::string> information;  // more URIs of the scheme: the pivots of a list of lists
  std::vector<PointerWish> pointers;
  std::vector<ProviderWish> providers;
};

ListWish national(const std::string& territory);
// With a pointer to itself that announces these signers of the next lists of lists.
ListWish list_of_lists(const std::vector<Bytes>& next_signers);

StateWish granted(const std::string& type, Time start, std::vector<std::string> information = {});
ServiceWish service(const pki::Party& authority, const std::string& name,
                    std::vector<StateWish> states);

// CriteriaList elements.
std::string criteria(const std::string& assertion, const std::string& content);
std::string key_usage(const std::string& bit, bool value);
std::string policy_set(const std::vector<std::string>& policies);
std::string other_criteria(const std::string& content);
std::string extended_key_usage(const std::string& purpose);
std::string subject_attribute(const std::string& attribute);
std::string statement_set(const std::string& statement, const std::string& type = "");

// Without a signature.
std::string xml_of(const ListWish& wish);

struct ListSignature {
  pki::SignatureWish how;
  std::optional<Bytes> named;       // whom SigningCertificateV2 names; nothing: the signer
  bool second_version = true;       // SigningCertificateV2, else SigningCertificate
  std::string method;               // URI of SignatureMethod in place of the right one
  std::string digest_method;        // likewise of the references
  std::string document_transforms;  // XML in place of the two that are right
  std::string canonicalisation;     // URI in place of the right one
  bool cover_document = true;       // the reference ""
  bool cover_properties = true;     // the reference to SignedProperties
  std::string more_references;      // XML
};

// `xml` as xml_of() writes it: the signature becomes the root's last child.
std::string sign(const std::string& xml, const pki::Party& signer, const ListSignature& wish = {});

}  // namespace signet::validation::lists

#endif  // SIGNET_VALIDATION_TESTING_LIST_MAKER_H_
