#include "seal-client/kept_log.h"

#include <fcntl.h>
#include <sys/file.h>

#include <cerrno>
#include <cstdio>

#include "common/descriptor.h"
#include "common/private_file.h"

namespace signet::sealclient {

namespace {

constexpr const char* kLock = ".lock";
constexpr const char* kContradiction = ".contradiction";
constexpr const char* kAccepted = ".accepted";
constexpr const char* kFormer = ".former";

FileError file_error(const std::filesystem::path& file) {
  return {.sentence = file.string() + ": " + system_text(errno)};
}

// Other processes wait until it goes.
Result<Descriptor, FileError> lock_of(const std::filesystem::path& file) {
  Descriptor held(open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  while (held && flock(held.get(), LOCK_EX) != 0)
    if (errno != EINTR) return file_error(file);
  if (!held) return file_error(file);
  return held;
}

// Where there is something to move.
Result<void, FileError> move_file(const std::filesystem::path& from,
                                  const std::filesystem::path& to) {
  if (std::rename(from.c_str(), to.c_str()) != 0 && errno != ENOENT) return file_error(from);
  return success();
}

Result<void, FileError> write_note(const std::filesystem::path& file, const std::string& note) {
  return replace_private_file(file, view_of(note), Durability::durable, ".new");
}

}  // namespace

Result<std::optional<crypto::TreeState>, FileError> KeptLog::read() const {
  BOOST_OUTCOME_TRY(const auto content, read_plain_file(file_, crypto::kMostCheckpoint));
  if (!content) return std::optional<crypto::TreeState>();
  const auto tree = crypto::open_checkpoint(log_, text_of(content->bytes));
  if (!tree)
    return FileError{.sentence = file_.string() + " has no checkpoint of the seal server's log."};
  return tree;
}

Result<crypto::TreeState, FileError> KeptLog::newest() const {
  BOOST_OUTCOME_TRY(const auto kept, read());
  return kept.value_or(crypto::TreeState{0, crypto::empty_tree_root()});
}

Result<void, FileError> KeptLog::keep(const std::string& note) const {
  BOOST_OUTCOME_TRY(const auto lock, lock_of(beside(kLock)));
  BOOST_OUTCOME_TRY(const auto kept, read());
  const auto tree = crypto::open_checkpoint(log_, note);
  if (kept && tree && kept->size >= tree->size) return success();
  return write_note(file_, note);
}

Result<void, FileError> KeptLog::contradict(const std::string& said) const {
  BOOST_OUTCOME_TRY(const auto lock, lock_of(beside(kLock)));
  // The first one is the evidence.
  if (is_contradicted()) return success();
  return write_note(beside(kContradiction), said);
}

bool KeptLog::is_contradicted() const {
  std::error_code error;
  // What cannot be looked at counts as there.
  return std::filesystem::exists(beside(kContradiction), error) || error;
}

Result<void, FileError> KeptLog::accept(const std::string& note) const {
  BOOST_OUTCOME_TRY(const auto lock, lock_of(beside(kLock)));
  BOOST_OUTCOME_TRY(move_file(file_, beside(kFormer)));
  BOOST_OUTCOME_TRY(write_note(file_, note));
  return move_file(beside(kContradiction), beside(kAccepted));
}

bool KeptLog::is_due(std::chrono::seconds span) const {
  const MutexLock lock(mutex_);
  return !looked_ || std::chrono::steady_clock::now() - *looked_ >= span;
}

void KeptLog::looked() const {
  const MutexLock lock(mutex_);
  looked_ = std::chrono::steady_clock::now();
}

}  // namespace signet::sealclient
