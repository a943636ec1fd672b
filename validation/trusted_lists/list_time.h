// Times as XML Schema's dateTime writes them.
#ifndef SIGNET_VALIDATION_TRUSTED_LISTS_LIST_TIME_H_
#define SIGNET_VALIDATION_TRUSTED_LISTS_LIST_TIME_H_

#include <optional>
#include <string_view>

#include "validation/statement.h"

namespace signet::validation {

// "2016-06-30T22:00:00Z"; with a fraction, which is cut off, and any offset. Without an offset it is UTC, which TS 119 612, 5.1.4,
// demands. Nothing for anything else, and for years before 1900 and after 2200.
std::optional<Time> list_time(std::string_view text);

}  // namespace signet::validation

#endif  // SIGNET_VALIDATION_TRUSTED_LISTS_LIST_TIME_H_
