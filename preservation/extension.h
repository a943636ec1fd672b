// Extends sealed documents so that they stay verifiable: time-stamps, certificates and revocation data are added, nothing that
// is there is changed (EN 319 142-1, 5.4 and 5.5; EN 319 122-1, 5.5; levels B-T, B-LT, B-LTA of their clauses 6).
//
//   Extender extender(request);
//   BOOST_OUTCOME_TRY(auto extended, extender.extend_file("contract.pdf", {.out = "contract.pdf"}));
//
// Each document goes through three phases. Collecting: it is validated, and whatever its chains lack is taken from the caller's
// files and, where that is allowed, from the network. Waiting, where it is wished for: for revocation data that is newer than the
// moment it has to serve. Writing: the extended document is validated before it takes its place, whole or not at all.
#ifndef SIGNET_PRESERVATION_EXTENSION_H_
#define SIGNET_PRESERVATION_EXTENSION_H_

#include <atomic>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/result.h"
#include "common/secret.h"
#include "crypto/algorithm.h"
#include "crypto/context.h"
#include "preservation/stamp_source.h"
#include "validation/online.h"
#include "validation/policy.h"
#include "validation/result.h"

namespace signet::preservation {

using validation::Level;
using validation::Time;

// What all documents of one run are extended by.
struct ExtensionRequest {
  Level level = Level::b_lta;  // B-T, B-LT or B-LTA; a document that has B-LTA is prolonged
  // Whom to trust, and by which rules. `at` and `now` are set for each document from `clock`.
  validation::Policy policy;
  std::function<Time()> clock;  // empty: the system's
  // Beside what the documents hold.
  std::vector<validation::CertificatePtr> certificates;
  std::vector<validation::RevocationDataPtr> revocations;
  std::optional<validation::OnlineOptions> online;  // nothing: nothing is fetched
  StampSource stamp;                                // empty: what needs a time-stamp is refused
  crypto::Hash hash = crypto::Hash::sha256;         // of new time-stamps' imprints
  // Revocation data must be newer than the time-stamp that it serves; it is waited for at most that long. Nothing: the newest
  // there is will do as long as the document validates, and it is told where it is older.
  std::optional<std::chrono::seconds> wait_fresh;
  std::chrono::milliseconds ask_again{30'000};  // while it is waited for
  bool force_invalid = false;                   // extend what does not validate
  Secret pdf_password;                          // of encrypted PDF documents
};

enum class ExtensionFault : std::uint8_t {
  settings,       // the request contradicts itself or the document
  input,          // the document cannot be read
  broken,         // it is not a sealed document, or cannot be understood
  forbidden,      // it does not permit it, or its password is wrong
  not_valid,      // it does not validate now, or would not afterwards
  no_data,        // certificates or revocation data are lacking
  not_fresh,      // no revocation data came that is new enough (wait_fresh)
  no_time_stamp,  // no authority gave one
  exists,         // the output is there already
  output,         // it cannot be written
  changed,        // the document changed meanwhile
  cancelled,
};

struct ExtensionError {
  ExtensionFault fault = ExtensionFault::settings;
  std::string sentence;  // what is wrong, and what to do next; printable
  // not_valid: of the document as a whole.
  std::optional<validation::Conclusion> verdict = {};
};

template <typename T>
using ExtensionResult = Result<T, ExtensionError>;

// How a document stands at a moment.
struct DocumentState {
  validation::Format format = validation::Format::cades;
  Level level = Level::none;  // the lowest of its signatures
  std::size_t signatures = 0;
  std::size_t time_stamps = 0;     // of all kinds
  validation::Conclusion verdict;  // the worst
  std::optional<Time> last_time_stamp;
  // As things stand: the earliest of its signatures. Only where it passed.
  std::optional<Time> verifiable_until;
  std::optional<validation::Statement> verifiable_because;
};

struct Extended {
  DocumentState before, after;
  bool changed = false;  // false: it had everything already, nothing was written
  // Added.
  std::size_t time_stamps = 0;
  std::size_t certificates = 0;
  std::size_t crls = 0;
  std::size_t ocsp_answers = 0;
  std::uint64_t new_data_bytes = 0;  // of these values, DER
  std::uint64_t token_bytes = 0;     // of the time-stamps, DER
  std::uint64_t size_before = 0, size_after = 0;
  std::vector<std::string> authorities;        // that gave the time-stamps
  std::vector<validation::Fetch> fetches;      // what was asked for online
  std::vector<validation::Statement> remarks;  // what the user should know
};

enum class ExtensionPhase : std::uint8_t { reading, collecting, waiting, stamping, writing };

struct ExtensionControl {
  std::function<void(ExtensionPhase)> entered;  // may be empty
  std::function<void(std::uint64_t done, std::uint64_t all)>
      progress;  // bytes of the reading phase
  const std::atomic<bool>* cancelled = nullptr;
};

struct ExtensionFiles {
  std::filesystem::path out;  // may be the document itself, which is then replaced by one rename
  // What an external CMS message is over; empty: the file beside it whose name lacks ".p7s", if there is one.
  std::filesystem::path data;
  bool replace = true;  // false: ExtensionFault::exists where `out` is there
};

// Thread-safe: any number of documents at a time.
class Extender {
 public:
  explicit Extender(ExtensionRequest request);
  ~Extender();
  Extender(const Extender&) = delete;
  Extender& operator=(const Extender&) = delete;

  // The document is the old one or the new one at any moment, also where the machine stops.
  ExtensionResult<Extended> extend_file(const std::filesystem::path& file,
                                        const ExtensionFiles& files,
                                        const ExtensionControl& control = {}) const;

  // Reads and validates only; nothing is fetched unless `online` is set.
  ExtensionResult<DocumentState> examine_file(const std::filesystem::path& file,
                                              const std::filesystem::path& data = {},
                                              const ExtensionControl& control = {}) const;

 private:
  const ExtensionRequest request_;
  std::shared_ptr<crypto::Context> context_;
  const std::unique_ptr<std::atomic<std::size_t>> largest_token_;  // bytes; of all documents
};

// "2 certificates, 1 CRL, 1 OCSP response, 1 time-stamp"; "nothing".
std::string added_text(const Extended& extended);

}  // namespace signet::preservation

#endif  // SIGNET_PRESERVATION_EXTENSION_H_
