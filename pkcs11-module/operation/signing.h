// An active signature or verification: from C_SignInit / C_VerifyInit to its end. Hashing is local
// and streaming; for a signature only the digest goes on to the appliance. Not thread-safe: a
// session owns it.
#ifndef SIGNET_PKCS11_MODULE_OPERATION_SIGNING_H_
#define SIGNET_PKCS11_MODULE_OPERATION_SIGNING_H_

#include <memory>
#include <optional>

#include "common/bytes.h"
#include "crypto/ck_result.h"
#include "crypto/digest.h"
#include "crypto/public_key.h"
#include "dsa-transport/appliance.h"
#include "pkcs11-module/mechanism/offer.h"

namespace signet::operation {

// The longest message for CKM_EDDSA, in bytes: Ed25519 needs the whole message, it cannot be
// streamed.
inline constexpr std::size_t kMaxEddsaMessage = 65536;

// The longest data for CKM_ECDSA, in bytes; of longer than the order only the leftmost bits count,
// and so far beyond any digest it is a mistake. On P-521 nothing longer than the longest digest can
// be sent.
inline constexpr std::size_t kMaxEcdsaData = 1024;
inline constexpr std::size_t kMaxEcdsaDataP521 = 64;

// What is signed, gathered from one or many parts: a digest computed on the way, or the bytes
// themselves for the raw mechanisms. Lengths, CKR_DATA_LEN_RANGE outside (for too much already in
// update()):
//   CKM_RSA_PKCS      0 to the modulus less 11
//   CKM_RSA_X_509     1 to the modulus
//   CKM_RSA_PKCS_PSS  the digest of hashAlg
//   CKM_ECDSA         1 to kMaxEcdsaData, P-521: kMaxEcdsaDataP521
//   CKM_EDDSA         0 to kMaxEddsaMessage
//   with a hash       any
// One that nothing started, or that is finished, takes no bytes and gives none (CKR_DATA_LEN_RANGE).
class Message {
 public:
  static CkResult<Message> start(std::shared_ptr<crypto::Context> context,
                                 const mechanism::Chosen& chosen, const crypto::PublicKey& key);

  CkResult<void> update(ByteView part);  // an empty part is legal

  // The data of the raw mechanism: a digest, a DigestInfo, or the message for EdDSA.
  CkResult<Bytes> finish();

 private:
  std::optional<crypto::Digest> digest_;
  Bytes raw_;
  std::size_t raw_least_ = 1;
  std::size_t raw_most_ = 0;
};

// The request that makes the appliance sign `data` (as Message::finish() gave it); the key id, the
// sign credential and the reference are left to the caller. CKR_DATA_INVALID and CKR_DATA_LEN_RANGE
// where the appliance has no words for it:
//
// PKCS#1 v1.5 goes as hash and digest wherever it can, also a raw CKM_RSA_PKCS over the DigestInfo
// of a hash that the appliance knows; other data needs Offer::raw_pkcs1().
//
// ECDSA signs a number: the leftmost bits of the data, as many as the order has (FIPS 186-5, 6.4).
// Data as long as a hash that the appliance knows goes under that name, unchanged; the appliance
// cuts it. Other data is cut to the order's bytes here and left-padded with zeros to the next hash
// that is not longer than the order: the number stays the same, and nothing of it is cut off there.
CkResult<transport::SignRequest> sign_request(const mechanism::Chosen& chosen,
                                              const crypto::PublicKey& key, ByteView data,
                                              const mechanism::Offer& offer);

// Is `signature` right for `data`? The check of every signature before it is handed out, and
// C_Verify.
bool verify(const mechanism::Chosen& chosen, const crypto::PublicKey& key, ByteView data,
            ByteView signature);

// Likewise of one digest of a request.
bool verify(const transport::SignRequest& request, std::size_t position,
            const crypto::PublicKey& key, ByteView signature);

}  // namespace signet::operation

#endif  // SIGNET_PKCS11_MODULE_OPERATION_SIGNING_H_
