#include "pkcs11-module/object/public_cache.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <system_error>

#include "common/log.h"
#include "pkcs11-module/object/cache_format.h"

namespace signet::object {
namespace {

constexpr mode_t kOwnerOnly = 0600;
constexpr mode_t kPermissions = 07777;

class File {
 public:
  explicit File(int descriptor) : descriptor_(descriptor) {}
  ~File() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  bool is_open() const { return descriptor_ >= 0; }
  int get() const { return descriptor_; }

 private:
  int descriptor_;
};

Error failure(std::string_view what) {
  return error(CKR_FUNCTION_FAILED,
               fmt::format("{}: {}", what, std::generic_category().message(errno)));
}

Error refusal(std::string sentence) {
  return error(CKR_DATA_INVALID, std::move(sentence));
}

Result<void> check_status(const struct stat& status) {
  if (!S_ISREG(status.st_mode)) return refusal("it is not a regular file");
  if (status.st_uid != ::geteuid()) return refusal("it belongs to another user");
  if ((status.st_mode & kPermissions) != kOwnerOnly) return refusal("its mode is not 0600");
  if (static_cast<std::uint64_t>(status.st_size) > PublicCache::kMaxFileSize)
    return refusal("it is too large");
  return success();
}

Result<Bytes> read_all(int descriptor, std::size_t size) {
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

Result<void> write_all(int descriptor, ByteView bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(descriptor, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return failure("writing failed");
    bytes = bytes.subspan(static_cast<std::size_t>(count));
  }
  return success();
}

Result<void> make_folder(const std::filesystem::path& folder) {
  std::error_code ignored;
  if (folder.has_parent_path()) std::filesystem::create_directories(folder.parent_path(), ignored);
  if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST)
    return failure("the folder cannot be made");
  struct stat status {};
  if (::lstat(folder.c_str(), &status) != 0) return failure("the folder cannot be examined");
  if (!S_ISDIR(status.st_mode)) return refusal("the folder is none");
  if (status.st_uid != ::geteuid()) return refusal("the folder belongs to another user");
  if ((status.st_mode & (S_IWGRP | S_IWOTH)) != 0) return refusal("others may write to the folder");
  return success();
}

// Whole on disk before it gets its name.
Result<void> write_and_rename(const std::string& temporary, int descriptor, ByteView bytes,
                              const std::filesystem::path& file) {
  BOOST_OUTCOME_TRY(write_all(descriptor, bytes));
  if (::fsync(descriptor) != 0) return failure("fsync failed");
  if (::rename(temporary.c_str(), file.c_str()) != 0) return failure("renaming failed");
  return success();
}

}  // namespace

PublicCache::PublicCache(std::shared_ptr<crypto::Context> context, std::filesystem::path folder,
                         std::string identity)
    : context_(std::move(context)), folder_(std::move(folder)), identity_(std::move(identity)) {
  static constexpr std::size_t kNameBytes = 16;
  const auto digest = sha256(context_, view_of(identity_));
  if (digest) file_ = folder_ / (to_hex(ByteView(digest.value()).first(kNameBytes)) + ".objects");
}

Result<std::optional<Bytes>> PublicCache::load() const {
  const File file(::open(file_.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK));
  if (!file.is_open()) {
    if (errno == ENOENT || errno == ENOTDIR) return std::optional<Bytes>{};
    return failure("it cannot be opened");
  }
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) return failure("it cannot be examined");
  BOOST_OUTCOME_TRY(check_status(status));
  BOOST_OUTCOME_TRY(auto bytes, read_all(file.get(), static_cast<std::size_t>(status.st_size)));
  return std::optional<Bytes>(std::move(bytes));
}

std::optional<PublicCache::Content> PublicCache::read() const {
  if (file_.empty()) return std::nullopt;
  const auto ignored = [&](const Error& why) {
    log::warn("the cache of public objects {} is ignored: {}", file_.string(), why.sentence);
    return std::nullopt;
  };
  const auto bytes = load();
  if (!bytes) return ignored(bytes.error());
  if (!bytes.value()) return std::nullopt;
  auto content = decode_cache(context_, identity_, *bytes.value());
  if (!content) return ignored(content.error());
  return std::move(content).value();
}

Result<void> PublicCache::store(ByteView bytes) const {
  if (bytes.size() > kMaxFileSize) return refusal("it would be too large");
  BOOST_OUTCOME_TRY(make_folder(folder_));
  std::string temporary = file_.string() + ".XXXXXX";
  const File file(::mkostemp(temporary.data(), O_CLOEXEC));  // mode 0600
  if (!file.is_open()) return failure("no file can be made");
  auto result = write_and_rename(temporary, file.get(), bytes, file_);
  if (!result) ::unlink(temporary.c_str());
  return result;
}

void PublicCache::write(const Content& content) const {
  if (file_.empty()) return;
  const auto write = [&]() -> Result<void> {
    BOOST_OUTCOME_TRY(const auto bytes, encode_cache(context_, identity_, content));
    return store(bytes);
  };
  if (const auto written = write(); !written) {
    log::warn("the cache of public objects {} is not written: {}", file_.string(),
              written.error().sentence);
  }
}

}  // namespace signet::object
