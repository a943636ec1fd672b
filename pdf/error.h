// Why a PDF document cannot be read, or not be sealed as wished.
#ifndef SIGNET_PDF_ERROR_H_
#define SIGNET_PDF_ERROR_H_

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "common/result.h"

namespace signet::pdf {

enum class ErrorKind {
  unreadable,   // the source gives no bytes
  broken,       // against ISO 32000; a viewer may repair it, each in its own way
  forbidden,    // the document does not allow it
  unsupported,  // correct, but not done here
  password,     // it is encrypted, and the password is missing or wrong
  settings,     // what is wished does not fit this document
  look,         // a visible seal cannot look as it was wished: its text, its font, its image
};

struct Error {
  ErrorKind kind = ErrorKind::broken;
  std::string sentence;                   // for people; printable, never a secret
  std::optional<std::uint64_t> position;  // of what is broken: bytes from the file's start
  std::string by;  // forbidden: full name of the signature field that forbids it; may be empty

  Error(ErrorKind why, std::string text) : kind(why), sentence(std::move(text)) {}
};

template <typename T>
using PdfResult = Result<T, Error>;

// The sentence ends with the position.
Error broken(std::string sentence, std::uint64_t position);

}  // namespace signet::pdf

#endif  // SIGNET_PDF_ERROR_H_
