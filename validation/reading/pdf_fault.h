// A fault of the PDF component as validation tells it.
#ifndef SIGNET_VALIDATION_READING_PDF_FAULT_H_
#define SIGNET_VALIDATION_READING_PDF_FAULT_H_

#include "common/printable.h"
#include "pdf/error.h"
#include "validation/reading.h"

namespace signet::validation {

inline ReadingError unreadable_pdf() {
  return {ReadFault::unreadable, "a part of the document cannot be read"};
}

inline ReadingError fault_of_pdf(const pdf::Error& error) {
  ReadFault fault = ReadFault::broken;
  if (error.kind == pdf::ErrorKind::unreadable) fault = ReadFault::unreadable;
  if (error.kind == pdf::ErrorKind::password) fault = ReadFault::password;
  return {fault, printable(error.sentence)};
}

}  // namespace signet::validation

#endif  // SIGNET_VALIDATION_READING_PDF_FAULT_H_
