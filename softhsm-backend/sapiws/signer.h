// The certificates that an account signs by, and which of them a request means.
#ifndef SIGNET_SOFTHSM_BACKEND_SAPIWS_SIGNER_H_
#define SIGNET_SOFTHSM_BACKEND_SAPIWS_SIGNER_H_

#include <string_view>
#include <vector>

#include "crypto/openssl_ptr.h"
#include "softhsm-backend/objects.h"
#include "softhsm-backend/sapiws/dss_answer.h"
#include "softhsm-backend/sapiws/xml_reader.h"

namespace signet::emulator::sapiws {

// An RSA key with one of its certificates: the appliance knows no other keys, and none without a certificate.
struct Signer {
  KeyRow key;
  CertificateRow certificate;
  X509Ptr x509;
};

// In the order in which the certificates were stored; a certificate that is stored under several names is there once.
std::vector<Signer> signers_of(Database& database, std::string_view user);

// The one that KeyInfo (XML signature, section 4.5) names: by certificate, subject key identifier, issuer and serial
// number, subject, key name (the key's id, a label, or the subject's common name) or RSA key value; all that is given must
// fit. nullptr: there is only one to choose from. Failures: 0x900302D0 where nothing fits, 0x900302B0 where several do and
// they are not certificates of one key.
DssOutcome<const Signer*> choose_signer(const std::vector<Signer>& signers,
                                        const Element* key_info);

// The subject's common name, or all of the subject where it has none.
std::string common_name(const X509* certificate);

// Of DER; nullptr where it is not one certificate.
X509Ptr parse_certificate(ByteView der);

}  // namespace signet::emulator::sapiws

#endif  // SIGNET_SOFTHSM_BACKEND_SAPIWS_SIGNER_H_
