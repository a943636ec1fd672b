// The text of a visible seal: a template with the seal's facts put into it.
#ifndef SIGNET_PDF_LOOK_TEMPLATE_H_
#define SIGNET_PDF_LOOK_TEMPLATE_H_

#include <optional>
#include <string>
#include <string_view>

#include "pdf/look/error.h"

namespace signet::pdf::look {

// UTF-8. None: the seal has no such fact.
struct Facts {
  std::optional<std::string> signer;        // {signer}: the certificate's common name
  std::optional<std::string> organisation;  // {organisation}
  std::optional<std::string> time;          // {time}: as it is to be shown
  std::optional<std::string> reference;     // {reference}
  std::optional<std::string> reason;        // {reason}
  std::optional<std::string> serial;        // {serial}: of the certificate
  std::optional<std::string> issuer;        // {issuer}: the common name of the certificate's issuer
};

inline constexpr std::size_t kMostTextBytes = 16384;  // of a template, and of the text made from it

// Fields are written {signer}; "{{" and "}}" are braces. Lines end with "\n" (or "\r\n"). A fact that there is none of is
// empty, and a line that has fields, all of them empty, is left out. Each value is a directional isolate (UAX #9:
// U+2068, U+2069): a name that is written from right to left does not turn the words around it.
//
// Refused, with the line: an unknown field, a brace that belongs to none, text that is not UTF-8, control characters but
// line ends and tabs, and in values also line ends, tabs and what governs the direction of writing (a name must not be
// able to rearrange the seal).
LookResult<std::string> fill_template(std::string_view text, const Facts& facts);

}  // namespace signet::pdf::look

#endif  // SIGNET_PDF_LOOK_TEMPLATE_H_
