#include "sealing/input.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <utility>

#include "common/descriptor.h"
#include "common/input_file.h"
#include "common/printable.h"
#include "sealing/content.h"

namespace signet::sealing {

namespace {

// Small enough for a processor's cache, so that what was read is digested and written from there.
constexpr std::size_t kPiece = std::size_t{128} * 1024;

Error cannot_read(const std::string& name, int error_number) {
  return {Failure::input, fmt::format("cannot read \"{}\": {}", name, system_text(error_number))};
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
  std::optional<InputFile> file;
  Descriptor spool;
  bool ours = false;  // nobody else can change it
};

Input::Input(std::unique_ptr<State> state) : state_(std::move(state)) {}
Input::Input(Input&&) noexcept = default;
Input& Input::operator=(Input&&) noexcept = default;
Input::~Input() = default;

SealResult<Input> Input::file(const std::filesystem::path& path) {
  auto opened = InputFile::open(path);
  if (!opened) return Error(Failure::input, opened.error().sentence);
  auto state = std::make_unique<State>();
  state->file.emplace(std::move(opened).value());
  state->name = state->file->name();
  state->size = state->file->size();
  state->read = [file = &*state->file](std::uint64_t offset, std::span<std::uint8_t> out) {
    return file->read(offset, out);
  };
  return Input(std::move(state));
}

SealResult<Input> Input::spooled(int descriptor, const std::filesystem::path& folder) {
  auto state = std::make_unique<State>();
  state->name = "standard input";
  std::string place = folder.native();
  const char* temporary = std::getenv("TMPDIR");
  if (place.empty()) place = temporary != nullptr && *temporary != '\0' ? temporary : "/var/tmp";
  state->spool = unnamed_file(place);
  const auto no_room = [&](int error_number) {
    return Error(Failure::input,
                 fmt::format("cannot keep the input in \"{}\": {} (TMPDIR names another folder)",
                             printable(place), system_text(error_number)));
  };
  if (!state->spool) return no_room(errno);
  Bytes buffer(kPiece);
  for (;;) {
    const ssize_t got = ::read(descriptor, buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return cannot_read(state->name, errno);
    if (got == 0) break;
    if (!write_all(state->spool.get(), ByteView(buffer).first(static_cast<std::size_t>(got))))
      return no_room(errno);
    state->size += static_cast<std::uint64_t>(got);
  }
  state->ours = true;
  state->read = [fd = state->spool.get()](std::uint64_t offset, std::span<std::uint8_t> out) {
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
  if (!state_->file || state_->file->is_unchanged()) return success();
  return has_changed(*this);
}

bool Input::change_would_show() const {
  return state_->ours || (state_->file && state_->file->change_would_show());
}

cms::Source Input::source() const {
  return {state_->size,
          [this](std::uint64_t offset, std::span<std::uint8_t> out) { return read(offset, out); }};
}

}  // namespace signet::sealing
