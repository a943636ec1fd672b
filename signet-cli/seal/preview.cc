#include "signet-cli/seal/preview.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "config/close_from.h"

namespace signet::cli {

namespace {

using sealing::Error;
using sealing::Failure;
using sealing::Output;
using sealing::SealResult;

constexpr const char* kRenderer = "pdftoppm";
constexpr const char* kResolution = "110";  // pixels for an inch
constexpr std::size_t kPieceBytes = std::size_t{64} * 1024;

struct CloseFile {
  void operator()(std::FILE* file) const { (void)std::fclose(file); }
};
using FilePtr = std::unique_ptr<std::FILE, CloseFile>;

Error not_rendered(std::string_view why) {
  return {Failure::output, fmt::format("no preview was made: {}", why)};
}

// HOME and TMPDIR: for the cache of fonts.
std::vector<std::string> environment() {
  std::vector<std::string> variables = {"PATH=/usr/local/bin:/usr/bin:/bin", "LANG=C.UTF-8"};
  for (const char* const name : {"HOME", "TMPDIR"})
    if (const char* const value = std::getenv(name))
      variables.push_back(fmt::format("{}={}", name, value));
  return variables;
}

// The renderer between two descriptors.
class Renderer {
 public:
  Renderer() { posix_spawn_file_actions_init(&actions_); }
  Renderer(const Renderer&) = delete;
  Renderer& operator=(const Renderer&) = delete;
  ~Renderer() {
    posix_spawn_file_actions_destroy(&actions_);
    if (process_ <= 0) return;
    kill(process_, SIGKILL);
    waitpid(process_, nullptr, 0);
  }

  // Neither variables (PINs) nor descriptors of ours are its own. What it says of a broken document is nobody's.
  SealResult<void> start(int document, int picture, std::size_t page) {
    const std::string number = std::to_string(page + 1);
    std::array<const char*, 11> words = {kRenderer,      "-png", "-singlefile",  "-r",
                                         kResolution,    "-f",   number.c_str(), "-l",
                                         number.c_str(), "-",    nullptr};
    if (posix_spawn_file_actions_adddup2(&actions_, document, STDIN_FILENO) != 0 ||
        posix_spawn_file_actions_adddup2(&actions_, picture, STDOUT_FILENO) != 0 ||
        posix_spawn_file_actions_addopen(&actions_, STDERR_FILENO, "/dev/null", O_WRONLY, 0) != 0 ||
        !config::close_from(actions_, STDERR_FILENO + 1))
      return not_rendered("pdftoppm cannot be started");
    std::vector<std::string> variables = environment();
    std::vector<char*> pointers;
    for (std::string& each : variables) pointers.push_back(each.data());
    pointers.push_back(nullptr);
    const int failed = posix_spawnp(&process_, kRenderer, &actions_, nullptr,
                                    const_cast<char* const*>(words.data()), pointers.data());
    if (failed == 0) return success();
    process_ = 0;
    if (failed == ENOENT)
      return settings_error("--preview needs pdftoppm: install the package poppler-utils");
    return not_rendered("pdftoppm cannot be started");
  }

  bool ended_well() {
    int status = 0;
    const bool waited = waitpid(process_, &status, 0) == process_;
    process_ = 0;
    return waited && WIFEXITED(status) && WEXITSTATUS(status) == 0;
  }

 private:
  posix_spawn_file_actions_t actions_{};
  pid_t process_ = 0;
};

// All that comes, until the other end is closed. How many bytes it was.
SealResult<std::size_t> take_all(int from, Output& out) {
  std::size_t all = 0;
  Bytes piece(kPieceBytes);
  for (;;) {
    const ssize_t got = read(from, piece.data(), piece.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return not_rendered("the picture cannot be read");
    if (got == 0) return all;
    const auto size = static_cast<std::size_t>(got);
    all += size;
    BOOST_OUTCOME_TRY(out.write(ByteView(piece).first(size)));
  }
}

}  // namespace

SealResult<void> write_preview(const SealTool& tool, const sealing::SealWish& wish,
                               const sealing::Input& document, const std::string& picture,
                               bool replace) {
  if (!tool.pdf.visible)
    return settings_error("--preview shows a visible seal: add --visible, --text or --image");
  if (!tool.pdf.password.reveal().empty())
    return settings_error("there is no preview of a document with a password");
  BOOST_OUTCOME_TRY(auto out, Output::file(picture, replace ? Output::Existing::replace
                                                            : Output::Existing::refuse));
  const FilePtr draft(std::tmpfile());
  if (!draft) return not_rendered("there is no place for a temporary file");
  const int descriptor = fileno(draft.get());
  Output written = Output::descriptor(descriptor);
  BOOST_OUTCOME_TRY(const auto page, tool.sealer->draft_pades(document, written, wish, tool.pdf));
  if (lseek(descriptor, 0, SEEK_SET) != 0) return not_rendered("the draft cannot be read");
  std::array<int, 2> ends = {};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) return not_rendered("there is no pipe");
  Renderer renderer;  // outlives the end that it writes to, so that it never waits for a reader
  const FilePtr reader(fdopen(ends[0], "r"));
  const auto started = renderer.start(descriptor, ends[1], page.value_or(0));
  close(ends[1]);
  BOOST_OUTCOME_TRY(started);
  BOOST_OUTCOME_TRY(const std::size_t size, take_all(ends[0], out));
  if (!renderer.ended_well() || size == 0) return not_rendered("pdftoppm failed");
  return out.commit();
}

}  // namespace signet::cli
