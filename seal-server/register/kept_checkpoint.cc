#include "seal-server/register/kept_checkpoint.h"

#include <fcntl.h>
#include <sys/file.h>

#include <cerrno>
#include <stdexcept>

#include "common/descriptor.h"
#include "common/private_file.h"

namespace signet::sealserver {

namespace {

constexpr std::size_t kMaxCheckpointFile = 64 * 1024;  // bytes

// The next process waits until it goes.
Descriptor lock_beside(const std::filesystem::path& file) {
  const std::string name = file.string() + ".lock";
  Descriptor held(open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  while (held && flock(held.get(), LOCK_EX) != 0) {
    if (errno != EINTR) held.close();
  }
  if (!held) throw std::runtime_error(name + ": " + system_text(errno));
  return held;
}

}  // namespace

std::optional<crypto::TreeState> KeptCheckpoint::read(const LogHistory& log) const {
  const auto content = read_plain_file(file_, kMaxCheckpointFile);
  if (!content) throw std::runtime_error(content.assume_error().sentence);
  if (!content.assume_value()) return std::nullopt;
  auto kept = log.open(text_of(content.assume_value()->bytes));
  if (!kept)
    throw std::runtime_error("The file " + file_.string() + " has no checkpoint of this log.");
  return kept;
}

void KeptCheckpoint::keep(const LogHistory& log, const std::string& note,
                          std::uint64_t size) const {
  const Descriptor lock = lock_beside(file_);
  const auto kept = read(log);
  if (kept && kept->size > size) return;
  const auto written = replace_private_file(file_, view_of(note), Durability::whole, ".new");
  if (!written) throw std::runtime_error(written.assume_error().sentence);
}

}  // namespace signet::sealserver
