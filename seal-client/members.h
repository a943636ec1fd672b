// How the client reads the JSON of the contract.
#ifndef SIGNET_SEAL_CLIENT_MEMBERS_H_
#define SIGNET_SEAL_CLIENT_MEMBERS_H_

#include <boost/json.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/bytes.h"
#include "crypto/base64.h"

namespace signet::sealclient {

// Reads members; what is wrong sticks.
class Members {
 public:
  explicit Members(const boost::json::value* json)
      : json_(json == nullptr ? nullptr : json->if_object()) {
    good_ = json_ != nullptr;
  }

  bool good() const { return good_; }

  std::string text(const char* name) {
    const auto* string = member(name) == nullptr ? nullptr : member(name)->if_string();
    good_ = good_ && string != nullptr;
    return string == nullptr ? std::string() : std::string(*string);
  }

  std::string optional_text(const char* name) {
    return member(name) == nullptr ? std::string() : text(name);
  }

  std::optional<std::int64_t> optional_number(const char* name) {
    const boost::json::value* found = member(name);
    if (found == nullptr) return std::nullopt;
    good_ = good_ && found->is_int64();
    return found->is_int64() ? std::optional(found->get_int64()) : std::nullopt;
  }

  Bytes octets(const char* name) {
    auto decoded = crypto::from_base64(text(name));
    good_ = good_ && decoded.has_value();
    return decoded ? *std::move(decoded) : Bytes();
  }

  Bytes optional_octets(const char* name) {
    return member(name) == nullptr ? Bytes() : octets(name);
  }

  Bytes digits(const char* name) {
    auto decoded = from_hex(text(name));
    good_ = good_ && decoded.has_value();
    return decoded ? *std::move(decoded) : Bytes();
  }

  Bytes optional_digits(const char* name) {
    auto decoded = from_hex(optional_text(name));
    good_ = good_ && decoded.has_value();
    return decoded ? *std::move(decoded) : Bytes();
  }

  std::vector<Bytes> octet_list(const char* name) {
    std::vector<Bytes> items;
    for (const boost::json::value& item : list(name)) {
      const auto* text = item.if_string();
      auto decoded = text == nullptr ? std::nullopt : crypto::from_base64(*text);
      good_ = good_ && decoded.has_value();
      if (decoded) items.push_back(*std::move(decoded));
    }
    return items;
  }

  const boost::json::array& list(const char* name) {
    static const boost::json::array none;
    const auto* found = member(name) == nullptr ? nullptr : member(name)->if_array();
    good_ = good_ && found != nullptr;
    return found == nullptr ? none : *found;
  }

  Members inside(const char* name) { return Members(member(name)); }
  void need(bool condition) { good_ = good_ && condition; }

 private:
  const boost::json::value* member(const char* name) const {
    return json_ == nullptr ? nullptr : json_->if_contains(name);
  }

  const boost::json::object* json_;
  bool good_ = true;
};

inline std::optional<boost::json::value> parsed(std::string_view text) {
  boost::json::error_code error;
  boost::json::value json = boost::json::parse(text, error);
  if (error) return std::nullopt;
  return json;
}

}  // namespace signet::sealclient

#endif  // SIGNET_SEAL_CLIENT_MEMBERS_H_
