#include "pkcs11-module/token/metrics_writer.h"

#include <utility>

#include "common/log.h"
#include "common/process_mark.h"
#include "dsa-transport/metrics_folder.h"

namespace signet::token {

MetricsWriter::MetricsWriter(config::MetricsConfig config)
    : config_(std::move(config)), owner_(process_mark()) {}

bool MetricsWriter::is_ours() const {
  return !config_.dir.empty() && owner_ == process_mark();
}

void MetricsWriter::write_if_due(const Collect& collect) noexcept {
  if (config_.dir.empty()) return;
  const SteadyTime now = std::chrono::steady_clock::now();
  SteadyTime::rep due = due_.load(std::memory_order_relaxed);
  if (now.time_since_epoch().count() < due || !is_ours()) return;
  // Who moves the time of the next writing has the turn.
  const SteadyTime next = now + config_.interval;
  if (!due_.compare_exchange_strong(due, next.time_since_epoch().count())) return;
  write(collect, true);
}

void MetricsWriter::write_last(const Collect& collect, bool active) noexcept {
  if (is_ours()) write(collect, active);
}

void MetricsWriter::write(const Collect& collect, bool active) noexcept try {
  auto process = transport::this_process();
  if (!process) return;
  process->version = SIGNET_VERSION;
  process->active = active;
  process->written = std::chrono::system_clock::now();
  process->tokens = collect();
  if (!tidied_.exchange(true)) transport::remove_old_metrics(config_.dir);
  const auto written = transport::write_metrics(config_.dir, *process);
  const bool complained = complained_.exchange(!written);
  if (!written && !complained) {
    log::warn("the figures of this process are not written: {}", written.error().sentence);
  }
} catch (...) {  // no memory: the figures come another time
}

}  // namespace signet::token
