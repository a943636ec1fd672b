// For tests: the parties of a small world of trusted lists.
#ifndef SIGNET_VALIDATION_TESTING_LIST_WORLD_H_
#define SIGNET_VALIDATION_TESTING_LIST_WORLD_H_

#include <string>
#include <vector>

#include "validation/testing/list_maker.h"
#include "validation/testing/test_pki.h"

namespace signet::validation::lists {

// qcStatements (EN 319 412-5). `types`: "sign", "seal", "web".
struct StatementsWish {
  bool compliance = true;
  bool device = true;
  std::vector<std::string> types = {"seal"};
  std::vector<std::string> legislations = {};
};
pki::Extension qc_statements(const StatementsWish& wish);

// A Name with a country, by which the list that decides is found.
Bytes name_in(const std::string& country, const std::string& name);

// Who signs lists: a self-signed certificate, as operators have.
pki::Party list_operator(const std::string& name, pki::KeyKind key = pki::KeyKind::p256);

pki::Party qualified_signer(const pki::Party& authority, const std::string& name,
                            const StatementsWish& statements,
                            Time not_before = pki::at("2020-01-01"));

}  // namespace signet::validation::lists

#endif  // SIGNET_VALIDATION_TESTING_LIST_WORLD_H_
