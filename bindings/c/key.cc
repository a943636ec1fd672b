// The key on its token.
#include <dlfcn.h>
#include <stdlib.h>

#include <array>
#include <filesystem>
#include <utility>

#include "bindings/c/call.h"
#include "bindings/c/handles.h"
#include "common/secret.h"
#include "pkcs11-client/module.h"
#include "sealing/seal_key.h"

namespace signet::c {

namespace {

constexpr std::size_t kLongestPin = 1024;

CallResult<Secret> pin_of(const void* pin, std::size_t size) {
  BOOST_OUTCOME_TRY(need({pin}));
  if (size == 0 || size > kLongestPin) return bad_argument("a PIN has 1 to 1024 bytes");
  return Secret(ByteView(static_cast<const std::uint8_t*>(pin), size));
}

pkcs11::TokenResult<std::optional<Secret>> asked(const PinSource& source,
                                                 const pkcs11::TokenInfo& token) {
  std::array<char, kLongestPin> buffer{};
  std::size_t size = 0;
  const int answer =
      source.callback(source.user, token.label.c_str(), buffer.data(), buffer.size(), &size);
  std::optional<Secret> pin;
  const bool given = answer == SIGNET_SEAL_PIN_GIVEN && size > 0 && size <= buffer.size();
  if (given) pin.emplace(view_of(std::string_view(buffer.data(), size)));
  wipe(buffer.data(), buffer.size());
  if (given || answer == SIGNET_SEAL_PIN_PAD) return pin;
  return pkcs11::token_error(pkcs11::Reason::pin, "no PIN was given");
}

pkcs11::PinProvider provider_of(const PinSource& source) {
  return [source](const pkcs11::TokenInfo& token) -> pkcs11::TokenResult<std::optional<Secret>> {
    if (source.callback != nullptr) return asked(source, token);
    return source.pin;
  };
}

// Beside this library, wherever that is: programs of the host are somewhere else.
std::filesystem::path installed_module() {
  static constexpr char kHere = 0;
  Dl_info info{};
  if (dladdr(&kHere, &info) == 0 || info.dli_fname == nullptr) return {};
  std::error_code unknown;
  const auto folder = std::filesystem::canonical(info.dli_fname, unknown).parent_path();
  const auto here = folder / "pkcs11/signet-pkcs11.so";
  const auto above = folder.parent_path() / "pkcs11/signet-pkcs11.so";
  return !std::filesystem::exists(here, unknown) && std::filesystem::exists(above, unknown) ? above
                                                                                            : here;
}

std::filesystem::path module_of(const signet_seal_key_settings& settings) {
  if (!settings.module.empty()) return settings.module;
  if (!settings.key.module_path.empty()) return settings.key.module_path;
  if (const char* named = secure_getenv("SIGNET_MODULE"); named != nullptr && *named != '\0')
    return named;
  return installed_module();
}

CallResult<void> open_key(const signet_seal_key_settings& settings, signet_seal_key& made) {
  sealing::SealKeyChoice choice;
  // The program may use the module, too: it must not lose it because we have ended.
  BOOST_OUTCOME_TRY(choice.module,
                    pkcs11::Module::load(module_of(settings), pkcs11::Module::Lifetime::process));
  BOOST_OUTCOME_TRY(choice.token, choice.module->token(settings.key));
  choice.pin = provider_of(settings.pin);
  if (settings.signing_pin) choice.signing_pin = provider_of(*settings.signing_pin);
  choice.key = pkcs11::ObjectChoice::of(settings.key);
  choice.certificate = settings.certificate;
  choice.issuers = settings.issuers;
  made.crypto = settings.crypto;
  BOOST_OUTCOME_TRY(made.key, sealing::SealKey::open(std::move(choice)));
  return success();
}

}  // namespace

}  // namespace signet::c

using signet::c::bad_argument;
using signet::c::bytes_of;
using signet::c::call;
using signet::c::CallResult;
using signet::c::certificate_of;
using signet::c::change;
using signet::c::free_handle;
using signet::c::need;
using signet::c::PinSource;
using signet::c::Refusal;
using signet::c::text_of;

int signet_seal_key_settings_new(signet_seal_context* context, const char* key,
                                 signet_seal_key_settings** settings, signet_seal_error* error) {
  return call(error, [&]() -> CallResult<void> {
    BOOST_OUTCOME_TRY(need({context, settings}));
    BOOST_OUTCOME_TRY(const auto text, text_of(key));
    auto uri = signet::pkcs11::Uri::of_object(text);
    if (!uri) return bad_argument(uri.error().sentence);
    if (!uri.value().pin_source.empty() || !uri.value().module_name.empty())
      return bad_argument(
          "pin-source and module-name are not read here: set the PIN, and the module's file");
    auto made = std::make_unique<signet_seal_key_settings>();
    made->crypto = context->crypto;
    made->key = std::move(uri).value();
    *settings = made.release();
    return signet::success();
  });
}

void signet_seal_key_settings_free(signet_seal_key_settings* settings) {
  free_handle(settings);
}

int signet_seal_key_settings_set_module(signet_seal_key_settings* settings, const char* file,
                                        signet_seal_error* error) {
  return change(settings, error, [&]() -> CallResult<void> {
    BOOST_OUTCOME_TRY(settings->module, text_of(file));
    return signet::success();
  });
}

int signet_seal_key_settings_set_pin(signet_seal_key_settings* settings, const void* pin,
                                     size_t size, signet_seal_error* error) {
  return change(settings, error, [&]() -> CallResult<void> {
    BOOST_OUTCOME_TRY(auto secret, signet::c::pin_of(pin, size));
    settings->pin = PinSource{std::move(secret)};
    return signet::success();
  });
}

int signet_seal_key_settings_set_pin_callback(signet_seal_key_settings* settings,
                                              signet_seal_pin_callback callback, void* user,
                                              signet_seal_error* error) {
  return call(error, [&]() -> CallResult<void> {
    BOOST_OUTCOME_TRY(need({settings, reinterpret_cast<const void*>(callback)}));
    settings->pin = PinSource{{}, callback, user};
    return signet::success();
  });
}

int signet_seal_key_settings_set_signing_pin(signet_seal_key_settings* settings, const void* pin,
                                             size_t size, signet_seal_error* error) {
  return change(settings, error, [&]() -> CallResult<void> {
    BOOST_OUTCOME_TRY(auto secret, signet::c::pin_of(pin, size));
    settings->signing_pin = PinSource{std::move(secret)};
    return signet::success();
  });
}

int signet_seal_key_settings_set_signing_pin_callback(signet_seal_key_settings* settings,
                                                      signet_seal_pin_callback callback, void* user,
                                                      signet_seal_error* error) {
  return call(error, [&]() -> CallResult<void> {
    BOOST_OUTCOME_TRY(need({settings, reinterpret_cast<const void*>(callback)}));
    settings->signing_pin = PinSource{{}, callback, user};
    return signet::success();
  });
}

int signet_seal_key_settings_set_certificate(signet_seal_key_settings* settings, const void* der,
                                             size_t size, signet_seal_error* error) {
  return change(settings, error, [&]() -> CallResult<void> {
    BOOST_OUTCOME_TRY(settings->certificate, certificate_of(der, size));
    return signet::success();
  });
}

int signet_seal_key_settings_add_issuer(signet_seal_key_settings* settings, const void* der,
                                        size_t size, signet_seal_error* error) {
  return change(settings, error, [&]() -> CallResult<void> {
    BOOST_OUTCOME_TRY(auto certificate, certificate_of(der, size));
    settings->issuers.push_back(std::move(certificate));
    return signet::success();
  });
}

int signet_seal_key_open(const signet_seal_key_settings* settings, signet_seal_key** key,
                         signet_seal_error* error) {
  return call(error, [&]() -> CallResult<void> {
    BOOST_OUTCOME_TRY(need({settings, key}));
    auto made = std::make_unique<signet_seal_key>();
    BOOST_OUTCOME_TRY(signet::c::open_key(*settings, *made));
    *key = made.release();
    return signet::success();
  });
}

void signet_seal_key_free(signet_seal_key* key) {
  free_handle(key);
}

const void* signet_seal_key_certificate(const signet_seal_key* key, size_t* size) {
  static const signet::Bytes none;
  return signet::c::give(key == nullptr ? none : key->key->certificate(), size);
}
