#include "preservation/calendar/replacement.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <string>
#include <string_view>

#include "common/bounded_file.h"
#include "common/bytes.h"
#include "common/descriptor.h"
#include "common/file_owner.h"
#include "common/longest_name.h"
#include "common/output_file.h"
#include "common/printable.h"
#include "crypto/openssl.h"

namespace signet::preservation {

namespace fs = std::filesystem;

Result<void, FileError> try_replacement(const fs::path& document, const fs::path& replacement) {
  struct stat status {};
  if (::stat(document.c_str(), &status) != 0) return FileError{system_text(errno)};
  const Descriptor made(::open(replacement.c_str(),
                               O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW,
                               S_IRUSR | S_IWUSR));
  if (!made) return file_refused_by_system(replacement, errno);
  auto taken = take_after(made.get(), status);
  ::unlink(replacement.c_str());
  return taken;
}

fs::path replacement_of(const fs::path& document) {
  std::string name = document.filename().string();
  constexpr std::string_view kEnd = ".signet-preserve";
  const std::size_t longest = longest_name(document.parent_path());
  if (1 + name.size() + kEnd.size() > longest) name = to_hex(crypto::sha256(view_of(name)));
  return document.parent_path() / fmt::format(".{}{}", name, kEnd);
}

Result<Replaced, FileError> replace_file(const fs::path& document, const fs::path& replacement,
                                         const FileStamp& stamp) {
  struct stat status {};
  if (::stat(document.c_str(), &status) != 0) return FileError{system_text(errno)};
  const Descriptor made(::open(replacement.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  const Descriptor folder(
      ::open(document.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!made || !folder) return file_refused_by_system(replacement, errno);
  BOOST_OUTCOME_TRY(take_after(made.get(), status));
  if (::fsync(made.get()) != 0) return file_refused_by_system(replacement, errno);
  if (FileStamp::of(document) != stamp) return FileError{"it changed while it was extended"};
  if (::rename(replacement.c_str(), document.c_str()) != 0) return FileError{system_text(errno)};
  // EINVAL: this file system syncs no folders.
  return ::fsync(folder.get()) == 0 || errno == EINVAL ? Replaced::on_disk : Replaced::perhaps;
}

void remove_replacements(std::span<const fs::path> replacements) {
  for (const fs::path& each : replacements) ::unlink(each.c_str());
  OutputFile::remove_leftovers(replacements);
}

}  // namespace signet::preservation
