// Writes one JSON object, member after member. It may carry a password: all memory that held a member or its text is
// zeroised.
#ifndef SIGNET_DSA_TRANSPORT_JSON_WRITER_H_
#define SIGNET_DSA_TRANSPORT_JSON_WRITER_H_

#include <array>
#include <boost/json/monotonic_resource.hpp>
#include <boost/json/object.hpp>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "common/bytes.h"
#include "common/json_text.h"
#include "common/secret.h"
#include "common/wiped_text.h"

namespace signet::transport {

class JsonWriter {
 public:
  // Texts are UTF-8 (common/utf8.h).
  JsonWriter& text(std::string_view name, std::string_view value);
  JsonWriter& number(std::string_view name, std::uint64_t value);
  JsonWriter& flag(std::string_view name, bool value);
  JsonWriter& base64(std::string_view name, ByteView value);
  JsonWriter& base64_list(std::string_view name, const std::vector<Bytes>& values);

  // A list of objects that have texts as members.
  using Texts = std::vector<std::pair<std::string_view, std::string_view>>;
  JsonWriter& text_objects(std::string_view name, const std::vector<Texts>& objects);

  WipedText finish() const;

 private:
  struct Buffer {
    ~Buffer() { wipe(bytes.data(), bytes.size()); }
    std::array<unsigned char, 2048> bytes;  // enough for most requests
  };

  boost::json::string base64_text(ByteView value);

  Buffer buffer_;
  WipingMemory heap_;
  boost::json::monotonic_resource memory_{buffer_.bytes.data(), buffer_.bytes.size(), &heap_};
  boost::json::object object_{8, &memory_};
};

}  // namespace signet::transport

#endif  // SIGNET_DSA_TRANSPORT_JSON_WRITER_H_
