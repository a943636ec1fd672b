#include "softhsm-backend/files.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <system_error>

#include "common/descriptor.h"

namespace signet::emulator {

namespace {

[[noreturn]] void fail(const std::string& what, const std::filesystem::path& file) {
  throw std::runtime_error(what + " " + file.string() + ": " +
                           std::generic_category().message(errno));
}

}  // namespace

void write_private_file(const std::filesystem::path& file, std::string_view content) {
  const std::filesystem::path temporary = file.string() + ".new";
  unlink(temporary.c_str());  // a leftover may have another owner or mode
  const Descriptor out(open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (!out) fail("cannot write", temporary);
  errno = EIO;  // for a write that stops short without a reason
  const ssize_t written = write(out.get(), content.data(), content.size());
  const bool whole = written == static_cast<ssize_t>(content.size()) && fsync(out.get()) == 0;
  if (!whole) fail("cannot write", temporary);
  std::filesystem::rename(temporary, file);
}

Secret read_secret_file(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  if (!stream) fail("cannot read", file);
  std::string text((std::istreambuf_iterator<char>(stream)), std::istreambuf_iterator<char>());
  std::string_view content = text;
  if (content.ends_with('\n')) content.remove_suffix(1);
  if (content.ends_with('\r')) content.remove_suffix(1);
  Secret secret(content);
  wipe(text.data(), text.size());
  if (secret.empty()) throw std::runtime_error(file.string() + " is empty");
  return secret;
}

}  // namespace signet::emulator
