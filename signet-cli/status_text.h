// What `signet status` has gathered, as text and as JSON.
#ifndef SIGNET_SIGNET_CLI_STATUS_TEXT_H_
#define SIGNET_SIGNET_CLI_STATUS_TEXT_H_

#include <filesystem>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include "common/clock.h"
#include "dsa-transport/metrics_folder.h"

namespace signet::cli {

// One member's answer to a question that needs no credential.
struct MemberHealth {
  std::string token;
  std::string url;
  std::optional<std::string> wrong;  // a sentence; nothing: it answers
  std::string model;
  Milliseconds took{0};
};

struct Status {
  std::filesystem::path metrics_dir;  // empty: processes leave no figures
  transport::FoundMetrics metrics;
  std::vector<MemberHealth> members;

  bool healthy() const;  // every member answers
};

void print_text(const Status& status, std::ostream& out);
void print_json(const Status& status, std::ostream& out);

}  // namespace signet::cli

#endif  // SIGNET_SIGNET_CLI_STATUS_TEXT_H_
