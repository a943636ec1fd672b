#include "dsa-transport/native/json_document.h"

#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

namespace signet::transport::native {

namespace {

using nlohmann::json;

// Leaves an empty list or object, or a value without parts: destroying that needs no memory.
void take_apart(json& value) noexcept {
  if (auto* const list = value.get_ptr<json::array_t*>()) {
    for (json& item : *list) take_apart(item);
    list->clear();
  } else if (auto* const object = value.get_ptr<json::object_t*>()) {
    for (auto& member : *object) take_apart(member.second);
    object->clear();
  }
}

// Puts what the parser reads where it belongs. Whatever ends the parsing, an exception too, all of it is
// below `root` by then.
class Builder final : public nlohmann::json_sax<json> {
 public:
  explicit Builder(json& root) : root_(root) {}

  bool null() override { return put(nullptr) != nullptr; }
  bool boolean(bool value) override { return put(value) != nullptr; }
  bool number_integer(number_integer_t value) override { return put(value) != nullptr; }
  bool number_unsigned(number_unsigned_t value) override { return put(value) != nullptr; }
  bool number_float(number_float_t value, const string_t& /*text*/) override {
    return put(value) != nullptr;
  }
  bool string(string_t& value) override { return put(std::move(value)) != nullptr; }
  bool binary(binary_t& /*value*/) override { return false; }  // JSON has none
  bool start_object(std::size_t /*count*/) override { return open(json::value_t::object); }
  bool start_array(std::size_t /*count*/) override { return open(json::value_t::array); }
  bool key(string_t& name) override {
    key_ = std::move(name);
    return true;
  }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }
  bool parse_error(std::size_t /*at*/, const std::string& /*token*/,
                   const nlohmann::detail::exception& /*why*/) override {
    return false;
  }

 private:
  json* put(json value) {
    if (open_.empty()) {
      root_ = std::move(value);
      return &root_;
    }
    if (auto* const list = open_.back()->get_ptr<json::array_t*>()) {
      list->push_back(std::move(value));
      return &list->back();
    }
    json& place = open_.back()->get_ref<json::object_t&>()[key_];
    take_apart(place);  // of two members with one name the last counts
    place = std::move(value);
    return &place;
  }

  bool open(json::value_t kind) {
    open_.reserve(open_.size() + 1);
    open_.push_back(put(json(kind)));
    return true;
  }

  bool close() {
    open_.pop_back();
    return true;
  }

  json& root_;
  std::vector<json*> open_;  // lists and objects that are not complete, the innermost last
  std::string key_;
};

}  // namespace

void JsonDocument::TakeApart::operator()(json* value) const noexcept {
  take_apart(*value);
  delete value;
}

JsonDocument::JsonDocument() : root_(new json()) {}

std::optional<JsonDocument> JsonDocument::parse(std::string_view text) {
  JsonDocument document;
  Builder builder(*document.root_);
  if (!json::sax_parse(text, &builder)) return std::nullopt;
  return document;
}

}  // namespace signet::transport::native
