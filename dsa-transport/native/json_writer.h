// Writes one JSON object, member after member, into memory that is wiped: bodies may carry
// passwords, and a general JSON library leaves copies of them behind.
#ifndef SIGNET_DSA_TRANSPORT_NATIVE_JSON_WRITER_H_
#define SIGNET_DSA_TRANSPORT_NATIVE_JSON_WRITER_H_

#include <cstdint>
#include <string_view>
#include <vector>

#include "common/bytes.h"
#include "common/wiped_text.h"

namespace signet::transport::native {

class JsonWriter {
 public:
  JsonWriter() { text_.push_back('{'); }

  // `value` is UTF-8 (see is_utf8).
  JsonWriter& text(std::string_view name, std::string_view value);
  JsonWriter& number(std::string_view name, std::uint64_t value);
  JsonWriter& base64(std::string_view name, ByteView value);
  JsonWriter& base64_list(std::string_view name, const std::vector<Bytes>& values);

  // Closes the object and gives it away; the writer is used up.
  WipedText finish();

 private:
  void begin_member(std::string_view name);
  void quoted(std::string_view value);
  void quoted_base64(ByteView value);

  WipedText text_;
};

// JSON carries Unicode only: well-formed UTF-8, no surrogates, no overlong forms.
bool is_utf8(std::string_view text);

}  // namespace signet::transport::native

#endif  // SIGNET_DSA_TRANSPORT_NATIVE_JSON_WRITER_H_
