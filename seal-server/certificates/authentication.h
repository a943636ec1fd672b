// How a client gets its next authentication key: the present one registers it with a request for its certificate, and the
// new one, once it has that, confirms that it works. Functions as in orders.h.
#ifndef SIGNET_SEAL_SERVER_CERTIFICATES_AUTHENTICATION_H_
#define SIGNET_SEAL_SERVER_CERTIFICATES_AUTHENTICATION_H_

#include <chrono>
#include <string>

#include "seal-server/certificates/request.h"
#include "seal-server/clients/clients.h"

namespace signet::sealserver {

// In which a superseded key may log in and report.
inline constexpr std::chrono::days kGrace{30};

struct NewAuthenticationKey {
  CertificateRequest request;
  std::string cryptogram;  // for the new key: base64 of CMS AuthEnvelopedData
  bool supersedes = true;  // else the key that asks stays beside it, as that of another machine
};

// Registers the key, keeps its cryptogram, orders its certificate: gives the order's id. One that `by` has registered before
// and that was never confirmed is revoked: each key has one successor at most under way.
std::string order_authentication_certificate(Group& group, const AuthenticationKey& by,
                                             const NewAuthenticationKey& wanted);

// By the new key. It is active from now on; a card that has asked for it is used up at once, another key after kGrace. A
// success again where it was done before.
void confirm_authentication_key(Group& group, const AuthenticationKey& key, const std::string& id);

// The cryptograms of keys whose grace has ended.
void forget_superseded(Group& group);

}  // namespace signet::sealserver

#endif  // SIGNET_SEAL_SERVER_CERTIFICATES_AUTHENTICATION_H_
