// What a client process writes down while it works: one line for each thing it saw, in a file that
// its forked children share. A line is written at once and whole, so that a killed process leaves
// all but its last moment behind.
//
//   begin MESSAGE                     a signature is about to be asked for
//   sign MESSAGE CODE MS SIGNATURE    what became of it; the signature in hex, "-" where there is none
//   call FUNCTION CODE MS             any other call
//   made LABEL POINT                  a key pair; CKA_EC_POINT in hex
//   destroying LABEL                  from now on it may be gone
//   destroyed LABEL
//   heap BYTES                        of the process, now
//   rest                              nothing is under way
//   child STATUS                      how a fork ended
//   trouble TEXT                      what must not happen; the rest of the line
//
// A message or label has no blank in it. CODE is decimal.
#ifndef SIGNET_TESTS_SOAK_RECORDS_H_
#define SIGNET_TESTS_SOAK_RECORDS_H_

#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "common/clock.h"
#include "cryptoki/cryptoki.h"

namespace signet::tests {

// Thread-safe, and good in the child of a fork.
class RecordWriter {
 public:
  explicit RecordWriter(const std::filesystem::path& file);
  RecordWriter(const RecordWriter&) = delete;
  RecordWriter& operator=(const RecordWriter&) = delete;
  ~RecordWriter();

  // Without its line end; throws std::runtime_error where it cannot be written.
  void add(std::string_view line) const;

 private:
  int file_ = -1;
};

// Reads on where it has stopped before.
class RecordReader {
 public:
  explicit RecordReader(std::filesystem::path file) : file_(std::move(file)) {}

  // The words of each line that is new and whole.
  void read_on(const std::function<void(const std::vector<std::string>& words)>& take);

 private:
  const std::filesystem::path file_;
  std::streamoff at_ = 0;
};

}  // namespace signet::tests

#endif  // SIGNET_TESTS_SOAK_RECORDS_H_
