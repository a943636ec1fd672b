// Why the server does not do what it was asked: thrown by the parts, answered by the server as RFC 9457 says.
#ifndef SIGNET_SEAL_SERVER_STORE_PROBLEM_H_
#define SIGNET_SEAL_SERVER_STORE_PROBLEM_H_

#include <stdexcept>
#include <string>
#include <utility>

namespace signet::sealserver {

class Problem : public std::runtime_error {
 public:
  Problem(unsigned status, std::string title, const std::string& detail)
      : std::runtime_error(detail), status_(status), title_(std::move(title)) {}

  unsigned status() const { return status_; }  // of HTTP
  const std::string& title() const { return title_; }

  // The same request may succeed a little later.
  bool passes() const { return passes_; }
  Problem& passing() {
    passes_ = true;
    return *this;
  }

 private:
  unsigned status_;
  std::string title_;
  bool passes_ = false;
};

namespace problems {

inline Problem malformed(const std::string& detail) {
  return {400, "Malformed request", detail};
}
inline Problem not_admitted(const std::string& detail) {
  return {403, "Not admitted", detail};
}
inline Problem no_such(const std::string& detail) {
  return {404, "No such resource", detail};
}
inline Problem conflict(const std::string& detail) {
  return {409, "Conflict", detail};
}
// Somebody else is at it: a conflict that passes.
inline Problem wait(const std::string& detail) {
  return Problem(409, "Conflict", detail).passing();
}
inline Problem bad_value(const std::string& detail) {
  return {422, "Bad value", detail};
}
inline Problem exhausted(const std::string& detail) {
  return Problem(429, "Limit reached", detail).passing();
}

}  // namespace problems

}  // namespace signet::sealserver

#endif  // SIGNET_SEAL_SERVER_STORE_PROBLEM_H_
