// The body of POST /keys/{id}/signatures, read and checked against its key.
#ifndef SIGNET_SOFTHSM_BACKEND_NATIVE_SIGN_ORDER_H_
#define SIGNET_SOFTHSM_BACKEND_NATIVE_SIGN_ORDER_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/secret.h"
#include "softhsm-backend/key_types.h"
#include "softhsm-backend/native/problem.h"
#include "softhsm-backend/objects.h"
#include "softhsm-backend/token.h"

namespace signet::emulator {

struct SignOrder {
  const AlgorithmRow* algorithm = nullptr;
  std::string hash_name;
  const HashRow* hash = nullptr;            // nullptr: "none"
  std::optional<std::int64_t> salt_length;  // PSS only, in bytes
  std::vector<Bytes> digests;
  std::optional<Secret> credential;
  std::string reference;
};

Outcome<SignOrder> read_order(const Request& request);

// Whether `key` can carry the order out. Fills in what the order leaves to the appliance (the salt
// length).
Outcome<void> fit_to_key(SignOrder& order, const KeyRow& key);

// One signature, of an order that fits.
Bytes sign_one(Token& token, const SignOrder& order, const KeyRow& key, ByteView digest);

// What PKCS#1 v1.5 pads: DigestInfo, or the digest as it is for "none".
Bytes pkcs1_content(const SignOrder& order, ByteView digest);

}  // namespace signet::emulator

#endif  // SIGNET_SOFTHSM_BACKEND_NATIVE_SIGN_ORDER_H_
