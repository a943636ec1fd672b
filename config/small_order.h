// Ed25519 public keys that are none: points whose order divides 8 (RFC 8032, 5.1: the cofactor). A signature that a
// verifier accepts under such a key can be reckoned without any private key.
#ifndef SIGNET_CONFIG_SMALL_ORDER_H_
#define SIGNET_CONFIG_SMALL_ORDER_H_

#include "config/seal.h"

namespace signet::config {

// In every encoding that a verifier may take, those with a coordinate of p or more included.
bool has_small_order(const Ed25519PublicKey& key);

}  // namespace signet::config

#endif  // SIGNET_CONFIG_SMALL_ORDER_H_
