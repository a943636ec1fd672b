// Object streams and cross-reference streams that would become far more than they are.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

#include "pdf/testing/hostile_document.h"

namespace signet::pdf {
namespace {

using testing::HasSubstr;

constexpr int kStream = 6;    // the number of the first object stream
constexpr int kMember = 200;  // of the first object in one

std::string object_stream(const std::string& plain, std::size_t objects, std::size_t first,
                          const std::string& parameters = {}) {
  const std::string data = deflated(plain);
  return fmt::format(
      "<< /Type /ObjStm /N {} /First {} /Filter /FlateDecode {} /Length {} "
      ">>\nstream\n{}\nendstream",
      objects, first, parameters, data.size(), data);
}

// The objects 4, which is the information, and kMember and so on are in the object stream kStream, at these offsets in `text`.
std::string with_members(const std::vector<std::size_t>& offsets, const std::string& text) {
  std::string header;
  std::string rows;
  for (std::size_t at = 0; at < offsets.size(); ++at) {
    header += fmt::format("{} {} ", at == 0 ? 4 : kMember + at - 1, offsets[at]);
    rows += std::string("\x02\0\0\0", 4) + static_cast<char>(kStream);
    rows += {static_cast<char>(at >> 8U), static_cast<char>(at)};
  }
  MadeDocument wish;
  wish.objects[kStream] = object_stream(header + text, offsets.size(), header.size());
  std::string bytes = wish.make();
  const std::size_t start = bytes.size();
  const std::string previous = bytes.substr(bytes.rfind("startxref") + 10);
  bytes += fmt::format(
      "99 0 obj\n<< /Type /XRef /W [1 4 2] /Size {0} /Index [4 1 {1} {2}] /Root 1 0 R /Info 4 0 R "
      "/Prev {3} /Length {4} >>\nstream\n{5}\nendstream\nendobj\nstartxref\n{6}\n%%EOF\n",
      kMember + offsets.size(), kMember, offsets.size() - 1, std::stoull(previous), rows.size(),
      rows, start);
  return bytes;
}

TEST(HostileStreams, ObjectsInOnePlaceAreCountedEach) {
  const std::string text = many("0 ", 1000);
  EXPECT_THAT(fault_of_information(with_members(std::vector<std::size_t>(100, 0), text)), "");
  EXPECT_THAT(fault_of_information(with_members(std::vector<std::size_t>(1000, 0), text)),
              HasSubstr("more than 250,000 elements"));
}

TEST(HostileStreams, ObjectsInsideOneAnotherAreCountedEach) {
  std::vector<std::size_t> offsets;
  for (std::size_t deep = 0; deep < 300; ++deep) offsets.push_back(deep);
  const std::string text =
      std::string(300, '[') + many("0 ", 1000) + std::string(300, ']') + std::string(50, ' ');
  EXPECT_THAT(fault_of_information(with_members(offsets, text)),
              HasSubstr("more than 250,000 elements"));
}

// Nothing says where they end for each reader.
TEST(HostileStreams, ObjectsWithoutAnEndAreCountedToTheEnd) {
  for (const char* const open : {"[ ", "(", "<< /A ", "<4x", ") "}) {
    const std::string text = open + many("0 ", 1000) + " ";
    EXPECT_THAT(fault_of_information(with_members(std::vector<std::size_t>(1000, 0), text)),
                HasSubstr("more than 250,000 elements"))
        << open;
  }
}

TEST(HostileStreams, BlanksThatWouldBePassedOverAgainAndAgainAreRefused) {
  const std::string text = std::string(100'000, ' ') + "[]";
  EXPECT_THAT(fault_of_information(with_members(std::vector<std::size_t>(100, 0), text)), "");
  EXPECT_THAT(fault_of_information(with_members(std::vector<std::size_t>(1000, 0), text)),
              HasSubstr("longer than it"));
}

TEST(HostileStreams, WhatQpdfTakesForWhiteSpaceSeparatesElements) {
  EXPECT_THAT(fault_of_information(with_object_stream(many("0\v", 251'000))),
              HasSubstr("more than 250,000 elements"));
  EXPECT_THAT(fault_of_information(with_object_stream("\v\v" + many("0\v", 249'000))), "");
}

TEST(HostileStreams, NumbersInFrontOfACommentAreNoReference) {
  EXPECT_THAT(fault_of_information(with_object_stream(many("0 0%R\n", 126'000))),
              HasSubstr("more than 250,000 elements"));
}

// An update with rows of these object streams, each of one object: kMember in the first and so on.
std::string with_streams(const std::map<int, std::string>& streams) {
  MadeDocument wish;
  wish.objects = streams;
  std::string bytes = wish.make();
  std::string rows;
  for (const auto& [number, stream] : streams)
    rows += std::string("\x02\0\0\0", 4) + static_cast<char>(number) + std::string(2, '\0');
  const std::string previous = bytes.substr(bytes.rfind("startxref") + 10);
  const std::size_t start = bytes.size();
  bytes += fmt::format(
      "99 0 obj\n<< /Type /XRef /W [1 4 2] /Size 300 /Index [{} {}] /Root 1 0 R /Prev {} /Length "
      "{} >>\nstream\n{}\nendstream\nendobj\nstartxref\n{}\n%%EOF\n",
      kMember, streams.size(), std::stoull(previous), rows.size(), rows, start);
  return bytes;
}

std::map<int, std::string> streams_of(int count, const std::string& text) {
  std::map<int, std::string> streams;
  for (int at = 0; at < count; ++at) {
    const std::string header = fmt::format("{} 0 ", kMember + at);
    streams[kStream + at] = object_stream(header + text, 1, header.size());
  }
  return streams;
}

TEST(HostileStreams, StringsThatFillTheMemoryInSumAreRefused) {
  const std::string bytes = with_streams(streams_of(5, "(" + std::string(15'000'000, 'x') + ")"));
  const auto opened = open_hostile(bytes);
  ASSERT_TRUE(opened) << opened.error().sentence;
  for (int at = 0; at < 4; ++at)
    EXPECT_TRUE(opened.value()->qpdf().getObject(kMember + at, 0).isString());
  const auto good = opened.value()->check();
  EXPECT_TRUE(good) << good.error().sentence;
  EXPECT_FALSE(opened.value()->qpdf().getObject(kMember + 4, 0).isString());
  const auto checked = opened.value()->check();
  ASSERT_FALSE(checked);
  EXPECT_THAT(checked.error().sentence, HasSubstr("64 MiB of objects in streams"));
}

// What nobody reads is not inflated without end.
TEST(HostileStreams, OnlyTheFirstOnesAreInflatedBeforeTheyAreRead) {
  const std::string bytes = with_streams(streams_of(40, std::string(15'000'000, ' ')));
  std::uint64_t read = 0;
  Source source = Source::of(view_of(bytes));
  const auto opened = Document::open({source.size, [&](std::uint64_t at, auto out) {
                                        read += out.size();
                                        return source.read(at, out);
                                      }});
  ASSERT_TRUE(opened) << opened.error().sentence;
  EXPECT_TRUE(opened.value()->page(0));
  EXPECT_LT(read, bytes.size() / 2);
}

TEST(HostileStreams, RepairInflatesNotWithoutEnd) {
  const std::string bytes = replaced(with_streams(streams_of(20, std::string(15'000'000, ' '))),
                                     "startxref\n", "startxref\n9");
  const auto opened = Document::open_repaired(Source::of(view_of(bytes)));
  ASSERT_FALSE(opened);
  EXPECT_THAT(opened.error().sentence, HasSubstr("256 MiB in all"));
}

TEST(HostileStreams, LongRowsOfPredictorsAreRefused) {
  for (const char* const rows :
       {"/Columns 1000000000", "/Columns 100000 /Colors 100000", "/Columns 6 0 R"}) {
    MadeDocument wish;
    wish.objects[kStream] =
        object_stream("4 0 []", 1, 4, fmt::format("/DecodeParms << /Predictor 12 {} >>", rows));
    EXPECT_THAT(fault_of_information(with_entry_in(wish.make(), kStream)),
                HasSubstr("compressed in a way that is not supported"))
        << rows;
  }
}

TEST(HostileStreams, LongRowsOfPredictorsInMetadataAreNotDecoded) {
  for (const bool hostile : {false, true}) {
    const std::string data = deflated(std::string("\0<xmp>", 6));
    MadeDocument wish;
    wish.catalog = "/Metadata 6 0 R";
    wish.objects[kStream] = fmt::format(
        "<< /Filter /FlateDecode /DecodeParms << /Predictor 12 /Columns {} >> /Length {} "
        ">>\nstream\n{}\nendstream",
        hostile ? 2'000'000'000 : 5, data.size(), data);
    const std::string bytes = wish.make();
    const auto opened = open_hostile(bytes);
    ASSERT_TRUE(opened);
    const auto metadata = opened.value()->metadata();
    ASSERT_TRUE(metadata);
    EXPECT_EQ(text_of(metadata.value()), hostile ? "" : "<xmp>");
  }
}

// For qpdf, object 4 of generation 0 is another one than that of generation 1, which came later.
TEST(HostileStreams, GenerationsThatHideAnObjectStreamAreRefused) {
  std::string bytes = with_object_stream(many("0 ", 251'000));
  const std::string previous = bytes.substr(bytes.rfind("startxref") + 10);
  const std::size_t object = bytes.size();
  bytes += "4 1 obj\n[]\nendobj\n";
  const std::size_t start = bytes.size();
  bytes += fmt::format(
      "xref\n4 1\n{:010} 00001 n \ntrailer\n<< /Root 1 0 R /Info 4 0 R /Size 100 /Prev {} "
      ">>\nstartxref\n{}\n%%EOF\n",
      object, std::stoull(previous), start);
  EXPECT_THAT(fault_of_information(bytes), HasSubstr("two generations"));
}

// As a cross-reference stream that says this of its data.
std::string with_section(const std::string& entries, const std::string& data) {
  std::string bytes = MadeDocument().make();
  const std::string previous = bytes.substr(bytes.rfind("startxref") + 10);
  const std::size_t start = bytes.size();
  return bytes +
         fmt::format(
             "99 0 obj\n<< /Type /XRef /W [1 4 2] /Size 100 /Root 1 0 R /Prev {} {} /Length "
             "{} >>\nstream\n{}\nendstream\nendobj\nstartxref\n{}\n%%EOF\n",
             std::stoull(previous), entries, data.size(), data, start);
}

// Readers that understood these in two ways would find other objects.
TEST(HostileStreams, CrossReferencesAreUnderstoodAsOthersDo) {
  const std::string row("\x01\0\0\0\x0F\0\0", 7);  // where object 1 is
  const std::string predictor = "/Predictor 12 /Columns 7";
  EXPECT_TRUE(open_hostile(with_section("/Index [50 1]", row)));
  EXPECT_TRUE(open_hostile(
      with_section(fmt::format("/Index [50 1] /DecodeParms << {} >>", predictor), row)))
      << "parameters without a filter mean nothing";
  const std::string packed = deflated('\0' + row);
  const auto opened = [&](const std::string& parameters, const char* index = "[50 1]") {
    return open_hostile(with_section(
        fmt::format("/Index {} /Filter /FlateDecode /DecodeParms {}", index, parameters), packed));
  };
  EXPECT_TRUE(opened(fmt::format("<< {} /Colors 1 /BitsPerComponent 8 >>", predictor)));
  for (const std::string& odd :
       {fmt::format("<< {} /Colors 2 >>", predictor),
        fmt::format("<< {} /BitsPerComponent 16 >>", predictor), std::string("4 0 R"),
        std::string("[4 0 R]"), std::string("<< /Predictor 12 0 R /Columns 7 >>")}) {
    const auto refused = opened(odd);
    ASSERT_FALSE(refused) << odd;
    EXPECT_THAT(refused.error().sentence, HasSubstr("in a way that is not supported"));
  }
  EXPECT_FALSE(opened(fmt::format("<< {} >>", predictor), "4 0 R"));
}

TEST(HostileStreams, MoreEntriesThanReadersTakeAreRefused) {
  constexpr std::size_t kEntries = 8'400'000;
  const std::string data = deflated(std::string(2 * kEntries, '\0'));
  std::string bytes = MadeDocument().make() + "%" + std::string(kEntries, 'x') + "\n";
  const std::size_t start = bytes.size();
  bytes += fmt::format(
      "99 0 obj\n<< /Type /XRef /W [1 1 0] /Size {} /Root 1 0 R /Filter /FlateDecode /Length {} "
      ">>\nstream\n{}\nendstream\nendobj\nstartxref\n{}\n%%EOF\n",
      kEntries, data.size(), data, start);
  const auto opened = open_hostile(bytes);
  ASSERT_FALSE(opened);
  EXPECT_THAT(opened.error().sentence, HasSubstr("more entries than"));
}

}  // namespace
}  // namespace signet::pdf
