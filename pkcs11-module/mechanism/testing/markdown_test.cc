#include "pkcs11-module/mechanism/testing/markdown.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "pkcs11-module/mechanism/offer.h"

namespace signet::mechanism {
namespace {

TEST(MarkdownTable, HasOneCompleteRowAMechanismInTheTablesOrder) {
  std::istringstream text(markdown_table());
  std::vector<std::string> lines;
  for (std::string line; std::getline(text, line);) lines.push_back(line);
  ASSERT_EQ(lines.size(), crypto::mechanisms().size() + 2);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    EXPECT_EQ(std::ranges::count(lines[i], '|'), 7) << lines[i];
  }
  for (std::size_t i = 0; i < crypto::mechanisms().size(); ++i) {
    EXPECT_EQ(lines[i + 2].find("| `" + std::string(crypto::mechanisms()[i].name) + "` |"), 0U)
        << lines[i + 2];
  }
}

TEST(MarkdownTable, SaysWhatRunsWhere) {
  const std::string table = markdown_table();
  EXPECT_NE(table.find("| `CKM_SHA256` | `C_Digest*` |  | SHA-256 | module | always |"),
            std::string::npos);
  EXPECT_NE(table.find("| `CKM_SHA1_RSA_PKCS` | `C_Sign*`, `C_SignMessage*`, `C_Verify*`, "
                       "`C_VerifyMessage*` | RSA, the appliance's sizes; verification: 1024 to "
                       "16384 bits | SHA-1 | hash: module; signature: appliance; verification: "
                       "module | signing only where the configuration allows SHA-1 |"),
            std::string::npos);
}

}  // namespace
}  // namespace signet::mechanism
