// Documents with what other signers were reported to stumble over, and documents that have to be refused. Each is made here;
// conformance/judges/pades.md says which one stands for which report.
#pragma once

#include <map>
#include <string>

namespace signet::pdf {

// The bytes of each by its name.
using NamedDocuments = std::map<std::string, std::string>;

// That are sealed: odd structures, and forms and pages of every shape.
NamedDocuments odd_documents();
NamedDocuments documents_with_forms();
NamedDocuments documents_with_turned_pages();

// That are refused: broken ones, and ones that forbid it.
NamedDocuments broken_documents();
NamedDocuments forbidding_documents();

}  // namespace signet::pdf
