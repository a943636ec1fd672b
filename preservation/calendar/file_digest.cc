#include "preservation/calendar/file_digest.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <stdexcept>

#include "common/descriptor.h"
#include "common/input_file.h"
#include "common/printable.h"
#include "crypto/digest.h"

namespace signet::preservation {

namespace {

constexpr std::uint64_t kPiece = std::uint64_t{256} * 1024;  // bytes

template <typename T>
T required(CkResult<T> result) {
  if (!result) throw std::runtime_error(result.error().sentence);
  return std::move(result).value();
}

crypto::Digest new_digest() {
  // Making one takes longer than digesting most documents.
  static const auto context = required(crypto::Context::create());
  return required(crypto::Digest::start(context, crypto::Hash::sha256));
}

FileError unreadable(int error_number) {
  return {system_text(error_number), error_number == ENOENT || error_number == ENOTDIR};
}

}  // namespace

Result<FileDigest, FileError> digest_of_file(const std::filesystem::path& file) {
  const Descriptor opened(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  struct stat status {};
  if (!opened || ::fstat(opened.get(), &status) != 0) return unreadable(errno);
  if (!S_ISREG(status.st_mode)) return FileError{"it is not a regular file"};
  const auto size = static_cast<std::uint64_t>(status.st_size);
  crypto::Digest digest = new_digest();
  Bytes buffer(static_cast<std::size_t>(std::min(size, kPiece)));
  for (std::uint64_t done = 0; done < size;) {
    const auto piece =
        std::span(buffer).first(static_cast<std::size_t>(std::min(size - done, kPiece)));
    if (!read_at(opened.get(), done, piece))
      return errno == 0 ? FileError{"it became shorter while it was read"} : unreadable(errno);
    required(digest.update(piece));
    done += piece.size();
  }
  return FileDigest{to_hex(required(digest.finish())), size};
}

}  // namespace signet::preservation
