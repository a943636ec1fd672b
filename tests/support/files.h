// Files of a test, read and written whole.
#ifndef SIGNET_TESTS_SUPPORT_FILES_H_
#define SIGNET_TESTS_SUPPORT_FILES_H_

#include <filesystem>
#include <string>
#include <string_view>

namespace signet::tests {

// Throws std::runtime_error where the file cannot be read.
std::string read_file(const std::filesystem::path& file);

// Replaces the file; mode 0600.
void write_file(const std::filesystem::path& file, std::string_view content);

}  // namespace signet::tests

#endif  // SIGNET_TESTS_SUPPORT_FILES_H_
