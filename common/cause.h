// What a remote service said when it caused an error, in no protocol's words.
#ifndef SIGNET_COMMON_CAUSE_H_
#define SIGNET_COMMON_CAUSE_H_

#include <string>

namespace signet {

struct Cause {
  int status = 0;           // of the protocol, 404 for one; 0: no answer arrived
  std::string code;         // the service's own, "0x900201E0" for one
  std::string request_id;   // the service's name for the request
  std::string member = {};  // URL of the one that was asked; its answer or its silence is the cause
};

}  // namespace signet

#endif  // SIGNET_COMMON_CAUSE_H_
