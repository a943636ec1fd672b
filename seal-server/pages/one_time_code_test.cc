#include "seal-server/pages/one_time_code.h"

#include <gtest/gtest.h>

#include "common/secret.h"
#include "seal-server/pages/password.h"

namespace signet::sealserver {
namespace {

const ByteView kRfcKey = view_of("12345678901234567890");

// RFC 6238, appendix B: the last six of its eight digits.
TEST(OneTimeCode, IsThatOfTheRfc) {
  const std::pair<std::int64_t, const char*> samples[] = {
      {59, "287082"},         {1111111109, "081804"}, {1111111111, "050471"},
      {1234567890, "005924"}, {2000000000, "279037"}, {20000000000, "353130"}};
  for (const auto& [seconds, code] : samples)
    EXPECT_EQ(code_of_step(kRfcKey, seconds / 30), code) << seconds;
  EXPECT_EQ(code_step(std::chrono::sys_seconds(std::chrono::seconds(59))), 1);
}

TEST(OneTimeCode, IsGoodOnceAndForAMinuteAndAHalf) {
  const std::string code = code_of_step(kRfcKey, 100);
  EXPECT_EQ(step_of_code(kRfcKey, code, 99, 0), 100);
  EXPECT_EQ(step_of_code(kRfcKey, code, 100, 0), 100);
  EXPECT_EQ(step_of_code(kRfcKey, code, 101, 0), 100);
  EXPECT_EQ(step_of_code(kRfcKey, code, 102, 0), std::nullopt);
  EXPECT_EQ(step_of_code(kRfcKey, code, 100, 100), std::nullopt);
  EXPECT_EQ(step_of_code(kRfcKey, "", 100, 0), std::nullopt);
  EXPECT_EQ(step_of_code(kRfcKey, code + "0", 100, 0), std::nullopt);
}

TEST(OneTimeCode, TellsATelephoneItsKey) {
  EXPECT_EQ(code_key_uri("seals.example/log", "jan@x", kRfcKey),
            "otpauth://totp/seals.example%2Flog:jan%40x?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
            "&issuer=seals.example%2Flog");
  EXPECT_NE(new_code_key(), new_code_key());
}

TEST(PagePassword, IsKnownByItsHashAlone) {
  const Secret password(std::string_view("correct horse battery"));
  const std::string hash = password_hash(password);
  EXPECT_TRUE(hash.starts_with("scrypt$15$8$3$")) << hash;
  EXPECT_NE(hash, password_hash(password));
  EXPECT_TRUE(is_password(password, hash));
  EXPECT_FALSE(is_password(Secret(std::string_view("correct horse batterz")), hash));
  EXPECT_FALSE(is_password(Secret(), hash));
  for (const char* text : {"", "scrypt$15$8$3$00", "scrypt$99$8$3$00$00", "scrypt$x$8$3$00$00"})
    EXPECT_FALSE(is_password(password, text)) << text;
}

// RFC 7914, 12: the third vector, in the form of this file.
TEST(PagePassword, IsHashedAsTheRfcSays) {
  EXPECT_TRUE(is_password(Secret(std::string_view("pleaseletmein")),
                          "scrypt$14$8$1$536f6469756d43686c6f72696465$"
                          "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2"));
}

}  // namespace
}  // namespace signet::sealserver
