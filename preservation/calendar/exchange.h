// The register as text, one JSON object in each line: for other programs, backups, and other machines.
//
// The first line is {"register":"signet-preserve","version":1}; each other one is a document. Times are RFC 3339 in UTC.
#ifndef SIGNET_PRESERVATION_CALENDAR_EXCHANGE_H_
#define SIGNET_PRESERVATION_CALENDAR_EXCHANGE_H_

#include <boost/json/object.hpp>
#include <istream>
#include <ostream>
#include <string>
#include <vector>

#include "preservation/calendar/kept_document.h"

namespace signet::preservation {

inline constexpr std::size_t kLongestLine = std::size_t{64} * 1024;  // bytes

// A document as --json and the export have it.
boost::json::object json_of(const KeptDocument& document);

// The line that stands first, and a document's, each with its line feed.
std::string first_line();
std::string line_of(const KeptDocument& document);

// Reads what was exported, whole. Members that are unknown are skipped. The error is a sentence that begins with the line's number;
// then nothing should be taken over.
Result<std::vector<KeptDocument>, std::string> documents_from(std::istream& text);

}  // namespace signet::preservation

#endif  // SIGNET_PRESERVATION_CALENDAR_EXCHANGE_H_
