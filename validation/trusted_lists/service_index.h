// Finds the services that issued a chain, by their digital identities (TS 119 612, 5.5.3; TS 119 615, 4.3).
#ifndef SIGNET_VALIDATION_TRUSTED_LISTS_SERVICE_INDEX_H_
#define SIGNET_VALIDATION_TRUSTED_LISTS_SERVICE_INDEX_H_

#include <cstddef>
#include <map>
#include <vector>

#include "validation/certificate.h"
#include "validation/object_id.h"
#include "validation/trusted_lists/list_trust.h"

namespace signet::validation {

// Points into the lists.
struct ListedService {
  const LoadedList* list = nullptr;
  const Service* service = nullptr;
};

class ServiceIndex {
 public:
  // `list` must outlive it, and stay where it is.
  void add(const LoadedList& list);

  // A certificate of its identity is this one, or has the same key and subject. A service that lists no certificate, but the identifier
  // of a key: where that is the SHA-1 of this key's bits (RFC 5280, 4.2.1.2), whatever the certificate says its identifier is.
  std::vector<ListedService> services_with(const Certificate& certificate) const;

  struct Match {
    std::size_t position = 0;             // in the chain
    std::vector<ListedService> services;  // empty: none
  };
  // Those of the first certificate in the chain, from `first` on, that one has which was ever of this type.
  Match nearest(const std::vector<CertificatePtr>& chain, std::size_t first,
                const char* type) const;

 private:
  std::multimap<ObjectId, ListedService> by_certificate_;  // of its key and subject
  std::multimap<Bytes, ListedService> by_key_identifier_;
};

}  // namespace signet::validation

#endif  // SIGNET_VALIDATION_TRUSTED_LISTS_SERVICE_INDEX_H_
