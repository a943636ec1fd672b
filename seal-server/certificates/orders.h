// Orders to the certification authority: each is a request of a client that waits for its certificate.
//
// Functions that write belong into Sequencer::write(). What cannot be done throws Problem.
#ifndef SIGNET_SEAL_SERVER_CERTIFICATES_ORDERS_H_
#define SIGNET_SEAL_SERVER_CERTIFICATES_ORDERS_H_

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/bytes.h"
#include "seal-server/register/sequencer.h"

namespace signet::sealserver {

inline constexpr std::string_view kAuthentication = "authentication";
inline constexpr std::string_view kSealing = "sealing";

struct CertificateOrder {
  std::string id;
  std::string client;
  std::string purpose;  // kAuthentication or kSealing
  std::string key;      // that the certificate is for: hexadecimal SHA-256 of its SPKI
  std::string made_by;  // the authentication key that has asked, likewise
  std::string state;    // pending, issued or refused
  Bytes request;        // DER, as it goes to the authority
  std::vector<std::string> certificates;  // base64 of DER: the key's own, then those above it
  std::string reason;                     // why it was refused
  bool supersedes = true;  // authentication: the new key replaces the one that has asked
};

// Its id; `order.id` and `order.state` do not matter.
std::string add_order(Group& group, const CertificateOrder& order);

std::optional<CertificateOrder> find_order(storage::SqlConnection& sql, const std::string& client,
                                           std::string_view purpose, const std::string& id);

// At most `most` of those that wait and are due, which from now on are due `patience` later: whoever took them goes to the
// authority meanwhile.
std::vector<CertificateOrder> take_due_orders(Group& group, std::string_view purpose,
                                              std::chrono::seconds patience, std::int64_t most);

// Nothing of it happens where the order waits no more.
void postpone_order(Group& group, const std::string& id, std::chrono::seconds span);
void refuse_order(Group& group, const CertificateOrder& order, const std::string& reason);

// The first certificate is for the order's key. An authentication key has it from now on.
void issue_order(Group& group, const CertificateOrder& order,
                 const std::vector<Bytes>& certificates);

}  // namespace signet::sealserver

#endif  // SIGNET_SEAL_SERVER_CERTIFICATES_ORDERS_H_
