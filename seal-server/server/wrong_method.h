// A request with a method that its path does not take: its answer says in the header Allow which ones it takes (RFC 9110,
// 15.5.6).
#ifndef SIGNET_SEAL_SERVER_SERVER_WRONG_METHOD_H_
#define SIGNET_SEAL_SERVER_SERVER_WRONG_METHOD_H_

#include <string>

#include "seal-server/store/problem.h"

namespace signet::sealserver {

class WrongMethod : public Problem {
 public:
  // "GET", or "GET, PUT".
  explicit WrongMethod(const std::string& allowed)
      : Problem(405, "Method not allowed", "This path takes " + allowed + "."), allowed_(allowed) {}

  const std::string& allowed() const { return allowed_; }

 private:
  std::string allowed_;
};

}  // namespace signet::sealserver

#endif  // SIGNET_SEAL_SERVER_SERVER_WRONG_METHOD_H_
