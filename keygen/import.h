// A certificate that came from a CA, put beside its key.
#ifndef SIGNET_KEYGEN_IMPORT_H_
#define SIGNET_KEYGEN_IMPORT_H_

#include <optional>
#include <string>
#include <vector>

#include "keygen/certificate.h"
#include "keygen/certificate_check.h"
#include "keygen/token_names.h"
#include "pkcs11-client/session.h"

namespace signet::keygen {

struct ImportOrder {
  std::vector<Certificate> certificates;  // the key's and, in any order, its issuers
  std::vector<Certificate> roots;         // empty: the chain is not checked
  std::optional<ObjectChoice> key;        // must be this one; absent: whichever fits
  std::optional<std::string> label;       // absent: the key's
};

struct Imported {
  Key key;
  StoredCertificate certificate;
  std::vector<StoredCertificate> issuers;  // newly stored; those that were there are left alone
};

// What of an order is for a key, and for which; all checks of check_certificate() and check_chain()
// made, nothing stored. other_key, and duplicate where the very same one is there already.
struct CheckedImport {
  Key key;
  Certificate certificate;
  std::vector<Certificate> issuers;  // without self-issued roots
};
TokenResult<CheckedImport> check_import(const TokenSession& token, const ImportOrder& order);

// check_import(), then stores the issuers that the token lacks, then the certificate with the key's
// id and label. Killed anywhere and called again, it ends right.
TokenResult<Imported> import_certificate(TokenSession& token, const ImportOrder& order);

}  // namespace signet::keygen

#endif  // SIGNET_KEYGEN_IMPORT_H_
