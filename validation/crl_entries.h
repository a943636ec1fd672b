// The revoked certificates of a CRL (RFC 5280, 5.1.2.6 and 5.3), read in its bytes.
#ifndef SIGNET_VALIDATION_CRL_ENTRIES_H_
#define SIGNET_VALIDATION_CRL_ENTRIES_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/bytes.h"
#include "common/result.h"
#include "crypto/openssl_ptr.h"
#include "validation/certificate.h"
#include "validation/revocation_data.h"

namespace signet::validation {

class CrlEntries {
 public:
  CrlEntries() = default;

  // `content`: of revokedCertificates, in bytes that outlive the result, at most 4 GiB; `issuer`: DER Name of the CRL's issuer. The
  // error is a sentence: an entry cannot be read or has a critical extension that is unknown here, or an indirect CRL names over
  // 1,000 issuers. Takes 16 bytes an entry, and a search in them a time that does not grow with their number.
  static Result<CrlEntries, std::string> read(ByteView content, ByteView issuer, bool indirect);

  // What is said of that certificate: kind (good where it is not in it), revoked_at, invalid_since, reason. Of several entries the one that was
  // revoked first; holding counts less than revoking.
  RevocationStatus find(const Certificate& certificate) const;

 private:
  struct Place {
    std::uint64_t first_bytes = 0;  // of the serial number: most comparisons end here
    std::uint32_t entry = 0;        // where it begins in content_
    std::uint32_t issuer = 0;       // in issuers_
  };

  bool is_before(const Place& a, const Place& b) const;
  bool is_of_same(const Place& a, const Place& b) const;
  ByteView serial_at(const Place& place) const;
  RevocationStatus status_at(const Place& place) const;
  void sort();

  ByteView content_;
  std::vector<NamePtr> issuers_;  // null: cannot be read, which makes it nobody's
  // By serial number, then by issuer; one for each pair.
  std::vector<Place> places_;
};

}  // namespace signet::validation

#endif  // SIGNET_VALIDATION_CRL_ENTRIES_H_
