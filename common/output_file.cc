#include "common/output_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <map>
#include <set>
#include <string_view>
#include <utility>

#include "common/file_owner.h"
#include "common/input_file.h"
#include "common/longest_name.h"
#include "common/printable.h"
#include "common/private_file.h"
#include "common/write_guard.h"

namespace signet {

namespace {

OutputFileError cannot_write(const std::string& name, int error_number) {
  return {fmt::format("cannot write \"{}\": {}", name, system_text(error_number))};
}

OutputFileError is_there(const std::string& name) {
  return {fmt::format("\"{}\" is there already", name), true};
}

std::filesystem::path folder_of(const std::filesystem::path& path) {
  return path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
}

constexpr std::size_t kSuffix = 17;  // characters of a name that name_beside() appends

// FNV-1a. It only tells files of one folder apart.
std::uint64_t digest_of(std::string_view name) {
  std::uint64_t digest = 0xcbf29ce484222325;
  for (const char each : name) digest = (digest ^ static_cast<unsigned char>(each)) * 0x100000001b3;
  return digest;
}

// What stands for the name of a file in that of one beside it: the name itself, or a digest where the folder takes no name that is
// so much longer. A part of the name would do as well, but half a character of UTF-8 is refused by some file systems.
std::string stem_of(const std::string& name, std::size_t longest) {
  return 1 + name.size() + kSuffix <= longest ? name : fmt::format("{:016x}", digest_of(name));
}

// A name beside `path` that nobody has.
std::string name_beside(const std::filesystem::path& path) {
  std::uint64_t number = 0;
  if (getrandom(&number, sizeof number, 0) != sizeof number)
    number = static_cast<std::uint64_t>(getpid());
  const std::filesystem::path folder = folder_of(path);
  const std::string stem = stem_of(path.filename().native(), longest_name(folder));
  return (folder / fmt::format(".{}.{:016x}", stem, number)).native();
}

// The stem that one of name_beside() has; empty: it is none.
std::string stem_in(const std::string& beside) {
  if (beside.size() <= kSuffix + 1 || beside.front() != '.') return {};
  const std::string_view suffix = std::string_view(beside).substr(beside.size() - kSuffix);
  const bool is_one = suffix.front() == '.' &&
                      suffix.find_first_not_of("0123456789abcdef", 1) == std::string_view::npos;
  return is_one ? beside.substr(1, beside.size() - kSuffix - 1) : std::string();
}

// A new file that gets its name by commit(). Without any until then, so that even a kill leaves nothing behind, where the
// file system can; else under `name`. The system applies the umask.
Descriptor new_file(const std::filesystem::path& path, std::string& name) {
  Descriptor unnamed(open(folder_of(path).c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0666));
  if (unnamed || (errno != EOPNOTSUPP && errno != EISDIR && errno != EINVAL)) return unnamed;
  name = name_beside(path);
  Descriptor named(open(name.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0666));
  if (!named) name.clear();
  return named;
}

// Gives a file without a name one that nobody has.
bool give_name(const Descriptor& file, const std::string& name) {
  const std::string open_file = fmt::format("/proc/self/fd/{}", file.get());
  return linkat(AT_FDCWD, open_file.c_str(), AT_FDCWD, name.c_str(), AT_SYMLINK_FOLLOW) == 0;
}

}  // namespace

OutputFile::OutputFile(OutputFile&& other) noexcept
    : name_(std::move(other.name_)),
      path_(std::move(other.path_)),
      temporary_(std::exchange(other.temporary_, {})),
      existing_(other.existing_),
      file_(std::move(other.file_)),
      reserved_(other.reserved_) {}

OutputFile& OutputFile::operator=(OutputFile&& other) noexcept {
  std::swap(name_, other.name_);
  std::swap(path_, other.path_);
  std::swap(temporary_, other.temporary_);
  std::swap(existing_, other.existing_);
  std::swap(file_, other.file_);
  std::swap(reserved_, other.reserved_);
  return *this;
}

OutputFile::~OutputFile() {
  if (!temporary_.empty()) unlink(temporary_.c_str());
}

void OutputFile::remove_leftovers(std::span<const std::filesystem::path> paths) {
  // A folder may have many files, and many of the paths.
  std::map<std::filesystem::path, std::set<std::string>> names;
  for (const auto& path : paths) names[folder_of(path)].insert(path.filename().native());
  for (const auto& [folder, files] : names) {
    std::set<std::string> wanted;
    const std::size_t longest = longest_name(folder);
    for (const std::string& file : files) wanted.insert(stem_of(file, longest));
    std::error_code error;
    std::filesystem::directory_iterator at(folder, error);
    for (; !error && at != std::filesystem::directory_iterator(); at.increment(error))
      if (wanted.contains(stem_in(at->path().filename().native()))) unlink(at->path().c_str());
  }
}

Result<OutputFile, OutputFileError> OutputFile::create(const std::filesystem::path& path,
                                                       Existing existing) {
  OutputFile made;
  made.name_ = printable(path.native());
  made.path_ = path;
  made.existing_ = existing;
  struct stat there {};
  const bool replaces = stat(path.c_str(), &there) == 0;
  // A name that is too long is found out now, and not when all is written.
  if (!replaces && errno != ENOENT) return cannot_write(made.name_, errno);
  if (replaces && existing == Existing::refuse) return is_there(made.name_);
  if (replaces && !S_ISREG(there.st_mode))
    return OutputFileError{fmt::format("\"{}\" is not a regular file", made.name_)};
  std::error_code error;
  if (replaces) made.path_ = std::filesystem::canonical(path, error);
  if (error) return cannot_write(made.name_, error.value());
  made.file_ = new_file(made.path_, made.temporary_);
  if (!made.file_) return cannot_write(made.name_, errno);
  if (!replaces) return made;
  if (const auto taken = take_after(made.file_.get(), there); !taken)
    return OutputFileError{
        fmt::format("cannot write \"{}\": {}", made.name_, taken.error().sentence)};
  return made;
}

Result<void, OutputFileError> OutputFile::restart() {
  if (ftruncate(file_.get(), 0) != 0 || lseek(file_.get(), 0, SEEK_SET) != 0)
    return cannot_write(name_, errno);
  return success();
}

Result<void, OutputFileError> OutputFile::write(ByteView bytes) {
  const WriteGuard guard;
  while (!bytes.empty()) {
    const ssize_t written = ::write(file_.get(), bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return cannot_write(name_, errno);
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
  return success();
}

Result<void, OutputFileError> OutputFile::reserve(std::uint64_t size) {
  if (size == 0) return success();
  while (fallocate(file_.get(), FALLOC_FL_KEEP_SIZE, 0, static_cast<off_t>(size)) != 0) {
    if (errno == EINTR) continue;
    if (errno == ENOSPC || errno == EDQUOT || errno == EFBIG) return cannot_write(name_, errno);
    return success();  // not on this file system
  }
  reserved_ = true;
  return success();
}

// What was reserved and not needed.
Result<void, OutputFileError> OutputFile::release() {
  const off_t end = reserved_ ? lseek(file_.get(), 0, SEEK_END) : 0;
  if (!reserved_ || (end >= 0 && ftruncate(file_.get(), end) == 0)) return success();
  return cannot_write(name_, errno);
}

void OutputFile::start_syncing() const noexcept {
  sync_file_range(file_.get(), 0, 0, SYNC_FILE_RANGE_WRITE);
}

bool OutputFile::read(std::uint64_t offset, std::span<std::uint8_t> out) const {
  return read_at(file_.get(), offset, out);
}

// Another process may have made one since: a link takes no name that is taken.
Result<void, OutputFileError> OutputFile::link_new() {
  const bool linked = temporary_.empty() ? give_name(file_, path_.native())
                                         : link(temporary_.c_str(), path_.c_str()) == 0;
  if (linked) return success();
  if (errno == EEXIST) return is_there(name_);
  return cannot_write(name_, errno);
}

Result<void, OutputFileError> OutputFile::take_place() {
  if (existing_ == Existing::refuse) return link_new();
  if (temporary_.empty()) {
    temporary_ = name_beside(path_);
    if (!give_name(file_, temporary_)) {
      const int why = errno;
      temporary_.clear();
      return cannot_write(name_, why);
    }
  }
  if (rename(temporary_.c_str(), path_.c_str()) != 0) return cannot_write(name_, errno);
  temporary_.clear();
  return success();
}

Result<void, OutputFileError> OutputFile::commit() {
  BOOST_OUTCOME_TRY(release());
  if (fsync(file_.get()) != 0) return cannot_write(name_, errno);
  BOOST_OUTCOME_TRY(take_place());
  if (!sync_folder(folder_of(path_))) return cannot_write(name_, errno);
  return success();
}

}  // namespace signet
