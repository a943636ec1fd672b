// An HTTP/1.1 response (RFC 9112) as it comes from the wire, piece after piece, for requests that are not libcurl's.
#ifndef SIGNET_HTTPS_CLIENT_RESPONSE_READER_H_
#define SIGNET_HTTPS_CLIENT_RESPONSE_READER_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "https/client/reception.h"

namespace signet::https {

// Reads the answer to a request other than HEAD and CONNECT.
class ResponseReader {
 public:
  // What it reads goes there; it outlives the reader.
  explicit ResponseReader(Reception& reception) : reception_(reception) {}

  // False where this is no response, or one that is too large (Reception::oversized()): then nothing of it is to be used.
  // Throws std::bad_alloc.
  bool take(std::string_view piece);

  // The server has closed the connection. False where the response is not whole.
  bool take_end();

  bool done() const { return state_ == State::done; }
  int status() const { return status_; }

  // Of a response that is whole: whether another may follow on the connection.
  bool keeps_connection() const { return keeps_connection_; }

 private:
  enum class State {
    head,
    body_of_known_size,
    body_until_end,
    chunk_size,
    chunk,
    chunk_end,
    trailer,
    done,
  };

  // A whole line, if it has come, with its end; the rest of the piece stays in it.
  std::optional<std::string_view> take_line(std::string_view& piece);
  bool take_text(std::string_view line);
  bool read_status(std::string_view line);
  bool read_field(std::string_view line);
  bool charge(std::string_view line);
  bool end_head();
  bool read_chunk_size(std::string_view line);
  bool take_body(std::string_view& piece);

  Reception& reception_;
  State state_ = State::head;
  int status_ = 0;    // 0: the status line is to come
  std::string line_;  // the beginning of one
  std::size_t trailer_size_ = 0;
  std::size_t between_size_ = 0;         // see charge()
  std::optional<std::uint64_t> length_;  // Content-Length
  std::uint64_t left_ = 0;               // of the body or chunk
  bool chunked_ = false;
  bool closes_ = false;  // Connection: close
  bool keeps_connection_ = true;
};

}  // namespace signet::https

#endif  // SIGNET_HTTPS_CLIENT_RESPONSE_READER_H_
