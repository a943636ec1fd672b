#include "pkcs11-module/operation/output.h"

#include <algorithm>

namespace signet::operation {

CkResult<bool> Output::prepare(std::size_t size) const {
  const CK_ULONG room = *length_;
  if (buffer_ == nullptr) {
    *length_ = size;
    return false;
  }
  if (room < size) {
    *length_ = size;
    return ck_error(CKR_BUFFER_TOO_SMALL, "the caller's buffer is too small for the result");
  }
  return true;
}

void Output::deliver(ByteView result) const {
  std::ranges::copy(result, buffer_);
  *length_ = result.size();
}

}  // namespace signet::operation
