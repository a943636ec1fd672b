#include "preservation/calendar/file_digest.h"

#include <fcntl.h>
#include <openssl/evp.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <stdexcept>

#include "common/bounded_file.h"
#include "common/descriptor.h"
#include "crypto/openssl.h"
#include "crypto/openssl_ptr.h"

namespace signet::preservation {

namespace {

constexpr std::size_t kPiece = std::size_t{256} * 1024;  // bytes

class Sha256 {
 public:
  Sha256() {
    require(algorithm_ && state_ &&
            EVP_DigestInit_ex2(state_.get(), algorithm_.get(), nullptr) == 1);
  }
  void update(ByteView piece) {
    require(EVP_DigestUpdate(state_.get(), piece.data(), piece.size()) == 1);
  }
  std::string finish() {
    Bytes value(static_cast<std::size_t>(EVP_MD_get_size(algorithm_.get())));
    require(EVP_DigestFinal_ex(state_.get(), value.data(), nullptr) == 1);
    return to_hex(value);
  }

 private:
  static void require(bool done) {
    if (!done) throw std::runtime_error("OpenSSL cannot compute SHA-256");
  }

  OpensslPtr<EVP_MD, EVP_MD_free> algorithm_{
      EVP_MD_fetch(crypto::library_context(), "SHA256", nullptr)};
  DigestContextPtr state_{EVP_MD_CTX_new()};
};

}  // namespace

Result<FileDigest, FileError> digest_of_file(const std::filesystem::path& file) {
  const Descriptor opened(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat status {};
  if (!opened || ::fstat(opened.get(), &status) != 0) return file_refused_by_system(file, errno);
  if (!S_ISREG(status.st_mode)) return file_refused(file, "it is not a regular file");
  Sha256 digest;
  FileDigest found;
  Bytes piece(kPiece);
  for (;;) {
    const ssize_t got = ::read(opened.get(), piece.data(), piece.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return file_refused_by_system(file, errno);
    if (got == 0) break;
    found.size += static_cast<std::uint64_t>(got);
    digest.update(ByteView(piece).first(static_cast<std::size_t>(got)));
  }
  found.sha256 = digest.finish();
  return found;
}

}  // namespace signet::preservation
