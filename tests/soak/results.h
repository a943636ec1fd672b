// What all client processes of the soak have written down so far.
#ifndef SIGNET_TESTS_SOAK_RESULTS_H_
#define SIGNET_TESTS_SOAK_RESULTS_H_

#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "tests/lab/signing_threads.h"
#include "tests/soak/records.h"
#include "tests/soak/samples.h"

namespace signet::tests {

class Results {
 public:
  struct Key {
    Bytes point;  // CKA_EC_POINT; empty where nobody was told that it was made
    bool may_be_gone = false;
    bool gone = false;
  };

  // From now on this file is read, too.
  void add_file(const std::filesystem::path& file);

  // Reads what is new. Thread-safe, as everything here.
  void read_on();

  int signatures() const;  // handed out
  int signatures_of(const std::string& process) const;
  int rests_of(const std::string& process) const;
  int troubles() const;
  std::string one_line() const;  // of progress

  // Everything, once the processes have ended. A signature that was asked for by a process that did not
  // live to see the answer counts as failed.
  std::vector<SignedCall> signed_calls() const;
  const std::map<std::string, Key>& keys() const { return keys_; }
  const std::map<std::string, std::map<CK_RV, int>>& answers() const { return answers_; }
  const std::map<std::string, long>& slowest() const { return slowest_; }
  const std::map<int, int>& children() const { return children_; }
  const std::vector<std::string>& trouble_lines() const { return troubles_; }
  const Samples& heap_kib(const std::string& process) const { return heap_.at(process); }

 private:
  void take(const std::string& process, const std::vector<std::string>& words);
  void take_call(const std::string& function, CK_RV code, long milliseconds);

  mutable std::mutex mutex_;
  std::map<std::string, RecordReader> readers_;          // by process
  std::map<std::string, SignedCall> calls_;              // by message
  std::map<std::string, Key> keys_;                      // by label
  std::map<std::string, std::map<CK_RV, int>> answers_;  // by function
  std::map<std::string, long> slowest_;                  // milliseconds, by function
  std::map<int, int> children_;                          // by status
  std::map<std::string, Samples> heap_;                  // by process
  std::map<std::string, int> signatures_;                // by process
  std::map<std::string, int> rests_;                     // by process
  std::vector<std::string> troubles_;
};

}  // namespace signet::tests

#endif  // SIGNET_TESTS_SOAK_RESULTS_H_
