// For tests: a folder of trusted lists, and of the certificates and keys of everybody in it, out of one description in JSON. The
// program write_trusted_lists does it for scripts:
//
//   write_trusted_lists validation/testing/lists.json FOLDER
//
// makes FOLDER/lists/NAME.xml and, for each party, FOLDER/parties/NAME.pem and NAME.key.pem. Keys are new each time.
#ifndef SIGNET_VALIDATION_TESTING_LIST_DESCRIPTION_H_
#define SIGNET_VALIDATION_TESTING_LIST_DESCRIPTION_H_

#include <filesystem>
#include <map>
#include <string>
#include <string_view>

#include "validation/testing/test_pki.h"

namespace signet::validation::lists {

// The members, all but those in capitals with a default:
//   parties: [{NAME, country, kind: "operator"|"authority"|"signer"|"time_stamper", issuer: another party's name, key: "p256"|…,
//     not_before, not_after, statements: {compliance, device, types, legislations}, policies: []}]
//   lists: [{FILE, SIGNER, pss, version, sequence, type, territory, issued, next_update (null: closed), information: [URI],
//     pointers: [{territory, type, media_type, SIGNERS}],
//     providers: [{NAME, services: [{IDENTITIES, states: [{type, status, name, start, information, rules: [{QUALIFIERS, CRITERIA}]}]}]}]}]
// Parties are named before they are used. What is wrong with it: std::runtime_error.
std::map<std::string, pki::Party> write_described(std::string_view json,
                                                  const std::filesystem::path& folder);

}  // namespace signet::validation::lists

#endif  // SIGNET_VALIDATION_TESTING_LIST_DESCRIPTION_H_
