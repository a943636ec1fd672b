#define OPENSSL_SUPPRESS_DEPRECATED  // ENGINE
#include "https/client/curl_start.h"

#include <curl/curl.h>
#include <openssl/crypto.h>
#include <openssl/engine.h>
#include <openssl/ssl.h>
#include <sys/auxv.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <string_view>
#include <utility>
#include <vector>

#include "common/mutex.h"
#include "crypto/openssl_ptr.h"

namespace signet::https {

namespace {

// libcurl and libssh2 call ENGINE_register_all_complete(): every engine that the host has loaded, for one key of its own,
// say, would become OpenSSL's default for everything that it offers. Engines with a flag are left out of that.
class UnregisteredEngines {
 public:
#ifndef OPENSSL_NO_ENGINE
  UnregisteredEngines() = default;
  ~UnregisteredEngines() {
    for (const Engine& engine : marked_) {
      ENGINE_set_flags(engine.get(),
                       ENGINE_get_flags(engine.get()) & ~ENGINE_FLAGS_NO_REGISTER_ALL);
    }
  }
  UnregisteredEngines(const UnregisteredEngines&) = delete;
  UnregisteredEngines& operator=(const UnregisteredEngines&) = delete;

  void mark() {
    for (Engine each(ENGINE_get_first()); each; each.reset(ENGINE_get_next(each.release()))) {
      const int flags = ENGINE_get_flags(each.get());
      if ((flags & ENGINE_FLAGS_NO_REGISTER_ALL) != 0) continue;
      marked_.emplace_back();
      if (ENGINE_up_ref(each.get()) == 1) marked_.back().reset(each.get());
      ENGINE_set_flags(each.get(), flags | ENGINE_FLAGS_NO_REGISTER_ALL);
    }
  }

 private:
  using Engine = OpensslPtr<ENGINE, ENGINE_free>;
  std::vector<Engine> marked_;
#else
  void mark() {}
#endif
};

// Under raised rights the environment is the caller's, not the host's: libcurl would open the file that SSLKEYLOGFILE
// names with the host's rights. glibc's own list of such variables does not have libcurl's, and libcurl does not ask. The
// names are out of reach meanwhile; the environment is put back as it was.
class HiddenVariables {
 public:
  HiddenVariables() = default;
  ~HiddenVariables() {
    for (const auto& [slot, entry] : hidden_) std::atomic_ref<char*>(*slot).store(entry);
  }
  HiddenVariables(const HiddenVariables&) = delete;
  HiddenVariables& operator=(const HiddenVariables&) = delete;

  void hide() {
    for (char** slot = environ; slot != nullptr && *slot != nullptr; ++slot) {
      const std::string_view entry = *slot;
      if (std::ranges::none_of(kNames, [&](auto name) { return entry.starts_with(name); }))
        continue;
      hidden_.emplace_back(slot, *slot);
      std::atomic_ref<char*>(*slot).store(kNothing.data());
    }
  }

 private:
  static constexpr std::array<std::string_view, 3> kNames = {"SSLKEYLOGFILE=", "CURL_", "QLOGDIR="};
  static inline std::array<char, 2> kNothing = {'=', '\0'};

  std::vector<std::pair<char**, char*>> hidden_;
};

bool start_quietly() {
  UnregisteredEngines engines;
  engines.mark();
  HiddenVariables variables;
  if (getauxval(AT_SECURE) != 0) variables.hide();
  // libssl takes this number once, of the library context that is the default at that moment, for all of them.
  (void)SSL_get_ex_data_X509_STORE_CTX_idx();
  return curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
}

}  // namespace

bool start_curl() {
  // libcurl would do it in the middle of its start; what the configuration loads must be there before.
  OPENSSL_init_crypto(OPENSSL_INIT_LOAD_CONFIG, nullptr);
  static Mutex mutex;
  static bool started SIGNET_GUARDED_BY(mutex) = false;
  const MutexLock lock(mutex);
  // Where there was no memory for it, the next call tries again.
  if (!started) started = start_quietly();
  return started;
}

}  // namespace signet::https
