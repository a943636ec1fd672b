// The convention for variable-length output (PKCS#11 3.0, section 5.2): a NULL buffer asks for the
// length, a short one gets CKR_BUFFER_TOO_SMALL and the length, and in both cases the operation
// goes on.
#ifndef SIGNET_PKCS11_MODULE_OPERATION_OUTPUT_H_
#define SIGNET_PKCS11_MODULE_OPERATION_OUTPUT_H_

#include "common/bytes.h"
#include "crypto/ck_result.h"
#include "cryptoki/cryptoki.h"

namespace signet::operation {

class Output {
 public:
  // `length` was checked not to be NULL by the caller's argument check.
  Output(CK_BYTE_PTR buffer, CK_ULONG_PTR length) : buffer_(buffer), length_(length) {}

  // True: the buffer takes `size` bytes, go on and deliver(); nothing is written yet. False: the
  // length is written and the call ends here with CKR_OK (length query). An error:
  // CKR_BUFFER_TOO_SMALL, the length is written too. The operation stays active in the last two.
  CkResult<bool> prepare(std::size_t size) const;

  // Copies the result (at most what prepare() accepted) and writes its length.
  void deliver(ByteView result) const;

 private:
  CK_BYTE_PTR buffer_;
  CK_ULONG_PTR length_;
};

}  // namespace signet::operation

#endif  // SIGNET_PKCS11_MODULE_OPERATION_OUTPUT_H_
