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

 private:
  HttpAnswer answer_;
  bool began_ = false;
  bool oversized_ = false;
};

// Seconds, or an HTTP date; nothing for anything else. A moment that has passed is zero.
std::optional<Milliseconds> parse_retry_after(std::string_view value);

}  // namespace signet::transport

#endif  // SIGNET_DSA_TRANSPORT_RECEPTION_H_
