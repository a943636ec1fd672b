// Which certificates of a token are to be renewed.
#ifndef SIGNET_KEYGEN_RENEWAL_DUE_H_
#define SIGNET_KEYGEN_RENEWAL_DUE_H_

#include <chrono>
#include <string>
#include <vector>

#include "keygen/certificate.h"
#include "keygen/renewal_journal.h"
#include "keygen/token_names.h"
#include "pkcs11-client/session.h"

namespace signet::keygen {

struct DueCertificate {
  StoredCertificate stored;
  Certificate certificate;
  Key key;
};

// The certificates, with their private key on the token, that fit the choice and end before
// `limit`. Those that have a successor are left out: by the journal, or one with its private key on the token that
// supersedes() them.
TokenResult<std::vector<DueCertificate>> due_certificates(
    const TokenSession& token, const std::vector<RenewalRecord>& records,
    const ObjectChoice& choice, std::chrono::system_clock::time_point limit);

// The records whose old key, or a key made for them, is on the token: one journal may serve several tokens.
TokenResult<std::vector<RenewalRecord>> records_of(const TokenSession& token,
                                                   const std::vector<RenewalRecord>& records);

}  // namespace signet::keygen

#endif  // SIGNET_KEYGEN_RENEWAL_DUE_H_
