// What of the mechanisms (crypto/mechanism.h) one token offers, and the check of a caller's CK_MECHANISM against it.
#ifndef SIGNET_PKCS11_MODULE_MECHANISM_OFFER_H_
#define SIGNET_PKCS11_MODULE_MECHANISM_OFFER_H_

#include <vector>

#include "crypto/ck_result.h"
#include "crypto/mechanism.h"
#include "crypto/public_key.h"
#include "cryptoki/cryptoki.h"
#include "dsa-transport/appliance.h"

namespace signet::mechanism {

using crypto::Mechanism;

// What one token offers: the table, cut down to what its appliance and configuration allow. The appliance's word, or
// what its dialect assumes before it has said anything (transport::Appliance::minimum).
class Offer {
 public:
  Offer(transport::ApplianceInfo appliance, bool sha1_signatures);

  std::vector<CK_MECHANISM_TYPE> list() const;  // no duplicates, in the table's order

  // Sizes in bits: the appliance's for what it does, those of local verification where it does
  // nothing, 0 for digests. CKF_HW where the appliance does the work. CKR_MECHANISM_INVALID where
  // it is not listed.
  CkResult<CK_MECHANISM_INFO> info(CK_MECHANISM_TYPE type) const;

  // The row, where it is offered for `use` (one of CKF_SIGN, CKF_VERIFY, CKF_DIGEST,
  // CKF_GENERATE_KEY_PAIR, CKF_MESSAGE_SIGN, CKF_MESSAGE_VERIFY). Local work (verify, digest) is
  // offered whatever the appliance can. CKR_MECHANISM_INVALID otherwise.
  CkResult<const Mechanism*> for_use(CK_MECHANISM_TYPE type, CK_FLAGS use) const;

  bool raw_pkcs1() const { return appliance_.raw_pkcs1; }

  // Whether objects of the token can be changed and destroyed.
  bool stores_objects() const { return appliance_.stores_objects; }

  // True where a digest of this hash can be sent to the appliance under the hash's own name.
  bool sends(crypto::Hash hash) const;

  // The smallest and largest key, in bits, that the appliance signs with and makes.
  struct Sizes {
    std::size_t least = 0;  // 0: none of this type
    std::size_t most = 0;
  };
  Sizes sizes(crypto::KeyType key_type) const;

 private:
  bool offers(crypto::Scheme scheme) const;
  bool signs(const Mechanism& mechanism) const;
  CK_MECHANISM_INFO describe(const Mechanism& mechanism) const;
  CkError not_offered(CK_MECHANISM_TYPE type) const;

  transport::ApplianceInfo appliance_;
  bool sha1_signatures_ = false;
  std::vector<CK_MECHANISM_INFO> infos_;  // parallel to crypto::mechanisms(); flags 0: not listed
};

// A mechanism with its parameter checked.
struct Chosen {
  const Mechanism* mechanism = nullptr;
  crypto::Hash digest_hash = crypto::Hash::none;  // what the digest to be signed is of, if known
  crypto::PssParameters pss;                      // PSS only
};

// For C_SignInit, C_VerifyInit and their message forms; `use` as above. Checked in this order:
//   CKR_MECHANISM_INVALID        not offered for this use
//   CKR_MECHANISM_PARAM_INVALID  pParameter (any alignment): absent for PSS, present for EdDSA, NULL
//                                with a length, a wrong length, contradictory values, a hash the
//                                appliance lacks
//   CKR_KEY_TYPE_INCONSISTENT    the key is of another type
//   CKR_KEY_SIZE_RANGE           signing only: the key's size is outside the appliance's range
//   CKR_MECHANISM_PARAM_INVALID  PSS: the salt is too long for this key
// What comes with a mechanism that has no parameter is not looked at: programs leave that part of
// CK_MECHANISM uninitialised (PowerDNS), and other tokens take it.
// PSS: hashAlg must be the mechanism's own. A mask generated with another hash can be verified, but
// not signed: the appliance has one hash for both.
CkResult<Chosen> choose(const Offer& offer, const CK_MECHANISM& mechanism, CK_FLAGS use,
                        const crypto::PublicKey& key);

}  // namespace signet::mechanism

#endif  // SIGNET_PKCS11_MODULE_MECHANISM_OFFER_H_
