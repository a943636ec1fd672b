#include "dsa-transport/json_writer.h"

#include <boost/json/serializer.hpp>
#include <utility>

#include "crypto/base64.h"

namespace signet::transport {

boost::json::string JsonWriter::text_value(std::string_view value) {
  // A short string would lie inside its value, and the copies that the stack gets of that are not wiped.
  constexpr std::size_t never_inside = sizeof(boost::json::string);
  boost::json::string text(&memory_);
  text.reserve(never_inside);
  text = value;
  return text;
}

JsonWriter& JsonWriter::text(std::string_view name, std::string_view value) {
  object_.emplace(name, text_value(value));
  return *this;
}

JsonWriter& JsonWriter::text_objects(std::string_view name, const std::vector<Texts>& objects) {
  boost::json::array list(&memory_);
  list.reserve(objects.size());
  for (const Texts& texts : objects) {
    boost::json::object object(&memory_);
    for (const auto& [member, value] : texts) object.emplace(member, text_value(value));
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
  boost::json::serializer serializer;
  serializer.reset(&object_);
  WipedText text(1024);
  std::size_t size = serializer.read(text.data(), text.size()).size();
  while (!serializer.done()) {
    text.resize(2 * text.size());
    size += serializer.read(text.data() + size, text.size() - size).size();
  }
  text.resize(size);
  return text;
}

}  // namespace signet::transport
