// The state that both members of a pair share: DIR/state.db. Tables, and the few settings made by `init`.
#ifndef SIGNET_SOFTHSM_BACKEND_STATE_H_
#define SIGNET_SOFTHSM_BACKEND_STATE_H_

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "storage/store.h"

namespace signet::emulator {

using storage::Database;
using storage::Rows;

// The database failed: nothing that a client sends can cause that.
struct StateError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// Thread-safe. Everything throws StateError.
class State {
 public:
  // Made where it is missing, brought up to date where it is old.
  explicit State(const std::filesystem::path& file);

  // See storage::Store.
  void prepare_readers(unsigned threads) { value_of(store_->prepare_readers(threads)); }
  template <typename Code>
  auto write(Code code) {
    return value_of(store_->write(std::move(code)));
  }
  template <typename Code>
  auto read(Code code) {
    return value_of(store_->read(std::move(code)));
  }

 private:
  template <typename T>
  static T value_of(Result<T, storage::Error> result) {
    if (!result) throw StateError(result.assume_error().message);
    if constexpr (!std::is_void_v<T>) return std::move(result).assume_value();
  }

  std::unique_ptr<storage::Store> store_;
};

// Settings by name; throws StateError where one is missing.
std::string setting(Database& database, std::string_view name);
std::optional<std::string> optional_setting(Database& database, std::string_view name);
void set_setting(Database& database, std::string_view name, std::string_view value);

// A member of the pair: where it listens and under which pins it is known.
struct Member {
  std::string role;      // "primary" or "alternate"
  std::string listen;    // "127.0.0.1:8081"
  std::string url;       // "https://127.0.0.1:8081/dsa/v1"
  std::string live_pin;  // "sha256//…="
  std::string backup_pin;
};

void save_member(Database& database, const Member& member);
std::optional<Member> find_member(Database& database, std::string_view role);

// Milliseconds since 1970, the form of every time in the state.
std::int64_t now_milliseconds();
std::chrono::system_clock::time_point time_from(std::int64_t milliseconds);

}  // namespace signet::emulator

#endif  // SIGNET_SOFTHSM_BACKEND_STATE_H_
