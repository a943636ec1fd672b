#include "softhsm-backend/files.h"

#include <fcntl.h>
#include <sys/file.h>

#include <cerrno>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

#include "common/private_file.h"

namespace signet::emulator {

void write_private_file(const std::filesystem::path& file, std::string_view content) {
  const auto written = replace_private_file(file, view_of(content), Durability::durable);
  if (!written) {
    throw std::runtime_error("cannot write " + file.string() + ": " +
                             written.assume_error().sentence);
  }
}

Secret read_secret_file(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  if (!stream) throw std::runtime_error("cannot read " + file.string() + ": " + system_text(errno));
  std::string text((std::istreambuf_iterator<char>(stream)), std::istreambuf_iterator<char>());
  std::string_view content = text;
  if (content.ends_with('\n')) content.remove_suffix(1);
  if (content.ends_with('\r')) content.remove_suffix(1);
  Secret secret(content);
  wipe(text.data(), text.size());
  if (secret.empty()) throw std::runtime_error(file.string() + " is empty");
  return secret;
}

Descriptor lock_folder(const std::filesystem::path& folder) {
  Descriptor held(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  while (held && flock(held.get(), LOCK_EX) != 0) {
    if (errno != EINTR) held.close();
  }
  if (!held) throw std::runtime_error("cannot lock " + folder.string() + ": " + system_text(errno));
  return held;
}

}  // namespace signet::emulator
