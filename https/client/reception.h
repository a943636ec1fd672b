// A response as libcurl hands it over, header line after header line and piece after piece.
#ifndef SIGNET_HTTPS_CLIENT_RECEPTION_H_
#define SIGNET_HTTPS_CLIENT_RECEPTION_H_

#include <string_view>

#include "https/client/message.h"

namespace signet::https {

class Reception {
 public:
  explicit Reception(std::size_t largest_body = kLargestBody) : largest_body_(largest_body) {}

  // One line with its line end; a status line begins a new response (after "100 Continue"). False where the lines become
  // too many.
  bool header(std::string_view line);

  // False where the body becomes too large.
  bool body(std::string_view piece);

  Response& response() { return response_; }
  bool began() const { return began_; }  // at least a status line came
  bool oversized() const { return oversized_; }

  // There was no memory for a line or a piece: the response is not whole.
  void lacked_memory() { memory_was_lacking_ = true; }
  bool memory_was_lacking() const { return memory_was_lacking_; }

 private:
  void read_header(std::string_view line);
  void note_retry_after();

  std::size_t largest_body_;
  Response response_;
  std::string retry_after_;      // as it came
  std::size_t header_size_ = 0;  // of all responses
  bool began_ = false;
  bool oversized_ = false;
  bool memory_was_lacking_ = false;
};

// Seconds, or an HTTP date; nothing for anything else. A moment that has passed is zero. `now`: by the
// server's clock, where the response says it; the two clocks may differ.
std::optional<Milliseconds> parse_retry_after(
    std::string_view value,
    std::chrono::system_clock::time_point now = std::chrono::system_clock::now());

}  // namespace signet::https

#endif  // SIGNET_HTTPS_CLIENT_RECEPTION_H_
