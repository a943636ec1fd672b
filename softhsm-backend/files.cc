#include "softhsm-backend/files.h"

#include <fcntl.h>
#include <sys/file.h>

#include <cerrno>
#include <stdexcept>
#include <string>

#include "common/bounded_file.h"
#include "common/private_file.h"
#include "common/secret.h"

namespace signet::emulator {

void write_private_file(const std::filesystem::path& file, std::string_view content) {
  const auto written = replace_private_file(file, view_of(content), Durability::durable);
  if (!written) {
    throw std::runtime_error("cannot write " + file.string() + ": " +
                             written.assume_error().sentence);
  }
}

Secret read_secret_file(const std::filesystem::path& file) {
  constexpr std::size_t most = 4096;  // bytes
  auto bytes = read_file(file, most);
  if (!bytes) throw std::runtime_error("cannot read " + bytes.error().sentence);
  std::string_view content = text_of(bytes.value());
  if (content.ends_with('\n')) content.remove_suffix(1);
  if (content.ends_with('\r')) content.remove_suffix(1);
  Secret secret(content);
  wipe(bytes.value().data(), bytes.value().size());
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
