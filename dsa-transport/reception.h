// An answer as libcurl hands it over, header line after header line and piece after piece.
#ifndef SIGNET_DSA_TRANSPORT_RECEPTION_H_
#define SIGNET_DSA_TRANSPORT_RECEPTION_H_

#include <string_view>

#include "dsa-transport/http.h"

namespace signet::transport {

class Reception {
 public:
  // One line with its line end; a status line begins a new answer (after "100 Continue").
  void header(std::string_view line);

  // False where the answer becomes too large.
  bool body(std::string_view piece);

  HttpAnswer& answer() { return answer_; }
  bool began() const { return began_; }  // at least a status line came
  bool oversized() const { return oversized_; }

  // There was no memory for a line or a piece: the answer is not whole.
  void lacked_memory() { memory_was_lacking_ = true; }
  bool memory_was_lacking() const { return memory_was_lacking_; }

 private:
  void note_retry_after();

  HttpAnswer answer_;
  std::string retry_after_;  // as it came
  bool began_ = false;
  bool oversized_ = false;
  bool memory_was_lacking_ = false;
};

// Seconds, or an HTTP date; nothing for anything else. A moment that has passed is zero. `now`: by the
// server's clock, where the answer says it; the two clocks may differ.
std::optional<Milliseconds> parse_retry_after(
    std::string_view value,
    std::chrono::system_clock::time_point now = std::chrono::system_clock::now());

}  // namespace signet::transport

#endif  // SIGNET_DSA_TRANSPORT_RECEPTION_H_
