#include "dsa-transport/json_writer.h"

#include <utility>

#include "crypto/base64.h"

namespace signet::transport {

JsonWriter& JsonWriter::text(std::string_view name, std::string_view value) {
  object_.emplace(name, wiped_json_string(value, &memory_));
  return *this;
}

JsonWriter& JsonWriter::text_objects(std::string_view name, const std::vector<Texts>& objects) {
  boost::json::array list(&memory_);
  list.reserve(objects.size());
  for (const Texts& texts : objects) {
    boost::json::object object(&memory_);
    for (const auto& [member, value] : texts)
      object.emplace(member, wiped_json_string(value, &memory_));
    list.push_back(std::move(object));
  }
  object_.emplace(name, std::move(list));
  return *this;
}

JsonWriter& JsonWriter::flag(std::string_view name, bool value) {
  object_.emplace(name, value);
  return *this;
}

JsonWriter& JsonWriter::number(std::string_view name, std::uint64_t value) {
  object_.emplace(name, value);
  return *this;
}

boost::json::string JsonWriter::base64_text(ByteView value) {
  boost::json::string text(crypto::base64_size(value.size()), '\0', &memory_);
  crypto::write_base64(value, text.data());
  return text;
}

JsonWriter& JsonWriter::base64(std::string_view name, ByteView value) {
  object_.emplace(name, base64_text(value));
  return *this;
}

JsonWriter& JsonWriter::base64_list(std::string_view name, const std::vector<Bytes>& values) {
  boost::json::array list(&memory_);
  list.reserve(values.size());
  for (const Bytes& value : values) list.push_back(base64_text(value));
  object_.emplace(name, std::move(list));
  return *this;
}

WipedText JsonWriter::finish() const {
  return wiped_json_text(object_);
}

}  // namespace signet::transport
