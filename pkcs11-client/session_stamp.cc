// Time-stamps from the service behind a token (signet-pkcs11.h).
#include <algorithm>

#include "crypto/algorithm_table.h"
#include "cryptoki/cryptoki.h"
#include "cryptoki/signet-pkcs11.h"
#include "pkcs11-client/session.h"

namespace signet::pkcs11 {

namespace {

bool stamps(const signet_vendor_functions* vendor) {
  return vendor != nullptr && vendor->version.minor >= 1;
}

}  // namespace

TokenResult<Bytes> TokenSession::time_stamp(crypto::Hash hash, ByteView digest, ByteView nonce,
                                            Milliseconds limit) const {
  const signet_vendor_functions* const vendor = module_->vendor();
  if (!stamps(vendor))
    return token_error(Reason::not_supported,
                       "this PKCS#11 module gives no time-stamps: Signet's does, from version 1.1 "
                       "of its vendor interface on; name the URL of an authority");
  Bytes token(SIGNET_TIME_STAMP_SIZE);
  CK_ULONG size = token.size();
  const auto milliseconds = static_cast<CK_ULONG>(std::max(limit, Milliseconds(1)).count());
  const CK_RV rv =
      vendor->time_stamp(session_, crypto::row_of(hash).mechanism, digest.data(), digest.size(),
                         nonce.data(), nonce.size(), milliseconds, token.data(), &size);
  if (rv == CKR_FUNCTION_NOT_SUPPORTED)
    return TokenError(Reason::not_supported,
                      "the service behind the token gives no time-stamps; name the URL of an "
                      "authority",
                      rv);
  if (rv == CKR_ACTION_PROHIBITED)
    return TokenError(Reason::not_supported,
                      "the service does not permit this client time-stamps; its operator can", rv);
  if (rv != CKR_OK) return token_error(rv, "the service behind the token gave no time-stamp");
  if (size > token.size()) return token_error(Reason::failed, "the token's time-stamp is too long");
  token.resize(size);
  return token;
}

}  // namespace signet::pkcs11
