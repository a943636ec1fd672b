#include "crypto/host_errors.h"

#include <gtest/gtest.h>

#include <vector>

namespace signet::crypto {
namespace {

void raise(int reason) {
  ERR_raise_data(ERR_LIB_USER, reason, "text %d", reason);
}

std::vector<int> reasons_left() {
  std::vector<int> reasons;
  while (const unsigned long error = ERR_get_error()) reasons.push_back(ERR_GET_REASON(error));
  return reasons;
}

class HostErrorsTest : public testing::Test {
 protected:
  HostErrorsTest() { ERR_clear_error(); }
};

TEST_F(HostErrorsTest, ComeBackThoughTheQueueWasEmptiedMeanwhile) {
  raise(1);
  raise(2);
  {
    const HostErrors aside;
    EXPECT_EQ(ERR_peek_error(), 0U);
    raise(3);
    ERR_clear_error();
    raise(4);
  }
  const char* data = nullptr;
  ERR_peek_error_data(&data, nullptr);
  EXPECT_STREQ(data, "text 1");
  EXPECT_EQ(reasons_left(), (std::vector{1, 2}));
}

TEST_F(HostErrorsTest, AFullQueueLosesNothing) {
  std::vector<int> all;
  for (int reason = 1; reason < ERR_NUM_ERRORS; ++reason) {
    raise(reason);
    all.push_back(reason);
  }
  {
    const HostErrors aside;
    for (int reason = 1; reason < 3 * ERR_NUM_ERRORS; ++reason) raise(100 + reason);
  }
  EXPECT_EQ(reasons_left(), all);
}

TEST_F(HostErrorsTest, AMarkOfTheHostStaysWhereItWas) {
  raise(1);
  ERR_set_mark();
  raise(2);
  {
    const HostErrors aside;
    ERR_clear_error();
  }
  EXPECT_EQ(ERR_pop_to_mark(), 1);
  EXPECT_EQ(reasons_left(), std::vector{1});
}

TEST_F(HostErrorsTest, AnEmptyQueueIsEmptyAgain) {
  {
    const HostErrors aside;
    raise(1);
    {
      const HostErrors inner;
      raise(2);
    }
    EXPECT_EQ(ERR_GET_REASON(ERR_peek_error()), 1);
  }
  EXPECT_EQ(ERR_peek_error(), 0U);
}

TEST_F(HostErrorsTest, InAnotherScopeTakeOffOnlyWhatCameAfterIt) {
  raise(1);
  {
    const HostErrors aside;
    raise(2);
    {
      const HostErrors inner;
      raise(3);
    }
    EXPECT_EQ(ERR_GET_REASON(ERR_peek_last_error()), 2);
  }
  EXPECT_EQ(reasons_left(), (std::vector{1}));
}

TEST_F(HostErrorsTest, OfAnEmptyQueueAreNone) {
  {
    const HostErrors aside;
    raise(2);
  }
  EXPECT_EQ(ERR_peek_error(), 0U);
}

}  // namespace
}  // namespace signet::crypto
