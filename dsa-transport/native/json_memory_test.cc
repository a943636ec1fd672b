// Reading an answer while memory runs out: the answer, or an exception; never the end of the process.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "common/testing/scarce_memory.h"
#include "crypto/base64.h"
#include "dsa-transport/native/wire_objects.h"

namespace signet::transport::native {
namespace {

TEST(JsonMemory, SignaturesAreReadOrNotWhereverMemoryRunsOut) {
  constexpr long enough = 1000;
  const Bytes signature(8000, 7);  // together they are too large for the document's own buffer
  const std::string text = crypto::to_base64(signature);
  const std::string body = fmt::format(R"({{"signatures":["{}","{}"]}})", text, text);
  const auto read = [&] { return read_signatures(body, 2); };
  long least = 0;
  auto result = with_allocations(least, read);
  while (!result && least < enough) result = with_allocations(++least, read);
  EXPECT_GT(least, 5) << "it needs memory";
  ASSERT_TRUE(result && *result);
  EXPECT_EQ(result->value(), (std::vector<Bytes>{signature, signature}));
}

}  // namespace
}  // namespace signet::transport::native
