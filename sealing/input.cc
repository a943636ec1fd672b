#include "sealing/input.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <utility>

#include "common/descriptor.h"
#include "common/printable.h"
#include "sealing/content.h"

namespace signet::sealing {

namespace {

// Small enough for a processor's cache, so that what was read is digested and written from there.
constexpr std::size_t kPiece = std::size_t{128} * 1024;
constexpr std::time_t kSettled = 2;  // seconds; longer than any file system's time stamps are apart

Error cannot_read(const std::string& name, int error_number) {
  return {Failure::input, fmt::format("cannot read \"{}\": {}", name, system_text(error_number))};
}

bool read_at(int descriptor, std::uint64_t offset, std::span<std::uint8_t> out) {
  while (!out.empty()) {
    const ssize_t got = pread(descriptor, out.data(), out.size(), static_cast<off_t>(offset));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    offset += static_cast<std::uint64_t>(got);
    out = out.subspan(static_cast<std::size_t>(got));
  }
  return true;
}

bool write_all(int descriptor, ByteView bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
  return true;
}

bool same_time(const timespec& a, const timespec& b) {
  return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
}

// A file that has no name, so that nothing of it is left whatever happens.
Descriptor unnamed_file(const std::string& folder) {
  Descriptor file(open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
  if (file) return file;
  std::string name = folder + "/signet-XXXXXX";
  Descriptor named(mkostemp(name.data(), O_CLOEXEC));
  if (named) unlink(name.c_str());
  return named;
}

}  // namespace

struct Input::State {
  std::string name;
  std::uint64_t size = 0;
  std::function<bool(std::uint64_t, std::span<std::uint8_t>)> read;
  Descriptor file;
  struct stat opened {};
  bool ours = false;  // nobody else can change it
  std::time_t opened_at = 0;
};

Input::Input(std::unique_ptr<State> state) : state_(std::move(state)) {}
Input::Input(Input&&) noexcept = default;
Input& Input::operator=(Input&&) noexcept = default;
Input::~Input() = default;

SealResult<Input> Input::file(const std::filesystem::path& path) {
  auto state = std::make_unique<State>();
  state->name = printable(path.native());
  // Without waiting: a FIFO is refused below.
  state->file = Descriptor(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
  if (!state->file) return cannot_read(state->name, errno);
  if (fstat(state->file.get(), &state->opened) != 0) return cannot_read(state->name, errno);
  if (!S_ISREG(state->opened.st_mode))
    return Error(Failure::input, fmt::format("\"{}\" is not a regular file", state->name));
  state->size = static_cast<std::uint64_t>(state->opened.st_size);
  state->opened_at = std::time(nullptr);
  posix_fadvise(state->file.get(), 0, 0, POSIX_FADV_SEQUENTIAL);
  state->read = [fd = state->file.get()](std::uint64_t offset, std::span<std::uint8_t> out) {
    return read_at(fd, offset, out);
  };
  return Input(std::move(state));
}

SealResult<Input> Input::spooled(int descriptor, const std::filesystem::path& folder) {
  auto state = std::make_unique<State>();
  state->name = "standard input";
  std::string place = folder.native();
  const char* temporary = std::getenv("TMPDIR");
  if (place.empty()) place = temporary != nullptr && *temporary != '\0' ? temporary : "/var/tmp";
  state->file = unnamed_file(place);
  const auto no_room = [&](int error_number) {
    return Error(Failure::input,
                 fmt::format("cannot keep the input in \"{}\": {} (TMPDIR names another folder)",
                             printable(place), system_text(error_number)));
  };
  if (!state->file) return no_room(errno);
  Bytes buffer(kPiece);
  for (;;) {
    const ssize_t got = ::read(descriptor, buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return cannot_read(state->name, errno);
    if (got == 0) break;
    if (!write_all(state->file.get(), ByteView(buffer).first(static_cast<std::size_t>(got))))
      return no_room(errno);
    state->size += static_cast<std::uint64_t>(got);
  }
  state->ours = true;
  state->read = [fd = state->file.get()](std::uint64_t offset, std::span<std::uint8_t> out) {
    return read_at(fd, offset, out);
  };
  return Input(std::move(state));
}

Input Input::memory(ByteView bytes) {
  auto state = std::make_unique<State>();
  state->name = "the document";
  state->size = bytes.size();
  state->ours = true;
  state->read = [bytes](std::uint64_t offset, std::span<std::uint8_t> out) {
    if (offset > bytes.size() || out.size() > bytes.size() - offset) return false;
    if (!out.empty()) std::memcpy(out.data(), bytes.data() + offset, out.size());
    return true;
  };
  return Input(std::move(state));
}

Input Input::callback(std::uint64_t size,
                      std::function<bool(std::uint64_t, std::span<std::uint8_t>)> read) {
  auto state = std::make_unique<State>();
  state->name = "the document";
  state->size = size;
  state->read = std::move(read);
  return Input(std::move(state));
}

std::uint64_t Input::size() const {
  return state_->size;
}

const std::string& Input::name() const {
  return state_->name;
}

bool Input::read(std::uint64_t offset, std::span<std::uint8_t> out) const {
  return state_->read(offset, out);
}

SealResult<void> Input::each_piece(const std::function<bool(ByteView)>& take) const {
  Bytes buffer;
  for (std::uint64_t at = 0; at < state_->size; at += buffer.size()) {
    buffer.resize(static_cast<std::size_t>(std::min<std::uint64_t>(state_->size - at, kPiece)));
    errno = 0;
    if (!read(at, buffer)) {
      if (errno != 0) return cannot_read(state_->name, errno);
      return Error(Failure::changed, fmt::format("\"{}\" became shorter while it was read: seal it "
                                                 "when nobody writes to it",
                                                 state_->name));
    }
    if (!take(buffer)) return Error(Failure::cancelled, "cancelled");
  }
  return success();
}

SealResult<void> Input::check_unchanged() const {
  if (state_->ours || !state_->file) return success();
  struct stat now {};
  if (fstat(state_->file.get(), &now) != 0) return cannot_read(state_->name, errno);
  const struct stat& then = state_->opened;
  if (now.st_size == then.st_size && same_time(now.st_mtim, then.st_mtim)) return success();
  return has_changed(*this);
}

bool Input::change_would_show() const {
  if (state_->ours) return true;
  return state_->file && state_->opened.st_mtim.tv_sec + kSettled < state_->opened_at;
}

cms::Source Input::source() const {
  return {state_->size,
          [this](std::uint64_t offset, std::span<std::uint8_t> out) { return read(offset, out); }};
}

}  // namespace signet::sealing
