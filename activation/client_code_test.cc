#include "activation/client_code.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace signet::activation {
namespace {

Bytes some_point() {
  Bytes point(kCompressedPoint);
  for (std::size_t i = 0; i < point.size(); ++i) point[i] = static_cast<std::uint8_t>(i * 37 + 2);
  return point;
}

std::string code_refusal(std::string_view text) {
  const auto point = point_of_client_code(text);
  return point ? "accepted" : point.assume_error();
}

TEST(ClientCode, IsReadBackAsItWasWritten) {
  const std::string code = client_code(some_point());
  ASSERT_EQ(code.size(), kCodeCharacters);
  const auto point = point_of_client_code(code);
  ASSERT_TRUE(point);
  EXPECT_EQ(point.assume_value(), some_point());
}

// What another program makes of these bytes (Python's hashlib and integers).
TEST(ClientCode, IsCrockfordsBase32OfPointAndChecksum) {
  EXPECT_EQ(client_code(Bytes(kCompressedPoint, 0)), std::string(53, '0') + "ZWWKR");
  EXPECT_EQ(client_code(some_point()),
            "08KMRWCPQFG0AAJFEJCVXRR85N97F761WR5K0NBTKZ2EJ3HKB1YT5EH5V8");
}

TEST(ClientCode, HasGroupsOfFive) {
  const std::string text = grouped_client_code(some_point());
  EXPECT_EQ(std::ranges::count(text, '-'), 11);
  EXPECT_EQ(text[5], '-');
  EXPECT_EQ(point_of_client_code(text).value(), some_point());
}

TEST(ClientCode, IsReadInSpiteOfTypicalSlips) {
  std::string code = grouped_client_code(some_point());
  std::ranges::replace(code, '-', ' ');
  std::string slips;
  for (const char c : code) {
    if (c == '0') {
      slips += 'o';
    } else if (c == '1') {
      slips += slips.size() % 2 == 0 ? 'I' : 'l';
    } else {
      slips += static_cast<char>(c >= 'A' ? c - 'A' + 'a' : c);
    }
  }
  EXPECT_EQ(point_of_client_code("\n" + slips + " \r\n").value(), some_point());
}

TEST(ClientCode, EachWrongCharacterIsNoticed) {
  const std::string code = client_code(some_point());
  for (std::size_t at = 0; at < code.size(); ++at) {
    std::string wrong = code;
    wrong[at] = wrong[at] == '7' ? '8' : '7';
    EXPECT_NE(code_refusal(wrong), "accepted") << at;
  }
}

TEST(ClientCode, CharactersThatChangedPlacesAreNoticed) {
  const std::string code = client_code(some_point());
  for (std::size_t at = 0; at + 1 < code.size(); ++at) {
    if (code[at] == code[at + 1]) continue;
    std::string wrong = code;
    std::swap(wrong[at], wrong[at + 1]);
    EXPECT_TRUE(code_refusal(wrong).starts_with("the client code's check")) << at;
  }
}

TEST(ClientCode, RefusalSaysWhatIsWrong) {
  const std::string code = client_code(some_point());
  EXPECT_EQ(code_refusal(code.substr(1)), "a client code has 58 characters, and this one 57");
  EXPECT_EQ(code_refusal(code + "0"), "a client code has 58 characters, and this one 59");
  EXPECT_EQ(code_refusal(""), "a client code has 58 characters, and this one 0");
  EXPECT_TRUE(code_refusal("U" + code.substr(1)).starts_with("a client code has no \"U\""));
  // Behind the last byte there are two bits of zeros.
  std::string stray = code;
  const std::string_view alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  stray.back() = alphabet[alphabet.find(stray.back()) + 1];
  EXPECT_TRUE(code_refusal(stray).starts_with("the client code's check"));
}

}  // namespace
}  // namespace signet::activation
