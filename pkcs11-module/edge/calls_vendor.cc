// The functions of the vendor interface (cryptoki/signet-pkcs11.h).
#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>

#include "common/printable.h"
#include "common/utf8.h"
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

}  // namespace signet::edge::vendor_calls
