// A folder of its own for one test, removed with everything in it.
#ifndef SIGNET_TESTS_SUPPORT_TEMP_DIR_H_
#define SIGNET_TESTS_SUPPORT_TEMP_DIR_H_

#include <filesystem>
#include <string>
#include <string_view>

namespace signet::tests {

class TempDir {
 public:
  TempDir();
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;
  ~TempDir();

  std::filesystem::path operator/(std::string_view name) const { return path_ / name; }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

// Throws std::runtime_error where the file cannot be read.
std::string read_file(const std::filesystem::path& file);

// Replaces the file; mode 0600.
void write_file(const std::filesystem::path& file, std::string_view content);

}  // namespace signet::tests

#endif  // SIGNET_TESTS_SUPPORT_TEMP_DIR_H_
