#include "preservation/sources.h"

#include <utility>

namespace signet::preservation {

namespace {

ExtensionResult<std::unique_ptr<const InputFile>> opened(const std::filesystem::path& path) {
  auto file = InputFile::open(path);
  if (!file) return ExtensionError{ExtensionFault::input, file.error().sentence};
  return std::make_unique<const InputFile>(std::move(file).value());
}

}  // namespace

ExtensionResult<Sources> Sources::open(const std::filesystem::path& file,
                                       const std::filesystem::path& data) {
  Sources made;
  made.path_ = file;
  made.stamp_ = FileStamp::of(file);
  BOOST_OUTCOME_TRY(made.file_, opened(file));
  std::filesystem::path beside = data;
  if (data.empty() && file.extension() == ".p7s") {
    beside = file;
    beside.replace_extension();
    std::error_code missing;
    if (!std::filesystem::is_regular_file(beside, missing)) beside.clear();
  }
  if (!beside.empty()) {
    BOOST_OUTCOME_TRY(made.data_, opened(beside));
  }
  return made;
}

}  // namespace signet::preservation
