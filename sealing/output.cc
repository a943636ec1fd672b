#include "sealing/output.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <optional>
#include <utility>

#include "common/output_file.h"
#include "common/printable.h"
#include "common/write_guard.h"

namespace signet::sealing {

namespace {

constexpr std::size_t kBuffer = std::size_t{64} * 1024;  // smaller writes are gathered

Error output_error(OutputFileError error) {
  return {error.exists ? Failure::exists : Failure::output, std::move(error.sentence)};
}

SealResult<void> sealing_result(Result<void, OutputFileError> done) {
  if (!done) return output_error(std::move(done).error());
  return success();
}

SealResult<void> write_to(int descriptor, ByteView left, const std::string& name) {
  const WriteGuard guard;
  while (!left.empty()) {
    const ssize_t written = ::write(descriptor, left.data(), left.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0)
      return Error(Failure::output,
                   fmt::format("cannot write \"{}\": {}", name, system_text(errno)));
    left = left.subspan(static_cast<std::size_t>(written));
  }
  return success();
}

}  // namespace

struct Output::State {
  std::string name;
  std::optional<OutputFile> file;
  int given = -1;  // the caller's
  Bytes* memory = nullptr;
  Bytes gathered;
  std::function<bool(ByteView)> take;

  SealResult<void> flush() {
    BOOST_OUTCOME_TRY(write(gathered));
    gathered.clear();
    return success();
  }

  SealResult<void> write(ByteView bytes) {
    return file ? sealing_result(file->write(bytes)) : write_to(given, bytes, name);
  }
};

Output::Output(std::unique_ptr<State> state) : state_(std::move(state)) {}
Output::Output(Output&&) noexcept = default;
Output& Output::operator=(Output&&) noexcept = default;
Output::~Output() = default;

SealResult<Output> Output::file(const std::filesystem::path& path, Existing existing) {
  auto made =
      OutputFile::create(path, existing == Existing::replace ? OutputFile::Existing::replace
                                                             : OutputFile::Existing::refuse);
  if (!made) return output_error(std::move(made).error());
  auto state = std::make_unique<State>();
  state->name = made.value().name();
  state->file.emplace(std::move(made).value());
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
  return state_->file.has_value() || state_->memory != nullptr;
}

SealResult<void> Output::restart() {
  state_->gathered.clear();
  return state_->file ? sealing_result(state_->file->restart()) : success();
}

SealResult<void> Output::reserve(std::uint64_t size) {
  return state_->file ? sealing_result(state_->file->reserve(size)) : success();
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

void Output::start_syncing() const noexcept {
  if (state_->file) state_->file->start_syncing();
}

SealResult<void> Output::commit() {
  State& state = *state_;
  if (state.take) return success();
  if (state.memory != nullptr) {
    *state.memory = std::move(state.gathered);
    return success();
  }
  BOOST_OUTCOME_TRY(state.flush());
  return state.file ? sealing_result(state.file->commit()) : success();
}

const std::string& Output::name() const {
  return state_->name;
}

}  // namespace signet::sealing
