#include "pkcs11-module/token/saved_calls.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <ctime>
#include <system_error>

#include "common/log.h"
#include "common/private_file.h"
#include "crypto/context.h"

namespace signet::token {

namespace {

using namespace std::chrono_literals;
using WallClock = std::chrono::system_clock;

constexpr std::size_t kMostBytes = std::size_t{4} * 1024 * 1024;
constexpr unsigned kForOwnerOnly = 0600;
constexpr Milliseconds kBetweenTidyings = 60s;

CkError unsaveable(const std::string& why) {
  return ck_error(CKR_STATE_UNSAVEABLE, "the call cannot be kept on disk: " + why);
}

CkResult<CK_ULONG> new_call_id() {
  CK_ULONG id = 0;
  while (id == 0 || id == CK_UNAVAILABLE_INFORMATION) {
    std::array<std::uint8_t, sizeof id> bytes{};
    BOOST_OUTCOME_TRY(crypto::random_bytes(bytes));
    std::memcpy(&id, bytes.data(), sizeof id);
  }
  return id;
}

bool is_old(const std::filesystem::path& file) {
  struct stat status {};
  if (::lstat(file.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) return false;
  const auto written = WallClock::from_time_t(status.st_mtime);
  return WallClock::now() - written > SavedCalls::kLongest + 1s;
}

}  // namespace

std::filesystem::path SavedCalls::file_of(CK_ULONG id) const {
  return folder_ / fmt::format("{:016x}.call", id);
}

CkResult<CK_ULONG> SavedCalls::save(const SavedCall& call) {
  const auto written = [&](CK_ULONG id, const std::string& text) -> Result<void, FileError> {
    BOOST_OUTCOME_TRY(prepare_folder(folder_.parent_path(), Folder::own));
    BOOST_OUTCOME_TRY(prepare_folder(folder_, Folder::own));
    tidy();
    return replace_private_file(file_of(id), view_of(text), Durability::durable);
  };
  BOOST_OUTCOME_TRY(const CK_ULONG id, new_call_id());
  const std::string text = encode_saved_call(call);
  if (text.size() > kMostBytes) return unsaveable("it is too large");
  if (const auto result = written(id, text); !result) {
    (void)take(id);
    return unsaveable(folder_.string() + ": " + result.error().sentence);
  }
  return id;
}

std::optional<SavedCall> SavedCalls::find(CK_ULONG id) const {
  const auto file = file_of(id);
  const auto content = read_plain_file(file, kMostBytes);
  if (content && !content.value()) return std::nullopt;
  const bool own = content && content.value()->owner == ::geteuid() &&
                   content.value()->permissions == kForOwnerOnly;
  auto call = own ? decode_saved_call(text_of(content.value()->bytes)) : std::nullopt;
  if (!call) {
    log::warn("the pending call {} is ignored: it is not as it was written", file.string());
    return std::nullopt;
  }
  // Longer than any is kept: the clock was turned back, and how old the call is nobody knows.
  const auto left = call->end - WallClock::now();
  if (left <= 0s || left > kLongest) return std::nullopt;
  return call;
}

bool SavedCalls::take(CK_ULONG id) const {
  return ::unlink(file_of(id).c_str()) == 0;
}

void SavedCalls::tidy() {
  const SteadyTime now = std::chrono::steady_clock::now();
  if (now.time_since_epoch().count() < next_tidying_.load(std::memory_order_relaxed)) return;
  next_tidying_ = (now + kBetweenTidyings).time_since_epoch().count();
  std::error_code error;
  for (auto at = std::filesystem::directory_iterator(folder_, error);
       !error && at != std::filesystem::directory_iterator(); at.increment(error)) {
    if (is_old(at->path())) (void)::unlink(at->path().c_str());
  }
}

}  // namespace signet::token
