// Reads JSON that an appliance sent, trusting none of it. The first thing wrong is kept as a
// sentence and everything read after it is worthless, so that a reader of many members asks once at
// the end:
//
//   JsonDocument document;
//   BOOST_OUTCOME_TRY(const auto* value, document.parse(body));
//   JsonReader reader(value, "key");
//   info.id = reader.text("id", 1, 128);
//   info.bits = reader.optional_number("size", 16384);
//   if (reader.failed()) return reader.error();
#ifndef SIGNET_DSA_TRANSPORT_JSON_READER_H_
#define SIGNET_DSA_TRANSPORT_JSON_READER_H_

#include <array>
#include <boost/json/monotonic_resource.hpp>
#include <boost/json/value.hpp>
#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "common/bytes.h"
#include "common/json_text.h"
#include "common/result.h"
#include "common/secret.h"

namespace signet::transport {

// What breaks the contract in an answer: "key 3: publicKey is not base64".
struct WireError {
  std::string what;
  bool out_of_time = false;  // the answer may be right: there was no time to read all of it
};

template <typename T>
using Read = Result<T, WireError>;

// One JSON text as values. A sign answer fits into the object itself, so that reading one takes no memory from the
// heap; giving the values back never needs any. It may hold an access token: all its memory is zeroised.
class JsonDocument {
 public:
  // A value takes two bytes of text and ten times as much memory. The most that a dialect needs are the signatures of
  // 100,000 digests.
  static constexpr std::size_t kMostValues = 200'000;

  // UTF-8, at most 32 levels deep, so many values and 1,000 members of an object, no name twice in an object, nothing
  // behind the value; once for each document, as long as which the value lives.
  Read<const boost::json::value*> parse(std::string_view text,
                                        std::size_t most_values = kMostValues);

 private:
  struct Buffer {
    ~Buffer() { wipe(bytes.data(), bytes.size()); }
    std::array<unsigned char, 4096> bytes;
  };

  Buffer buffer_;
  WipingMemory heap_;
  boost::json::monotonic_resource memory_{buffer_.bytes.data(), buffer_.bytes.size(), &heap_};
  boost::json::value root_ = boost::json::value(&memory_);
};

class JsonReader {
 public:
  // `value` outlives the reader, null stands for one that is missing; `where` names it in errors.
  JsonReader(const boost::json::value* value, std::string where);

  // Sizes are in bytes, both bounds included. A member that is null counts as absent.
  std::string text(const char* name, std::size_t least, std::size_t most);
  std::string optional_text(const char* name, std::size_t most);
  Bytes base64(const char* name, std::size_t least, std::size_t most);
  std::vector<Bytes> base64_list(const char* name, std::size_t least, std::size_t most);  // of each
  std::uint64_t number(const char* name, std::uint64_t most);
  std::uint64_t optional_number(const char* name, std::uint64_t most);
  std::vector<std::uint64_t> numbers(const char* name, std::uint64_t most);  // at most kMostWords
  bool flag(const char* name);
  std::chrono::system_clock::time_point time(const char* name);
  std::optional<std::chrono::system_clock::time_point> optional_time(const char* name);
  std::vector<std::string> texts(const char* name);    // at most kMostWords
  const boost::json::value* object(const char* name);  // null where there is none
  // An empty one where it is wrong.
  std::span<const boost::json::value> list(const char* name, std::size_t most = SIZE_MAX);

  static constexpr std::size_t kMostWords = 1000;

  bool has(const char* name) const;

  // For rules that concern several members.
  void fail(std::string_view what);

  bool failed() const { return !error_.what.empty(); }
  const WireError& error() const { return error_; }

 private:
  const boost::json::value* find(const char* name) const;
  const boost::json::value* need(const char* name);
  std::string_view text_of(const boost::json::value& value, const char* name, std::size_t least,
                           std::size_t most);
  Bytes bytes_of(const boost::json::value& value, const char* name, std::size_t least,
                 std::size_t most);
  std::uint64_t number_of(const boost::json::value& value, const char* name, std::uint64_t most);
  void fail_member(const char* name, std::string_view what);

  const boost::json::object* object_;  // null where the value is none
  std::string where_;
  WireError error_;
};

}  // namespace signet::transport

#endif  // SIGNET_DSA_TRANSPORT_JSON_READER_H_
