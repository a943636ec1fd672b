// The one table of mechanisms. C_GetMechanismList, C_GetMechanismInfo, the checks of C_*Init, the wire names
// and the table in docs/pkcs11.md all come from it.
#ifndef SIGNET_PKCS11_MODULE_MECHANISM_MECHANISM_TABLE_H_
#define SIGNET_PKCS11_MODULE_MECHANISM_MECHANISM_TABLE_H_

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "common/cryptoki.h"
#include "common/result.h"
#include "dsa-transport/appliance.h"
#include "pkcs11-module/crypto/public_key.h"

namespace signet::mechanism {

// How the signature is built from what the caller gives.
enum class Scheme { none, rsa_pkcs1, rsa_pss, rsa_x509, ecdsa, eddsa };

struct Mechanism {
  CK_MECHANISM_TYPE type;
  std::string_view name;     // "CKM_SHA256_RSA_PKCS"
  CK_KEY_TYPE key_type;      // CK_UNAVAILABLE_INFORMATION for digests
  Scheme scheme;             // none: digest or key generation
  crypto::HashType hash;     // hashed here before signing; none: the caller gives the data of the raw mechanism
  CK_FLAGS flags;            // CKF_SIGN and the like, without CKF_HW
  bool signs_with_sha1;      // listed only where the configuration allows it
};

std::span<const Mechanism> all();
const Mechanism* find(CK_MECHANISM_TYPE type);

// What one token offers: the table, cut down to what its appliance and configuration allow. With no
// ApplianceInfo (not asked yet) everything that the contract's minimum names is offered.
class Offer {
 public:
  Offer(const std::optional<transport::ApplianceInfo>& appliance, bool sha1_signatures);

  std::vector<CK_MECHANISM_TYPE> list() const;  // no duplicates, in the table's order

  // Sizes in bits. CKF_HW where the appliance does the work. CKR_MECHANISM_INVALID where it is not offered.
  Result<CK_MECHANISM_INFO> info(CK_MECHANISM_TYPE type) const;

  // The row, where it is offered for `use` (CKF_SIGN, CKF_VERIFY, CKF_DIGEST, CKF_GENERATE_KEY_PAIR). Local work (verify,
  // digest) is offered whatever the appliance can. CKR_MECHANISM_INVALID otherwise.
  Result<const Mechanism*> for_use(CK_MECHANISM_TYPE type, CK_FLAGS use) const;

  bool raw_pkcs1() const { return raw_pkcs1_; }

 private:
  std::vector<CK_MECHANISM_INFO> infos_;  // parallel to all(); flags 0: not offered
  bool raw_pkcs1_ = true;
};

// A mechanism with its parameter checked.
struct Chosen {
  const Mechanism* mechanism = nullptr;
  crypto::HashType digest_hash = crypto::HashType::none;  // what the digest to be signed is of, where known
  crypto::PssParameters pss;                               // PSS only
};

// Reads pParameter (any alignment; NULL with a length, a wrong length or contradictory values:
// CKR_MECHANISM_PARAM_INVALID) and checks the key's type (CKR_KEY_TYPE_INCONSISTENT) and size
// (CKR_KEY_SIZE_RANGE). `use` as above. For C_SignInit and C_VerifyInit.
Result<Chosen> choose(const Offer& offer, const CK_MECHANISM& mechanism, CK_FLAGS use,
                      const crypto::PublicKey& key);

}  // namespace signet::mechanism

#endif  // SIGNET_PKCS11_MODULE_MECHANISM_MECHANISM_TABLE_H_
