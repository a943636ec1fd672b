// Reading a request's JSON: Problem 400 where it is none, 422 where a member is missing, unknown, of the wrong type or out
// of bounds. Binary values become hexadecimal, times get milliseconds: as the database has them.
#ifndef SIGNET_SEAL_SERVER_SERVER_JSON_READER_H_
#define SIGNET_SEAL_SERVER_SERVER_JSON_READER_H_

#include <boost/json.hpp>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "https/server/message.h"

namespace signet::sealserver {

// The body of a request with Content-Type: application/json, an object.
boost::json::object read_body(const https::server::Request& request);

// An object that has none but these members.
const boost::json::object& read_members(const boost::json::value& value,
                                        std::initializer_list<std::string_view> names);

// At most `most` items; empty where there is no such member.
const boost::json::array& read_list(const boost::json::object& object, const char* name,
                                    std::size_t most);

// Empty where there is no such member. Of at most `most` characters of UTF-8, none of them a control character.
std::string read_text(const boost::json::object& object, const char* name, std::size_t most);

// `otherwise` where there is no such member.
bool read_flag(const boost::json::object& object, const char* name, bool otherwise);

// From 0 on; nothing where there is no such member.
std::optional<std::int64_t> read_number(const boost::json::object& object, const char* name);

// One of `words`; empty where there is no such member.
std::string read_word(const boost::json::object& object, const char* name,
                      std::initializer_list<std::string_view> words);

// Base64 of 32 octets, as hexadecimal; empty where there is no such member.
std::string read_digest(const boost::json::object& object, const char* name);

// Base64 of 1 to `most` octets, as it came; empty where there is no such member.
std::string read_base64(const boost::json::object& object, const char* name, std::size_t most);

// 64 hexadecimal digits in lower case; empty where there is no such member.
std::string read_certificate_name(const boost::json::object& object, const char* name);

// "2026-11-29T02:00:00Z", with or without milliseconds; empty where there is no such member.
std::string read_time(const boost::json::object& object, const char* name);

// The same of values that are there: Problem 422 names them `name`.
std::string digest_in(std::string_view text, const char* name);
std::string time_in(std::string_view text, const char* name);
std::string word_in(std::string_view text, const char* name,
                    std::initializer_list<std::string_view> words);
std::string id_in(std::string_view text, const char* name);  // 32 hexadecimal digits

// Problem 422 where the text is empty.
std::string required(std::string text, const char* name);

}  // namespace signet::sealserver

#endif  // SIGNET_SEAL_SERVER_SERVER_JSON_READER_H_
