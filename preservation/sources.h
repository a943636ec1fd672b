// The files that one extension reads. For this component alone.
#ifndef SIGNET_PRESERVATION_SOURCES_H_
#define SIGNET_PRESERVATION_SOURCES_H_

#include <filesystem>
#include <memory>

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
  bool are_unchanged() const {
    return file_->is_unchanged() && (data_ == nullptr || data_->is_unchanged());
  }

 private:
  Sources() = default;

  std::unique_ptr<const InputFile> file_, data_;
};

}  // namespace signet::preservation

#endif  // SIGNET_PRESERVATION_SOURCES_H_
