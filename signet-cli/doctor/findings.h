// What doctor has found: one line a check, as text and as JSON.
#ifndef SIGNET_SIGNET_CLI_DOCTOR_FINDINGS_H_
#define SIGNET_SIGNET_CLI_DOCTOR_FINDINGS_H_

#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "signet-cli/command.h"

namespace signet::cli::doctor {

enum class Mark {
  well,
  wrong,
  not_tried,   // and so nobody knows whether it is well
  not_needed,  // nothing is lost by it: no signature is demanded, none was wanted
};

// What a check is about; empty where it is about the whole.
struct Place {
  std::string token;   // label
  std::string member;  // URL
};

struct Finding {
  Place place;
  std::string check;  // "pin", "clock"
  Mark mark = Mark::well;
  std::string sentence;  // what was seen; for `not_tried` and `not_needed`: why
  std::string advice;    // what to do; always there for `wrong`
};

class Findings {
 public:
  void well(const Place& place, std::string_view check, std::string sentence,
            std::string advice = {});
  void wrong(const Place& place, std::string_view check, std::string sentence, std::string advice);
  void not_tried(const Place& place, std::string_view check, std::string why,
                 std::string advice = {});
  void none_tried(const Place& place, const std::vector<std::string_view>& checks,
                  const std::string& why);
  void not_needed(const Place& place, std::string_view check, std::string why);

  // What was not tried of this check is wrong.
  void require(std::string_view check);

  // exit_failed, exit_not_tried or exit_ok.
  ExitCode exit_code() const;

  // "all is well", "nothing wrong found, but not tried: account, signature".
  std::string summary() const;

  // A heading for each place, then its lines: "  ✓ pin: …", "  ✗ clock: …", "  – account: …"; what to
  // do stands below.
  void print_text(std::ostream& out) const;
  void print_json(std::ostream& out) const;

 private:
  std::vector<std::string> untried() const;  // the checks' names

  std::vector<Finding> findings_;
};

}  // namespace signet::cli::doctor

#endif  // SIGNET_SIGNET_CLI_DOCTOR_FINDINGS_H_
