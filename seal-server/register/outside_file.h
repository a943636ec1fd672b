// A file beside the database of what a restored backup must not forget: a line for each, on disk before it counts.
#ifndef SIGNET_SEAL_SERVER_REGISTER_OUTSIDE_FILE_H_
#define SIGNET_SEAL_SERVER_REGISTER_OUTSIDE_FILE_H_

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace signet::sealserver {

// Several processes may use one file.
class OutsideFile {
 public:
  // An empty name: nothing is kept.
  explicit OutsideFile(std::filesystem::path file) : file_(std::move(file)) {}

  // Adds a line, which has no line end, at the end; durable at the return. Throws std::runtime_error.
  void append(std::string_view line) const;

  // From the oldest on; none where there is no such file. A last line without an end, which was never acknowledged, is left
  // out. Throws std::runtime_error.
  std::vector<std::string> lines() const;

 private:
  const std::filesystem::path file_;
};

}  // namespace signet::sealserver

#endif  // SIGNET_SEAL_SERVER_REGISTER_OUTSIDE_FILE_H_
