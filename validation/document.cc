#include "validation/document.h"

namespace signet::validation {

std::string_view name_of(Format format) {
  switch (format) {
    case Format::pades:
      return "PAdES";
    case Format::pdf_pkcs7:
      return "PKCS#7 (PDF)";
    case Format::pdf_sha1:
      return "PKCS#7 with SHA-1 (PDF)";
    case Format::cades:
      return "CAdES";
    case Format::cms:
      return "CMS";
    case Format::time_stamp:
      return "RFC 3161";
  }
  return "";
}

std::string_view name_of(TimeStampKind kind) {
  switch (kind) {
    case TimeStampKind::content:
      return "content";
    case TimeStampKind::signature:
      return "signature";
    case TimeStampKind::document:
      return "document";
    case TimeStampKind::archive:
      return "archive";
    case TimeStampKind::references:
      return "references";
    case TimeStampKind::alone:
      return "alone";
  }
  return "";
}

}  // namespace signet::validation
