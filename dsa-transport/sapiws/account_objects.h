// What an account's certificates are to a program: keys and certificates.
#ifndef SIGNET_DSA_TRANSPORT_SAPIWS_ACCOUNT_OBJECTS_H_
#define SIGNET_DSA_TRANSPORT_SAPIWS_ACCOUNT_OBJECTS_H_

#include <map>
#include <string>
#include <vector>

#include "common/clock.h"
#include "dsa-transport/appliance.h"
#include "dsa-transport/der_check.h"

namespace signet::transport::sapiws {

// A key of the account, with what a signature needs.
struct KnownKey {
  Bytes certificate;     // DER; of several over the key, that which ends last
  std::string end_date;  // its, YYYYMMDD
  Bytes key_id;          // SHA-1 of the public key
  std::size_t size = 0;  // bytes of a signature
};
using KnownKeys = std::map<std::string, KnownKey>;  // by KeyInfo::id

struct AccountObjects {
  ObjectSet set;
  KnownKeys keys;
};

// Each RSA key that a certificate of the account is over is one key, however many certificates it has. Certificates (DER)
// of 16 MiB at most together, each shown once; an issuer's that cannot be read is left out. bad_answer where one of the
// account's cannot be read or they are too large; timed_out by the deadline.
Answer<AccountObjects> objects_of(const DerCheck& der, const std::vector<Bytes>& own,
                                  const std::vector<Bytes>& issuers, Deadline deadline);

}  // namespace signet::transport::sapiws

#endif  // SIGNET_DSA_TRANSPORT_SAPIWS_ACCOUNT_OBJECTS_H_
