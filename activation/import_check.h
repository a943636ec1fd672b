// Whether an activation file is what this installation may become a client by.
#ifndef SIGNET_ACTIVATION_IMPORT_CHECK_H_
#define SIGNET_ACTIVATION_IMPORT_CHECK_H_

#include <string>
#include <vector>

#include "activation/client_folder.h"
#include "keygen/certificate.h"
#include "pkcs11-client/error.h"
#include "seal-client/activation_file.h"

namespace signet::activation {

// What the administrator of this machine demands.
struct ImportDemands {
  std::vector<keygen::Certificate> roots;
  // organizationIdentifier, "NTRCZ-12345678". Empty: that of the authentication certificate, for somebody who is asked.
  std::string organisation;
  std::string usage = "1.3.6.1.5.5.7.3.2";  // extended key usage or policy of the authentication
                                            // certificate, dotted; clientAuth
  pinning::PinSet server_pins;  // where it is not empty: the file's server must have one of them
};

// The organizationIdentifier of the subject; empty where there is none.
std::string organisation_of(const keygen::Certificate& certificate);

// Signer, authentication and sealing certificate chain to the roots, are valid and of the one organisation; the
// authentication certificate carries the usage; the server is one of those that were named. wrong_chain, expired and so on;
// declined for what contradicts the demands.
pkcs11::TokenResult<void> check_demands(const sealclient::SignedActivation& file,
                                        const sealclient::Activation& activation,
                                        const ImportDemands& demands);

// Newer than each file of this client that was imported, and not imported itself: duplicate otherwise, and the sentence says
// when. One whose import was cut off may go on.
pkcs11::TokenResult<void> check_newest(const sealclient::ActivationHeader& header,
                                       const std::vector<ImportRecord>& records);

}  // namespace signet::activation

#endif  // SIGNET_ACTIVATION_IMPORT_CHECK_H_
