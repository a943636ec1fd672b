// Reads JSON that an appliance sent, trusting none of it. The first thing wrong is kept as a
// sentence and everything read after it is worthless, so that a reader of many members asks once at
// the end:
//
//   JsonReader reader(value, "key");
//   info.id = reader.text("id", 1, 128);
//   info.bits = reader.optional_number("size", 16384);
//   if (reader.failed()) return reader.error();
#ifndef SIGNET_DSA_TRANSPORT_NATIVE_JSON_READER_H_
#define SIGNET_DSA_TRANSPORT_NATIVE_JSON_READER_H_

#include <chrono>
#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/bytes.h"
#include "common/result.h"
#include "dsa-transport/native/json_document.h"

namespace signet::transport::native {

// What breaks the contract in an answer: "key 3: publicKey is not base64".
struct WireError {
  std::string what;
};

template <typename T>
using Read = Result<T, WireError>;

// UTF-8, at most 32 levels deep, nothing behind the value.
Read<JsonDocument> parse_json(std::string_view text);

class JsonReader {
 public:
  // `value` outlives the reader; `where` names it in errors.
  JsonReader(const nlohmann::json& value, std::string where);

  // Sizes are in bytes, both bounds included. A member that is null counts as absent.
  std::string text(const char* name, std::size_t least, std::size_t most);
  std::string optional_text(const char* name, std::size_t most);
  Bytes base64(const char* name, std::size_t least, std::size_t most);
  std::vector<Bytes> base64_list(const char* name, std::size_t least, std::size_t most);  // of each
  std::uint64_t number(const char* name, std::uint64_t most);
  std::uint64_t optional_number(const char* name, std::uint64_t most);
  bool flag(const char* name);
  std::chrono::system_clock::time_point time(const char* name);
  std::optional<std::chrono::system_clock::time_point> optional_time(const char* name);
  std::vector<std::string> texts(const char* name);
  const nlohmann::json& object(const char* name);
  const nlohmann::json& list(const char* name);  // an empty one where it is wrong

  bool has(const char* name) const;

  // For rules that concern several members.
  void fail(std::string_view what);

  bool failed() const { return !error_.what.empty(); }
  const WireError& error() const { return error_; }

 private:
  const nlohmann::json* find(const char* name) const;
  const nlohmann::json* need(const char* name);
  std::string text_of(const nlohmann::json& value, const char* name, std::size_t least,
                      std::size_t most);
  Bytes bytes_of(const nlohmann::json& value, const char* name, std::size_t least,
                 std::size_t most);
  void fail_member(const char* name, std::string_view what);

  const nlohmann::json& value_;
  std::string where_;
  WireError error_;
};

}  // namespace signet::transport::native

#endif  // SIGNET_DSA_TRANSPORT_NATIVE_JSON_READER_H_
