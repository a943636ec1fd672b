// Values and bodies of the contract, read and written.

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <boost/json/parse.hpp>
#include <new>
#include <set>

#include "crypto/base64.h"
#include "dsa-transport/json_reader.h"
#include "dsa-transport/json_writer.h"
#include "dsa-transport/native/problem.h"
#include "dsa-transport/native/wire_objects.h"
#include "dsa-transport/native/wire_values.h"

namespace signet::transport::native {
namespace {

using namespace std::chrono_literals;

TEST(Names, AreReadBackAsTheyAreWritten) {
  for (const auto hash :
       {Hash::none, Hash::sha1, Hash::sha224, Hash::sha256, Hash::sha384, Hash::sha512}) {
    EXPECT_EQ(hash_from(name_of(hash)), hash);
  }
  for (const auto algorithm :
       {Scheme::rsa_pkcs1, Scheme::rsa_pss, Scheme::rsa_raw, Scheme::ecdsa, Scheme::eddsa}) {
    EXPECT_EQ(algorithm_from(name_of(algorithm)), algorithm);
  }
  for (const auto curve : {Curve::p256, Curve::p384, Curve::p521}) {
    EXPECT_EQ(curve_from(name_of(curve)), curve);
  }
  for (const auto type : {KeyType::rsa, KeyType::ec, KeyType::edwards}) {
    EXPECT_EQ(key_type_from(name_of(type)), type);
  }
  EXPECT_FALSE(hash_from("sha-256"));
  // What the contract has no word for.
  for (const auto hash : {Hash::sha3_224, Hash::sha3_256, Hash::sha3_384, Hash::sha3_512}) {
    EXPECT_EQ(name_of(hash), "");
  }
  EXPECT_FALSE(hash_from(""));
  EXPECT_FALSE(curve_from(""));
}

TEST(ObjectId, IsNeverAPath) {
  EXPECT_TRUE(is_object_id("{6F1E6A52-7b7e-4f2b-9d55-0c6f3f6f0a01}"));
  EXPECT_TRUE(is_object_id("..."));
  for (const std::string& bad :
       {std::string(), std::string("a/b"), std::string("a b"), std::string("a\n"),
        std::string(129, 'a'), std::string("."), std::string("..")}) {
    EXPECT_FALSE(is_object_id(bad)) << bad;
  }
}

TEST(ObjectCollector, TakesNoMoreObjectsThanAnAccountMayHave) {
  ObjectCollector all;
  static_assert(kMostKeys == kMostCertificates);
  for (std::size_t i = 0; i < kMostKeys; i += 500) {
    ObjectPage page;
    page.unknown_keys.resize(250);
    page.keys.resize(250);
    page.certificates.resize(500);
    ASSERT_TRUE(all.add(std::move(page)));
  }
  ObjectPage key;
  key.unknown_keys.emplace_back();
  EXPECT_FALSE(all.add(std::move(key)));
  ObjectPage certificate;
  certificate.certificates.emplace_back();
  EXPECT_FALSE(all.add(std::move(certificate)));
}

TEST(ObjectCollector, TakesNoMoreBytesThanAnAccountMayHave) {
  ObjectCollector all;
  const auto page_of = [](std::size_t size) {
    ObjectPage page;
    page.certificates.resize(1);
    page.certificates[0].der.resize(size);
    return page;
  };
  ASSERT_TRUE(all.add(page_of(kMostObjectBytes)));
  const auto more = all.add(page_of(1));
  ASSERT_FALSE(more);
  EXPECT_FALSE(more.error().out_of_time);
}

TEST(ObjectPage, IsReadNoLongerThanTheDeadline) {
  const DerCheck check;
  const std::string body = R"({"keys":[{"type":"?","id":"a"}],"certificates":[]})";
  EXPECT_TRUE(read_page(body, check, Deadline::after(Milliseconds(60'000))));
  const auto late = read_page(body, check, Deadline::after(Milliseconds(0)));
  ASSERT_FALSE(late);
  EXPECT_TRUE(late.error().out_of_time);
}

TEST(ObjectPage, HasRoomForFiftyValuesPerObjectAndNoMore) {
  const DerCheck check;
  const auto with_values = [&](std::size_t count) {
    std::string body = R"({"keys":[],"certificates":[],"more":[0)";
    for (std::size_t i = 1; i < count; ++i) body += ",0";
    return read_page(body + "]}", check, Deadline::after(Milliseconds(60'000)));
  };
  EXPECT_TRUE(with_values(49'000));
  const auto refused = with_values(50'000);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().what, "the JSON has too many values");
}

TEST(Problem, IsTamedBeforeItReachesALog) {
  https::Response answer;
  answer.status = 422;
  answer.media_type = "application/problem+json";
  answer.body = R"({"title":"a\nb\u001b[31m\u009b\u202e","detail":7,"sapiCode":"0x90030702"})";
  const Problem problem = read_problem(answer);
  EXPECT_TRUE(problem.well_formed);
  EXPECT_EQ(problem.title, R"(a\nb\x1b[31m\x9b\u202e)");
  EXPECT_EQ(problem.detail, "");
  const ApplianceError error = error_from(answer, problem);
  EXPECT_EQ(error.failure, Failure::bad_parameter);
  EXPECT_EQ(error.sentence, "the appliance refuses a parameter (it says: " + problem.title + ")");
}

}  // namespace
}  // namespace signet::transport::native
