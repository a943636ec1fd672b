// The encryption of strings and streams as an encrypted document has it (ISO 32000-2, 7.6): RC4 with 40 to 128 bits, AES
// with 128 (AESV2) and 256 bits (AESV3, revisions 5 and 6), or none by the Identity filter.
#ifndef SIGNET_PDF_ENCRYPTION_H_
#define SIGNET_PDF_ENCRYPTION_H_

#include <optional>
#include <qpdf/QPDF.hh>
#include <string>

#include "common/bytes.h"
#include "common/secret.h"
#include "pdf/error.h"

namespace signet::pdf {

class Encryption {
 public:
  // Nothing for a document that is not encrypted. Unsupported where its filters are unknown.
  static PdfResult<std::optional<Encryption>> of(QPDF& document);

  // As it stands in this object; AES puts its random initial vector in front.
  PdfResult<Bytes> string(ByteView plain, QPDFObjGen object) const;
  PdfResult<Bytes> stream(ByteView plain, QPDFObjGen object) const;

  // The plain bytes of a stream that is there. What AES fills its last block with is left behind them.
  PdfResult<Bytes> decrypted_stream(ByteView encrypted, QPDFObjGen object) const;

 private:
  Encryption() = default;
  PdfResult<Bytes> encrypt(QPDF::encryption_method_e method, ByteView plain,
                           QPDFObjGen object) const;
  PdfResult<Secret> key_of(QPDF::encryption_method_e method, QPDFObjGen object) const;

  Secret key_;  // the file's
  int version_ = 0;
  int revision_ = 0;
  QPDF::encryption_method_e strings_ = QPDF::e_none;
  QPDF::encryption_method_e streams_ = QPDF::e_none;
};

}  // namespace signet::pdf

#endif  // SIGNET_PDF_ENCRYPTION_H_
