// The functions of the vendor interface (cryptoki/signet-pkcs11.h).
#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>

#include "common/printable.h"
#include "common/utf8.h"
#include "crypto/algorithm_table.h"
#include "cryptoki/cryptoki.h"
#include "cryptoki/signet-pkcs11.h"
#include "pkcs11-module/edge/arguments.h"
#include "pkcs11-module/edge/calls.h"

namespace signet::edge::vendor_calls {

namespace {

bool is_one_line(std::string_view text) {
  while (!text.empty()) {
    const Utf8Piece piece = first_piece(text);
    if (!piece.valid || !is_printable(piece.character)) return false;
    text.remove_prefix(piece.size);
  }
  return true;
}

// Those that a time-stamp is asked for with.
CkResult<crypto::Hash> hash_of(CK_MECHANISM_TYPE mechanism) {
  for (const crypto::Hash hash :
       {crypto::Hash::sha256, crypto::Hash::sha384, crypto::Hash::sha512}) {
    if (crypto::row_of(hash).mechanism == mechanism) return hash;
  }
  return ck_error(CKR_MECHANISM_INVALID,
                  "a time-stamp is made of a digest by SHA-256, SHA-384 or SHA-512");
}

CkResult<transport::TimeStampRequest> request_of(const WantedTimeStamp& wanted) {
  transport::TimeStampRequest request;
  BOOST_OUTCOME_TRY(request.hash, hash_of(wanted.hash));
  BOOST_OUTCOME_TRY(const auto digest, input(wanted.digest, wanted.digest_size, "digest"));
  BOOST_OUTCOME_TRY(const auto nonce, input(wanted.nonce, wanted.nonce_size, "nonce"));
  const std::size_t size = crypto::digest_size(request.hash);
  if (digest.size() != size)
    return ck_error(CKR_DATA_LEN_RANGE,
                    fmt::format("a {} digest has {} bytes", crypto::hash_name(request.hash), size));
  if (nonce.size() > SIGNET_NONCE_SIZE)
    return ck_error(CKR_MECHANISM_PARAM_INVALID,
                    fmt::format("a nonce has {} bytes at most", SIGNET_NONCE_SIZE));
  request.digest = copy_of(digest);
  request.nonce = copy_of(nonce);
  return request;
}

}  // namespace

CkResult<void> set_reference(token::Library& library, CK_SESSION_HANDLE session,
                             const CK_UTF8CHAR* reference, CK_ULONG size) {
  BOOST_OUTCOME_TRY(const auto found, library.session(session));
  BOOST_OUTCOME_TRY(const auto bytes, input(reference, size, "reference"));
  if (bytes.size() > SIGNET_REFERENCE_SIZE)
    return ck_error(CKR_DATA_LEN_RANGE,
                    fmt::format("a reference has {} bytes at most", SIGNET_REFERENCE_SIZE));
  const std::string_view text = text_of(bytes);
  if (!is_one_line(text))
    return ck_error(CKR_DATA_INVALID, "a reference is UTF-8 without control characters");
  if (!text.empty() && !found->token().carries_reference())
    return ck_error(CKR_FUNCTION_NOT_SUPPORTED,
                    "this appliance's dialect carries no reference with a signature");
  const MutexLock lock(found->mutex());
  found->notes().reference = text;
  return success();
}

CkResult<void> last_request_id(token::Library& library, CK_SESSION_HANDLE session, CK_UTF8CHAR* id,
                               CK_ULONG* size) {
  BOOST_OUTCOME_TRY(const auto found, library.session(session));
  BOOST_OUTCOME_TRY(required(size, "size"));
  std::string known;
  {
    const MutexLock lock(found->mutex());
    known = found->notes().last_request_id;
  }
  const CK_ULONG room = *size;
  *size = known.size();
  if (id == nullptr) return success();
  if (room < known.size())
    return ck_error(CKR_BUFFER_TOO_SMALL, "the request id is longer than the buffer");
  std::ranges::copy(known, id);
  return success();
}

CkResult<void> time_stamp(token::Library& library, CK_SESSION_HANDLE session,
                          const WantedTimeStamp& wanted, CK_BYTE* token, CK_ULONG* token_size) {
  static_assert(transport::kLargestTimeStamp <= SIGNET_TIME_STAMP_SIZE);
  static_assert(transport::kLongestNonce == SIGNET_NONCE_SIZE);
  BOOST_OUTCOME_TRY(const auto found, library.session(session));
  BOOST_OUTCOME_TRY(required(token, "token"));
  BOOST_OUTCOME_TRY(required(token_size, "token_size"));
  BOOST_OUTCOME_TRY(auto request, request_of(wanted));
  if (*token_size < SIGNET_TIME_STAMP_SIZE)
    return ck_error(CKR_BUFFER_TOO_SMALL,
                    fmt::format("a time-stamp needs room for {} bytes", SIGNET_TIME_STAMP_SIZE));
  BOOST_OUTCOME_TRY(const auto stamp,
                    found->token().time_stamp(std::move(request), wanted.milliseconds));
  std::ranges::copy(stamp.token, token);
  *token_size = stamp.token.size();
  return success();
}

}  // namespace signet::edge::vendor_calls
