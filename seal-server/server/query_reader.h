// The query of a request's target (RFC 3986, 3.4): names and values, percent-decoded. Problem 400 where it is malformed,
// has a name twice, or one that is not expected.
#ifndef SIGNET_SEAL_SERVER_SERVER_QUERY_READER_H_
#define SIGNET_SEAL_SERVER_SERVER_QUERY_READER_H_

#include <cstdint>
#include <initializer_list>
#include <map>
#include <string>
#include <string_view>

namespace signet::sealserver {

class Query {
 public:
  Query(std::string_view text, std::initializer_list<std::string_view> names);

  // nullptr where it is not there.
  const std::string* find(const std::string& name) const;

  // A decimal number from 0 on.
  static std::int64_t number(const char* name, std::string_view value);

 private:
  std::map<std::string, std::string> values_;
};

}  // namespace signet::sealserver

#endif  // SIGNET_SEAL_SERVER_SERVER_QUERY_READER_H_
