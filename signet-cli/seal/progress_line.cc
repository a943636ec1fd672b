#include "signet-cli/seal/progress_line.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

namespace signet::cli {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds kFirst{500};  // short work shows no line
constexpr milliseconds kRedraw{200};
constexpr const char* kClear = "\r\x1B[K";  // to the beginning of the line, and empties it

std::string span_text(double seconds) {
  const auto whole = static_cast<std::uint64_t>(seconds + 0.5);
  if (whole < 60) return fmt::format("{} s", whole);
  if (whole < 3600) return fmt::format("{} min {:02} s", whole / 60, whole % 60);
  return fmt::format("{} h {:02} min", whole / 3600, whole / 60 % 60);
}

}  // namespace

std::string progress_text(std::size_t done, std::size_t all, std::uint64_t bytes,
                          milliseconds spent) {
  const double seconds = std::max(static_cast<double>(spent.count()) / 1000.0, 0.001);
  const double megabytes = static_cast<double>(bytes) / 1e6;
  if (all == 1) return fmt::format("{:.0f} MB read, {:.0f} MB/s", megabytes, megabytes / seconds);
  const double rate = static_cast<double>(done) / seconds;
  std::string text =
      all == 0 ? fmt::format("{} documents", done) : fmt::format("{} of {} documents", done, all);
  if (done > 0) text += fmt::format(", {:.1f} a second", rate);
  if (done > 0 && all > done)
    text += fmt::format(", {} left", span_text(static_cast<double>(all - done) / rate));
  return text;
}

ProgressLine::ProgressLine(std::size_t all) : all_(all) {
  if (isatty(STDERR_FILENO) == 1) thread_ = std::thread([this] { run(); });
}

ProgressLine::~ProgressLine() {
  if (!thread_.joinable()) return;
  {
    const MutexLock lock(mutex_);
    over_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

void ProgressLine::hide() {
  const MutexLock lock(mutex_);
  hidden_ = true;
  if (drawn_) draw("");
  drawn_ = false;
}

void ProgressLine::show() {
  const MutexLock lock(mutex_);
  hidden_ = false;
}

// Past the filtering stream: the only text of the commands that moves the cursor.
void ProgressLine::draw(const std::string& line) {
  const std::string text = kClear + line;
  (void)!::write(STDERR_FILENO, text.data(), text.size());
}

void ProgressLine::run() {
  auto next = begin_ + kFirst;
  const MutexLock lock(mutex_);
  while (!over_) {
    if (wake_.wait_until(mutex_, next)) continue;
    next += kRedraw;
    if (hidden_) continue;
    const auto spent =
        std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - begin_);
    draw(progress_text(done_, all_, bytes_, spent));
    drawn_ = true;
  }
  if (drawn_) draw("");
}

}  // namespace signet::cli
