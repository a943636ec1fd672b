#include "dsa-transport/csc/answers.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "crypto/base64.h"
#include "dsa-transport/csc/algorithms.h"

namespace signet::transport::csc {

namespace json = boost::json;

namespace {

constexpr std::size_t kMostItems = 10'000;
constexpr std::size_t kLongestToken = 16 * 1024;  // of access tokens and SADs, which may be JWTs
constexpr std::size_t kLongestChain = 100;
constexpr std::size_t kMostSignatureBytes = 8192;
constexpr std::uint64_t kLongestLifetime = 365UL * 24 * 3600;  // seconds

// The first of these members that is there and not null.
const json::value* find(const json::object& object, std::initializer_list<const char*> names) {
  for (const char* const name : names) {
    const json::value* const member = object.if_contains(name);
    if (member != nullptr && !member->is_null()) return member;
  }
  return nullptr;
}

const json::object* object_in(const json::object& object,
                              std::initializer_list<const char*> names) {
  const json::value* const member = find(object, names);
  return member == nullptr ? nullptr : member->if_object();
}

// A text, or a number as text; empty where it is neither, or too long.
std::string text_in(const json::object& object, std::initializer_list<const char*> names,
                    std::size_t most = kLongestText) {
  const json::value* const member = find(object, names);
  if (member == nullptr) return {};
  if (member->is_string()) {
    const std::string_view text = member->get_string();
    return text.size() <= most ? std::string(text) : std::string();
  }
  if (member->is_int64()) return std::to_string(member->get_int64());
  if (member->is_uint64()) return std::to_string(member->get_uint64());
  return {};
}

// A text that is a secret; empty where there is none, or a longer one.
Secret secret_in(const json::object& object, const char* name, std::size_t most) {
  const json::value* const member = find(object, {name});
  if (member == nullptr || !member->is_string()) return {};
  const std::string_view text = member->get_string();
  return text.size() <= most ? Secret(text) : Secret();
}

// A number, or one as text.
std::optional<std::uint64_t> number_in(const json::object& object,
                                       std::initializer_list<const char*> names) {
  const std::string text = text_in(object, names);
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

bool flag_in(const json::object& object, std::initializer_list<const char*> names) {
  const json::value* const member = find(object, names);
  if (member == nullptr) return false;
  if (member->is_bool()) return member->get_bool();
  return member->is_string() && member->get_string() == "true";
}

// Texts of a list, or of one text; what is something else, or too long, is left out.
std::vector<std::string> texts_in(const json::object& object,
                                  std::initializer_list<const char*> names) {
  std::vector<std::string> texts;
  const json::value* const member = find(object, names);
  if (member == nullptr) return texts;
  const auto add = [&](const json::value& item) {
    if (item.is_string() && item.get_string().size() <= kLongestText) {
      texts.emplace_back(item.get_string());
    }
  };
  if (!member->is_array()) {
    add(*member);
    return texts;
  }
  for (const json::value& item : member->get_array()) add(item);
  return texts;
}

// Each credential keeps its own: what a service adds to the list must not cost memory as often.
std::vector<std::string> algorithms_in(const json::object& object,
                                       std::initializer_list<const char*> names) {
  std::vector<std::string> known;
  for (std::string& oid : texts_in(object, names)) {
    const bool added = std::ranges::find(known, oid) != known.end();
    if (!added && find_algorithm(oid) != nullptr) known.push_back(std::move(oid));
  }
  return known;
}

// Base64 with line ends, as some services write it.
std::optional<Bytes> bytes_from(std::string_view text) {
  std::string packed(text);
  std::erase_if(packed, [](char c) { return c == '\r' || c == '\n' || c == ' '; });
  return crypto::from_base64(packed);
}

// The object that a whole body is.
class Body {
 public:
  static Read<Body> parse(std::string_view text, JsonDocument& document) {
    BOOST_OUTCOME_TRY(const json::value* value, document.parse(text));
    if (!value->is_object()) return WireError{"the answer is not a JSON object"};
    return Body(value->get_object());
  }
  const json::object& operator*() const { return *object_; }

 private:
  explicit Body(const json::object& object) : object_(&object) {}

  const json::object* object_;
};

std::chrono::seconds lifetime_in(const json::object& object,
                                 std::initializer_list<const char*> names) {
  constexpr std::uint64_t usual = 3600;  // CSC API 2.0, 8.4.4 and 11.5
  return std::chrono::seconds(std::min(number_in(object, names).value_or(usual), kLongestLifetime));
}

AuthMode mode_from(std::string_view text) {
  if (text == "implicit") return AuthMode::implicit;
  if (text == "explicit") return AuthMode::is_explicit;
  if (text == "oauth2code" || text == "oauth2token") return AuthMode::oauth2code;
  return AuthMode::unknown;
}

// Version 1: PIN and OTP are objects of their own, with "presence" true, false or optional.
bool is_present(const json::object& body, const char* name) {
  const json::object* const object = object_in(body, {name});
  return object != nullptr && flag_in(*object, {"presence"});
}

// Version 2: a list of what is to be given.
void read_auth_objects(const json::object& auth, ServiceCredential& credential) {
  const json::value* const objects = find(auth, {"objects"});
  if (objects == nullptr || !objects->is_array()) return;
  for (const json::value& item : objects->get_array()) {
    if (!item.is_object()) continue;
    const std::string id = text_in(item.get_object(), {"id"});
    const std::string type = text_in(item.get_object(), {"type"});
    if (type == "Password" && credential.pin_object.empty()) credential.pin_object = id;
    const bool otp = type.find("OTP") != std::string::npos || id == "OTP";
    if (otp && credential.otp_object.empty()) credential.otp_object = id;
  }
}

void read_auth(const json::object& body, ServiceCredential& credential) {
  if (const json::object* const auth = object_in(body, {"auth", "authDto"})) {
    credential.mode = mode_from(text_in(*auth, {"mode"}));
    read_auth_objects(*auth, credential);
    return;
  }
  credential.mode = mode_from(text_in(body, {"authMode", "auth"}));
  if (is_present(body, "PIN")) credential.pin_object = "PIN";
  if (is_present(body, "OTP")) credential.otp_object = "OTP";
}

Read<void> read_chain(const json::object& certificate, ServiceCredential& credential) {
  const json::value* const list = find(certificate, {"certificates"});
  if (list == nullptr || !list->is_array()) return success();
  if (list->get_array().size() > kLongestChain) {
    return WireError{fmt::format("a chain has more than {} certificates", kLongestChain)};
  }
  for (const json::value& item : list->get_array()) {
    auto der = item.is_string() ? bytes_from(item.get_string()) : std::optional<Bytes>();
    if (!der) return WireError{"a certificate is not base64"};
    credential.chain.push_back(std::move(*der));
  }
  return success();
}

}  // namespace

bool ServiceInfo::offers(std::string_view method) const {
  return methods.empty() || names(method);
}

bool ServiceInfo::names(std::string_view method) const {
  return std::ranges::find(methods, method) != methods.end();
}

Read<ServiceInfo> read_info(std::string_view body) {
  JsonDocument document;
  BOOST_OUTCOME_TRY(const Body object, Body::parse(body, document));
  ServiceInfo info;
  info.name = text_in(*object, {"name"});
  info.specs = text_in(*object, {"specs"});
  info.methods = texts_in(*object, {"methods"});
  if (info.name.empty() && info.specs.empty() && info.methods.empty()) {
    return WireError{"it is not an answer of the CSC API's info"};
  }
  if (const json::object* const oauth2 = object_in(*object, {"oauth2"})) {
    info.oauth2 = text_in(*oauth2, {"tokenUrl", "tokenURL", "token_endpoint"});
  } else {
    info.oauth2 = text_in(*object, {"oauth2"});
  }
  info.oauth2_issuer = text_in(*object, {"oauth2Issuer"});
  if (const json::object* const algorithms = object_in(*object, {"signAlgorithms"})) {
    info.algorithms = algorithms_in(*algorithms, {"algos"});
  } else {
    info.algorithms = algorithms_in(*object, {"signAlgorithms"});
  }
  return info;
}

Read<TokenAnswer> read_token(std::string_view body) {
  JsonDocument document;
  BOOST_OUTCOME_TRY(const Body object, Body::parse(body, document));
  TokenAnswer answer;
  answer.token = secret_in(*object, "access_token", kLongestToken);
  // What cannot stand in a header (RFC 6750, 2.1).
  const bool sendable =
      std::ranges::all_of(answer.token.reveal(), [](char c) { return c > ' ' && c <= '~'; });
  if (answer.token.empty() || !sendable) return WireError{"there is no usable access_token"};
  answer.lifetime = lifetime_in(*object, {"expires_in"});
  return answer;
}

Read<TokenEndpoint> read_metadata(std::string_view body, std::string_view issuer) {
  JsonDocument document;
  BOOST_OUTCOME_TRY(const Body object, Body::parse(body, document));
  if (text_in(*object, {"issuer"}) != issuer) return WireError{"it is of another issuer"};
  TokenEndpoint endpoint{.url = text_in(*object, {"token_endpoint"})};
  if (endpoint.url.empty()) return WireError{"there is no token_endpoint"};
  const auto methods = texts_in(*object, {"token_endpoint_auth_methods_supported"});
  const auto names = [&](std::string_view method) {
    return std::ranges::find(methods, method) != methods.end();
  };
  endpoint.secret_in_form = names("client_secret_post") && !names("client_secret_basic");
  return endpoint;
}

Read<CredentialPage> read_credential_page(std::string_view body) {
  JsonDocument document;
  BOOST_OUTCOME_TRY(const Body object, Body::parse(body, document));
  const json::value* const list = find(*object, {"credentialIDs"});
  if (list == nullptr || !list->is_array()) return WireError{"there is no list credentialIDs"};
  CredentialPage page;
  if (list->get_array().size() > kMostItems) return WireError{"there are too many credentials"};
  for (const json::value& id : list->get_array()) {
    const bool usable =
        id.is_string() && !id.get_string().empty() && id.get_string().size() <= kLongestText;
    if (!usable) return WireError{"a credentialID is not a text of 1 to 1024 bytes"};
    page.ids.emplace_back(id.get_string());
  }
  const json::value* const next = find(*object, {"nextPageToken"});
  if (next == nullptr) return page;
  page.next = text_in(*object, {"nextPageToken"});
  const bool last = next->is_string() && next->get_string().empty();
  // Taken for the last page, it would hide credentials.
  if (page.next.empty() && !last)
    return WireError{"the nextPageToken is not a text of at most 1024 bytes"};
  return page;
}

Read<ServiceCredential> read_credential(std::string_view body, std::string id) {
  JsonDocument document;
  BOOST_OUTCOME_TRY(const Body object, Body::parse(body, document));
  ServiceCredential credential;
  credential.id = std::move(id);
  const json::object* const key = object_in(*object, {"key"});
  if (key == nullptr) return WireError{"the credential has no key"};
  credential.enabled = text_in(*key, {"status"}) != "disabled";
  credential.names_algorithms = !texts_in(*key, {"algo"}).empty();
  credential.algorithms = algorithms_in(*key, {"algo"});
  if (const json::object* const certificate = object_in(*object, {"cert"})) {
    const std::string status = text_in(*certificate, {"status"});
    credential.certificate_valid =
        status != "expired" && status != "revoked" && status != "suspended";
    BOOST_OUTCOME_TRY(read_chain(*certificate, credential));
  }
  read_auth(*object, credential);
  credential.scal2 = text_in(*object, {"SCAL", "scal"}) != "1";
  credential.multisign = static_cast<std::size_t>(
      std::clamp<std::uint64_t>(number_in(*object, {"multisign"}).value_or(1), 1, kMostItems));
  return credential;
}

Read<Authorisation> read_authorisation(std::string_view body) {
  JsonDocument document;
  BOOST_OUTCOME_TRY(const Body object, Body::parse(body, document));
  Authorisation answer;
  answer.sad = secret_in(*object, "SAD", kLongestToken);
  answer.handle = text_in(*object, {"handle"});
  if (answer.sad.empty() && answer.handle.empty()) return WireError{"there is no SAD"};
  answer.lifetime = lifetime_in(*object, {"expiresIn"});
  return answer;
}

Read<SignAnswer> read_signatures(std::string_view body, std::size_t count) {
  JsonDocument document;
  BOOST_OUTCOME_TRY(const Body object, Body::parse(body, document));
  SignAnswer answer;
  const json::value* const list = find(*object, {"signatures"});
  if (list == nullptr) {
    answer.response_id = text_in(*object, {"responseID"});
    if (answer.response_id.empty()) return WireError{"there are neither signatures nor responseID"};
    return answer;
  }
  if (!list->is_array() || list->get_array().size() != count) {
    return WireError{fmt::format("there are not exactly {} signatures", count)};
  }
  for (const json::value& item : list->get_array()) {
    auto signature = item.is_string() ? bytes_from(item.get_string()) : std::optional<Bytes>();
    if (!signature || signature->empty() || signature->size() > kMostSignatureBytes) {
      return WireError{"a signature is not base64 of 1 to 8192 bytes"};
    }
    answer.signatures.push_back(std::move(*signature));
  }
  return answer;
}

Read<TimeStamp> read_time_stamp(std::string_view body) {
  JsonDocument document;
  BOOST_OUTCOME_TRY(const Body object, Body::parse(body, document));
  const json::value* const text = find(*object, {"timestamp"});
  auto token = text != nullptr && text->is_string() ? bytes_from(text->get_string())
                                                    : std::optional<Bytes>();
  if (!token || token->empty() || token->size() > kLargestTimeStamp) {
    return WireError{
        fmt::format("the timestamp is not base64 of 1 to {} bytes", kLargestTimeStamp)};
  }
  TimeStamp stamp;
  stamp.token = std::move(*token);
  return stamp;
}

}  // namespace signet::transport::csc
