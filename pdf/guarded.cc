#include "pdf/guarded.h"

#include <fmt/format.h>

#include <new>

#include "common/printable.h"

namespace signet::pdf {

Error error_of(const QPDFExc& thrown, std::uint64_t base) {
  // qpdf makes a warning, and an object that is null, of whatever is thrown while it reads one. That is no damage of the document.
  if (thrown.getMessageDetail().ends_with(std::bad_alloc().what())) throw std::bad_alloc();
  if (thrown.getErrorCode() == qpdf_e_password)
    return {ErrorKind::password, "the document is encrypted, and the password is missing or wrong"};
  if (thrown.getErrorCode() == qpdf_e_unsupported)
    return {ErrorKind::unsupported, printable(thrown.getMessageDetail())};
  std::string what = printable(thrown.getMessageDetail());
  if (!thrown.getObject().empty())
    what = fmt::format("{}: {}", printable(thrown.getObject()), what);
  const qpdf_offset_t position = thrown.getFilePosition();
  if (position <= 0) return {ErrorKind::broken, what};
  return broken(what, base + static_cast<std::uint64_t>(position));
}

Error error_of(const std::exception& thrown) {
  return {ErrorKind::broken, printable(thrown.what())};
}

}  // namespace signet::pdf
