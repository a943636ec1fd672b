// A file that somebody is given: there whole or not at all, whatever happens meanwhile.
#ifndef SIGNET_COMMON_OUTPUT_FILE_H_
#define SIGNET_COMMON_OUTPUT_FILE_H_

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>

#include "common/bytes.h"
#include "common/descriptor.h"
#include "common/result.h"

namespace signet {

struct OutputFileError {
  std::string sentence;  // printable
  bool exists = false;   // there is a file already, which is not to be replaced
};

// Used by one thread at a time.
class OutputFile {
 public:
  enum class Existing { refuse, replace };

  // Written without a name in the same folder (under another one where the file system cannot), synced, and then given
  // its own. Mode 0666 less the umask, or mode, group and owner of the file which it replaces (common/file_owner.h). A link that is replaced stays one.
  static Result<OutputFile, OutputFileError> create(const std::filesystem::path& path,
                                                    Existing existing);

  OutputFile(OutputFile&& other) noexcept;
  OutputFile& operator=(OutputFile&& other) noexcept;
  ~OutputFile();  // without commit() nothing is left behind

  // What a program that was killed may have left beside these paths under another name. The caller knows that nobody is writing
  // to them now.
  static void remove_leftovers(std::span<const std::filesystem::path> paths);

  // Nothing was written yet.
  Result<void, OutputFileError> restart();

  // Behind what was written before.
  Result<void, OutputFileError> write(ByteView bytes);

  // What was written so far may go to the disk while the caller waits for something else, so that commit() has less to wait for.
  // A hint: nothing is promised, and an error shows in commit().
  void start_syncing() const noexcept;

  // The file system keeps this room for the whole file, where it can: a write up to there does not fail for a full disk.
  Result<void, OutputFileError> reserve(std::uint64_t size);

  // What was written; false where that many bytes are not there.
  bool read(std::uint64_t offset, std::span<std::uint8_t> out) const;

  // On disk, and in its folder under its name.
  Result<void, OutputFileError> commit();

  const std::string& name() const { return name_; }  // printable

 private:
  OutputFile() = default;
  Result<void, OutputFileError> take_place();
  Result<void, OutputFileError> link_new();
  Result<void, OutputFileError> release();

  std::string name_;
  std::filesystem::path path_;
  std::string temporary_;  // its name until commit(); empty: none
  Existing existing_ = Existing::refuse;
  Descriptor file_;
  bool reserved_ = false;
};

}  // namespace signet

#endif  // SIGNET_COMMON_OUTPUT_FILE_H_
