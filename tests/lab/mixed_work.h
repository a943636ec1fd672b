// Work of every kind at once, and a ledger of what the module said became of it.
#ifndef SIGNET_TESTS_LAB_MIXED_WORK_H_
#define SIGNET_TESTS_LAB_MIXED_WORK_H_

#include <array>
#include <atomic>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "tests/lab/laboratory.h"
#include "tests/lab/random_faults.h"
#include "tests/lab/signing_threads.h"

namespace signet::tests {

enum class Work { sign, generate, certificate, read };
inline constexpr std::array<const char*, 4> kWorkNames = {"sign", "generate", "certificate",
                                                          "read"};

// The label of the token that the worker reads through: a login there asks the appliance again.
std::string reader_label(int worker);

class Ledger {
 public:
  struct Failed {
    const char* function;
    CK_RV code;
  };
  struct Made {
    Bytes content;  // CKA_EC_POINT of a key, CKA_VALUE of a certificate; empty where it failed
    bool acknowledged = false;
  };

  void took(Work work, Milliseconds span);
  void failed(const char* function, CK_RV code);
  void signed_(SignedCall call);
  void made_key(const std::string& label, const Bytes& point);
  void made_certificate(const std::string& label, const Bytes& der, bool acknowledged);

  // Labels of acknowledged keys, as many as there are at this moment.
  std::map<std::string, Made> keys() const;

  // The rest is read once all work is done.
  const std::map<std::string, Made>& certificates() const { return certificates_; }
  const std::vector<SignedCall>& signatures() const { return signatures_; }
  const std::vector<Failed>& failures() const { return failures_; }
  Milliseconds slowest(Work work) const { return slowest_.at(static_cast<std::size_t>(work)); }
  int count(Work work) const { return counts_.at(static_cast<std::size_t>(work)); }

 private:
  mutable std::mutex mutex_;
  std::array<Milliseconds, 4> slowest_{};
  std::array<int, 4> counts_{};
  std::vector<Failed> failures_;
  std::vector<SignedCall> signatures_;
  std::map<std::string, Made> keys_;
  std::map<std::string, Made> certificates_;
};

// What one worker does: 60 % signatures, 10 % keys, 10 % certificates, 20 % reads, taking turns with
// the others until `operations` are begun.
class MixedWorker {
 public:
  MixedWorker(const Module& module, const Laboratory& lab, int worker, Bytes signer_key,
              std::uint64_t seed, Ledger& ledger);

  void run(std::atomic<int>& begun, int operations);

 private:
  void sign(int number);
  void generate(int number);
  void store_certificate(int number);
  void read();

  // Notes how long it took, and the failure where there was one. Whether it succeeded.
  template <typename Call>
  bool timed(Work work, const char* function, Call call);

  const Module& module_;
  const Laboratory& lab_;
  const Bytes signer_key_;  // DER SubjectPublicKeyInfo
  Random random_;
  Ledger& ledger_;
  Session session_;
  Session reader_;
  CK_OBJECT_HANDLE signer_;
};

}  // namespace signet::tests

#endif  // SIGNET_TESTS_LAB_MIXED_WORK_H_
