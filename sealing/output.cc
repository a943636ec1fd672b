#include "sealing/output.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <utility>

#include "common/descriptor.h"
#include "common/printable.h"
#include "common/write_guard.h"

namespace signet::sealing {

namespace {

constexpr std::size_t kBuffer = std::size_t{256} * 1024;  // small writes are gathered

Error failed(const std::string& name, int error_number) {
  return {Failure::output, fmt::format("cannot write \"{}\": {}", name, system_text(error_number))};
}

// A new file beside `path`; the system applies the umask. The name that it has until commit() is put into `name`.
Descriptor new_file_beside(const std::filesystem::path& path, std::string& name) {
  for (int tries = 0; tries < 100; ++tries) {
    std::uint64_t number = 0;
    if (getrandom(&number, sizeof number, 0) != sizeof number) break;
    name = (path.parent_path() / fmt::format(".{}.{:016x}", path.filename().native(), number))
               .native();
    Descriptor file(open(name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0666));
    if (file || errno != EEXIST) return file;
  }
  return Descriptor();
}

std::filesystem::path folder_of(const std::filesystem::path& path) {
  return path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
}

}  // namespace

struct Output::State {
  std::string name;
  std::filesystem::path path;  // of a file
  std::string temporary;       // its name until commit()
  Existing existing = Existing::refuse;
  Descriptor file;
  int given = -1;  // the caller's
  Bytes* memory = nullptr;
  Bytes gathered;
  std::function<bool(ByteView)> take;

  ~State() {
    if (!temporary.empty()) unlink(temporary.c_str());
  }

  SealResult<void> flush() {
    const WriteGuard guard;
    ByteView left = gathered;
    const int descriptor = file ? file.get() : given;
    while (!left.empty()) {
      const ssize_t written = ::write(descriptor, left.data(), left.size());
      if (written < 0 && errno == EINTR) continue;
      if (written <= 0) return failed(name, errno);
      left = left.subspan(static_cast<std::size_t>(written));
    }
    gathered.clear();
    return success();
  }
};

Output::Output(std::unique_ptr<State> state) : state_(std::move(state)) {}
Output::Output(Output&&) noexcept = default;
Output& Output::operator=(Output&&) noexcept = default;
Output::~Output() = default;

SealResult<Output> Output::file(const std::filesystem::path& path, Existing existing) {
  auto state = std::make_unique<State>();
  state->name = printable(path.native());
  state->path = path;
  state->existing = existing;
  struct stat there {};
  const bool replaces = stat(path.c_str(), &there) == 0;
  if (replaces && existing == Existing::refuse)
    return Error(Failure::exists, fmt::format("\"{}\" is there already", state->name));
  if (replaces && !S_ISREG(there.st_mode))
    return Error(Failure::output, fmt::format("\"{}\" is not a regular file", state->name));
  // A link stays one: what it leads to is replaced.
  std::error_code error;
  if (replaces) state->path = std::filesystem::canonical(path, error);
  if (error) return failed(state->name, error.value());
  state->file = new_file_beside(state->path, state->temporary);
  if (!state->file) {
    const int why = errno;
    state->temporary.clear();
    return failed(state->name, why);
  }
  if (replaces && fchmod(state->file.get(), there.st_mode & 07777U) != 0)
    return failed(state->name, errno);
  return Output(std::move(state));
}

Output Output::descriptor(int descriptor) {
  auto state = std::make_unique<State>();
  state->name = "standard output";
  state->given = descriptor;
  return Output(std::move(state));
}

Output Output::memory(Bytes& bytes) {
  auto state = std::make_unique<State>();
  state->name = "memory";
  state->memory = &bytes;
  return Output(std::move(state));
}

Output Output::callback(std::function<bool(ByteView)> write) {
  auto state = std::make_unique<State>();
  state->name = "the output";
  state->take = std::move(write);
  return Output(std::move(state));
}

SealResult<void> Output::write(ByteView bytes) {
  if (state_->take) {
    if (state_->take(bytes)) return success();
    return Error(Failure::output, "the output was refused");
  }
  state_->gathered.insert(state_->gathered.end(), bytes.begin(), bytes.end());
  if (state_->memory != nullptr || state_->gathered.size() < kBuffer) return success();
  return state_->flush();
}

SealResult<void> Output::commit() {
  State& state = *state_;
  if (state.take) return success();
  if (state.memory != nullptr) {
    *state.memory = std::move(state.gathered);
    return success();
  }
  BOOST_OUTCOME_TRY(state.flush());
  if (!state.file) return success();
  if (fsync(state.file.get()) != 0) return failed(state.name, errno);
  if (state.existing == Existing::refuse) {
    // Another process may have made it since: link() takes no name that is taken.
    if (link(state.temporary.c_str(), state.path.c_str()) != 0) {
      if (errno == EEXIST)
        return Error(Failure::exists, fmt::format("\"{}\" is there already", state.name));
      if (errno != EPERM && errno != EOPNOTSUPP && errno != ENOSYS)
        return failed(state.name, errno);
      if (rename(state.temporary.c_str(), state.path.c_str()) != 0)
        return failed(state.name, errno);
      state.temporary.clear();
    }
  } else {
    if (rename(state.temporary.c_str(), state.path.c_str()) != 0) return failed(state.name, errno);
    state.temporary.clear();
  }
  const Descriptor opened(open(folder_of(state.path).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (opened && fsync(opened.get()) != 0 && errno != EINVAL) return failed(state.name, errno);
  return success();
}

const std::string& Output::name() const {
  return state_->name;
}

}  // namespace signet::sealing
