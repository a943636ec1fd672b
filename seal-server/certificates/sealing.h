// Sealing certificates of clients, and their succession: the machines of a client share one lease, under which one of them
// makes the new key in the appliance and asks for its certificate. Functions as in orders.h.
#ifndef SIGNET_SEAL_SERVER_CERTIFICATES_SEALING_H_
#define SIGNET_SEAL_SERVER_CERTIFICATES_SEALING_H_

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "common/bytes.h"
#include "seal-server/register/sequencer.h"

namespace signet::sealserver {

// Of the machine that makes the key; another one takes it up afterwards.
inline constexpr std::chrono::hours kSealingLease{1};

struct SealingCertificate {
  std::string name;         // hexadecimal SHA-256 of the DER
  std::string client;       // id
  std::string certificate;  // base64 of the DER
  std::string key;          // hexadecimal SHA-256 of its SPKI
  std::string state;        // active or retired
  std::string not_after;    // RFC 3339 in UTC
};

// As the client's active one; the one before is retired. A success again for one that is active.
SealingCertificate add_sealing_certificate(Group& group, const std::string& client,
                                           ByteView certificate);

// The one that ends first comes first.
std::vector<SealingCertificate> sealing_certificates_of(storage::SqlConnection& sql,
                                                        const std::string& client);

// By its name, of any client.
std::optional<SealingCertificate> find_sealing_certificate(storage::SqlConnection& sql,
                                                           const std::string& name);

struct SealingLease {
  std::string id;
  std::string key_label;        // of the new key in the appliance
  std::string idempotency_key;  // for making it there
  std::string until;            // RFC 3339 in UTC
  std::string order;            // the request that was handed in under it; empty: none yet
};

// The client's lease for `spki`: its own, one that has lapsed, or a new one where there is none or the authority has refused
// what was handed in. Problem 409 while another key has it.
SealingLease lease_sealing_key(Group& group, const std::string& client, const std::string& spki);

// A PKCS#10 sealed by the client's present sealing certificate, for the same subject and another key. Gives the order's id:
// that of the former one where the request is for the same key.
std::string order_sealing_certificate(Group& group, const std::string& client,
                                      const std::string& spki, const std::string& lease,
                                      ByteView sealed_request);

// The order's certificate is in the appliance: it becomes the active one, and the lease ends.
void activate_sealing_certificate(Group& group, const std::string& client, const std::string& id);

}  // namespace signet::sealserver

#endif  // SIGNET_SEAL_SERVER_CERTIFICATES_SEALING_H_
