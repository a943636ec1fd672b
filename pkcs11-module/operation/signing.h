// An active signature or verification: from C_SignInit / C_VerifyInit to its end. Hashing is local and
// streaming; for a signature only the digest goes on to the appliance. Not thread-safe: a session owns it.
#ifndef SIGNET_PKCS11_MODULE_OPERATION_SIGNING_H_
#define SIGNET_PKCS11_MODULE_OPERATION_SIGNING_H_

#include <memory>
#include <optional>

#include "common/bytes.h"
#include "common/result.h"
#include "dsa-transport/appliance.h"
#include "pkcs11-module/crypto/digest.h"
#include "pkcs11-module/crypto/public_key.h"
#include "pkcs11-module/mechanism/mechanism_table.h"

namespace signet::operation {

// What is signed, gathered from one or many parts: a digest computed on the way, or the bytes themselves for
// the raw mechanisms (bounded: never more than the mechanism can take, CKR_DATA_LEN_RANGE beyond).
class Message {
 public:
  static Result<Message> start(std::shared_ptr<crypto::Context> context,
                               const mechanism::Chosen& chosen, const crypto::PublicKey& key);

  Result<void> update(ByteView part);  // an empty part is legal

  // The data of the raw mechanism: a digest, a DigestInfo, or the message for EdDSA. Checks its length
  // (CKR_DATA_LEN_RANGE).
  Result<Bytes> finish();

 private:
  Message() = default;

  std::optional<crypto::Digest> digest_;
  Bytes raw_;
  std::size_t raw_limit_ = 0;
  std::size_t raw_exact_ = 0;  // 0: any length up to the limit
};

// The request that makes the appliance sign `data` (as Message::finish() gave it); the key id, the sign
// credential and the reference are left to the caller. A raw CKM_RSA_PKCS over a DigestInfo of a hash that the
// appliance knows is sent as hash and digest; other data needs `raw_pkcs1`, else CKR_DATA_INVALID. ECDSA over data
// longer than the order is cut to its leftmost bits as FIPS 186-5 6.4 says; shorter is left-padded with zeros to a hash size.
Result<transport::SignRequest> sign_request(const mechanism::Chosen& chosen,
                                            const crypto::PublicKey& key, ByteView data,
                                            bool raw_pkcs1);

// Is `signature` right for `data`? The check of every signature before it is handed out, and C_Verify.
bool verify(const mechanism::Chosen& chosen, const crypto::PublicKey& key, ByteView data,
            ByteView signature);

}  // namespace signet::operation

#endif  // SIGNET_PKCS11_MODULE_OPERATION_SIGNING_H_
