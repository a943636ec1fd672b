// The files that one extension reads. For this component alone.
#ifndef SIGNET_PRESERVATION_SOURCES_H_
#define SIGNET_PRESERVATION_SOURCES_H_

#include <filesystem>
#include <memory>

#include "common/file_stamp.h"
#include "common/input_file.h"
#include "preservation/extension.h"

namespace signet::preservation {

class Sources {
 public:
  // `data`: see ExtensionFiles.
  static ExtensionResult<Sources> open(const std::filesystem::path& file,
                                       const std::filesystem::path& data);

  const InputFile& file() const { return *file_; }
  const InputFile* data() const { return data_.get(); }  // null: none
  // Nor has another file taken the document's place.
  bool are_unchanged() const {
    return FileStamp::of(path_) == stamp_ && file_->is_unchanged() &&
           (data_ == nullptr || data_->is_unchanged());
  }

 private:
  Sources() = default;

  std::filesystem::path path_;
  FileStamp stamp_;
  std::unique_ptr<const InputFile> file_, data_;
};

}  // namespace signet::preservation

#endif  // SIGNET_PRESERVATION_SOURCES_H_
