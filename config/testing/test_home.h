// For tests: a home folder of their own, and nothing else of the environment that the configuration
// looks at.
#ifndef SIGNET_CONFIG_TESTING_TEST_HOME_H_
#define SIGNET_CONFIG_TESTING_TEST_HOME_H_

#include <stdlib.h>

#include <string>

#include "common/testing/scratch_folder.h"

namespace signet::config {

class TestHome : public ScratchFolder {
 public:
  TestHome() {
    for (const char* name : {"SIGNET_CONFIG", "SIGNET_CONFIG_ANCHOR", "SIGNET_SEAL_ANCHOR",
                             "XDG_CONFIG_HOME", "XDG_CACHE_HOME"}) {
      unsetenv(name);
    }
    setenv("HOME", path().c_str(), 1);
  }
  ~TestHome() { unsetenv("SIGNET_CONFIG_ANCHOR"); }
};

}  // namespace signet::config

#endif  // SIGNET_CONFIG_TESTING_TEST_HOME_H_
