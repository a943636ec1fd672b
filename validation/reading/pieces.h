// Digests of many overlapping parts of one file in one pass: those that have taken the same bytes so far share one computation.
// For this component's readers alone.
#ifndef SIGNET_VALIDATION_READING_PIECES_H_
#define SIGNET_VALIDATION_READING_PIECES_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "common/bytes.h"
#include "crypto/algorithm.h"
#include "crypto/openssl_ptr.h"

namespace signet::validation {

// A digest that can be copied half-way. std::bad_alloc where OpenSSL gives none.
class PieceDigest {
 public:
  explicit PieceDigest(crypto::Hash hash);  // not none
  PieceDigest(const PieceDigest& other);
  PieceDigest(PieceDigest&&) = default;
  PieceDigest& operator=(const PieceDigest&) = delete;
  PieceDigest& operator=(PieceDigest&&) = default;
  ~PieceDigest() = default;

  void update(ByteView bytes);
  Bytes finish();  // afterwards it is spent

 private:
  DigestContextPtr state_;
};

// What one digest is over: [0, gap_begin) and [gap_end, end). No gap: both 0.
struct DigestJob {
  crypto::Hash hash = crypto::Hash::sha256;  // not none
  std::uint64_t gap_begin = 0;
  std::uint64_t gap_end = 0;
  std::uint64_t end = 0;
};

enum class PassFault : std::uint8_t { unreadable, cancelled };

struct PassResult {
  std::optional<PassFault> fault;
  std::vector<std::optional<Bytes>> digests;  // one for each job; nothing: beyond the bound
};

// Reads the bytes of a source in pieces of at most 1 MiB. `read` fills its span from this offset;
// `progress` (may be empty) is told how much was read. All digests together take at most 32 times the bytes that are read; jobs beyond that
// have none.
PassResult digest_all(const std::vector<DigestJob>& jobs,
                      const std::function<bool(std::uint64_t, std::span<std::uint8_t>)>& read,
                      const std::function<bool(std::uint64_t done, std::uint64_t all)>& progress);

}  // namespace signet::validation

#endif  // SIGNET_VALIDATION_READING_PIECES_H_
