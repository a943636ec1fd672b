#include "common/log.h"

#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <atomic>
#include <memory>
#include <mutex>

namespace signet::log {

namespace {

// Never destroyed: lines may still come while the process's static objects are being taken down.
struct State {
  std::mutex mutex;
  std::shared_ptr<spdlog::logger> logger;
  std::atomic<Level> level{Level::warn};
};

std::shared_ptr<spdlog::logger> make_logger(spdlog::sink_ptr sink) {
  auto logger = std::make_shared<spdlog::logger>("signet", std::move(sink));
  logger->set_level(spdlog::level::trace);
  logger->set_pattern("%Y-%m-%dT%H:%M:%S.%e%z signet[%P] %l: %v");
  logger->flush_on(spdlog::level::trace);
  return logger;
}

State& state() {
  static State* const kInstance = [] {
    auto* fresh = new State;
    fresh->logger = make_logger(std::make_shared<spdlog::sinks::stderr_sink_mt>());
    return fresh;
  }();
  return *kInstance;
}

spdlog::level::level_enum spdlog_level(Level level) {
  switch (level) {
    case Level::trace:
      return spdlog::level::trace;
    case Level::debug:
      return spdlog::level::debug;
    case Level::info:
      return spdlog::level::info;
    case Level::warn:
      return spdlog::level::warn;
    case Level::error:
      break;
  }
  return spdlog::level::err;
}

}  // namespace

std::optional<Level> level_from(std::string_view name) {
  if (name == "error") return Level::error;
  if (name == "warn") return Level::warn;
  if (name == "info") return Level::info;
  if (name == "debug") return Level::debug;
  if (name == "trace") return Level::trace;
  return std::nullopt;
}

std::string open(const Options& options) {
  try {
    spdlog::sink_ptr sink;
    if (options.to == "stderr") {
      sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
    } else {
      sink = std::make_shared<spdlog::sinks::basic_file_sink_mt>(options.to);
    }
    auto logger = make_logger(std::move(sink));
    const std::lock_guard lock(state().mutex);
    state().logger = std::move(logger);
    state().level = options.level;
    return {};
  } catch (const std::exception& e) {
    return fmt::format("cannot open the log \"{}\": {}", options.to, e.what());
  }
}

void close() { (void)open(Options{}); }

bool enabled(Level level) { return level >= state().level.load(std::memory_order_relaxed); }

void write(Level level, std::string_view line) {
  std::shared_ptr<spdlog::logger> logger;
  {
    const std::lock_guard lock(state().mutex);
    logger = state().logger;
  }
  logger->log(spdlog_level(level), line);
}

}  // namespace signet::log
