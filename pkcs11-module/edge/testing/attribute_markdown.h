// The tables of attributes for people.
#ifndef SIGNET_PKCS11_MODULE_EDGE_TESTING_ATTRIBUTE_MARKDOWN_H_
#define SIGNET_PKCS11_MODULE_EDGE_TESTING_ATTRIBUTE_MARKDOWN_H_

#include <string>

namespace signet::edge::testing {

// For each class of objects a heading and a table with one row an attribute, in the order of the rules. GitHub's
// Markdown, each line ended by \n. docs/pkcs11.md contains exactly this text. Throws std::runtime_error for an
// attribute that has no name here.
std::string attribute_tables();

}  // namespace signet::edge::testing

#endif  // SIGNET_PKCS11_MODULE_EDGE_TESTING_ATTRIBUTE_MARKDOWN_H_
