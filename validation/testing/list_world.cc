#include "validation/testing/list_world.h"

#include "crypto/der.h"
#include "validation/trusted_lists/certificate_facts.h"

namespace signet::validation::lists {

namespace {

const char* type_oid(const std::string& type) {
  if (type == "sign") return qc::kTypeSign;
  return type == "seal" ? qc::kTypeSeal : qc::kTypeWeb;
}

}  // namespace

pki::Extension qc_statements(const StatementsWish& wish) {
  std::vector<Bytes> statements;
  if (wish.compliance) statements.push_back(der::encode_sequence({pki::oid(qc::kCompliance)}));
  if (wish.device) statements.push_back(der::encode_sequence({pki::oid(qc::kSscd)}));
  if (!wish.types.empty()) {
    std::vector<Bytes> types;
    for (const std::string& type : wish.types) types.push_back(pki::oid(type_oid(type)));
    statements.push_back(der::encode_sequence({pki::oid(qc::kType), der::encode_sequence(types)}));
  }
  if (!wish.legislations.empty()) {
    std::vector<Bytes> countries;
    for (const std::string& country : wish.legislations)
      countries.push_back(der::encode(der::kPrintableString, view_of(country)));
    statements.push_back(
        der::encode_sequence({pki::oid(qc::kLegislation), der::encode_sequence(countries)}));
  }
  return {"1.3.6.1.5.5.7.1.3", der::encode_sequence(statements)};
}

Bytes name_in(const std::string& country, const std::string& name) {
  const auto attribute = [](const char* type, std::uint8_t tag, const std::string& value) {
    const Bytes pair = der::encode_sequence({pki::oid(type), der::encode(tag, view_of(value))});
    return der::encode(der::kSet, pair);
  };
  return der::encode_sequence({attribute("2.5.4.6", der::kPrintableString, country),
                               attribute("2.5.4.3", der::kUtf8String, name)});
}

pki::Party list_operator(const std::string& name, pki::KeyKind key) {
  pki::CertificateWish wish = pki::signer(name);
  wish.key = key;
  return pki::root(wish);
}

pki::Party qualified_signer(const pki::Party& authority, const std::string& name,
                            const StatementsWish& statements, Time not_before) {
  pki::CertificateWish wish = pki::signer(name);
  wish.not_before = not_before;
  wish.extensions.push_back(qc_statements(statements));
  return pki::issue(authority, wish);
}

}  // namespace signet::validation::lists
