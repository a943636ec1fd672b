// Time-stamp authorities.
#include <chrono>
#include <filesystem>
#include <string_view>
#include <utility>

#include "bindings/c/call.h"
#include "bindings/c/handles.h"
#include "bindings/c/version.h"
#include "common/bounded_file.h"
#include "common/secret.h"
#include "crypto/cms/signer_info.h"
#include "https/client/file_identity.h"
#include "pinning/pins.h"
#include "timestamps/client.h"
#include "timestamps/trust.h"

namespace signet::c {

namespace {

constexpr std::size_t kLargestCaFile = std::size_t{1024} * 1024;
constexpr std::size_t kMostAuthorities = 100;

CallResult<std::string> url_of(const char* text) {
  BOOST_OUTCOME_TRY(auto url, text_of(text));
  const std::string_view view(text);  // g++ 12 takes the moved string for uninitialised
  if (view == timestamps::kKeyServiceUrl) return url;
  if (!view.starts_with("http://") && !view.starts_with("https://"))
    return bad_argument(
        "an authority's URL begins with http:// or https://, or is csc: for the key's service");
  const std::string_view host = view.substr(view.find("//") + 2);
  if (host.substr(0, host.find_first_of("/?#")).find('@') != std::string_view::npos)
    return bad_argument("an authority's URL has no user and password in it");
  return url;
}

CallResult<std::shared_ptr<const timestamps::TrustAnchors>> anchors_in(
    const std::shared_ptr<crypto::Context>& context, const std::string& file) {
  const auto content = read_file(file, kLargestCaFile);
  if (!content) return Refusal(SIGNET_SEAL_SETTINGS, content.error().sentence);
  auto anchors = timestamps::TrustAnchors::from_pem(context, signet::text_of(content.value()));
  if (!anchors) return Refusal(SIGNET_SEAL_SETTINGS, file + ": " + anchors.error());
  return std::move(anchors).value();
}

CallResult<std::string> existing(const char* file) {
  BOOST_OUTCOME_TRY(auto name, text_of(file));
  const auto checked = check_bounded(name, kLargestCaFile);
  if (!checked) return Refusal(SIGNET_SEAL_SETTINGS, checked.error().sentence);
  return name;
}

}  // namespace

}  // namespace signet::c

using signet::c::bad_argument;
using signet::c::call;
using signet::c::CallResult;
using signet::c::change;
using signet::c::existing;
using signet::c::free_handle;
using signet::c::limit_of;
using signet::c::need;
using signet::c::text_of;

int signet_seal_authority_new(signet_seal_context* context, const char* url,
                              signet_seal_authority** authority, signet_seal_error* error) {
  return call(error, [&]() -> CallResult<void> {
    BOOST_OUTCOME_TRY(need({context, authority}));
    auto made = std::make_unique<signet_seal_authority>();
    BOOST_OUTCOME_TRY(made->authority.url, signet::c::url_of(url));
    made->crypto = context->crypto;
    *authority = made.release();
    return signet::success();
  });
}

void signet_seal_authority_free(signet_seal_authority* authority) {
  free_handle(authority);
}

int signet_seal_authority_set_name(signet_seal_authority* authority, const char* name,
                                   signet_seal_error* error) {
  return change(authority, error, [&]() -> CallResult<void> {
    BOOST_OUTCOME_TRY(authority->authority.name, text_of(name));
    return signet::success();
  });
}

int signet_seal_authority_set_policy(signet_seal_authority* authority, const char* oid,
                                     signet_seal_error* error) {
  return change(authority, error, [&]() -> CallResult<void> {
    BOOST_OUTCOME_TRY(authority->authority.policy, signet::c::oid_of(oid));
    return signet::success();
  });
}

int signet_seal_authority_set_ca_file(signet_seal_authority* authority, const char* file,
                                      signet_seal_error* error) {
  return change(authority, error, [&]() -> CallResult<void> {
    BOOST_OUTCOME_TRY(const auto name, text_of(file));
    BOOST_OUTCOME_TRY(authority->authority.trusted, signet::c::anchors_in(authority->crypto, name));
    return signet::success();
  });
}

int signet_seal_authority_set_basic(signet_seal_authority* authority, const char* user,
                                    const void* password, size_t size, signet_seal_error* error) {
  return change(authority, error, [&]() -> CallResult<void> {
    BOOST_OUTCOME_TRY(auto name, text_of(user));
    BOOST_OUTCOME_TRY(const auto secret, signet::c::bytes_of(password, size));
    if (name.find(':') != std::string::npos) return bad_argument("a user's name has no colon");
    if (size > 1024) return bad_argument("a password has 1024 bytes at most");
    authority->authority.basic =
        signet::timestamps::BasicCredentials{std::move(name), signet::Secret(secret)};
    return signet::success();
  });
}

int signet_seal_authority_set_client_certificate(signet_seal_authority* authority,
                                                 const char* certificate_file, const char* key_file,
                                                 signet_seal_error* error) {
  return change(authority, error, [&]() -> CallResult<void> {
    BOOST_OUTCOME_TRY(auto certificate, existing(certificate_file));
    BOOST_OUTCOME_TRY(auto key, existing(key_file));
    authority->authority.identity = [certificate = std::move(certificate), key = std::move(key)] {
      return std::make_unique<signet::https::FileIdentity>(certificate, key);
    };
    return signet::success();
  });
}

int signet_seal_authority_set_tls_ca_file(signet_seal_authority* authority, const char* file,
                                          signet_seal_error* error) {
  return change(authority, error, [&]() -> CallResult<void> {
    BOOST_OUTCOME_TRY(authority->authority.tls_ca_file, existing(file));
    return signet::success();
  });
}

int signet_seal_authority_add_pin(signet_seal_authority* authority, const char* pin,
                                  signet_seal_error* error) {
  return change(authority, error, [&]() -> CallResult<void> {
    BOOST_OUTCOME_TRY(const auto text, text_of(pin));
    const auto parsed = signet::pinning::Pin::parse(text);
    if (!parsed) return bad_argument("a pin is \"sha256//\" and 44 characters of base64");
    auto pins = authority->authority.pins.all();
    pins.push_back(*parsed);
    authority->authority.pins = signet::pinning::PinSet(std::move(pins));
    return signet::success();
  });
}

int signet_seal_authority_set_limit(signet_seal_authority* authority, uint32_t milliseconds,
                                    signet_seal_error* error) {
  return change(authority, error, [&]() -> CallResult<void> {
    BOOST_OUTCOME_TRY(authority->authority.limit, limit_of(milliseconds));
    return signet::success();
  });
}

int signet_seal_authority_set_largest_distance(signet_seal_authority* authority, uint32_t seconds,
                                               signet_seal_error* error) {
  return change(authority, error, [&]() -> CallResult<void> {
    if (seconds == 0 || seconds > 86'400)
      return bad_argument("the largest distance is 1 to 86400 seconds");
    authority->authority.largest_distance = std::chrono::seconds(seconds);
    return signet::success();
  });
}

int signet_seal_time_stamper_new(signet_seal_context* context,
                                 const signet_seal_authority* const* authorities, size_t count,
                                 signet_seal_time_stamper** time_stamper,
                                 signet_seal_error* error) {
  return call(error, [&]() -> CallResult<void> {
    BOOST_OUTCOME_TRY(need({context, static_cast<const void*>(authorities), time_stamper}));
    if (count == 0 || count > signet::c::kMostAuthorities)
      return bad_argument("a time-stamper has 1 to 100 authorities");
    std::vector<signet::timestamps::Authority> all;
    for (std::size_t i = 0; i < count; ++i) {
      BOOST_OUTCOME_TRY(need({authorities[i]}));
      all.push_back(authorities[i]->authority);
    }
    auto made = std::make_unique<signet_seal_time_stamper>();
    made->crypto = context->crypto;
    signet::timestamps::ClientOptions options;
    options.user_agent = "signet-seal/" SIGNET_SEAL_VERSION;
    made->client = std::make_shared<signet::timestamps::Client>(std::move(all), context->crypto,
                                                                std::move(options));
    *time_stamper = made.release();
    return signet::success();
  });
}

void signet_seal_time_stamper_free(signet_seal_time_stamper* time_stamper) {
  free_handle(time_stamper);
}
