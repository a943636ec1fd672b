// Leaves this process's figures in the folder that the configuration names, as a by-product of
// calls: the module has no thread of its own.
#ifndef SIGNET_PKCS11_MODULE_TOKEN_METRICS_WRITER_H_
#define SIGNET_PKCS11_MODULE_TOKEN_METRICS_WRITER_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <vector>

#include "common/clock.h"
#include "config/config.h"
#include "dsa-transport/metrics_text.h"

namespace signet::token {

// Thread-safe. In a child after fork() it writes nothing: the figures are the parent's.
class MetricsWriter {
 public:
  explicit MetricsWriter(config::MetricsConfig config);

  using Collect = std::function<std::vector<transport::TokenFigures>()>;

  // At the end of a call: writes the first time, and then whenever the interval has passed. Of
  // several threads one writes. What goes wrong is logged once, until it goes well again.
  void write_if_due(const Collect& collect) noexcept;

  // `active`: false after C_Finalize.
  void write_last(const Collect& collect, bool active) noexcept;

 private:
  bool is_ours() const;
  void write(const Collect& collect, bool active) noexcept;

  const config::MetricsConfig config_;
  const std::uint64_t owner_;
  std::atomic<SteadyTime::rep> due_{0};
  std::atomic<bool> complained_{false};
  std::atomic<bool> tidied_{false};
};

}  // namespace signet::token

#endif  // SIGNET_PKCS11_MODULE_TOKEN_METRICS_WRITER_H_
