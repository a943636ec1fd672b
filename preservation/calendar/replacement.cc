#include "preservation/calendar/replacement.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "common/bounded_file.h"
#include "common/descriptor.h"
#include "common/output_file.h"
#include "common/printable.h"

namespace signet::preservation {

namespace fs = std::filesystem;

fs::path replacement_of(const fs::path& document) {
  return document.parent_path() / ("." + document.filename().string() + ".signet-preserve");
}

Result<Replaced, FileError> replace_file(const fs::path& document, const fs::path& replacement,
                                         const FileStamp& stamp) {
  struct stat status {};
  if (::stat(document.c_str(), &status) != 0) return FileError{system_text(errno)};
  const Descriptor made(::open(replacement.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  const Descriptor folder(
      ::open(document.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!made || !folder) return file_refused_by_system(replacement, errno);
  // Only root may give a file away; for others it stays theirs. The mode comes after it, since a new owner clears bits of it.
  [[maybe_unused]] const int owner = ::fchown(made.get(), status.st_uid, status.st_gid);
  if (::fchmod(made.get(), status.st_mode & ALLPERMS) != 0 || ::fsync(made.get()) != 0)
    return file_refused_by_system(replacement, errno);
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
