// A certificate's successor, as a procedure that can be killed anywhere and run again: a new key
// pair on the token, a request with the old subject, sealed by the old key, the authority's answer,
// the new certificate under the old label. The old pair stays on the token under another label.
#ifndef SIGNET_KEYGEN_RENEWAL_H_
#define SIGNET_KEYGEN_RENEWAL_H_

#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "keygen/certificate.h"
#include "keygen/renewal_claim.h"
#include "keygen/renewal_due.h"
#include "keygen/renewal_journal.h"
#include "keygen/successor_type.h"
#include "keygen/token_names.h"
#include "pkcs11-client/session.h"

namespace signet::keygen {

struct RenewalOrder {
  std::vector<Certificate>
      roots;  // the answer must lead to one of them; empty: the chain is not checked

  // What ends within this time is renewed: an answer that ends as soon is refused.
  std::chrono::days due{0};

  // Hands the request's file to the authority and gives its answer: certificates in any form that
  // parse_certificates() reads, nothing where it has not decided yet. Called with the same request
  // until there is an answer. Absent: nobody is asked.
  std::function<TokenResult<Bytes>(const std::filesystem::path& request)> ask;

  // Before each step that makes something, so that what other machines did meanwhile is seen.
  ReadAgain read_again;

  // Called after each step, once its record is on the disk.
  std::function<void(const RenewalRecord&)> progress;
};

// Refused is a time that a successor of the same term would be due within, at every run. A term of a few weeks says
// nothing of the successor's: it bridges a gap. There, and where the term is a few days off, the answer tells.
TokenResult<void> check_due(const DueCertificate& due, std::chrono::days time);

// Reason::waits where the record's request has waited for more than `most`, or its certificate has ended meanwhile.
TokenResult<void> check_wait(const RenewalRecord& record, std::chrono::days most);

// Of which kind the new key is.
struct NewKeyType {
  KeyType type;
  std::string reason = {};   // a sentence where the suite chose another kind than the old key's
  std::string warning = {};  // what the suite says against `type` all the same
};

// `wanted`: by the user; else the old key's kind where the suite calls it good for as long as the old certificate was issued
// for, counted from now, or the next one that is (successor_type.h).
NewKeyType new_key_type(const DueCertificate& due, const crypto::Suite& suite,
                        const std::optional<KeyType>& wanted);

// A record for the certificate, on the disk; nothing on the token is changed yet. `type`: of the new
// key. expired where the old certificate can seal no request any more.
TokenResult<RenewalRecord> plan_renewal(const TokenSession& token, RenewalJournal& journal,
                                        const DueCertificate& due, const NewKeyType& type);

// Goes as far as it can: to `done`, to `superseded` where another machine was first, or to `requested` where there is no
// answer yet. exists where another machine is at work (renewal_claim.h). `record` and its
// copy on the disk say how far. `fresh`: plan_renewal() has just made it, so no key can be there.
TokenResult<void> advance_renewal(TokenSession& token, RenewalJournal& journal,
                                  RenewalRecord& record, const RenewalOrder& order, bool fresh);

// Deletes keys that the making of a record's key left behind: pairs that the token finished after
// the process that asked for them was gone, and public halves alone.
TokenResult<void> sweep_keys(TokenSession& token, const RenewalRecord& record);

}  // namespace signet::keygen

#endif  // SIGNET_KEYGEN_RENEWAL_H_
