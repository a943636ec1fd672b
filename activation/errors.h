// The errors of seal-client in this component's words, which are those of the tokens: the reason is an exit status.
#ifndef SIGNET_ACTIVATION_ERRORS_H_
#define SIGNET_ACTIVATION_ERRORS_H_

#include "pkcs11-client/error.h"
#include "seal-client/activated_client.h"
#include "seal-client/activation_file.h"
#include "seal-client/contract.h"

namespace signet::activation {

pkcs11::TokenError error_of(const sealclient::ServerError& error);
pkcs11::TokenError error_of(const sealclient::ActivationError& error);
pkcs11::TokenError error_of(const sealclient::LoginError& error);

}  // namespace signet::activation

#endif  // SIGNET_ACTIVATION_ERRORS_H_
