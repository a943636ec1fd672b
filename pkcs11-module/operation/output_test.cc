#include "pkcs11-module/operation/output.h"

#include <gtest/gtest.h>

#include "crypto/testing/test_key.h"

namespace signet::operation {
namespace {

using crypto::rv_of;

TEST(Output, AnswersALengthQueryAndStops) {
  CK_ULONG length = 7;
  const Output output(nullptr, &length);
  const auto go_on = output.prepare(64);
  ASSERT_TRUE(go_on);
  EXPECT_FALSE(go_on.value());
  EXPECT_EQ(length, 64U);
}

TEST(Output, TellsTheLengthWhereTheBufferIsShort) {
  for (const CK_ULONG room : {CK_ULONG{0}, CK_ULONG{63}}) {
    CK_BYTE buffer[64] = {};
    CK_ULONG length = room;
    EXPECT_EQ(rv_of(Output(buffer, &length).prepare(64)), CKR_BUFFER_TOO_SMALL);
    EXPECT_EQ(length, 64U);
  }
}

TEST(Output, DeliversIntoABufferThatIsLongEnough) {
  for (const CK_ULONG room : {CK_ULONG{4}, CK_ULONG{6}}) {
    CK_BYTE buffer[6] = {9, 9, 9, 9, 9, 9};
    CK_ULONG length = room;
    const Output output(buffer, &length);
    const auto go_on = output.prepare(4);
    ASSERT_TRUE(go_on);
    EXPECT_TRUE(go_on.value());
    EXPECT_EQ(length, room);
    output.deliver(Bytes{1, 2, 3, 4});
    EXPECT_EQ(length, 4U);
    EXPECT_EQ(to_hex(buffer), "010203040909");
  }
}

TEST(Output, DeliversNothingAndLessThanPrepared) {
  CK_BYTE buffer[4] = {9, 9, 9, 9};
  CK_ULONG length = 4;
  const Output output(buffer, &length);
  ASSERT_TRUE(output.prepare(4));
  output.deliver(Bytes{1});
  EXPECT_EQ(length, 1U);
  output.deliver({});
  EXPECT_EQ(length, 0U);
  EXPECT_EQ(to_hex(buffer), "01090909");
}

}  // namespace
}  // namespace signet::operation
