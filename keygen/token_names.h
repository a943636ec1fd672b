// The words of pkcs11-client that this component's functions take and give.
#ifndef SIGNET_KEYGEN_TOKEN_NAMES_H_
#define SIGNET_KEYGEN_TOKEN_NAMES_H_

#include "pkcs11-client/error.h"

namespace signet::pkcs11 {
struct Key;
struct KeyType;
struct ObjectChoice;
struct Signing;
struct StoredCertificate;
class TokenSession;
}  // namespace signet::pkcs11

namespace signet::keygen {

using pkcs11::Key;
using pkcs11::KeyType;
using pkcs11::ObjectChoice;
using pkcs11::Reason;
using pkcs11::Signing;
using pkcs11::StoredCertificate;
using pkcs11::token_error;
using pkcs11::TokenError;
using pkcs11::TokenResult;
using pkcs11::TokenSession;

}  // namespace signet::keygen

#endif  // SIGNET_KEYGEN_TOKEN_NAMES_H_
