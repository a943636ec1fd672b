// A JSON value as a whole. The library's own destructor asks for memory, and ends the process where there
// is none; this one takes the value apart first, which needs none.
#ifndef SIGNET_DSA_TRANSPORT_NATIVE_JSON_DOCUMENT_H_
#define SIGNET_DSA_TRANSPORT_NATIVE_JSON_DOCUMENT_H_

#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string_view>

namespace signet::transport::native {

class JsonDocument {
 public:
  // UTF-8, nothing behind the value; nothing where it is no JSON. The caller has seen to it that it is not
  // nested deeply: a stack frame is used for each level.
  static std::optional<JsonDocument> parse(std::string_view text);

  const nlohmann::json& root() const { return *root_; }

 private:
  struct TakeApart {
    void operator()(nlohmann::json* value) const noexcept;
  };

  JsonDocument();

  std::unique_ptr<nlohmann::json, TakeApart> root_;
};

}  // namespace signet::transport::native

#endif  // SIGNET_DSA_TRANSPORT_NATIVE_JSON_DOCUMENT_H_
