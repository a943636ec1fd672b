// What the registration authority says of a client's appliance after the enrolment: other addresses, other pins, another
// key for the next statement. A CMS SignedData around JSON {client, number, members:[{url, pins}], enrolKey?}, signed by the
// enrolment key that the client knows from its credentials. The seal server hands it on, and can neither make nor change it.
#ifndef SIGNET_SEAL_CLIENT_STATEMENT_H_
#define SIGNET_SEAL_CLIENT_STATEMENT_H_

#include <openssl/types.h>

#include <cstdint>
#include <string>
#include <vector>

#include "common/bytes.h"
#include "common/result.h"
#include "seal-client/credentials.h"

namespace signet::sealclient {

struct Statement {
  std::string client;                    // id at the seal server
  std::int64_t number = 0;               // exceeds that of the statement before
  std::vector<ApplianceMember> members;  // all of them, the primary first
  Bytes enrol_key = {};  // DER SubjectPublicKeyInfo of the next enrolment key; empty: it stays

  bool operator==(const Statement&) const = default;
};

struct StatementError {
  enum class Kind {
    malformed,       // no such message
    bad_signature,   // not by the enrolment key
    another_client,  // about another client
    old,             // its number is no higher than `last`
    system,          // it could not be signed
  };
  Kind kind = Kind::malformed;
  std::string sentence;  // whole
};

// `certificate`: the signer's, of `key`; self-signed is enough, for the reader compares its key alone.
Result<Bytes, StatementError> sign_statement(const Statement& statement, EVP_PKEY* key,
                                             ByteView certificate);

// The statement, where `enrol_key` (DER SubjectPublicKeyInfo) has signed it, it is about `client` and its number exceeds
// `last` (0: none was seen).
Result<Statement, StatementError> open_statement(ByteView message, ByteView enrol_key,
                                                 const std::string& client, std::int64_t last);

}  // namespace signet::sealclient

#endif  // SIGNET_SEAL_CLIENT_STATEMENT_H_
