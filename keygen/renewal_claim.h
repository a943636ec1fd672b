// Who renews a certificate where several machines, each with a journal of its own, may do so: the token is the lock.
//
// A machine makes its key, labelled waiting_label(), reads the token again, and owns the renewal only if no waiting key
// of another journal is there. Of two at work at the same time at least the one that made its key later sees the
// other's, so two never own it both. One that sees another's deletes its own. Only where each sees the other's must one
// of them stay: the smaller id waits until the other is deleted, but not for ever, since its machine may be dead.
#ifndef SIGNET_KEYGEN_RENEWAL_CLAIM_H_
#define SIGNET_KEYGEN_RENEWAL_CLAIM_H_

#include <filesystem>
#include <functional>
#include <optional>
#include <vector>

#include "keygen/renewal_journal.h"
#include "keygen/token_names.h"
#include "pkcs11-client/session.h"

namespace signet::keygen {

// Lets the token's list of objects be what the token holds now. Absent where it always is.
using ReadAgain = std::function<TokenResult<void>()>;

// Of a key that waits for its certificate: "seal (next)".
std::string waiting_label(const std::string& label);

// The keys that wait under this label and that none of the records knows, by id.
TokenResult<std::vector<Key>> foreign_keys(const TokenSession& token, const std::string& key_label,
                                           const std::vector<RenewalRecord>& records);

// exists: names the key, and what to do about it.
TokenError renewed_elsewhere(const Key& foreign, const std::filesystem::path& journal);

// The certificate, with its private key on the token, that has taken the place of the record's and is not its own.
TokenResult<std::optional<StoredCertificate>> successor_of(const TokenSession& token,
                                                           const RenewalRecord& record);

// Pairs, and public halves alone, with one of the record's ids and the waiting label, but for the key that the record
// goes on with.
TokenResult<std::vector<Key>> leftovers_of(const TokenSession& token, const RenewalRecord& record);

// For the record's key, which is on the token. True: the renewal is this journal's. False: it was done elsewhere. exists:
// another one is at work.
TokenResult<bool> claim(const TokenSession& token, const RenewalJournal& journal,
                        const RenewalRecord& record, const Key& own, const ReadAgain& read_again);

}  // namespace signet::keygen

#endif  // SIGNET_KEYGEN_RENEWAL_CLAIM_H_
