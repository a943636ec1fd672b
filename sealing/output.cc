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

constexpr std::size_t kBuffer = std::size_t{64} * 1024;  // smaller writes are gathered

Error cannot_write(const std::string& name, int error_number) {
  return {Failure::output, fmt::format("cannot write \"{}\": {}", name, system_text(error_number))};
}

Error is_there(const std::string& name) {
  return {Failure::exists, fmt::format("\"{}\" is there already", name)};
}

std::filesystem::path folder_of(const std::filesystem::path& path) {
  return path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
}

// A name beside `path` that nobody has.
std::string name_beside(const std::filesystem::path& path) {
  std::uint64_t number = 0;
  if (getrandom(&number, sizeof number, 0) != sizeof number)
    number = static_cast<std::uint64_t>(getpid());
  return (folder_of(path) / fmt::format(".{}.{:016x}", path.filename().native(), number)).native();
}

// A new file that gets its name by commit(). Without any until then, so that even a kill leaves nothing behind, where the
// file system can; else under `name`. The system applies the umask.
Descriptor new_file(const std::filesystem::path& path, std::string& name) {
  Descriptor unnamed(open(folder_of(path).c_str(), O_TMPFILE | O_WRONLY | O_CLOEXEC, 0666));
  if (unnamed || (errno != EOPNOTSUPP && errno != EISDIR && errno != EINVAL)) return unnamed;
  name = name_beside(path);
  Descriptor named(open(name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0666));
  if (!named) name.clear();
  return named;
}

// Gives a file without a name one that nobody has.
bool give_name(const Descriptor& file, const std::string& name) {
  const std::string open_file = fmt::format("/proc/self/fd/{}", file.get());
  return linkat(AT_FDCWD, open_file.c_str(), AT_FDCWD, name.c_str(), AT_SYMLINK_FOLLOW) == 0;
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

  // Under its own name.
  SealResult<void> take_place() {
    if (existing == Existing::refuse) {
      // Another process may have made one since: a link takes no name that is taken.
      const bool linked = temporary.empty() ? give_name(file, path.native())
                                            : link(temporary.c_str(), path.c_str()) == 0;
      if (linked) return success();
      if (errno == EEXIST) return is_there(name);
      return cannot_write(name, errno);
    }
    if (temporary.empty()) {
      temporary = name_beside(path);
      if (!give_name(file, temporary)) {
        const int why = errno;
        temporary.clear();
        return cannot_write(name, why);
      }
    }
    if (rename(temporary.c_str(), path.c_str()) != 0) return cannot_write(name, errno);
    temporary.clear();
    return success();
  }

  SealResult<void> flush() {
    BOOST_OUTCOME_TRY(write(gathered));
    gathered.clear();
    return success();
  }

  SealResult<void> write(ByteView left) const {
    const WriteGuard guard;
    const int descriptor = file ? file.get() : given;
    while (!left.empty()) {
      const ssize_t written = ::write(descriptor, left.data(), left.size());
      if (written < 0 && errno == EINTR) continue;
      if (written <= 0) return cannot_write(name, errno);
      left = left.subspan(static_cast<std::size_t>(written));
    }
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
  if (replaces && existing == Existing::refuse) return is_there(state->name);
  if (replaces && !S_ISREG(there.st_mode))
    return Error(Failure::output, fmt::format("\"{}\" is not a regular file", state->name));
  // A link stays one: what it leads to is replaced.
  std::error_code error;
  if (replaces) state->path = std::filesystem::canonical(path, error);
  if (error) return cannot_write(state->name, error.value());
  state->file = new_file(state->path, state->temporary);
  if (!state->file) return cannot_write(state->name, errno);
  if (replaces && fchmod(state->file.get(), there.st_mode & 07777U) != 0)
    return cannot_write(state->name, errno);
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

bool Output::is_private() const {
  return bool(state_->file) || state_->memory != nullptr;
}

SealResult<void> Output::restart() {
  state_->gathered.clear();
  if (!state_->file) return success();
  if (ftruncate(state_->file.get(), 0) != 0 || lseek(state_->file.get(), 0, SEEK_SET) != 0)
    return cannot_write(state_->name, errno);
  return success();
}

SealResult<void> Output::write(ByteView bytes) {
  if (state_->take) {
    if (state_->take(bytes)) return success();
    return Error(Failure::output, "the output was refused");
  }
  const bool fits = state_->gathered.size() + bytes.size() <= kBuffer;
  if (state_->memory == nullptr && !fits) {
    BOOST_OUTCOME_TRY(state_->flush());
    if (bytes.size() >= kBuffer) return state_->write(bytes);
  }
  state_->gathered.insert(state_->gathered.end(), bytes.begin(), bytes.end());
  return success();
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
  if (fsync(state.file.get()) != 0) return cannot_write(state.name, errno);
  BOOST_OUTCOME_TRY(state.take_place());
  const Descriptor opened(open(folder_of(state.path).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (opened && fsync(opened.get()) != 0 && errno != EINVAL) return cannot_write(state.name, errno);
  return success();
}

const std::string& Output::name() const {
  return state_->name;
}

}  // namespace signet::sealing
