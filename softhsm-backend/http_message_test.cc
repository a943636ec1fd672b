#include "softhsm-backend/http_message.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "softhsm-backend/faults.h"

namespace signet::emulator {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;

Request get() {
  Request request;
  request.method = "GET";
  request.id = "4711";
  return request;
}

TEST(HttpMessage, AnAnswerHasItsBody) {
  const Wire wire = wire_of(get(), {.status = 200, .body = "{}", .headers = {}}, true);
  EXPECT_THAT(wire.bytes, HasSubstr("Content-Length: 2\r\n"));
  EXPECT_THAT(wire.bytes, EndsWith("\r\n\r\n{}"));
  EXPECT_EQ(wire.bytes.size(), wire.header_size + 2);
}

TEST(HttpMessage, AFaultWithAStatusThatKnowsNoBodyHasNone) {
  for (const unsigned status : {204U, 304U}) {
    Fault fault;
    fault.kind = Fault::Kind::status;
    fault.status = status;
    const Answer answer = answer_under(fault, {.status = 200, .body = "{}", .headers = {}});
    const Wire wire = wire_of(get(), answer, true);
    EXPECT_THAT(wire.bytes, EndsWith("\r\n\r\n")) << status;
    EXPECT_THAT(wire.bytes, Not(HasSubstr("{"))) << status;
  }
}

}  // namespace
}  // namespace signet::emulator
