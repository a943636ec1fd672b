// From a request to a certificate that may be used, by way of a certification authority.
#ifndef SIGNET_SEAL_SERVER_ENROL_CERTIFICATION_H_
#define SIGNET_SEAL_SERVER_ENROL_CERTIFICATION_H_

#include <string>
#include <vector>

#include "common/bytes.h"
#include "seal-server/enrol/office.h"

namespace signet::sealserver::enrol {

enum class Purpose { authentication, sealing };

// What is demanded of the certificate: its key, and the identifier of the organisation in its subject, by which a client
// knows that it is its own.
struct Demand {
  Purpose purpose = Purpose::authentication;
  Bytes public_key;  // DER SubjectPublicKeyInfo
  std::string organisation;
};

// Asks the authority with this request (PKCS#10, DER), whose name is the same each time: letters and digits. Gives the
// certificate, then its issuers without roots. Throws CommandFailure: Reason::waits where it has not decided yet.
std::vector<Bytes> certify(const Office& office, const Demand& demand, const std::string& name,
                           ByteView request);

// Whether a request (PKCS#10, DER; or empty) or a certificate (DER) is for this key (DER SubjectPublicKeyInfo).
bool is_request_for(ByteView request, ByteView public_key);
// Also that its key is long enough and its hash good (keygen/certificate_check.h).
bool is_in_its_dates(ByteView certificate);

bool is_certificate_for(ByteView certificate, ByteView public_key);

// organizationIdentifier (2.5.4.97) of a certificate's subject; empty where it has none.
std::string organisation_of(ByteView certificate);

}  // namespace signet::sealserver::enrol

#endif  // SIGNET_SEAL_SERVER_ENROL_CERTIFICATION_H_
