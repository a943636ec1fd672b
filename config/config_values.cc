#include "config/config_values.h"

#include "common/log_line.h"
#include "config/config_reader.h"

namespace signet::config {

std::vector<NamedValue> values_of(const log::Options& log) {
  return {{"level", std::string(log::name_of(log.level))},
          {"to", log.to},
          {"format", std::string(log.format == log::Format::json ? "json" : "text")}};
}

std::vector<NamedValue> values_of(const MetricsConfig& metrics) {
  return {{"dir", metrics.dir.string()}, {"interval", duration_text(metrics.interval)}};
}

std::vector<NamedValue> values_of(const SelfCheck& self_check) {
  return {{"enabled", self_check.enabled}, {"every", duration_text(self_check.every)}};
}

std::vector<NamedValue> values_of(const Limits& limits) {
  return {{"call", duration_text(limits.call)},
          {"key_generation", duration_text(limits.key_generation)},
          {"connect", duration_text(limits.connect)},
          {"sign_attempt", duration_text(limits.sign_attempt)},
          {"generate_attempt", duration_text(limits.generate_attempt)},
          {"idle", duration_text(limits.idle)},
          {"refresh", duration_text(limits.refresh)},
          {"connections", limits.connections},
          {"resign", limits.resign}};
}

std::vector<NamedValue> values_of(const SapiwsConfig& sapiws) {
  return {{"domain", sapiws.domain},
          {"selector", std::string(name_of(sapiws.selector))},
          {"pkcs1_flag", sapiws.pkcs1_flag},
          {"pss", sapiws.pss},
          {"prompt_for_sign", sapiws.prompt_for_sign}};
}

}  // namespace signet::config
