// Files that are made to cost much, each with what `signet verify` has to end with.
#ifndef SIGNET_TESTS_VALIDATION_HOSTILE_CASE_H_
#define SIGNET_TESTS_VALIDATION_HOSTILE_CASE_H_

#include <filesystem>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "validation/testing/test_messages.h"
#include "validation/testing/test_pki.h"
#include "validation/testing/test_revocation.h"

namespace signet::tests {

namespace pki = validation::pki;

// What a case is made in: the files of one run of `signet verify`, and its arguments beside "verify".
class CaseFolder {
 public:
  explicit CaseFolder(std::filesystem::path path) : path_(std::move(path)) {}

  std::string put(const std::string& name, ByteView bytes) const;  // the file's path
  // Arguments for a message over document(), below this root, whose authorities publish nothing but what a case adds.
  std::vector<std::string> message(ByteView message, const pki::Party& root) const;
  // Likewise, for a PDF.
  std::vector<std::string> pdf(ByteView bytes, const pki::Party& root) const;

 private:
  std::filesystem::path path_;
};

// Exit statuses of `signet verify` (docs/verifying.md).
inline constexpr int kPassed = 0;
inline constexpr int kUnusable = 31;  // broken, or neither PDF nor CMS
inline constexpr int kIndeterminate = 40;
inline constexpr int kFailed = 41;
inline constexpr int kNoSignature = 42;

struct HostileCase {
  std::string name;
  int status = kPassed;
  bool costly = false;  // to make or to judge: not for every day
  std::function<std::vector<std::string>(const CaseFolder&)> write;
};

const Bytes& signed_document();
// Valid from 2010 to 2040: a root, and a signer below it, or below another issuer.
const pki::Party& hostile_root();
pki::Party signer_below(const pki::Party& issuer);
// Of a signer, with these certificates beside its own.
Bytes message_with(const pki::Party& signer, std::vector<Bytes> certificates);

std::vector<HostileCase> certificate_cases();
std::vector<HostileCase> key_cases();
std::vector<HostileCase> revocation_cases();
std::vector<HostileCase> message_cases();
std::vector<HostileCase> pdf_cases();
std::vector<HostileCase> list_cases();

}  // namespace signet::tests

#endif  // SIGNET_TESTS_VALIDATION_HOSTILE_CASE_H_
