// choose(): a caller's CK_MECHANISM checked against offer and key.
#include <algorithm>
#include <cstring>
#include <string>

#include "pkcs11-module/mechanism/offer.h"

namespace signet::mechanism {

namespace {

using crypto::Hash;

constexpr CK_FLAGS kSigning = CKF_SIGN | CKF_MESSAGE_SIGN;

CkError bad_parameter(const Mechanism& mechanism, const char* why) {
  return ck_error(CKR_MECHANISM_PARAM_INVALID, std::string(mechanism.name) + ": " + why);
}

// A parameter would make it another kind of signature (Ed25519ctx, Ed25519ph).
CkResult<void> check_plain_eddsa(const Mechanism& row, const CK_MECHANISM& mechanism) {
  if (mechanism.ulParameterLen == 0) return success();
  return bad_parameter(row, "signs without context and prehash only: leave the parameter out");
}

// Of the row that has this number in its column; none where no row has.
template <typename Number>
Hash hash_with(Number crypto::HashRow::*column, Number number) {
  const auto* row = std::ranges::find(crypto::kHashes, number, column);
  return row == crypto::kHashes.end() ? Hash::none : row->hash;
}

CkResult<CK_RSA_PKCS_PSS_PARAMS> read_pss(const Mechanism& row, const CK_MECHANISM& mechanism) {
  CK_RSA_PKCS_PSS_PARAMS parameters;
  if (mechanism.pParameter == nullptr || mechanism.ulParameterLen != sizeof parameters) {
    return bad_parameter(row, "needs a CK_RSA_PKCS_PSS_PARAMS");
  }
  std::memcpy(&parameters, mechanism.pParameter, sizeof parameters);  // wherever the caller put it
  return parameters;
}

CkResult<Chosen> choose_pss(const Offer& offer, const Mechanism& row, const CK_MECHANISM& mechanism,
                            bool signing) {
  BOOST_OUTCOME_TRY(const CK_RSA_PKCS_PSS_PARAMS parameters, read_pss(row, mechanism));
  const Hash hash = hash_with(&crypto::HashRow::mechanism, parameters.hashAlg);
  const Hash mask_hash = hash_with(&crypto::HashRow::mgf, parameters.mgf);
  if (hash == Hash::none) return bad_parameter(row, "hashAlg is not a supported hash");
  if (mask_hash == Hash::none) return bad_parameter(row, "mgf is not a supported mask");
  if (row.hash != Hash::none && row.hash != hash) {
    return bad_parameter(row, "hashAlg is not the mechanism's hash");
  }
  if (signing && mask_hash != hash) {
    return bad_parameter(row, "the appliance signs with hashAlg's hash in mgf only");
  }
  if (signing && !offer.sends(hash)) {
    return bad_parameter(row, "the appliance does not offer hashAlg");
  }
  return Chosen{&row, hash, {mask_hash, parameters.sLen}};
}

CkResult<void> check_key(const Offer& offer, const Mechanism& row, const crypto::PublicKey& key,
                         bool signing) {
  if (key.type() != row.key_type) {
    return ck_error(CKR_KEY_TYPE_INCONSISTENT,
                    std::string(row.name) + " needs a key of another type");
  }
  const Offer::Sizes range = offer.sizes(key.type());
  if (signing && (key.bits() < range.least || key.bits() > range.most)) {
    return ck_error(CKR_KEY_SIZE_RANGE, "the key's size is outside what the appliance offers");
  }
  return success();
}

// EMSA-PSS (RFC 8017, 9.1.1): hash, salt and two bytes have to fit into one bit less than the
// modulus.
CkResult<void> check_salt(const Chosen& chosen, const crypto::PublicKey& key) {
  const std::size_t room = (key.bits() - 1 + 7) / 8 - crypto::digest_size(chosen.digest_hash) - 2;
  if (chosen.pss.salt_length > room) {
    return bad_parameter(*chosen.mechanism, "sLen is too long for this key");
  }
  return success();
}

}  // namespace

CkResult<Chosen> choose(const Offer& offer, const CK_MECHANISM& mechanism, CK_FLAGS use,
                        const crypto::PublicKey& key) {
  BOOST_OUTCOME_TRY(const Mechanism* row, offer.for_use(mechanism.mechanism, use));
  const bool signing = (use & kSigning) != 0;
  if (row->scheme == crypto::Scheme::rsa_pss) {
    BOOST_OUTCOME_TRY(const Chosen chosen, choose_pss(offer, *row, mechanism, signing));
    BOOST_OUTCOME_TRY(check_key(offer, *row, key, signing));
    BOOST_OUTCOME_TRY(check_salt(chosen, key));
    return chosen;
  }
  if (row->scheme == crypto::Scheme::eddsa) {
    BOOST_OUTCOME_TRY(check_plain_eddsa(*row, mechanism));
  }
  BOOST_OUTCOME_TRY(check_key(offer, *row, key, signing));
  return Chosen{row, row->hash, {}};
}

}  // namespace signet::mechanism
