#include "seal-server/register/outside_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <stdexcept>

#include "common/descriptor.h"
#include "common/private_file.h"

namespace signet::sealserver {

namespace {

constexpr std::size_t kMostLine = 4096;                              // bytes
constexpr std::size_t kMostOutside = std::size_t{64} * 1024 * 1024;  // bytes

[[noreturn]] void fail_outside(const std::filesystem::path& file) {
  throw std::runtime_error(file.string() + ": " + system_text(errno));
}

void lock_outside(const Descriptor& opened, const std::filesystem::path& file) {
  while (flock(opened.get(), LOCK_EX) != 0) {
    if (errno != EINTR) fail_outside(file);
  }
}

// A process that was killed may have left half a line, which was never acknowledged.
void cut_half_line(const Descriptor& opened, const std::filesystem::path& file) {
  struct stat status {};
  if (fstat(opened.get(), &status) != 0) fail_outside(file);
  std::string tail(std::min(static_cast<std::size_t>(status.st_size), kMostLine), '\0');
  const off_t begin = status.st_size - static_cast<off_t>(tail.size());
  const ssize_t got = pread(opened.get(), tail.data(), tail.size(), begin);
  if (got != static_cast<ssize_t>(tail.size())) fail_outside(file);
  if (tail.empty() || tail.back() == '\n') return;
  const std::size_t last = tail.rfind('\n');
  if (last == std::string::npos && begin > 0)
    throw std::runtime_error(file.string() + " ends with something that is no line of it.");
  const off_t end = last == std::string::npos ? 0 : begin + static_cast<off_t>(last) + 1;
  if (ftruncate(opened.get(), end) != 0) fail_outside(file);
}

void write_outside(const Descriptor& opened, std::string_view text,
                   const std::filesystem::path& file) {
  while (!text.empty()) {
    const ssize_t written = write(opened.get(), text.data(), text.size());
    if (written < 0 && errno != EINTR) fail_outside(file);
    if (written > 0) text.remove_prefix(static_cast<std::size_t>(written));
  }
}

}  // namespace

void OutsideFile::append(std::string_view line) const {
  if (file_.empty()) return;
  const Descriptor opened(
      open(file_.c_str(), O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!opened) fail_outside(file_);
  lock_outside(opened, file_);
  cut_half_line(opened, file_);
  write_outside(opened, std::string(line) + "\n", file_);
  if (fsync(opened.get()) != 0) fail_outside(file_);
  if (!sync_folder(file_.parent_path())) fail_outside(file_.parent_path());
}

std::vector<std::string> OutsideFile::lines() const {
  std::vector<std::string> lines;
  if (file_.empty()) return lines;
  const auto content = read_plain_file(file_, kMostOutside);
  if (!content) throw std::runtime_error(content.assume_error().sentence);
  if (!content.assume_value()) return lines;
  const std::string_view text = text_of(content.assume_value()->bytes);
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find('\n', at);
    if (end == std::string_view::npos) break;
    lines.emplace_back(text.substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

}  // namespace signet::sealserver
