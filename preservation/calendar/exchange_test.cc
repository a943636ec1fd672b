#include "preservation/calendar/exchange.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "common/json_text.h"
#include "preservation/calendar/testing/documents.h"

namespace signet::preservation {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

Result<std::vector<KeptDocument>, std::string> read_back(const std::string& text) {
  std::istringstream stream(text);
  return documents_from(stream);
}

TEST(RegisterExchange, GivesBackEveryMember) {
  KeptDocument one = test_document("/archive/Smlouva č. 1.pdf", kTestDay + 100h);
  one.data = "/archive/data \"1\"";
  one.standing = Standing::failed;
  one.note = "no authority gave a time-stamp";
  one.extended = kTestDay + 3h;
  one.extensions = 7;
  one.condition.lists = std::string(64, 'c');
  KeptDocument two = test_document("/archive/two.p7m", kTestDay);
  two.condition.until.reset();
  two.condition.because.clear();
  const auto back = read_back(first_line() + line_of(one) + line_of(two));
  ASSERT_TRUE(back) << back.error();
  EXPECT_EQ(back.value(), (std::vector{one, two}));
}

TEST(RegisterExchange, SkipsUnknownMembers) {
  auto more = json_of(test_document("/archive/one.pdf", kTestDay));
  more["later"] = true;
  const auto back = read_back(first_line() + json_text(more) + "\n");
  ASSERT_TRUE(back) << back.error();
  EXPECT_EQ(back.value().size(), 1U);
}

TEST(RegisterExchange, NamesTheLineThatIsWrong) {
  const KeptDocument good = test_document("/archive/one.pdf", kTestDay);
  const auto broken = [&](const char* member, const boost::json::value& value) {
    auto line = json_of(good);
    line[member] = value;
    const auto back = read_back(first_line() + line_of(good) + json_text(line) + "\n");
    return back ? std::string("accepted") : back.error();
  };
  EXPECT_EQ(broken("path", "one.pdf"), "line 3: \"path\" must be absolute");
  EXPECT_EQ(broken("sha256", "ABC"), "line 3: \"sha256\" must be 64 hexadecimal digits");
  EXPECT_THAT(broken("size", -1), HasSubstr("line 3: \"size\" must be"));
  EXPECT_THAT(broken("verifiableUntil", "soon"), HasSubstr("\"verifiableUntil\" must be a time"));
  EXPECT_THAT(broken("added", nullptr), HasSubstr("\"added\" must be a time"));
  EXPECT_THAT(broken("standing", "lost"), HasSubstr("\"standing\" must be"));
}

TEST(RegisterExchange, TakesNothingElseForARegister) {
  EXPECT_THAT(read_back("").error(), HasSubstr("empty"));
  EXPECT_THAT(read_back("[]\n").error(), HasSubstr("line 1: it is not a JSON object"));
  EXPECT_THAT(read_back("{\"register\":\"signet-preserve\",\"version\":2}\n").error(),
              HasSubstr("line 1: this is not an exported register"));
  EXPECT_THAT(
      read_back(first_line() + "{\"path\":\"" + std::string(kLongestLine, 'x') + "\"}\n").error(),
      HasSubstr("line 2: it is longer than"));
}

}  // namespace
}  // namespace signet::preservation
