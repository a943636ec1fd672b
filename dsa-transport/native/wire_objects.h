// Bodies of the contract's answers, read strictly into what Appliance gives.
#ifndef SIGNET_DSA_TRANSPORT_NATIVE_WIRE_OBJECTS_H_
#define SIGNET_DSA_TRANSPORT_NATIVE_WIRE_OBJECTS_H_

#include <string>
#include <string_view>
#include <vector>

#include "dsa-transport/appliance.h"
#include "dsa-transport/der_check.h"
#include "dsa-transport/json_reader.h"

namespace signet::transport::native {

// What the contract demands of every appliance: RSA with 2048 to 4096 bits, P-256 to P-521, PKCS#1 v1.5 (raw too), PSS
// and ECDSA with SHA-1, SHA-256, SHA-384 and SHA-512.
ApplianceInfo contract_minimum();

Read<ApplianceInfo> read_info(std::string_view body);
Read<AccountInfo> read_account(std::string_view body);

Read<KeyInfo> read_key(std::string_view body, const DerCheck& check);
Read<CertificateInfo> read_certificate(std::string_view body, const DerCheck& check);

struct ObjectPage {
  std::vector<KeyInfo> keys;
  std::vector<CertificateInfo> certificates;
  std::vector<std::string> unknown_keys;  // ids of keys of a type that this program does not know
  std::string next;                       // the cursor of the next page; empty: this is the last
};

Read<ObjectPage> read_page(std::string_view body, const DerCheck& check, Deadline deadline);

// What one account may hold: 10,000 keys with a certificate each. A longer list is a fault of the appliance: shown by the
// module, and beside the list before it, it would take more than 128 MiB of the host's memory.
inline constexpr std::size_t kMostKeys = 10'000;  // of unknown types, too
inline constexpr std::size_t kMostCertificates = 10'000;
inline constexpr std::size_t kMostObjectBytes = std::size_t{16} * 1024 * 1024;  // ids, labels, DER

// Adds the page to the set, as far as that may grow.
class ObjectCollector {
 public:
  Read<void> add(ObjectPage page);

  ObjectSet set;
  std::vector<std::string> unknown_keys;

 private:
  std::size_t bytes_ = 0;
};

// What holds only over all pages: no id twice, and each certificate's key is there and is the one
// certified. A reference to one of the unknown keys is cleared.
Read<void> check_set(ObjectCollector& all, const DerCheck& check, Deadline deadline);

// Exactly `count` signatures of 1 to 8,192 bytes.
Read<std::vector<Bytes>> read_signatures(std::string_view body, std::size_t count);

}  // namespace signet::transport::native

#endif  // SIGNET_DSA_TRANSPORT_NATIVE_WIRE_OBJECTS_H_
