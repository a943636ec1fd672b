// Why a file could not be read or written.
#ifndef SIGNET_COMMON_FILE_ERROR_H_
#define SIGNET_COMMON_FILE_ERROR_H_

#include <string>

namespace signet {

struct FileError {
  std::string sentence;
  bool missing = false;  // there is no such file
};

}  // namespace signet

#endif  // SIGNET_COMMON_FILE_ERROR_H_
