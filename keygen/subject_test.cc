#include "keygen/subject.h"

#include <gtest/gtest.h>

namespace signet::keygen {
namespace {

TEST(Subject, IsReadInBothForms) {
  const auto commas = parse_subject("C=CZ, O=Office\\, Prague ,CN=Seal");
  const auto slashes = parse_subject("/C=CZ/O=Office, Prague/CN=Seal");
  const auto lines = parse_subject("C=CZ\nO=Office\\, Prague\nCN=Seal\n");
  ASSERT_TRUE(commas);
  EXPECT_EQ(commas.value(), slashes.value());
  EXPECT_EQ(commas.value(), lines.value());
  EXPECT_EQ(subject_text(commas.value()), "C=CZ,O=Office\\, Prague,CN=Seal");
}

TEST(Subject, WhatIsWrittenIsReadAgain) {
  const auto name =
      parse_subject("2.5.4.97=NTRCZ-1,O=Úřad + \"x\" \\<y\\>,serialNumber=1,CN=Pečeť; č. 1");
  ASSERT_TRUE(name) << name.error().sentence;
  EXPECT_EQ(parse_subject(subject_text(name.value())).value(), name.value());
}

TEST(Subject, SaysWhatIsWrong) {
  for (const auto& [text, words] :
       {std::pair{"", "is empty"}, std::pair{"CN", "has no \"=\""}, std::pair{"CN=", "CN is empty"},
        std::pair{"XY=z", "\"XY\" is not a name"}, std::pair{"C=Czechia", "C cannot be"}}) {
    const auto name = parse_subject(text);
    ASSERT_FALSE(name) << text;
    EXPECT_NE(name.error().sentence.find(words), std::string::npos) << name.error().sentence;
  }
}

TEST(Subject, OfASealNeedsFourParts) {
  const auto whole = parse_subject("C=CZ,O=Office,organizationIdentifier=NTRCZ-1,CN=Seal");
  EXPECT_TRUE(check_eseal_subject(whole.value()));
  const auto lacking = check_eseal_subject(parse_subject("CN=Seal,C=CZ").value());
  ASSERT_FALSE(lacking);
  EXPECT_NE(lacking.error().sentence.find("organizationName, organizationIdentifier"),
            std::string::npos);
}

}  // namespace
}  // namespace signet::keygen
