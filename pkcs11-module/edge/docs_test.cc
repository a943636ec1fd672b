// docs/pkcs11.md against the code. With SIGNET_WRITE_DOCS=1 in the environment the tables of mechanisms and attributes
// are written into the page instead of compared.

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <map>
#include <sstream>
#include <stdexcept>

#include "pkcs11-module/edge/testing/attribute_markdown.h"
#include "pkcs11-module/edge/testing/reflection.h"
#include "pkcs11-module/mechanism/testing/markdown.h"

namespace signet::edge::testing {
namespace {

std::string read_page() {
  std::ifstream stream(SIGNET_PKCS11_PAGE);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

struct Part {
  std::size_t begin;
  std::size_t length;
};

// What stands between the lines <!-- NAME: begin --> and <!-- NAME: end -->.
Part part_of(const std::string& page, const std::string& name) {
  const std::string opening = "<!-- " + name + ": begin -->\n";
  const std::string closing = "<!-- " + name + ": end -->\n";
  const auto begin = page.find(opening);
  const auto end = page.find(closing, begin);
  if (begin == std::string::npos || end == std::string::npos) {
    throw std::runtime_error("the page has no part \"" + name + "\"");
  }
  return {begin + opening.size(), end - begin - opening.size()};
}

// The mistake names the first line that differs: the tables are long.
void expect_same_lines(const std::string& page, const std::string& code) {
  std::istringstream left(page);
  std::istringstream right(code);
  std::string shown;
  std::string wanted;
  while (std::getline(right, wanted)) {
    ASSERT_TRUE(std::getline(left, shown)) << "the page ends before: " << wanted;
    ASSERT_EQ(shown, wanted);
  }
  EXPECT_FALSE(std::getline(left, shown)) << "the page goes on with: " << shown;
}

void compare_or_write(const std::string& name, const std::string& tables) {
  const std::string code = "\n" + tables + "\n";
  std::string page = read_page();
  const Part part = part_of(page, name);
  if (std::getenv("SIGNET_WRITE_DOCS") != nullptr) {
    std::ofstream(SIGNET_PKCS11_PAGE) << page.replace(part.begin, part.length, code);
    return;
  }
  expect_same_lines(page.substr(part.begin, part.length), code);
}

// The rows "| `C_Name` | text |", by name; a function that stands twice has two.
std::multimap<std::string, std::string> function_rows() {
  const std::string opening = "| `C_";
  std::multimap<std::string, std::string> rows;
  std::istringstream page(read_page());
  for (std::string line; std::getline(page, line);) {
    if (!line.starts_with(opening)) continue;
    const auto begin = opening.size() - 2;
    const auto end = line.find('`', begin);
    const auto text = line.find("| ", end);
    rows.emplace(line.substr(begin, end - begin), line.substr(text + 2));
  }
  return rows;
}

TEST(Pkcs11Page, HasEveryFunctionOnce) {
  const auto rows = function_rows();
  EXPECT_EQ(rows.size(), all_functions().size());
  for (const Function& function : all_functions())
    EXPECT_EQ(rows.count(function.name), 1U) << function.name;
}

TEST(Pkcs11Page, SaysOfTheAbsentFunctionsAndOfNoOtherThatTheyAreNotSupported) {
  const auto rows = function_rows();
  for (const Function& function : all_functions()) {
    const auto row = rows.find(function.name);
    ASSERT_NE(row, rows.end()) << function.name;
    EXPECT_EQ(row->second.starts_with("`CKR_FUNCTION_NOT_SUPPORTED`"), function.absent)
        << row->second;
  }
}

TEST(Pkcs11Page, HasTheMechanismsOfTheCode) {
  compare_or_write("mechanisms", mechanism::markdown_table());
}

TEST(Pkcs11Page, HasTheAttributesOfTheCode) {
  compare_or_write("attributes", attribute_tables());
}

}  // namespace
}  // namespace signet::edge::testing
