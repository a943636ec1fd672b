#include "config/rollback.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <optional>
#include <thread>

#include "common/clock.h"
#include "common/descriptor.h"
#include "common/log.h"
#include "common/private_file.h"
#include "common/write_guard.h"

namespace signet::config {

namespace fs = std::filesystem;

namespace {

using namespace std::chrono_literals;

// Always the same size, written in one piece: an interrupted write leaves the old or the new
// number.
constexpr std::size_t kRecordSize = 21;  // 20 digits and a line end

SignatureError cannot_use(const fs::path& file, std::string_view why) {
  return {
      fmt::format("the memory of signature counters {} cannot be used: {}", file.string(), why)};
}

bool lock_within(int fd, Deadline deadline) {
  while (flock(fd, LOCK_EX | LOCK_NB) != 0) {
    if ((errno != EWOULDBLOCK && errno != EINTR) || deadline.passed()) return false;
    std::this_thread::sleep_for(5ms);
  }
  return true;
}

// Zero for an empty file, which a first use leaves when it is interrupted.
std::optional<std::uint64_t> read_counter(int fd) {
  std::array<char, kRecordSize + 1> record{};
  const ssize_t size = pread(fd, record.data(), record.size(), 0);
  if (size == 0) return 0;
  if (size != static_cast<ssize_t>(kRecordSize) || record[kRecordSize - 1] != '\n')
    return std::nullopt;
  std::uint64_t counter = 0;
  const char* const last = record.data() + kRecordSize - 1;
  const auto [end, failure] = std::from_chars(record.data(), last, counter);
  if (failure != std::errc() || end != last) return std::nullopt;
  return counter;
}

bool write_counter(int fd, std::uint64_t counter) {
  const std::string record = fmt::format("{:020}\n", counter);
  const WriteGuard no_signal;
  return pwrite(fd, record.data(), record.size(), 0) == static_cast<ssize_t>(record.size());
}

std::string name_of(std::string_view prefix, const ConfigSignature& signature) {
  return fmt::format("{}-{}-{}.counter", prefix, to_hex(ByteView(signature.key).first(8)),
                     signature.series);
}

constexpr int kOpenFlags = O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY;

// What version 0.1 has remembered; zero where it was not used here.
std::optional<std::uint64_t> former_counter(const fs::path& folder,
                                            const ConfigSignature& signature) {
  const fs::path file = folder / name_of("seal", signature);
  const Descriptor memory(::open(file.c_str(), O_RDONLY | kOpenFlags));
  if (!memory) return 0;
  return read_counter(memory.get());
}

}  // namespace

fs::path counter_file(const fs::path& folder, const ConfigSignature& signature) {
  return folder / name_of("config", signature);
}

Result<void, SignatureError> check_roll_back(const fs::path& folder,
                                             const ConfigSignature& signature) {
  const fs::path file = counter_file(folder, signature);
  (void)make_folder(folder);  // opening the file says what matters
  Descriptor memory(::open(file.c_str(), O_RDWR | O_CREAT | kOpenFlags, 0600));
  const bool writable = static_cast<bool>(memory);
  if (!writable) memory = Descriptor(::open(file.c_str(), O_RDONLY | kOpenFlags));
  if (!memory && errno == ELOOP) return cannot_use(file, "it is a symbolic link");
  if (!memory) {
    log::warn(
        "the folder {} cannot be written: an older signed configuration put back would go "
        "unnoticed",
        folder.string());
    return success();
  }
  struct stat status {};
  if (fstat(memory.get(), &status) != 0 || !S_ISREG(status.st_mode)) {
    return cannot_use(file, "it is not a regular file");
  }
  if ((status.st_uid != geteuid() && status.st_uid != 0) || (status.st_mode & 022) != 0) {
    return cannot_use(file, "others may change it; remove it");
  }
  if (writable && !lock_within(memory.get(), Deadline::after(2s))) {
    return cannot_use(file, "another process keeps it locked");
  }
  auto highest = read_counter(memory.get());
  if (highest == 0U) highest = former_counter(folder, signature);
  if (!highest) return cannot_use(file, "it is damaged; remove it if you trust the configuration");
  if (signature.counter < *highest) {
    return SignatureError{fmt::format(
        "it is older (signature counter {}) than one used here before ({}); sign the one "
        "you mean again (signet config sign), or remove {} if the older one is right",
        signature.counter, *highest, file.string())};
  }
  if (signature.counter > *highest &&
      (!writable || !write_counter(memory.get(), signature.counter))) {
    log::warn("{} cannot be written: an older signed configuration put back would go unnoticed",
              file.string());
  }
  return success();
}

}  // namespace signet::config
