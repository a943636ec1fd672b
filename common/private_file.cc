#include "common/private_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <string>

#include "common/descriptor.h"
#include "common/write_guard.h"

namespace signet {

namespace {

constexpr mode_t kPermissions = 07777;

FileError failure(std::string_view what) {
  return {fmt::format("{}: {}", what, system_text(errno))};
}

FileError refusal(std::string sentence) {
  return {std::move(sentence)};
}

Result<void, FileError> write_all(int descriptor, ByteView bytes) {
  const WriteGuard no_signal;
  while (!bytes.empty()) {
    const ssize_t count = ::write(descriptor, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return failure("writing failed");
    bytes = bytes.subspan(static_cast<std::size_t>(count));
  }
  return success();
}

Result<Bytes, FileError> read_all(int descriptor, std::size_t size) {
  Bytes bytes(size);
  std::size_t done = 0;
  while (done < size) {
    const ssize_t count = ::read(descriptor, bytes.data() + done, size - done);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return failure("it cannot be read");
    if (count == 0) return refusal("it became shorter while it was read");
    done += static_cast<std::size_t>(count);
  }
  return bytes;
}

Result<void, FileError> write_and_rename(const std::string& temporary, int descriptor,
                                         ByteView content, const std::filesystem::path& file,
                                         Durability durability) {
  BOOST_OUTCOME_TRY(write_all(descriptor, content));
  if (durability != Durability::none && ::fsync(descriptor) != 0) return failure("fsync failed");
  if (::rename(temporary.c_str(), file.c_str()) != 0) return failure("renaming failed");
  if (durability == Durability::durable && !sync_folder(file.parent_path()))
    return failure("syncing its folder failed");
  return success();
}

}  // namespace

Result<void, FileError> check_folder(const std::filesystem::path& folder, Folder demanded) {
  struct stat status {};
  if (::lstat(folder.c_str(), &status) != 0) return failure("the folder cannot be examined");
  if (!S_ISDIR(status.st_mode)) return refusal("its folder is not a folder");
  const bool shared = demanded == Folder::shared;
  const bool known = status.st_uid == ::geteuid() || (shared && status.st_uid == 0);
  if (!known) return refusal("the folder belongs to another user");
  const bool sticky = shared && (status.st_mode & S_ISVTX) != 0;
  if ((status.st_mode & (S_IWGRP | S_IWOTH)) != 0 && !sticky) {
    return refusal("others may write to the folder");
  }
  return success();
}

bool make_folder(const std::filesystem::path& folder) {
  std::filesystem::path above;
  for (const auto& name : folder.parent_path()) {
    above /= name;
    (void)::mkdir(above.c_str(), 0755);  // where that fails and matters, the next one fails, too
  }
  return ::mkdir(folder.c_str(), 0700) == 0 || errno == EEXIST;
}

Result<void, FileError> prepare_folder(const std::filesystem::path& folder, Folder demanded) {
  if (!make_folder(folder)) return failure("the folder cannot be created");
  return check_folder(folder, demanded);
}

bool sync_folder(const std::filesystem::path& folder) {
  const Descriptor opened(
      ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!opened) return errno == EACCES;  // one may write to it, and not read
  return ::fsync(opened.get()) == 0 || errno == EINVAL;
}

Result<void, FileError> replace_private_file(const std::filesystem::path& file, ByteView content,
                                             Durability durability, std::string_view suffix) {
  std::string temporary = file.string() + std::string(suffix.empty() ? ".XXXXXX" : suffix);
  const Descriptor descriptor(
      suffix.empty()
          ? ::mkostemp(temporary.data(), O_CLOEXEC)  // mode 0600
          : ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!descriptor) return failure("the file cannot be created");
  auto result = write_and_rename(temporary, descriptor.get(), content, file, durability);
  if (!result) ::unlink(temporary.c_str());
  return result;
}

Result<std::optional<OwnedContent>, FileError> read_plain_file(const std::filesystem::path& file,
                                                               std::size_t most) {
  const Descriptor descriptor(
      ::open(file.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (!descriptor) {
    if (errno == ENOENT || errno == ENOTDIR) return std::optional<OwnedContent>{};
    return failure("it cannot be opened");
  }
  struct stat status {};
  if (::fstat(descriptor.get(), &status) != 0) return failure("it cannot be examined");
  if (!S_ISREG(status.st_mode)) return refusal("it is not a regular file");
  const auto size = static_cast<std::size_t>(status.st_size);
  if (size > most) return refusal("it is too large");
  BOOST_OUTCOME_TRY(auto bytes, read_all(descriptor.get(), size));
  return std::optional(
      OwnedContent{std::move(bytes), status.st_uid, status.st_mode & kPermissions});
}

}  // namespace signet
