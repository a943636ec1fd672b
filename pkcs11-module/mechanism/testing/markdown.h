// The table of mechanisms for people.
#ifndef SIGNET_PKCS11_MODULE_MECHANISM_TESTING_MARKDOWN_H_
#define SIGNET_PKCS11_MODULE_MECHANISM_TESTING_MARKDOWN_H_

#include <string>

namespace signet::mechanism {

// One row a mechanism, in the table's order: name, functions, keys, hash, where it runs, when it is
// offered. GitHub's Markdown, each line ended by \n. docs/pkcs11.md contains exactly this text.
std::string markdown_table();

}  // namespace signet::mechanism

#endif  // SIGNET_PKCS11_MODULE_MECHANISM_TESTING_MARKDOWN_H_
